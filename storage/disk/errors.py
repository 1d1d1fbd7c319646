"""Errors of misuse and of the environment. Bad data in a plan is not among them: that is a finding.

KedgeError                 exit code 2: wrong usage, bad input; nothing was written
├── PlanNotFound           no plan here, or above
│   └── PlanLeftOut        git tracks one that is not in this work tree
├── NotReadable            the plan cannot be read at all
├── UnknownId              no such thing; carries the nearest ids
├── AmbiguousId            several things fit; carries them
├── BadValue               a value that a field cannot take
├── NewerFormat            the plan was written by a newer kedge: read-only
├── OtherCheckout          the plan was found outside of the repository in which the person is
└── WriteRefused           exit code 3: nothing was written, nothing is lost
    ├── ChangedOutside     the file was changed by someone else, in the same fields
    │   └── SavedMeanwhile the file was saved by another program, or still is, while it was written
    ├── BrokenFile         the file has a mistake that a person has to mend first
    ├── Unreadable         a value that could not be understood would be written over, or go on naming what is renamed
    ├── NotWritable        no permission, disk full, read-only file system
    │   └── LeftHalfDone   and what was written could not be taken back either
    ├── Locked             another kedge holds the plan
    ├── NeedsPerson        a coding agent would decide what a person answers for
    └── NothingToUndo      no step to take back, or the file has changed since
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from ...model.text.named import noun


class KedgeError(Exception):
    """An expected error: one clear line, perhaps with a way out."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PlanNotFound(KedgeError):
    """There is no plan here."""

    def __init__(self, start: str) -> None:
        super().__init__(
            f"no plan in {start} or above", "make one with: kedge init   (or look at one: kedge demo)"
        )


class PlanLeftOut(PlanNotFound):
    """The plan is tracked by git, and not in this work tree: a sparse checkout, or none yet."""

    def __init__(self, top: str, place: str) -> None:
        super().__init__(top)
        self.root = os.path.join(top, place)
        shown = shlex.quote(place or ".")
        self.message = f"the plan of this repository, in {shown}, is not in the work tree"
        self.hint = (
            f"git sparse-checkout add {shown}, or git checkout HEAD -- {shown}; kedge at HEAD reads it there"
        )


class NotReadable(KedgeError):
    """The plan's folder cannot be read."""


_IDS = "kedge list shows the ids of cards, kedge KIND list those of other records"
_LISTED = {
    "calculator": "kedge calc lists them",
    "milestone": "kedge milestone list shows their ids",
    "milestone or card": "kedge milestone list and kedge list show their ids",
}
"""By kind, what lists the ids."""


class UnknownId(KedgeError):
    """No record has this id."""

    def __init__(self, text: str, kind: str, nearest: Sequence[str] = (), hint: str = "") -> None:
        hint = f"nearest: {', '.join(nearest)}" if nearest else hint or _LISTED.get(kind, _IDS)
        super().__init__(f"no {noun(kind)} has the id {text!r}", hint)
        self.nearest = tuple(nearest)


class AmbiguousId(KedgeError):
    """A shortened id fits several records."""

    def __init__(self, text: str, kind: str, candidates: Sequence[str]) -> None:
        shown = ", ".join(candidates[:8]) + (
            f" and {len(candidates) - 8} more" if len(candidates) > 8 else ""
        )
        super().__init__(f"{text!r} fits {len(candidates)} {noun(kind)} ids: {shown}", "write more of it")
        self.candidates = tuple(candidates)


class BadValue(KedgeError):
    """A value that a field cannot take."""


class NewerFormat(KedgeError):
    """The plan was written by a newer kedge."""


class OtherCheckout(KedgeError):
    """The plan was found above the repository in which the person is, and they have not named it."""

    def __init__(self, root: str, work_tree: str) -> None:
        super().__init__(
            f"{work_tree} has no plan of its own; the one above it, {root}, can be read, not written, from here",
            f"write to it with --plan {shlex.quote(root)} (or KEDGE_PLAN); kedge init makes one here",
        )


class WriteRefused(KedgeError):
    """Nothing was written, nothing is lost."""

    exit_code = 3


class ChangedOutside(WriteRefused):
    """Someone else changed the same fields since the plan was read."""

    def __init__(self, message: str, hint: str = "", conflicts: Sequence[object] = ()) -> None:
        super().__init__(message, hint)
        self.conflicts = tuple(conflicts)


class SavedMeanwhile(ChangedOutside):
    """Another program saved the file in the moment in which it was written; what it saved is in the file."""

    def __init__(self, path: str, how: str = "was saved by another program at the same moment") -> None:
        super().__init__(f"{path} {how}", "nothing was written; try again in a moment")


class KeptBoth(ChangedOutside):
    """The same on a disk that cannot exchange two files, in the moment in which the file had no name."""

    def __init__(self, path: str, kept: str) -> None:
        super().__init__(
            f"{path} was saved by another program at the same moment; what it said before is in {kept} beside it",
            "nothing was written; put the files together, and remove the one beside it",
        )


class BrokenFile(WriteRefused):
    """The file has a mistake; it is not written to until a person has mended it."""


class Unreadable(WriteRefused):
    """Something that is in a file could not be understood, and the step would need it understood."""


class NotWritable(WriteRefused):
    """No permission, a full disk, or a read-only file system."""


class LeftHalfDone(NotWritable):
    """A step could be neither made nor taken back; it stays in the journal, which finishes it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "the step is half done; the next kedge command finishes it")


class Locked(WriteRefused):
    """Another kedge is writing to this plan."""


class NeedsPerson(WriteRefused):
    """A coding agent would decide, approve or accept what a person answers for."""

    def __init__(self, what: Sequence[str], because: str) -> None:
        shown = "; ".join(what[:3]) + (f"; and {len(what) - 3} more" if len(what) > 3 else "")
        super().__init__(
            f"this needs a person: {shown}",
            f"{because}, so this shell is an agent's; --dry-run shows the change to propose, and a person makes it "
            "at a terminal (there KEDGE_ACTOR=person says that it is one)",
        )


class NothingToUndo(WriteRefused):
    """There is no step to take back, or its files have changed since."""
