"""`check`, `explain` and `fmt` as a person or a program meets them; what each rule says is tried on its sample."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from kedge.cli.main import run
from kedge.model.rules.catalog import RULES


class Done(NamedTuple):
    """What a run gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]

CARD = "plan/projects/churn/cards/label-audit-9x4p.toml"
FILES = {
    "plan/board.toml": 'format = 1\ntitle = "Parcels"\n',
    "plan/people/mira.toml": 'name = "Mira"\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\n',
    CARD: '# asked for by sales\ntitle = "Audit the labels"\nowner = "mria"\nstatus = "done"\nblocked = "x"\n',
}


@pytest.fixture
def kedge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `kedge` beside a plan with an error (R201, can be mended) and an advice (R215)."""
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    for name in ("KEDGE_PLAN", "KEDGE_PROJECT", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "work"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.chdir(folder)

    def runner(*arguments: str) -> Done:
        code = run(arguments)
        return Done(code, *capsys.readouterr())

    return runner


# ---- check


def test_findings_go_to_stdout_and_the_summary_to_stderr(kedge: Run) -> None:
    done = kedge("check")
    assert done.code == 1
    assert done.out.startswith(f"{CARD}:3:1: error[R201]: owner names the person 'mria'")
    assert done.err == "1 error, 1 advice in 4 files; --fix would fix 1\n"
    assert kedge("check", "-q").err == ""


def test_paths_are_relative_to_where_one_stands(kedge: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("plan/people")
    assert kedge("check").out.startswith("../projects/churn/cards/label-audit-9x4p.toml:3:1: ")


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ((), 1, {"R201", "R215"}),
        (("--ignore", "R201"), 0, {"R215"}),
        (("--ignore", "R201", "--severity", "advice"), 1, {"R215"}),
        (("--select", "R215"), 0, {"R215"}),
        (("--select", "r,F1"), 1, {"R201", "R215"}),
        (("--select", "unknown-reference"), 1, {"R201"}),
        (("--select", "F"), 0, set()),
        (("plan/people",), 0, set()),
        (("plan/people", CARD), 1, {"R201", "R215"}),
        (("plan/projects",), 1, {"R201", "R215"}),
        ((".",), 1, {"R201", "R215"}),
        (("--severity", "error", "--ignore", "R201"), 0, {"R215"}),
    ],
)
def test_what_is_asked_for(kedge: Run, arguments: tuple[str, ...], code: int, found: set[str]) -> None:
    done = kedge("check", *arguments)
    assert done.code == code
    assert set(re.findall(r"\[([A-Z]\d+)\]", done.out)) == found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "R2O1"), "no rule has the code 'R2O1'"),
        (("nowhere.toml",), "there is no nowhere.toml"),
        (("..",), None),
        (("outside.toml",), "outside.toml is not in the plan"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
)
def test_wrong_usage(kedge: Run, arguments: tuple[str, ...], said: str | None) -> None:
    Path("outside.toml").write_text("")
    done = kedge("check", *arguments)
    if said is None:
        assert done.code == 1  # the plan lies below that folder
    else:
        assert (done.code, done.out) == (2, "")
        assert said in done.err


def test_a_path_through_a_symlink_is_the_same_place(kedge: Run, tmp_path: Path) -> None:
    try:
        (tmp_path / "elsewhere").symlink_to(tmp_path / "work", target_is_directory=True)
    except (OSError, NotImplementedError):
        pytest.skip("this system makes no symlinks for us")
    assert "error[R201]" in kedge("check", str(tmp_path / "elsewhere" / CARD)).out


def test_json_is_an_envelope_with_stable_keys(kedge: Run) -> None:
    done = kedge("check", "--json")
    assert done.code == 1
    data = json.loads(done.out)
    assert (data["kedge"], data["kind"]) == (1, "findings")
    first = data["data"][0]
    assert first == {
        "code": "R201",
        "name": "unknown-reference",
        "severity": "error",
        "message": "owner names the person 'mria', which is not in the plan",
        "hint": "did you mean mira?",
        "fix": "write mira for mria",
        "file": CARD,
        "line": 3,
        "column": 1,
        "record": {"kind": "card", "project": "churn", "id": "label-audit-9x4p"},
        "field": ["owner"],
        "count": 1,
    }
    assert json.loads(kedge("check", "--format", "json").out) == data


def test_github_shows_findings_beside_their_lines(kedge: Run) -> None:
    Path("plan/projects/churn/cards/odd, 50%: name.toml").write_text('title = "x"\n')
    lines = kedge("check", "--format", "github").out.splitlines()
    assert lines == [
        f"::error file={CARD},line=3,col=1,title=R201 unknown-reference"
        "::owner names the person 'mria', which is not in the plan%0Adid you mean mira?",
        "::error file=plan/projects/churn/cards/odd%2C 50%25%3A name.toml,title=F112 name-is-no-id"
        "::the file's name is not an id: 'odd, 50%25: name'"
        "%0Arename it: lower-case letters, digits and single hyphens, at most 64",
        f"::notice file={CARD},line=5,col=1,title=R215 blocked-when-closed"
        "::is done, but says why it is blocked%0Aremove the reason; git keeps it",
    ]


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_no_file_writes_to_the_terminal(kedge: Run, form: str) -> None:
    Path(CARD).write_text(
        'title = "x"\nplace = "some\\u001b[31mwhere\\n::error::owned"\n"k\\u001b]0;t" = 1\n'
    )
    done = kedge("check", "--format", form)
    assert done.code == 1
    assert "\x1b" not in done.out
    assert not any(line.startswith("::error::owned") for line in done.out.splitlines())


def test_mending_is_one_step_that_can_be_undone(kedge: Run) -> None:
    before = Path(CARD).read_text()
    shown = kedge("check", "--fix", "--dry-run")
    assert (shown.code, Path(CARD).read_text()) == (0, before)
    assert '-owner = "mria"\n+owner = "mira"\n' in shown.out
    done = kedge("check", "--fix")
    assert done.code == 0
    assert Path(CARD).read_text() == before.replace("mria", "mira")
    assert done.err.splitlines() == ["fix 1 finding", "1 advice in 4 files"]
    assert "nothing here can be fixed" in kedge("check", "--fix").err
    assert kedge("undo").code == 0
    assert Path(CARD).read_text() == before


def test_mending_keeps_to_the_paths_that_were_named(kedge: Run) -> None:
    before = Path(CARD).read_text()
    kedge("check", "--fix", "plan/people")
    kedge("check", "--fix", "--select", "R205")
    assert Path(CARD).read_text() == before


def test_a_file_that_cannot_be_read_hides_no_others(kedge: Run) -> None:
    Path("plan/people/mira.toml").write_text("name = \n")
    Path("plan/people/sam.toml").write_text('name = "Sam"\nshare = 2\n')
    done = kedge("check", "--select", "F,R201")
    assert set(re.findall(r"\[([A-Z]\d+)\]", done.out)) == {"F101", "F104", "R201"}
    assert "kedge check says why" not in done.err


def test_the_teams_playbook_gives_places_and_questions(kedge: Run) -> None:
    Path(CARD).write_text('title = "x"\nplace = "execute/labelling"\n')
    assert "error[R205]" in kedge("check").out
    step = '[step.labelling]\nphase = "execute"\nnumber = 90\ntitle = "Label"\naim = "Labels that hold"\n'
    Path("plan/playbook.toml").write_text(step)
    done = kedge("check", "--select", "R")
    assert (done.code, done.out) == (0, "")


def test_a_plan_is_needed(kedge: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = kedge("check")
    assert (done.code, done.out) == (2, "")
    assert "no plan" in done.err


# ---- explain


@pytest.mark.parametrize("code", RULES)
def test_every_rule_explains_itself(kedge: Run, code: str) -> None:
    rule = RULES[code]
    done = kedge("explain", code)
    assert done.code == 0
    assert done.out.startswith(f"{code} {rule.name} ({rule.severity}; {rule.family})\n")
    words = done.out.split()
    assert all(word in words for word in (*rule.why.split(), *rule.wayout.split(), *rule.example.split()))
    assert kedge("explain", rule.name).out == done.out


def test_explain_lists_all_rules(kedge: Run) -> None:
    assert [line.split()[0] for line in kedge("explain").out.splitlines()[1:]] == list(RULES)
    data = json.loads(kedge("explain", "--json").out)
    assert [rule["code"] for rule in data["data"]] == list(RULES)
    one = json.loads(kedge("explain", "r201", "--json").out)
    assert (one["kind"], one["data"]["name"]) == ("rule", "unknown-reference")


def test_explain_names_the_nearest(kedge: Run) -> None:
    done = kedge("explain", "unknown-referense")
    assert done.code == 2
    assert "did you mean unknown-reference?" in done.err


# ---- fmt


def test_fmt_lays_out_and_undo_takes_it_back(kedge: Run) -> None:
    before = {name: Path(name).read_text() for name in FILES}
    asked = kedge("fmt", "--check")
    assert (asked.code, {name: Path(name).read_text() for name in FILES}) == (1, before)
    assert sorted(asked.out.splitlines()) == sorted(FILES)
    done = kedge("fmt")
    assert (done.code, done.out) == (0, asked.out)
    text = Path(CARD).read_text()
    assert text.startswith('# asked for by sales\ntitle = "Audit the labels"\n')
    assert "#due =\n" in text
    again = kedge("fmt")
    assert (again.code, again.out) == (0, "")
    assert kedge("fmt", "--check").code == 0
    assert kedge("undo").code == 0
    assert {name: Path(name).read_text() for name in FILES} == before


def test_fmt_check_lists_the_first_files_that_would_change_and_counts_those_after_them(
    kedge: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kedge.cli.formatting.MOST_LISTED", 2)
    done = kedge("fmt", "--check")
    assert (done.code, done.out.splitlines()) == (1, sorted(FILES)[:2])
    assert f"{len(FILES) - 2} files after these not looked at: kedge fmt lays out the whole plan" in done.err
    assert json.loads(kedge("fmt", "--check", "--json").out)["data"]["unchecked"] == len(FILES) - 2
    assert len(kedge("fmt").out.splitlines()) == len(FILES), "writing has no limit"


def test_fmt_changes_nothing_that_check_sees(kedge: Run) -> None:
    def said() -> list[tuple[str, str]]:
        return [(one["code"], one["message"]) for one in json.loads(kedge("check", "--json").out)["data"]]

    before = said()
    kedge("fmt")
    assert said() == before


def test_fmt_of_some_paths_with_a_dry_run(kedge: Run) -> None:
    done = kedge("fmt", "--dry-run", "plan/people")
    assert done.code == 0
    assert "+++ b/plan/people/mira.toml" in done.out
    assert "board.toml" not in done.out
    assert Path("plan/people/mira.toml").read_text() == FILES["plan/people/mira.toml"]


def test_the_diff_of_fmt_shows_control_characters_as_escapes(kedge: Run) -> None:
    content = '# \x9b31m \u202e\u2028+x\r\ntitle = "x"\r\nplace = "execute"\r\n'
    Path(CARD).write_bytes(content.encode())
    done = kedge("fmt", "--dry-run", CARD)
    assert done.code == 0
    assert " # \\x9b31m \\u202e\\u2028+x\r\n" in done.out
    assert "\r" not in done.out.replace("\r\n", "\n")


def test_fmt_leaves_a_broken_file_alone(kedge: Run) -> None:
    Path(CARD).write_bytes(b"title = \n")
    done = kedge("fmt", "--json")
    assert done.code == 1
    data = json.loads(done.out)["data"]
    assert sorted(data["changed"]) == sorted(set(FILES) - {CARD})
    assert data["broken"][0].startswith(f"{CARD}:1:9: error[F101]: ")
    assert Path(CARD).read_bytes() == b"title = \n"


def test_fmt_keeps_line_ends(kedge: Run) -> None:
    Path(CARD).write_bytes(b'title = "x"\r\nstatus = "todo"\r\nplace = "execute"\r\n')
    kedge("fmt", CARD)
    content = Path(CARD).read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 10
    assert content.index(b"place") < content.index(b"status")


def test_fmt_refuses_a_plan_of_a_newer_kedge(kedge: Run) -> None:
    Path("plan/board.toml").write_text("format = 99\n")
    done = kedge("fmt")
    assert done.code == 2
    assert "newer kedge" in done.err
    assert Path(CARD).read_text() == FILES[CARD]


def test_the_current_folder_need_not_be_the_plans(kedge: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = kedge("check", "--plan", os.path.join("work", "plan"))
    assert done.out.startswith(f"work/{CARD}:3:1: ")
