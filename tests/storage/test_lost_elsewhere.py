"""Rebases, picks and reverts without the driver, where git takes two cards for one: no edit is lost in silence."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from kedge.tests.cli.running import kedge

from .test_lost_edits import (
    AUDIT,
    EDITED,
    REMOVED_AND_MADE,
    REPORT,
    SCHEMA,
    card,
    driven,
    findings,
    has,
    merged,
    sides,
    state,
    top,
)
from .test_merge_driver import git

__all__ = ["driven", "top"]

OFF = {"KEDGE_MERGE": "off"}


def edited_on_a_branch(top: Path) -> None:
    """A branch that edits the card which main has removed since, where it made one that looks alike."""
    git(top, "checkout", "-q", "-b", "edit")
    state(top, EDITED)
    git(top, "checkout", "-q", "main")
    state(top, REMOVED_AND_MADE)


@pytest.mark.parametrize("how", ["rebase", "pull"])
def test_a_rebase_that_put_an_edit_into_another_card_is_found_and_set_right(top: Path, how: str) -> None:
    edited_on_a_branch(top)
    git(top, "checkout", "-q", "edit")
    command = ["rebase", "-q", "main"] if how == "rebase" else ["pull", "-q", "--rebase", ".", "main"]
    git(top, *command, **OFF)
    assert has(top, REPORT, "estimate = [2, 3, 8]"), "git sees which is which: this proves nothing"
    name = git(top, "rev-parse", "HEAD")[:8]
    said = f"lost what Mira did to {AUDIT}, which the other side removed, and put it into {REPORT}: owner, estimate"
    assert findings(top) == [f"rebase {name} {said}"]
    assert kedge("git", "recover", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [2, 3, 8]")
    assert has(top, REPORT, "#estimate =")
    assert findings(top) == []


def test_a_pick_that_notes_its_commit_is_looked_through(top: Path) -> None:
    edited_on_a_branch(top)
    git(top, "cherry-pick", "-x", "edit", **OFF)
    assert has(top, REPORT, "estimate = [2, 3, 8]"), "git sees which is which: this proves nothing"
    (found,) = findings(top)
    assert found.startswith("cherry-pick ")
    assert f"lost what Mira did to {AUDIT}" in found


LATER = {"GIT_COMMITTER_DATE": "2026-11-21T09:00:00+0100"}


def test_a_pick_that_notes_nothing_is_known_by_its_author_time_and_subject(top: Path) -> None:
    edited_on_a_branch(top)
    git(top, "cherry-pick", "edit", **OFF, **LATER)
    assert has(top, REPORT, "estimate = [2, 3, 8]"), "git sees which is which: this proves nothing"
    (found,) = findings(top)
    assert found.startswith("cherry-pick ")
    assert f"lost what Mira did to {AUDIT}" in found
    git(top, "branch", "-D", "edit")
    assert findings(top) == [], "the commit that was picked is on no branch any more"


def test_a_commit_that_was_amended_is_no_pick_of_the_one_before(top: Path) -> None:
    state(top, EDITED)
    git(top, "branch", "before")
    (top / "plan/projects/churn/cards" / f"{AUDIT}.toml").write_text(card("Audit", "a0"))
    state(top, {SCHEMA: card("Schema", "a1", due="2027-01-04")})
    git(top, "reset", "-q", "--soft", "HEAD~1")
    git(top, "commit", "-q", "--amend", "--no-edit", **LATER)
    assert findings(top) == []


def test_a_squash_with_the_message_of_git_is_looked_through(top: Path) -> None:
    edited_on_a_branch(top)
    git(top, "merge", "-q", "--squash", "edit", **OFF)
    git(top, "-c", "core.editor=true", "commit", "-q")
    assert has(top, REPORT, "estimate = [2, 3, 8]"), "git sees which is which: this proves nothing"
    (found,) = findings(top)
    assert found.startswith("squash ")
    assert f"lost what Mira did to {AUDIT}" in found
    assert kedge("git", "recover", cwd=top).code == 0
    assert has(top, AUDIT, "estimate = [2, 3, 8]")


def test_a_revert_that_put_an_edit_into_another_card_is_found(top: Path) -> None:
    """Main takes back an edit of a card that was removed since."""
    state(top, EDITED)
    reverted = git(top, "rev-parse", "HEAD").strip()
    state(top, {AUDIT: None, REPORT: card("Report", "a2", estimate="[2, 3, 8]", owner='"mira"')})
    git(top, "revert", "--no-edit", reverted, **OFF)
    assert has(top, REPORT, "#estimate ="), "git sees which is which: this proves nothing"
    (found,) = findings(top)
    assert found.startswith("revert ")
    assert f"and put it into {REPORT}" in found


def test_a_rebase_that_loses_nothing_or_leaves_a_commit_out_is_no_alarm(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "edit")
    state(top, {AUDIT: card("Audit", "a0", owner='"mira"')}, "first")
    state(top, {SCHEMA: card("Schema", "a1", due="2027-01-04")}, "second")
    git(top, "checkout", "-q", "main")
    state(top, {AUDIT: card("Audit", "a0", stage='"mvp"')})
    git(top, "checkout", "-q", "edit")
    git(top, "branch", "again")
    git(top, "rebase", "-q", "main", **OFF)
    assert findings(top) == []
    git(top, "checkout", "-q", "again")
    editor = "sed -i -e '1d'"
    git(top, "rebase", "-q", "-i", "main", GIT_SEQUENCE_EDITOR=editor, **OFF)
    assert has(top, AUDIT, "#owner =")
    assert findings(top) == []


def test_what_a_person_settled_in_a_rebase_is_not_lost(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "edit")
    state(top, {AUDIT: card("Audit", "a0", owner='"mira"', due="2027-01-04")})
    git(top, "checkout", "-q", "main")
    state(top, {AUDIT: card("Audit", "a0", owner='"sam"')})
    git(top, "checkout", "-q", "edit")
    git(top, "rebase", "-q", "main", code=1, **OFF)
    assert kedge("resolve", AUDIT, "owner", "ours", cwd=top).code == 0
    git(top, "-c", "core.editor=true", "rebase", "--continue")
    assert has(top, AUDIT, 'owner = "sam"')
    assert has(top, AUDIT, "due = 2027-01-04")
    assert findings(top) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the program that fails is a shell script")
def test_where_git_cannot_tell_the_sides_no_merge_is_called_whole(top: Path, tmp_path: Path) -> None:
    sides(top, REMOVED_AND_MADE, EDITED)
    merged(top, driver=False, code=0)
    failing = tmp_path / "failing" / "git"
    failing.parent.mkdir()
    failing.write_text(
        f'#!{shutil.which("sh")}\ncase " $* " in *" merge-base "*) echo "fatal: out of memory" >&2; exit 128;; esac\n'
        f'exec "{shutil.which("git")}" "$@"\n'
    )
    failing.chmod(0o755)
    env = {"PATH": f"{failing.parent}{os.pathsep}{os.environ['PATH']}"}
    recovered = kedge("git", "recover", cwd=top, env=env)
    assert (recovered.code, "out of memory" in recovered.err) == (2, True)
    said = "whether the last merge lost an edit is not known: "
    assert said in kedge("check", "--select", "D107", cwd=top, env=env).err
    assert said not in kedge("check", "--select", "D107", cwd=top).err
