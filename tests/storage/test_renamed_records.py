"""Cards that got another name on one side or on both, by the real git: edits follow the card, and not a look-alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kedge.tests.cli.running import kedge

from .test_lost_edits import AUDIT, CARDS, EDITED, SCHEMA, card, driven, has, lost, merged, state, top
from .test_merge_driver import git

__all__ = ["driven", "top"]

LABELS, EVENTS = "labels", "events"
NOTES = '"""\nFirst we look at the old ones.\nThen at those of this year.\nAsk Sam.\n"""'


def renamed(top: Path, old: str, new: str, text: str) -> None:
    """A card gets another name in one commit, and says something else in the next one."""
    before = (top / CARDS / f"{old}.toml").read_text()
    state(top, {old: None, new: before}, "rename")
    state(top, {new: text}, "edit")


def on_side(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")


def back(top: Path, ours: Mapping[str, str | None]) -> None:
    git(top, "checkout", "-q", "main")
    state(top, ours)


def open_files(top: Path) -> list[str]:
    return sorted({line.partition("\t")[2] for line in git(top, "ls-files", "-u").splitlines()})


def questions(top: Path) -> dict[str, list[str]]:
    """The fields in question by record."""
    files = json.loads(kedge("resolve", "--json", cwd=top).out)["data"]["files"]
    return {file["id"]: [one["field"] for one in file["fields"]] for file in files}


@pytest.mark.parametrize("driver", [True, False])
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_card_that_was_renamed_and_then_retitled_gets_the_edits_of_the_other_side(
    top: Path, driver: bool, is_ours: bool
) -> None:
    on_side(top)
    if is_ours:
        state(top, EDITED)
        git(top, "checkout", "-q", "main")
        renamed(top, AUDIT, LABELS, card("Look at the labels", "a0"))
    else:
        renamed(top, AUDIT, LABELS, card("Look at the labels", "a0"))
        back(top, EDITED)
    merged(top, driver=driver, code=0)
    assert has(top, LABELS, 'title = "Look at the labels"')
    assert has(top, LABELS, "estimate = [2, 3, 8]")
    assert has(top, LABELS, 'owner = "mira"')
    assert lost(top) == []


def _look_alikes(top: Path) -> None:
    """Theirs renames both cards, and changes one so much that git takes what ours has edited for the other one."""
    on_side(top)
    renamed(
        top, AUDIT, LABELS, card("Look at the labels", "b7", stage='"mvp"', notes=NOTES, due="2027-01-04")
    )
    renamed(top, SCHEMA, EVENTS, card("Schema", "a1", stage='"mvp"'))
    back(top, EDITED)


def test_an_edit_that_git_merges_into_a_look_alike_of_a_renamed_card_is_found(top: Path) -> None:
    _look_alikes(top)
    merged(top, driver=False, code=0)
    assert has(top, EVENTS, "estimate = [2, 3, 8]"), "git sees which is which: this proves nothing"
    assert lost(top) == [f"lost what Mira did to {LABELS}, and put it into {EVENTS}: estimate, owner"]
    assert kedge("git", "recover", cwd=top).code == 0
    assert has(top, LABELS, "estimate = [2, 3, 8]")
    assert has(top, EVENTS, "#estimate =")
    assert lost(top) == []


def test_the_driver_keeps_look_alikes_apart_and_the_edit_goes_where_it_belongs(top: Path) -> None:
    _look_alikes(top)
    merged(top, driver=True, code=1)
    assert questions(top) == {LABELS: []}
    assert kedge("resolve", LABELS, cwd=top).code == 0
    assert open_files(top) == []
    git(top, "commit", "-q", "--no-edit")
    assert has(top, LABELS, "estimate = [2, 3, 8]")
    assert has(top, LABELS, 'title = "Look at the labels"')
    assert (top / CARDS / f"{EVENTS}.toml").read_text() == card("Schema", "a1", stage='"mvp"')
    assert not (top / CARDS / f"{AUDIT}.toml").exists()
    assert lost(top) == []


def test_each_of_two_questions_that_git_has_mixed_stays_until_it_is_settled(top: Path) -> None:
    """Both cards are in question, and one file of the index is all that git has of both."""
    on_side(top)
    renamed(
        top,
        AUDIT,
        LABELS,
        card("Look at the labels", "b7", estimate="[1, 1, 1]", notes=NOTES, due="2027-01-04"),
    )
    renamed(top, SCHEMA, EVENTS, card("Schema", "a1", stage='"mvp"', estimate="[5, 5, 5]"))
    back(top, {**EDITED, SCHEMA: card("Schema", "a1", estimate="[8, 8, 8]")})
    merged(top, driver=True, code=1)
    assert questions(top) == {LABELS: ["estimate"], EVENTS: ["estimate"]}
    assert kedge("resolve", EVENTS, "ours", cwd=top).code == 0
    assert questions(top) == {LABELS: ["estimate"]}
    assert kedge("resolve", LABELS, "ours", cwd=top).code == 0
    assert open_files(top) == []
    git(top, "commit", "-q", "--no-edit")
    assert has(top, LABELS, "estimate = [2, 3, 8]")
    assert has(top, EVENTS, "estimate = [8, 8, 8]")
    assert lost(top) == []


@pytest.mark.parametrize("driver", [True, False])
def test_a_card_that_both_renamed_and_one_retitled_stays_one_card(top: Path, driver: bool) -> None:
    on_side(top)
    renamed(top, AUDIT, LABELS, card("Look at the labels", "a0", stage='"mvp"'))
    git(top, "checkout", "-q", "main")
    renamed(top, AUDIT, "audits", card("Audit", "a0", owner='"sam"'))
    merged(top, driver=driver, code=1)
    assert questions(top) == {"audits": ["id"]}
    assert kedge("resolve", "audits", "theirs", cwd=top).code == 0
    assert open_files(top) == []
    git(top, "commit", "-q", "--no-edit")
    assert has(top, LABELS, 'owner = "sam"')
    assert has(top, LABELS, 'title = "Look at the labels"')
    assert not (top / CARDS / "audits.toml").exists()
    assert lost(top) == []


def test_a_card_that_goes_by_taking_the_side_that_removed_it_leaves_no_empty_file(top: Path) -> None:
    """Both sides gave the card another name, and one has removed it since: git has a file of one side only."""
    on_side(top)
    renamed(top, AUDIT, LABELS, card("Audit", "a0", stage='"mvp"'))
    state(top, {LABELS: None}, "remove")
    back(top, EDITED)
    merged(top, driver=True, code=1)
    assert kedge("resolve", AUDIT, "theirs", cwd=top).code == 0
    assert open_files(top) == []
    assert not (top / CARDS / f"{AUDIT}.toml").exists()


def test_an_edit_that_both_made_and_git_put_into_a_look_alike_too_is_found(top: Path) -> None:
    on_side(top)
    renamed(top, AUDIT, LABELS, card("Look at the labels", "b7", owner='"mira"', notes=NOTES, stage='"mvp"'))
    renamed(top, SCHEMA, EVENTS, card("Schema", "a1", stage='"mvp"'))
    back(top, {AUDIT: card("Audit", "a0", owner='"mira"')})
    merged(top, driver=False, code=0)
    assert has(top, EVENTS, 'owner = "mira"'), "git sees which is which: this proves nothing"
    assert lost(top) == [f"put what Mira did to {LABELS} into {EVENTS}, too: owner"]
    assert kedge("git", "recover", "HEAD", LABELS, cwd=top).code == 0
    assert (top / CARDS / f"{EVENTS}.toml").read_text() == card("Schema", "a1", stage='"mvp"')
    assert lost(top) == []


def test_a_new_name_that_a_merge_has_settled_on_is_followed_through_the_merge(top: Path) -> None:
    """Main knows the card by one name, and the side by another one, which it took in a merge of both."""
    git(top, "checkout", "-q", "-b", "side")
    renamed(top, AUDIT, LABELS, card("Audit", "a0", stage='"mvp"'))
    git(top, "checkout", "-q", "main")
    state(top, {AUDIT: None, "audits": card("Audit", "a0")}, "rename")
    git(top, "checkout", "-q", "side")
    git(top, "merge", "-q", "-m", "merge", "main", code=1)
    assert kedge("resolve", LABELS, "id", "ours", cwd=top).code == 0
    git(top, "commit", "-q", "--no-edit")
    state(top, {LABELS: card("Look at the labels", "b3", stage='"mvp"')})
    git(top, "checkout", "-q", "main")
    state(top, {"audits": card("Audit", "a0", owner='"mira"')})
    merged(top, driver=True, code=0)
    assert has(top, LABELS, 'owner = "mira"')
    assert has(top, LABELS, 'title = "Look at the labels"')
    assert not (top / CARDS / "audits.toml").exists()
    assert lost(top) == []


def test_two_estimates_of_which_git_never_asked_are_a_lost_edit(top: Path) -> None:
    """Both sides estimate the card that git has taken for another one: by its figures nothing else would say so."""
    on_side(top)
    renamed(top, AUDIT, LABELS, card("Look at the labels", "b7", estimate="[1, 2, 3]", notes=NOTES))
    renamed(top, SCHEMA, EVENTS, card("Schema", "a1", stage='"mvp"'))
    back(top, {AUDIT: card("Audit", "a0", estimate="[1, 2, 2]")})
    merged(top, driver=False, code=0)
    assert has(top, EVENTS, "estimate = [1, 2, 2]"), "git sees which is which: this proves nothing"
    assert lost(top) == [f"lost what Mira did to {LABELS}, and put it into {EVENTS}: estimate"]
