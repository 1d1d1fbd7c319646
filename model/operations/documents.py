"""The documents of a project: which must be there at its stage, whether they are, and whether they are out of date.

A document is what an answer of the step `document` names as evidence. It describes the files and folders that the
records of a kind name: a model card the settings and reports of the models, a datasheet those of the datasets. It is
out of date where git says that one of these was changed in a later commit. Files that changed meanwhile without a
commit, and links, are not compared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..assess.standing import Standing
from ..plan.plan import Plan
from ..records.project import Drill
from ..snapshot.repository_files import LastChanges, RepositoryFiles
from ..value.proof import Named, is_address, without_place

STEP = "document"
RUNBOOK = "doc-runbook"
TRIED = "tried by someone who did not write it"
"""The line of the runbook's question that says so."""
RECORDS = "kedge drill add WHAT by=PERSON on=DATE"
"""The command that says it."""
DESCRIBES: Mapping[str, tuple[str, ...]] = {
    "doc-basics": ("model", "dataset"),
    "doc-model-card": ("model",),
    "doc-datasheet": ("dataset",),
    "doc-runbook": ("rollout", "monitor"),
}
"""By question, the kinds of records whose files its documents describe."""
_FILES = ("settings", "links", "source")
"""Fields of a record that name its files."""


class Older(NamedTuple):
    """A document that was changed before what it describes."""

    path: str
    day: dt.date
    subject: str
    subject_day: dt.date

    @property
    def text(self) -> str:
        """The same in words."""
        return f"{self.path} is of {self.day}, {self.subject} was changed on {self.subject_day}"


@dataclass(frozen=True)
class Document:
    """What one question asks to be written down."""

    standing: Standing
    files: tuple[Named, ...]
    describes: tuple[str, ...]
    """Paths of what it describes."""
    older: tuple[Older, ...] = ()
    drills: tuple[Drill, ...] = ()
    """Who read or ran it, the last one first; only of the runbook."""
    changed: dt.date | None = None
    """When it was changed last; None where no commit has it."""

    @property
    def id(self) -> str:
        """That of the question."""
        return self.standing.item.id

    @property
    def is_needed(self) -> bool:
        """Whether the gate asks for it at the project's stage."""
        return self.standing.blocks and self.standing.counts

    @property
    def absent(self) -> tuple[Named, ...]:
        """Files that do not count: they are not there, empty, or outside the repository."""
        return tuple(one for one in self.files if not one.counts)

    @property
    def is_untried(self) -> bool:
        """Whether it is a runbook that no second person has run."""
        return self.id == RUNBOOK and TRIED not in self.standing.reply.checked

    @property
    def last_run(self) -> Drill | None:
        """When it was run last, by someone who is named."""
        return next((one for one in self.drills if one.did == "ran" and one.by and one.on), None)

    @property
    def is_unnamed(self) -> bool:
        """Whether it is a runbook of which is said that it was run, and not by whom and when."""
        return self.id == RUNBOOK and bool(self.files) and not self.is_untried and self.last_run is None

    @property
    def is_run_before_change(self) -> bool:
        """Whether it is a runbook that was changed since it was run last."""
        ran = self.last_run
        return ran is not None and ran.on is not None and self.changed is not None and ran.on < self.changed

    @property
    def state(self) -> str:
        """What is wrong with it, in a word or two; `there` where nothing is."""
        if not self.standing.applies or self.standing.state == "not-applicable":
            return "not asked"
        if not self.files:
            return "no path"
        if self.absent:
            return self.absent[0].state
        if self.older:
            return "out of date"
        if self.is_untried:
            return "not tried"
        return "there" if self.standing.met else "not met"

    @property
    def is_wrong(self) -> bool:
        """Whether it is needed now, and not as it must be."""
        return self.is_needed and self.state != "there" and self.standing.state != "waived"

    def why(self) -> Iterator[str]:
        """Everything that is wrong with it, a line for each."""
        if not self.files:
            yield f"no path is named: kedge answer {self.id} --evidence PATH"
        for one in self.absent:
            yield f"{one.text}: {one.state}"
        for one in self.older:
            yield one.text
        if self.is_untried and self.files:
            yield f"not yet {TRIED}"
        if self.is_unnamed:
            yield f"it was {TRIED}, and no record says by whom and when: {RECORDS}"
        if self.is_run_before_change and self.last_run is not None:
            yield f"it was run last on {self.last_run.on}, and changed on {self.changed}"

    def who(self) -> Iterator[str]:
        """Who read or ran it, a line for each, the last one first."""
        for one in self.drills:
            found = f"; found: {one.found}" if one.found else ""
            when = f" on {one.on}" if one.on else ""
            yield f"{one.what}: {one.did} by {one.by or 'no one who is named'}{when}{found}"


def documents(
    plan: Plan, project: str, standing: Mapping[str, Standing], changes: LastChanges | None = None
) -> tuple[Document, ...]:
    """The documents of a project, those that are needed and wrong first; ages only where the changes are known."""
    found = [
        _document(plan, project, one, changes or {}) for one in standing.values() if one.item.step == STEP
    ]
    asked = [one for one in found if one.state != "not asked"]
    return tuple(sorted(asked, key=lambda one: (not one.is_wrong, not one.is_needed)))


def dated_documents(
    plan: Plan, project: str, standing: Mapping[str, Standing], files: RepositoryFiles
) -> tuple[Document, ...]:
    """The documents of a project with the ages that git knows; nothing is asked where none is named."""
    found = documents(plan, project, standing)
    paths = paths_of(found) if any(one.files for one in found) else []
    changes: LastChanges = files.changes(paths) if paths else {}
    return documents(plan, project, standing, changes) if changes else found


def paths_of(found: Sequence[Document]) -> list[str]:
    """The paths whose last changes are compared: those of documents, and of what they describe."""
    own = [_path(one.text) for each in found for one in each.files if not one.is_link]
    return list(dict.fromkeys((*own, *(path for each in found for path in each.describes))))


def _document(plan: Plan, project: str, one: Standing, changes: LastChanges) -> Document:
    files = one.counted.evidence
    own = {_path(each.text) for each in files}
    describes = tuple(
        path for path in _subjects(plan, project, DESCRIBES.get(one.item.id, ())) if path not in own
    )
    older: list[Older] = []
    known = [(path, changes[path]) for path in describes if path in changes]
    for path in sorted(own & set(changes)):
        mine = changes[path]
        later = [(subject, when) for subject, when in known if when.order < mine.order]
        if later:
            subject, when = min(later, key=lambda each: each[1].order)
            older.append(Older(path, mine.day, subject, when.day))
    changed = max((changes[path].day for path in own & set(changes)), default=None)
    drills = _drills(plan, project, own) if one.item.id == RUNBOOK else ()
    return Document(one, files, describes, tuple(older), drills, changed)


def _drills(plan: Plan, project: str, own: Collection[str]) -> tuple[Drill, ...]:
    """The drills of some documents, the last one first; one that names no document is of the only one."""
    known = plan.projects[project].drills.values() if project in plan.projects else ()
    found = [one for one in known if (_path(one.document) in own if one.document else len(own) <= 1)]
    return tuple(sorted(found, key=lambda one: one.on or dt.date.min, reverse=True))


def _subjects(plan: Plan, project: str, kinds: Sequence[str]) -> Iterator[str]:
    """The files and folders that the records of some kinds name, each once."""
    named: dict[str, None] = {}
    for kind in kinds:
        for record in sorted(plan.of_kind(kind, project), key=lambda one: one.id):
            for field in _FILES:
                value = getattr(record, field, None)
                for text in (value,) if isinstance(value, str) else value or ():
                    if "/" in text and not is_address(text):
                        named[_path(text)] = None
    yield from named


def _path(text: str) -> str:
    return without_place(text.strip()).rstrip("/")
