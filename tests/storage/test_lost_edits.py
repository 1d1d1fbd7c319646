"""Merges in which git takes two cards for one, by the real git: no edit goes without a question or a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kedge.tests.cli.running import kedge

from .test_merge_driver import git
from .test_merge_driver import top as driven

__all__ = ["driven"]

CARDS = "plan/projects/churn/cards"
AUDIT, REPORT, SCHEMA, TABLE = "audit-9x4p", "report-7k2m", "schema-3h8c", "table-5w6d"


def card(title: str, rank: str, **fields: str) -> str:
    """A card as kedge writes it, as far as it matters here."""
    status = fields.get("status", '"todo"')
    text = f'title = "{title}"\n\nplace = "execute"\nrank = "{rank}"\n\nstatus = {status}\n'
    for name in ("stage", "owner", "estimate", "due", "notes"):
        text += f"\n{name} = {fields[name]}\n" if name in fields else f"\n#{name} =\n"
    return text


def state(top: Path, cards: Mapping[str, str | None], message: str = "change") -> None:
    """Writes some cards, or removes them, and commits."""
    for name, text in cards.items():
        path = top / CARDS / f"{name}.toml"
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", message)


@pytest.fixture
def top(driven: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two cards and the driver."""
    monkeypatch.setenv("KEDGE_STATE", str(driven.parent / "state"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (driven / "plan/projects/churn/project.toml").write_text('title = "Churn"\nphase = "execute"\n')
    state(driven, {"table-7k2m": None, AUDIT: card("Audit", "a0"), SCHEMA: card("Schema", "a1")}, "plan")
    git(driven, "tag", "start")
    return driven


def sides(top: Path, ours: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> None:
    """Two branches with a commit each; ours is checked out."""
    git(top, "checkout", "-q", "-b", "side")
    state(top, theirs)
    git(top, "checkout", "-q", "main")
    state(top, ours)


def merged(top: Path, *, driver: bool, code: int) -> None:
    git(top, "merge", "-q", "-m", "merge", "side", code=code, KEDGE_MERGE="on" if driver else "off")


def findings(top: Path, *arguments: str) -> list[str]:
    """What `check` says of lost edits, with the commit that lost them."""
    ran = kedge("check", "--select", "D107", *arguments, cwd=top)
    return re.findall(r"\[D107\]: (.*)", ran.out)


def lost(top: Path, *arguments: str) -> list[str]:
    """The same of a merge, without its name."""
    return [re.sub(r"^merge \w+ ", "", one) for one in findings(top, *arguments)]


def has(top: Path, name: str, line: str) -> bool:
    path = top / CARDS / f"{name}.toml"
    return path.exists() and line in path.read_text().splitlines()


REMOVED_AND_MADE: Mapping[str, str | None] = {AUDIT: None, REPORT: card("Report", "a2")}
EDITED: Mapping[str, str | None] = {AUDIT: card("Audit", "a0", estimate="[2, 3, 8]", owner='"mira"')}


def test_an_edit_of_a_removed_card_that_landed_in_a_new_one_is_found_and_brought_back(top: Path) -> None:
    sides(top, REMOVED_AND_MADE, EDITED)
    merged(top, driver=False, code=0)
    assert has(top, REPORT, "estimate = [2, 3, 8]"), (
        "git no longer takes the two for one: this proves nothing"
    )
    said = f"lost what Mira did to {AUDIT}, which the other side removed, and put it into {REPORT}: owner, estimate"
    assert lost(top) == lost(top, "--since", "start") == [said]
    assert said in kedge("git", "merges", cwd=top).out
    doctor = kedge("git", "doctor", cwd=top)
    assert (doctor.code, f"{said}\n  kedge git recover " in doctor.out) == (1, True)
    assert kedge("git", "recover", "HEAD", "9x4p", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [2, 3, 8]")
    assert has(top, REPORT, "#estimate =")
    assert lost(top) == []
    assert AUDIT not in kedge("git", "merges", cwd=top).out
    assert kedge("undo", cwd=top).code == 0
    assert lost(top) == [said]
    assert has(top, AUDIT, "estimate = [2, 3, 8]") is False


def test_a_card_comes_back_as_it_was_written(top: Path) -> None:
    """With comments, keys that no model knows and a person's own layout; and with what both sides did to it."""
    written = "# Ask legal first.\n" + card("Audit", "a0", owner='"mira"  # till June') + "\nseen = 3\n"
    sides(top, {SCHEMA: card("Schema", "a1", owner='"sam"')}, {AUDIT: written})
    git(top, "merge", "-q", "--no-commit", "side")
    (top / CARDS / f"{AUDIT}.toml").unlink()
    git(top, "commit", "-q", "-a", "-m", "merge")
    assert len(lost(top)) == 1
    assert kedge("git", "recover", cwd=top).code == 0
    assert (top / CARDS / f"{AUDIT}.toml").read_text() == written
    assert lost(top) == []


def test_a_card_comes_back_with_the_edits_of_both_sides(top: Path) -> None:
    ours = "# Ask legal first.\n" + card("Audit", "a0", due="2026-12-01")
    sides(top, {AUDIT: ours}, {AUDIT: card("Audit", "a0", owner='"mira"')})
    git(top, "merge", "-q", "--no-commit", "side")
    (top / CARDS / f"{AUDIT}.toml").unlink()
    git(top, "commit", "-q", "-a", "-m", "merge")
    assert len(lost(top)) == 2
    assert kedge("git", "recover", cwd=top).code == 0
    both = "# Ask legal first.\n" + card("Audit", "a0", owner='"mira"', due="2026-12-01")
    assert (top / CARDS / f"{AUDIT}.toml").read_text() == both
    assert lost(top) == []


@pytest.mark.parametrize(("choice", "is_there"), [("theirs", True), ("ours", False)])
@pytest.mark.parametrize("is_line_conflict", [False, True])
@pytest.mark.parametrize("driver", [True, False])
def test_a_question_is_about_the_card_that_was_removed(
    top: Path, choice: str, is_there: bool, is_line_conflict: bool, driver: bool
) -> None:
    """By lines git asks only where both sides changed the same ones, and then about the wrong card."""
    if not driver and not is_line_conflict:
        pytest.skip("git asks nothing: found afterwards")
    made = card("Report", "a2", estimate="[1, 1, 1]") if is_line_conflict else card("Report", "a2")
    sides(top, {AUDIT: None, REPORT: made}, EDITED)
    merged(top, driver=driver, code=1)
    (question,) = kedge("resolve", "--json", cwd=top).out.split('"id": ')[1:]
    assert question.startswith(f'"{AUDIT}"')
    assert kedge("resolve", AUDIT, choice, cwd=top).code == 0
    git(top, "commit", "-q", "--no-edit")
    assert (top / CARDS / f"{REPORT}.toml").read_text() == made
    assert has(top, AUDIT, "estimate = [2, 3, 8]") is is_there
    assert lost(top) == []


@pytest.mark.parametrize("driver", [True, False])
def test_a_renamed_card_does_not_get_what_was_done_to_another_one(top: Path, driver: bool) -> None:
    """Git does not ask which file a card is renamed from that the other side left as it was."""
    sides(top, {AUDIT: None, SCHEMA: None, "event-schema-3h8c": card("Schema", "a1", stage='"mvp"')}, EDITED)
    merged(top, driver=driver, code=int(driver))
    if driver:
        assert kedge("resolve", AUDIT, "theirs", cwd=top).code == 0
        git(top, "commit", "-q", "--no-edit")
    else:
        assert len(lost(top)) == 1
        assert kedge("git", "recover", cwd=top).code == 0
    assert (top / CARDS / "event-schema-3h8c.toml").read_text() == card("Schema", "a1", stage='"mvp"')
    assert has(top, AUDIT, 'owner = "mira"')
    assert lost(top) == []


@pytest.mark.parametrize("driver", [True, False])
def test_a_card_renamed_by_one_side_is_not_mixed_with_one_that_the_other_made(
    top: Path, driver: bool
) -> None:
    """One side renames the card, the other removes it and makes another: git calls it a rename on both sides."""
    kept = {AUDIT: None, "label-audit-9x4p": card("Audit", "a0", owner='"mira"')}
    sides(top, REMOVED_AND_MADE, kept)
    merged(top, driver=driver, code=1)
    for _ in range(3):
        found = re.findall(r'"id": "([^"]*)"', kedge("resolve", "--json", cwd=top).out)
        for name in found[:1]:
            assert kedge("resolve", name, "ours" if name == REPORT else "theirs", cwd=top).code == 0
    git(top, "commit", "-q", "--no-edit")
    assert (top / CARDS / f"{REPORT}.toml").read_text() == card("Report", "a2")
    assert (top / CARDS / "label-audit-9x4p.toml").read_text() == kept["label-audit-9x4p"]
    assert lost(top) == []


def test_a_new_card_is_not_taken_for_one_that_both_removed(top: Path) -> None:
    sides(top, REMOVED_AND_MADE, {AUDIT: None})
    code = 1 if git(top, "merge", "-q", "-m", "merge", "side", code=None) == "" and _is_open(top) else 0
    if code:
        assert kedge("resolve", REPORT, "theirs", cwd=top).code == 0
        git(top, "commit", "-q", "--no-edit")
    assert (top / CARDS / f"{REPORT}.toml").read_text() == card("Report", "a2")
    assert lost(top) == []


def _is_open(top: Path) -> bool:
    return bool(git(top, "ls-files", "-u"))


def test_the_driver_sees_two_cards_of_the_same_rank(top: Path) -> None:
    """The next card at the end of a column gets the rank of the last one, where that was removed."""
    sides(top, {SCHEMA: None, REPORT: card("Report", "a1")}, {SCHEMA: card("Schema", "a1", owner='"mira"')})
    merged(top, driver=True, code=1)
    assert f'"id": "{SCHEMA}"' in kedge("resolve", "--json", cwd=top).out


@pytest.mark.parametrize("driver", [True, False])
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_rename_by_kedge_merges_with_edits_of_the_other_side(
    top: Path, driver: bool, is_ours: bool
) -> None:
    renamed = {AUDIT: None, "label-audit-9x4p": card("Audit", "a0", stage='"mvp"')}
    sides(top, *((renamed, EDITED) if is_ours else (EDITED, renamed)))
    merged(top, driver=driver, code=0)
    assert has(top, "label-audit-9x4p", "estimate = [2, 3, 8]")
    assert lost(top) == []


def test_a_card_that_was_renamed_and_then_got_another_title_is_one_card(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    state(top, EDITED)
    git(top, "checkout", "-q", "main")
    state(top, {AUDIT: None, "labels": card("Audit", "a0")})
    state(top, {"labels": card("Look at the labels", "a0")})
    merged(top, driver=False, code=0)
    assert has(top, "labels", "estimate = [2, 3, 8]")
    assert lost(top) == []


def test_a_card_whose_title_and_rank_one_side_changed_is_one_card(top: Path) -> None:
    sides(top, {AUDIT: card("Audit the labels", "a5")}, EDITED)
    merged(top, driver=True, code=0)
    assert has(top, AUDIT, 'title = "Audit the labels"')
    assert has(top, AUDIT, "estimate = [2, 3, 8]")


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_card_whose_title_and_rank_changed_is_one_card_in_a_rebase_too(top: Path, is_ours: bool) -> None:
    retitled = {AUDIT: card("Audit the labels", "a5")}
    sides(top, *((retitled, EDITED) if is_ours else (EDITED, retitled)))
    git(top, "rebase", "-q", "side")
    assert has(top, AUDIT, 'title = "Audit the labels"')
    assert has(top, AUDIT, "estimate = [2, 3, 8]")


@pytest.mark.parametrize("verb", ["rebase", "cherry-pick", "stash"])
def test_other_verbs_of_git_ask_about_the_removed_card(top: Path, verb: str) -> None:
    sides(top, REMOVED_AND_MADE, {"table-5w6d": card("Table", "a7")})
    edited = EDITED[AUDIT]
    assert edited is not None
    if verb == "stash":
        git(top, "checkout", "-q", "start")
        (top / CARDS / f"{AUDIT}.toml").write_text(edited)
        git(top, "stash", "-q")
        git(top, "checkout", "-q", "main")
        git(top, "stash", "pop", "-q", code=1)
    else:
        git(top, "checkout", "-q", "-b", "edit", "start")
        state(top, EDITED)
        if verb == "rebase":
            git(top, "rebase", "-q", "main", code=1)
        else:
            git(top, "checkout", "-q", "main")
            git(top, "cherry-pick", "edit", code=1)
    assert f'"id": "{AUDIT}"' in kedge("resolve", "--json", cwd=top).out
    assert kedge("resolve", AUDIT, "theirs", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [2, 3, 8]")
    assert (top / CARDS / f"{REPORT}.toml").read_text() == card("Report", "a2")
    assert _is_open(top) is False


# ---- merges by hand


def by_hand(top: Path, cards: Mapping[str, str | None]) -> None:
    """A merge whose result a person writes."""
    git(top, "merge", "-q", "--no-commit", "side", code=None, KEDGE_MERGE="off")
    state(top, cards, "merge")


def test_edits_that_a_merge_by_hand_left_out_are_found(top: Path) -> None:
    edited = card("Audit", "a0", estimate="[2, 3, 8]", notes='"long"')
    sides(
        top,
        {AUDIT: card("Audit", "a0", stage='"mvp"'), SCHEMA: None},
        {AUDIT: edited, TABLE: card("Table", "a7")},
    )
    by_hand(
        top,
        {
            AUDIT: card("Audit", "a0", stage='"mvp"', notes='"long"'),
            SCHEMA: card("Schema", "a1"),
            TABLE: None,
        },
    )
    assert sorted(lost(top)) == [
        f"has {SCHEMA} again, which Mira removed",
        f"lost {TABLE} with what Mira did to it",
        f"lost what Mira did to {AUDIT}: estimate",
    ]
    assert kedge("git", "recover", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [2, 3, 8]")
    assert has(top, TABLE, 'title = "Table"')
    assert (top / CARDS / f"{SCHEMA}.toml").exists() is False
    assert lost(top) == []


def test_a_file_that_cannot_be_read_is_no_lost_edit(top: Path) -> None:
    sides(top, {AUDIT: card("Audit", "a0", stage='"mvp"')}, {**EDITED, TABLE: card("Table", "a7")})
    by_hand(top, {AUDIT: "<<<<<<< ours\n"})
    assert lost(top) == []


def test_a_card_that_came_back_and_was_renamed_is_not_lost(top: Path) -> None:
    sides(top, REMOVED_AND_MADE, EDITED)
    merged(top, driver=False, code=0)
    assert kedge("git", "recover", cwd=top).code == 0
    assert kedge("rename", AUDIT, "label-audit-9x4p", cwd=top).code == 0
    assert lost(top) == []


def test_what_was_changed_since_the_merge_stays(top: Path) -> None:
    sides(top, {AUDIT: card("Audit", "a0", stage='"mvp"')}, EDITED)
    by_hand(top, {AUDIT: card("Audit", "a0", stage='"mvp"')})
    assert lost(top) == [f"lost what Mira did to {AUDIT}: estimate, owner"]
    assert kedge("set", AUDIT, "estimate=5", cwd=top).code == 0
    assert lost(top) == [f"lost what Mira did to {AUDIT}: owner"]
    assert kedge("git", "recover", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [5]")
    assert has(top, AUDIT, 'owner = "mira"')


@pytest.mark.parametrize("settled", ['"doing"', '"done"', '"dropped"'])
def test_what_a_person_settled_is_not_lost(top: Path, settled: str) -> None:
    sides(top, {AUDIT: card("Audit", "a0", status='"doing"')}, {AUDIT: card("Audit", "a0", status='"done"')})
    by_hand(top, {AUDIT: card("Audit", "a0", status=settled)})
    assert lost(top) == []


def test_a_side_that_was_taken_where_both_changed_neighbouring_lines_is_not_lost(top: Path) -> None:
    near = 'title = "Audit"\nplace = "execute"\nrank = "a0"\nowner = "{}"\nestimate = [{}]\n'
    state(top, {AUDIT: near.format("mira", 1)})
    sides(top, {AUDIT: near.format("sam", 1)}, {AUDIT: near.format("mira", 2)})
    by_hand(top, {AUDIT: near.format("sam", 1)})
    assert lost(top) == []


def test_a_removed_card_that_a_person_was_asked_about_is_not_lost(top: Path) -> None:
    sides(top, {AUDIT: None}, EDITED)
    by_hand(top, {AUDIT: None} if (top / CARDS / f"{AUDIT}.toml").exists() else {})
    assert lost(top) == []


def test_several_common_ancestors_are_no_false_alarm(top: Path) -> None:
    """Each branch merges the other one, and then they meet: what one has had already is no edit."""
    sides(top, {AUDIT: card("Audit", "a0", owner='"mira"')}, {SCHEMA: card("Schema", "a1", owner='"sam"')})
    git(top, "branch", "first")
    git(top, "merge", "-q", "-m", "merge", "side")
    git(top, "checkout", "-q", "side")
    git(top, "merge", "-q", "-m", "merge", "first")
    state(top, {AUDIT: card("Audit", "a0")}, "take it back")
    git(top, "checkout", "-q", "main")
    state(top, {SCHEMA: card("Schema", "a1", owner='"sam"', due="2026-12-01")})
    assert git(top, "merge-base", "--all", "main", "side").count("\n") == 2
    git(top, "merge", "-q", "-m", "merge", "side")
    assert lost(top, "--since", "start") == []


def test_a_side_that_was_left_out_as_a_whole_is_one_finding(top: Path) -> None:
    sides(top, {TABLE: card("Table", "a7")}, {**EDITED, SCHEMA: card("Schema", "a1", owner='"sam"')})
    git(top, "merge", "-q", "-s", "ours", "side")
    assert lost(top, "--since", "start") == [f"has nothing of what one side did to {AUDIT}, {SCHEMA}"]
    assert kedge("git", "recover", "HEAD", SCHEMA, cwd=top).code == 0
    assert lost(top) == [f"lost what Mira did to {AUDIT}: estimate, owner"]


def test_a_squash_and_three_branches_at_once_are_no_false_alarm(top: Path) -> None:
    sides(top, {SCHEMA: card("Schema", "a1", owner='"mira"')}, EDITED)
    git(top, "checkout", "-q", "-b", "third", "start")
    state(top, {TABLE: card("Table", "a7")})
    git(top, "checkout", "-q", "main")
    git(top, "merge", "-q", "-m", "all", "side", "third")
    git(top, "merge", "-q", "--squash", "side", code=None)
    assert git(top, "log", "-1", "--format=%P").count(" ") == 2
    assert lost(top, "--since", "start") == []


def test_a_merge_that_lost_nothing_has_nothing_to_bring_back(top: Path) -> None:
    sides(top, {SCHEMA: card("Schema", "a1", owner='"mira"')}, EDITED)
    merged(top, driver=True, code=0)
    ran = kedge("git", "recover", cwd=top)
    assert (ran.code, "no edit is lost" in ran.out + ran.err) == (0, True)
    assert kedge("git", "recover", "no-such", cwd=top).code == 2
