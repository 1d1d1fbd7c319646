"""The Operate screen: how ready a project is, what runs, what it shows, and what no one watches; done in place.

Records are shown at once. Readiness, the states of monitors and what git says of documents are worked out in the
session's worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from ...model.derived.derived import Derived
from ...model.operations.coverage import ways_to_go_bad
from ...model.operations.documents import RUNBOOK
from ...model.plan.plan import Plan
from ...model.records.address import Address
from ...model.records.kinds import ENTRIES, KINDS
from ...model.text.amounts import with_article
from ..draw.spans import Line
from ..keys.action import Action, Context
from ..screens.row_edits import set_person
from ..screens.section_screen import SectionScreen, Tell
from ..screens.sections import section_rows
from ..session.session import Session
from ..session.worker import Task
from ..widgets.acting import Handlers
from .about import about
from .editing import OWNERS, RECORDED, RUNS, record, start_next, tested
from .project_data import TRACK, WATCH, Found, ProjectData, find
from .rows import SECTIONS


class OperateScreen(SectionScreen):
    """Screen 6."""

    CONTEXT: ClassVar[Context] = "operate"
    SECTIONS = SECTIONS
    FINDS: ClassVar[str] = "readiness and states"

    def __init__(self, session: Session, project: str = "") -> None:
        super().__init__(session, project)
        self._found: Found | None = None
        self._data: ProjectData | None = None

    # ---- what is known

    @property
    def data(self) -> ProjectData | None:
        """The project with what has been found out; None where the plan has none. Made once for a plan."""
        project, known = self.plan.projects.get(self.project), self._data
        if project is None:
            return None
        if known is None or not _is_of(known, self.plan, self.project, self._found):
            ways = ways_to_go_bad(self.session.derived.snapshot.playbook)
            self._data = known = ProjectData(self.plan, project, self.today, self._found, ways)
        return known

    def finder(self) -> Callable[[Derived, str, Task, Tell], object]:
        """Readiness and states first, then what git says of the documents."""
        return find

    def take(self, found: object) -> None:
        """Keeps what has been found out."""
        assert isinstance(found, Found)
        self._found = found

    def forget(self) -> None:
        """Forgets what was found out of the project before."""
        self._found = None

    # ---- showing

    def sections(self, width: int, *, whole: bool = False) -> Iterable[tuple[str, list[Line]]]:
        """Tracks to what is not covered; the parts that are never added to only where they have rows."""
        data = self.data
        if data is None:
            return
        for section, found in section_rows(SECTIONS, self.sheet(data, width, whole=whole), self.project):
            yield section, found if len(found) > 1 else []

    def about(self) -> Sequence[str]:
        """What the row under the cursor is about."""
        data = self.data
        return about(data, self.place) if data is not None else ()

    def headline(self) -> tuple[str, ...]:
        """How many things need a person now."""
        data = self.data
        waiting = data.waiting if data is not None else 0
        return (f"{waiting} need{'s' if waiting == 1 else ''} a person",) if waiting else ()

    # ---- doing

    def kind_added(self) -> str:
        """What the section lists; on something that is not covered a monitor, on the runbook who ran it."""
        kind = self.place.address.kind
        if self._is_runbook:
            return "drill"
        return "monitor" if kind in ("risk", WATCH) else "model" if kind == "model" else super().kind_added()

    def lacks(self) -> Mapping[str, str]:
        """Why something cannot be done on the row under the cursor."""
        place = self.place
        kind = place.address.kind
        is_record = kind in KINDS or kind in ENTRIES
        named = f"{with_article(kind)} has" if is_record else "this row has"
        return {
            "record": "" if is_record and kind != "answer" else "this row has no file of its own",
            "value": "" if kind in RECORDED else f"{named} no value to record: Enter opens it",
            "runs": "" if kind in RUNS else f"{named} nothing to start or end: Enter opens it",
            "alarm": "" if kind == "monitor" else f"{named} no alarm",
            "owner": "" if kind in OWNERS else f"{named} no person to set here: Enter opens it",
            "removable": "" if kind in KINDS or kind == "metric" else "this cannot be removed here",
        }

    def handlers(self) -> Handlers:
        """What does each action here."""
        return {
            **super().handlers(),
            "row.owner": self._set_owner,
            "operate.record": lambda: record(self),
            "operate.next": lambda: start_next(self),
            "operate.tested": lambda: tested(self),
        }

    def label_of(self, action: Action) -> str:
        """Enter edits, except on a row of questions, and on what is not covered."""
        if action.id == "row.open":
            kind = self.place.address.kind
            return {"answer": "go there", TRACK: "go there", WATCH: "add"}.get(kind, action.label)
        return super().label_of(action)

    def _set_owner(self) -> None:
        name = OWNERS[self.place.address.kind]
        asked = {"decides": "decides on", "oversight": "watches over"}.get(name, "answers for")
        set_person(self, name, asked)

    def open_row(self) -> None:
        """Goes to a question, also to the first open one of a track; opens the form of anything else."""
        data, address = self.data, self.place.address
        if address.kind == "answer":
            self.host.follow(address)
        elif address.kind == TRACK and data is not None and data.found is not None:
            track = next((one for one in data.found.tracks if one.name == address.id), None)
            asked = (track.open_questions or track.questions) if track is not None else ()
            if asked:
                self.host.follow(Address("answer", self.project, asked[0].item.id))
        elif address.kind == WATCH:
            self.add_row()
        else:
            super().open_row()

    @property
    def _is_runbook(self) -> bool:
        return self.place.address.kind == "answer" and self.place.address.id == RUNBOOK

    def add_row(self) -> None:
        """Opens a form for one more; one for what is not covered, or for a runbook, begins with what it is for."""
        address = self.place.address
        given: dict[str, object] = {}
        if address.kind == "risk":
            given = {"covers": [address.id]}
        elif address.kind == WATCH:
            given = {"watches": address.id}
        elif self._is_runbook:
            known = self.data.documents.get(address.id) if self.data is not None else None
            paths = [one.text for one in known.files] if known is not None else []
            given = {"document": paths[0] if paths else None, "on": self.today}
        new = Address(self.kind_added(), self.project, "")
        self.host.open_form(new, given=given or None, then=self.saved)


def _is_of(known: ProjectData, plan: Plan, project: str, found: Found | None) -> bool:
    return known.plan is plan and known.project.id == project and known.found is found
