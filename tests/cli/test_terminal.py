"""What is different where a person sits at a terminal: width, colour, questions, an editor."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import TODAY, changed, kedge, snapshot

if sys.platform == "win32":
    pytest.skip("a terminal is made with pty", allow_module_level=True)

from .terminal import on_terminal

Sample = Callable[[str], Path]
CARD = "projects/churn/cards/feature-table-7k2m.toml"


@pytest.mark.parametrize("columns", [80, 110, 150])
@pytest.mark.parametrize("command", ["list", "ready"])
def test_rows_stay_on_their_line(sample: Sample, command: str, columns: int) -> None:
    code, shown = on_terminal(command, "is:open", "--plan", str(sample("churn")), columns=columns)
    rows = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert code == 0
    assert len(rows) > (10 if command == "list" else 1)
    assert max(map(len, rows)) <= columns
    assert any("…" in row for row in rows) or command == "ready"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_list_has_title_owner_due_and_an_id_that_finds_the_card(sample: Sample, columns: int) -> None:
    plan = str(sample("churn"))
    head, *rows = re.sub(
        r"\x1b\[\d*m", "", on_terminal("list", "--plan", plan, columns=columns)[1]
    ).splitlines()
    assert head.split()[:5] == ["TITLE", "ID", "OWNER", "DUE", "STATUS"]
    row = next(row for row in rows if row.startswith("Build the churn"))
    title, short, owner, due = re.split(r"  +", row)[:4]
    assert (short, owner, due) == ("7k2m", "mira", "2026-11-25")
    assert len(title) >= 16
    assert "feature-table-7k2m" in kedge("show", short, "--plan", plan).out.splitlines()[0]


@pytest.mark.parametrize("columns", [40, 60])
def test_a_narrow_terminal_breaks_lines_between_words(sample: Sample, columns: int) -> None:
    plan = str(sample("churn"))
    whole = on_terminal("check", "--plan", plan, "--today", TODAY, columns=200)[1]
    _, shown = on_terminal("check", "--plan", plan, "--today", TODAY, columns=columns)
    plain, rows = (re.sub(r"\x1b\[\d*[a-zA-Z]", "\n", text) for text in (whole, shown))
    paths = ("plan/", "projects/")
    assert max(len(row) for row in rows.splitlines() if not row.strip().startswith(paths)) <= columns
    assert {word for word in rows.split() if word.isalpha()} <= {*plain.split()}


def test_a_narrow_terminal_has_fewer_weeks_side_by_side(sample: Sample) -> None:
    plan = str(sample("churn"))
    heads = {
        columns: [
            row
            for row in on_terminal("load", "--plan", plan, "--today", TODAY, columns=columns)[1].splitlines()
            if re.search(r"\d [A-Z][a-z]{2} +\d", row) and "week" not in row
        ]
        for columns in (40, 80)
    }
    assert len(heads[80]) == 1 < len(heads[40])
    assert sum(len(re.findall(r"[A-Z][a-z]{2}", row)) for row in heads[40]) == 9


def test_files_and_programs_get_whole_ids(sample: Sample) -> None:
    rows = kedge("list", "--plan", str(sample("churn"))).out.splitlines()
    assert any(row.startswith("feature-table-7k2m ") for row in rows)


def test_a_record_is_shown_in_whole_words(sample: Sample) -> None:
    plan = str(sample("churn"))
    whole = kedge("show", "feature-table-7k2m", "--plan", plan, "--today", TODAY).out
    _, shown = on_terminal("show", "feature-table-7k2m", "--plan", plan, "--today", TODAY, columns=60)
    assert max(map(len, shown.splitlines())) <= 60 < max(map(len, whole.splitlines()))
    assert shown.split() == whole.split()


@pytest.mark.parametrize(
    "words",
    [("gate",), ("assess",), ("portfolio",), ("schedule",)],
    ids=lambda words: words[0],
)
def test_lines_are_broken_at_words_in_a_narrow_terminal(sample: Sample, words: tuple[str, ...]) -> None:
    given = ("--plan", str(sample("churn")), "--today", TODAY)
    _, shown = on_terminal(*words, *given, columns=60)
    lines = re.sub(r"\x1b\[[\d;]*m|\x1b\[K", "", shown).replace("\r", "\n").splitlines()
    assert len([line for line in lines if line.strip()]) > 3
    assert max(map(len, lines)) <= 60


@pytest.mark.parametrize("off", [("--no-color",), ("NO_COLOR",)])
def test_colour_can_be_turned_off(sample: Sample, off: tuple[str]) -> None:
    plan = str(sample("tiny"))
    assert "\x1b[" in on_terminal("list", "--plan", plan)[1]
    if off[0].startswith("-"):
        shown = on_terminal("list", "--plan", plan, *off)[1]
    else:
        shown = on_terminal("list", "--plan", plan, env={off[0]: "1"})[1]
    assert "\x1b[" not in shown


def test_where_there_is_no_plan_it_offers_to_make_one(tmp_path: Path) -> None:
    code, shown = on_terminal(cwd=tmp_path, typed="q\n")
    assert code == 2
    assert "init" in shown
    assert "demo" in shown
    assert list(tmp_path.iterdir()) == []


def test_the_offer_makes_a_plan_and_opens_the_board_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "late-parcels"
    folder.mkdir()
    code, shown = on_terminal(cwd=folder, typed="i\nq", env={"TERM": "xterm-256color"})
    assert code == 0, shown
    assert (folder / "plan" / "projects" / "late-parcels" / "project.toml").is_file()


def test_a_terminal_that_cannot_place_text_is_told_so(sample: Sample) -> None:
    code, shown = on_terminal("--plan", str(sample("churn")), env={"TERM": "dumb"})
    assert code == 2
    assert "TERM=dumb" in shown
    assert "kedge list" in shown


def test_demo_opens_the_board_on_the_sample(tmp_path: Path) -> None:
    code, shown = on_terminal(
        "demo", "--into", str(tmp_path / "demo"), typed="q", env={"TERM": "xterm-256color"}
    )
    assert code == 0, shown
    assert (tmp_path / "demo" / "plan" / "board.toml").is_file()


def editor(folder: Path, code: str) -> str:
    """An editor that is a program: `path` is the file, `text` what stands in it."""
    script = folder / "editor.py"
    script.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_text()\n"
        f"runs = pathlib.Path({str(folder / 'runs')!r})\n"
        "run = len(runs.read_text()) if runs.exists() else 0\nruns.write_text('x' * (run + 1))\n" + code
    )
    return f"{sys.executable} {script}"


def test_edit_writes_what_the_person_wrote_to_the_letter(sample: Sample, tmp_path: Path) -> None:
    plan = sample("churn")
    visual = editor(tmp_path, "path.write_text('# mine\\n' + text.replace('\"mira\"', '\"sam\"'))")
    before = snapshot(plan)
    code, shown = on_terminal("edit", "feature-table-7k2m", "--plan", str(plan), env={"VISUAL": visual})
    assert code == 0, shown
    after = snapshot(plan)
    assert changed(before, after) == {CARD}
    assert after[CARD] == b"# mine\n" + before[CARD].replace(b'"mira"', b'"sam"')
    assert on_terminal("undo", "--plan", str(plan))[0] == 0
    assert changed(before, snapshot(plan)) == set()


def test_a_mistake_opens_the_editor_again_with_what_was_typed(sample: Sample, tmp_path: Path) -> None:
    plan = sample("churn")
    visual = editor(
        tmp_path,
        "path.write_text(text.replace('status = \"doing\"', 'status = \"doin\"') if run == 0"
        " else text.replace('\"doin\"', '\"done\"'))",
    )
    code, shown = on_terminal(
        "edit", "feature-table-7k2m", "--plan", str(plan), env={"VISUAL": visual}, typed="y\n"
    )
    assert code == 0, shown
    assert "does not fit" in shown
    assert 'status = "done"' in (plan / CARD).read_text()
    assert (tmp_path / "runs").read_text() == "xx"


def test_who_gives_up_keeps_what_was_typed(sample: Sample, tmp_path: Path) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    visual = editor(tmp_path, "path.write_text(text + 'broken = = \\n')")
    code, shown = on_terminal(
        "edit", "feature-table-7k2m", "--plan", str(plan), env={"VISUAL": visual}, typed="n\n"
    )
    assert code == 3
    assert changed(before, snapshot(plan)) == set()
    draft = Path(shown.rpartition("what you typed is in ")[2].strip())
    assert draft.read_text().endswith("broken = = \n")


def test_a_broken_file_can_be_mended_with_edit(sample: Sample, tmp_path: Path) -> None:
    plan = sample("churn")
    whole = (plan / CARD).read_text()
    (plan / CARD).write_text(whole.replace('status = "doing"', 'status = "doing'))
    visual = editor(tmp_path, "path.write_text(text.replace('\"doing', '\"doing\"'))")
    code, shown = on_terminal("edit", "feature-table-7k2m", "--plan", str(plan), env={"VISUAL": visual})
    assert code == 0, shown
    assert (plan / CARD).read_text() == whole


def test_an_editor_that_changes_nothing_writes_nothing(sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    code, shown = on_terminal("edit", "feature-table-7k2m", "--plan", str(plan), env={"VISUAL": "true"})
    assert (code, "nothing was changed" in shown) == (0, True)
    assert changed(before, snapshot(plan)) == set()
