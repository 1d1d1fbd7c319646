"""What a merge left in question, settled on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kedge.storage.plan import resolving
from kedge.tests.storage.repositories import commit, git, write

from .running import Ran, kedge
from .terminal import on_terminal

CARDS = "plan/projects/churn/cards"
CARD = f"{CARDS}/table-7k2m.toml"
OTHER = f"{CARDS}/audit-4d5f.toml"
NEW = f"{CARDS}/new-9x4p.toml"
BASE = """\
title = "Feature table"

place = "execute"

status = "todo"

owner = "mira"
estimate = [2, 3, 8]

#due =

#blocked =
"""
OURS = BASE.replace("todo", "doing").replace("[2, 3, 8]", "[3, 3, 8]")
THEIRS = (
    BASE.replace("#blocked =", 'blocked = "access"').replace("[2, 3, 8]", "[2, 5, 9]").replace("mira", "sam")
)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository without a driver, in the middle of a merge: one card changed, one removed, one made twice."""
    top = tmp_path / "work"
    write(top, {"plan/board.toml": "format = 1\n", "plan/projects/churn/project.toml": 'title = "Churn"\n'})
    git(top, "init", "-q", "-b", "main")
    commit(top, "base", {CARD: BASE, OTHER: BASE.replace("Feature table", "Audit")})
    git(top, "checkout", "-q", "-b", "side")
    (top / OTHER).unlink()
    commit(top, "theirs", {CARD: THEIRS, NEW: 'title = "Theirs"\nplace = "execute"\n'})
    git(top, "checkout", "-q", "main")
    changed = BASE.replace("Feature table", "Audit of labels")
    commit(top, "ours", {CARD: OURS, OTHER: changed, NEW: 'title = "Ours"\nplace = "execute"\n'})
    git(top, "-c", "merge.conflictStyle=zdiff3", "merge", "-q", "side", check=False)
    return top


def resolve(top: Path, *words: str) -> Ran:
    return kedge("resolve", *words, cwd=top)


def unmerged(top: Path) -> str:
    return git(top, "diff", "--name-only", "--diff-filter=U")


def test_what_is_in_question_is_listed_with_three_sides(top: Path) -> None:
    ran = resolve(top)
    assert ran.code == 1
    assert "  estimate\n    base    [2, 3, 8]\n    ours    [3, 3, 8]\n    theirs  [2, 5, 9]\n" in ran.out
    assert "theirs removed it, the other side changed it\n" in ran.out
    assert "both sides made a new record of this id\n" in ran.out
    files = json.loads(resolve(top, "--json").out)["data"]["files"]
    card = next(one for one in files if one["id"] == "table-7k2m")
    assert {one["field"]: one["together"] for one in card["fields"]} == {
        "estimate": [],
        "status": ["status", "blocked", "dropped"],
        "blocked": ["status", "blocked", "dropped"],
    }
    assert [one["both_are_new"] for one in files if one["id"] == "new-9x4p"] == [True]


def test_fields_are_settled_bit_by_bit_and_a_unit_at_once(top: Path) -> None:
    # Whatever a person made of the markers.
    lines = (top / CARD).read_text().splitlines(keepends=True)
    (top / CARD).write_text("".join(line for line in lines if not line.startswith(("<<<", "==="))))
    first = resolve(top, "7k2m", "status", "theirs")
    assert first.code == 0
    assert "still in conflict: estimate" in first.err
    assert "<<<<<<<" in (top / CARD).read_text()
    assert CARD in unmerged(top)
    listed = json.loads(resolve(top, "7k2m", "--json").out)["data"]["files"][0]
    assert {one["field"]: one["chosen"] for one in listed["fields"]} == {
        "estimate": None,
        "status": "theirs",
        "blocked": "theirs",
    }
    second = resolve(top, "table-7k2m", "estimate", "=4/5/6")
    assert second.code == 0
    assert (top / CARD).read_text() == THEIRS.replace("[2, 5, 9]", "[4, 5, 6]")
    assert CARD not in unmerged(top)


def test_a_choice_counts_for_its_merge_alone(top: Path) -> None:
    resolve(top, "7k2m", "estimate", "ours")
    git(top, "merge", "--abort")
    commit(top, "more", {CARD: OURS.replace("[3, 3, 8]", "[1, 1, 1]")})
    git(top, "merge", "-q", "side", check=False)
    files = json.loads(resolve(top, "--json").out)["data"]["files"]
    assert {one["chosen"] for file in files for one in file["fields"]} == {None}


def test_a_removed_file_and_a_new_one_are_settled_as_a_whole(top: Path) -> None:
    assert resolve(top, "4d5f", "theirs").code == 0
    assert not (top / OTHER).exists()
    ran = resolve(top, "9x4p", "both")
    assert ran.code == 0
    assert (top / NEW).read_text() == 'title = "Ours"\nplace = "execute"\n'
    (other,) = [path for path in (top / CARDS).iterdir() if path.name.startswith("theirs-")]
    assert other.read_text() == 'title = "Theirs"\nplace = "execute"\n'
    assert "1 file left: churn/table-7k2m" in ran.err
    assert "git commit" in resolve(top, "7k2m", "ours").err
    assert unmerged(top) == ""
    git(top, "commit", "-q", "--no-edit")
    assert resolve(top).out == "no file of the plan is in conflict\n"


def test_a_removed_file_that_is_gone_already_is_settled(top: Path) -> None:
    (top / OTHER).unlink(missing_ok=True)
    ran = resolve(top, "4d5f", "theirs")
    assert (ran.code, (top / OTHER).exists()) == (0, False)
    assert OTHER not in unmerged(top)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["7k2m", "titel", "ours"], "'titel' is not in conflict in table-7k2m"),
        (["7k2m", "estimate", "mine"], "'mine' is not a choice for estimate"),
        (["7k2m", "estimate", "=9/2/1"], "estimate"),
        (["7k2m", "estimate", "ours", "status"], "each FIELD needs"),
        (["7k2m", "both"], "is not two new records"),
        (["nothing", "ours"], "no record in conflict has the id 'nothing'"),
        (["4d5f", "=x"], "'=x' is no choice"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(
    top: Path, words: list[str], said: str
) -> None:
    before = (top / CARD).read_text()
    ran = resolve(top, *words)
    assert ran.code == 2
    assert said in ran.err
    assert (top / CARD).read_text() == before


def test_a_dry_run_shows_the_change_and_makes_none(top: Path) -> None:
    before = (top / CARD).read_text()
    ran = resolve(top, "7k2m", "theirs", "--dry-run")
    assert "->>>>>>> side" in ran.out
    assert (top / CARD).read_text() == before
    assert CARD in unmerged(top)


def test_a_version_that_cannot_be_read_leaves_the_file_as_a_whole(top: Path) -> None:
    git(top, "merge", "--abort")
    commit(top, "broken", {CARD: "title = \n"})
    git(top, "merge", "-q", "side", check=False)
    assert "its fields cannot be merged one by one: ours cannot be read" in resolve(top).out
    assert resolve(top, "7k2m", "theirs").code == 0
    assert (top / CARD).read_text() == THEIRS


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (CARD, ["table-7k2m", "ours"]),
        (CARD, ["table-7k2m", "status", "ours"]),
        (OTHER, ["audit-4d5f", "theirs"]),
        (NEW, ["new-9x4p", "both"]),
    ],
)
def test_what_a_person_typed_into_a_file_in_conflict_is_never_written_over(
    top: Path, path: str, words: list[str]
) -> None:
    left = (top / path).read_text()
    typed = left + '\nnotes = """\nAn hour of work\n"""\n'
    (top / path).write_text(typed)
    waiting = unmerged(top)
    ran = resolve(top, *words)
    assert ran.code == 3
    assert "was edited since the merge" in ran.err
    assert (top / path).read_text() == typed
    assert unmerged(top) == waiting
    (top / path).write_text(left)
    assert resolve(top, *words).code == 0


def test_a_value_that_was_typed_can_be_typed_once_more(top: Path) -> None:
    for day in ("2027-01-02", "2027-01-03"):
        assert resolve(top, "table-7k2m", "estimate", f"=[1, 2, {day[-1]}]").code == 0
    assert "[1, 2, 3]" in (top / CARD).read_text()


def test_choices_that_anyone_wrote_count_for_nothing(top: Path) -> None:
    store = top / ".git" / "kedge" / "choices.json"
    store.parent.mkdir()
    for text in ("[", "[]", '{"a": 1}', '{"projects/churn/cards/table-7k2m.toml": {"choices": 7}}'):
        store.write_text(text)
        assert resolve(top).code == 1


def test_on_a_terminal_it_asks_one_question_after_the_other(top: Path) -> None:
    # A record removed by theirs, two new ones, and of the card the status, and the estimate typed, wrong at first.
    code, shown = on_terminal("resolve", cwd=top, typed="o\nk\nt\ne\n9/2/1\n1/2/3\n")
    assert code == 0, shown
    assert "churn/table-7k2m: estimate" in shown
    assert "goes together with blocked" in shown
    assert (top / CARD).read_text() == THEIRS.replace("[2, 5, 9]", "[1, 2, 3]")
    assert (top / OTHER).exists()
    assert unmerged(top) == ""


def test_on_a_terminal_questions_can_be_left(top: Path) -> None:
    code, shown = on_terminal("resolve", cwd=top, typed="s\ns\no\nq\n")
    assert code == 1, shown
    assert len(unmerged(top).splitlines()) == 3
    # What was chosen before is kept.
    card = json.loads(resolve(top, "7k2m", "--json").out)["data"]["files"][0]
    assert [one["chosen"] for one in card["fields"]] == ["ours", None, "ours"]


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"plan/board.toml": "format = 1\n"})
    ran = resolve(tmp_path)
    assert ran.code == 2
    assert "not in a git repository" in ran.err


RENAMED = {"base": "table-7k2m", "ours": "features-7k2m", "theirs": "columns-7k2m"}


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """A card that each side renamed, and changed, in its own way."""
    top = tmp_path / "renamed"
    write(top, {"plan/board.toml": "format = 1\n", "plan/projects/churn/project.toml": 'title = "Churn"\n'})
    git(top, "init", "-q", "-b", "main")
    commit(top, "base", {CARD: BASE})
    git(top, "branch", "side")
    commit(top, "ours", _renamed(top, RENAMED["ours"], OURS))
    git(top, "checkout", "-q", "side")
    commit(top, "theirs", _renamed(top, RENAMED["theirs"], THEIRS))
    git(top, "checkout", "-q", "main")
    git(top, "merge", "-q", "side", check=False)
    return top


def _renamed(top: Path, name: str, text: str) -> dict[str, str]:
    (top / CARD).unlink()
    return {f"{CARDS}/{name}.toml": text}


@pytest.mark.parametrize("side", ["base", "ours", "theirs"])
def test_which_of_two_new_names_stays_is_asked(renamed: Path, side: str) -> None:
    (file,) = json.loads(resolve(renamed, "--json").out)["data"]["files"]
    assert file["fields"][0] | {"chosen": None, "together": []} == file["fields"][0]
    assert {name: json.loads(file["fields"][0][name]) for name in RENAMED} == RENAMED
    assert resolve(renamed, "7k2m", "id", side).code == 0
    assert unmerged(renamed) != ""
    assert f"  id  chosen: {side}\n" in resolve(renamed, "7k2m").out
    ran = resolve(renamed, "7k2m", "estimate", "theirs", "status", "ours")
    assert f"it is called {RENAMED[side]}; kedge check finds what still names " in ran.err
    assert [path.stem for path in (renamed / CARDS).iterdir()] == [RENAMED[side]]
    text = (renamed / CARDS / f"{RENAMED[side]}.toml").read_text()
    assert "estimate = [2, 5, 9]" in text
    assert 'owner = "sam"' in text
    assert "<<<" not in text
    assert unmerged(renamed) == ""


def test_a_name_is_chosen_not_typed(renamed: Path) -> None:
    ran = resolve(renamed, "7k2m", "id", "=other")
    assert (ran.code, "kedge rename gives another one" in ran.err) == (2, True)
    assert len(list((renamed / CARDS).iterdir())) == 2


def test_what_an_editor_saves_while_a_file_is_settled_is_kept(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save comes after the file was looked at, and before it is written."""
    real = resolving.swap_file

    def saved_meanwhile(path: str, start: bytes | None, goal: bytes | None) -> None:
        with Path(path).open("a") as file:
            file.write("# a thought\n")
        real(path, start, goal)

    monkeypatch.setattr(resolving, "swap_file", saved_meanwhile)
    # One file gets another content, the other one is removed.
    for words in (("table-7k2m", "ours"), ("audit-4d5f", "theirs")):
        ran = resolve(top, *words)
        assert ran.code == 3, ran.err
    assert all((top / path).read_text().endswith("# a thought\n") for path in (CARD, OTHER))
    assert len(unmerged(top).split()) == 3
