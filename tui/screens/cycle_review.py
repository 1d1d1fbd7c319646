"""Looking back on a cycle from any screen of a project: what came out, writing it down, and deciding what follows.

What came out is worked out in the session's worker, with the history of the cards; the dialog is there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from ...model.cycle.closing import LookBack, record_review
from ...model.cycle.results import CycleReview, cycle_review, missing_of, rank_in
from ...model.cycle.wording import Row, review_rows
from ...model.derived.derived import Derived
from ...model.plan.change import Batch
from ...storage.disk.errors import BadValue
from ...storage.disk.repository import GitProblem
from ...storage.git.evidence import locate, repository
from ...storage.git.plan_history import plan_history
from ..dialogs.ask import Ask
from ..dialogs.figures import Figures, Named
from ..dialogs.message import Message
from ..dialogs.pick import Pick, PickItem
from ..draw.signs import sign
from ..draw.spans import Line, fold, line, wrap
from ..session import session as told
from ..session.worker import Task
from ..widgets.lines import LineView
from .contract import ActsOnPlan
from .gate_dialog import GateDialogs, decided_words

KEY = "cycle"
_WELL, _BADLY = "what went well (; between several)", "what went badly (; between several)"
_EVIDENCE = "evidence: paths or addresses where the result can be read (; between several)"
_LATER = "not proposed yet"
Found = tuple[CycleReview, tuple[Row, ...]]


class CycleDialog(Ask):
    """A cycle looked back on, with what can be done about it; empty until it has been worked out."""

    LOOKING: ClassVar[str] = "looking back …"

    def __init__(self, title: str, screen: ActsOnPlan) -> None:
        super().__init__(title, self.LOOKING, (), is_long=True)
        self._screen = screen
        self._rows: tuple[Row, ...] = ()
        self.found: CycleReview | None = None

    def on_told(self, event: told.Event) -> None:
        """Shows what has been worked out."""
        if not isinstance(event, told.Known | told.Unknown) or event.key != (KEY, self):
            return
        if isinstance(event, told.Unknown):
            self._text = f"it could not be worked out: {event.error}"
        else:
            self.found, self._rows = event.value
            self._options = tuple(_options(event.value[0]))
        self.query_one(LineView).show(self._lines)

    def on_unmount(self) -> None:
        """Ends the work that is not wanted any more."""
        self._screen.session.worker.drop(KEY)

    def _lines(self, width: int) -> list[Line]:
        if self.found is None:
            return [line(row) for row in fold(self._text, width)]
        shown = [line((key, "key"), f"  {label}", key=key) for key, label in self._options]
        for row in self._rows:
            if not row.depth:
                shown += [line(), *(line(*one) for one in wrap([(row.text, "heading")], width))]
                continue
            mark = (row.mark, "") if len(row.mark) == 1 else sign(row.mark, self._screen.glyphs)
            spans = [mark, (" ", "")] if row.mark else []
            indent = "  " * row.depth
            text = f"{row.text}: {self._adding(row.lacks)}" if row.lacks else row.text
            shown += [line(*one) for one in wrap([*spans, (text, "")], width, indent, f"{indent}  ")]
        return shown

    def _adding(self, lacks: str) -> str:
        """The key that adds what is missing, once the dialog is closed."""
        if lacks == "answer":
            return f"answer it on Assess ({self.keys.shown('screen.assess')})"
        return f"{self.keys.shown('find.record')} on any screen adds one"


def _options(found: CycleReview) -> list[tuple[str, str]]:
    lacks = len(missing_of(found))
    missing = f"; {lacks} thing{'s are' if lacks != 1 else ' is'} not known yet" if lacks else ""
    known = "add to what is written down" if found.recorded is not None else "write it down"
    options = [("r", f"{known}{missing}")]
    if found.outcomes:
        options.append(("d", "decide what happens next, at the gate"))
    return options


def look_back(screen: ActsOnPlan) -> None:
    """Shows what came out of the cycle that the project in sight is in."""
    project = screen.plan.projects[screen.here()]
    dialog = CycleDialog(f"Cycle {project.cycle} of {project.label}", screen)
    workspace = screen.session.workspace
    root, environment = workspace.root, workspace.environment
    derived, name = screen.session.derived, project.id

    def work(task: Task) -> Found:
        task("reading the history")
        history = plan_history(root, environment)
        known = derived.told(task)
        snapshot = known.snapshot
        found = cycle_review(known, name, None if isinstance(history, GitProblem) else history)
        rank = rank_in(known.ranking(), name)
        return found, tuple(review_rows(snapshot, found, rank, known.worth(name), with_ids=False))

    def answered(key: str) -> None:
        assert dialog.found is not None
        if key == "r":
            _write_down(screen, derived, dialog.found)
        else:
            _decide(screen, derived, dialog.found)

    screen.ask(dialog, answered)
    screen.session.worker.ask((KEY, dialog), work)


# ---- writing it down


def _write_down(screen: ActsOnPlan, derived: Derived, found: CycleReview) -> None:
    """Asks for what the figures do not say, then for what is proposed."""
    known = found.recorded.results if found.recorded is not None else {}
    missed = [one for one in found.metrics if one.state == "missed"]
    titles = [one.metric.label for one in missed]
    named = {
        one.id: title if titles.count(title) == 1 else one.id
        for one, title in zip(missed, titles, strict=True)
    }
    reasons = {f"why {title} came out as it did": name for name, title in named.items()}
    fields = [Named(_WELL, ""), Named(_BADLY, ""), Named(_EVIDENCE, "")]
    fields += [
        Named(label, "", (known[name].why or "") if name in known else "") for label, name in reasons.items()
    ]

    root = screen.session.workspace.root

    def wrong(texts: Mapping[str, str]) -> str | None:
        try:
            _located(root, texts[_EVIDENCE])
        except BadValue as error:
            return f"{error.message}: {error.hint}"
        return None

    def typed(texts: Mapping[str, str]) -> None:
        why = tuple((name, texts[label]) for label, name in reasons.items() if texts[label])
        located = _located(root, texts[_EVIDENCE])
        said = LookBack(
            _several(texts[_WELL]), _several(texts[_BADLY]), why, tuple(place for place, _ in located)
        )
        odd = [remark for _, remark in located if remark]
        _propose(screen, found, partial(_keep, screen, derived, found, said, odd))

    screen.ask(Figures(f"Cycle {found.project.cycle}", "What do the figures not say?", fields, wrong), typed)


def _located(root: str, text: str) -> list[tuple[str, str]]:
    """Each place as it is written down, and what is odd about it. Raises BadValue."""
    return [locate(root, repository(root), part) for part in _several(text)]


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _propose(screen: ActsOnPlan, found: CycleReview, then: Callable[[str | None], None]) -> None:
    """Asks what is proposed to happen next; the decision itself is taken at the gate."""
    if not found.outcomes:
        then(None)
        return
    items = [
        PickItem(name, name, "the gate is open" if report.is_open else "; ".join(report.asks))
        for name, report in found.outcomes.items()
    ]
    items.append(PickItem(_LATER, _LATER))
    screen.ask(
        Pick("What is proposed to happen next?", items),
        lambda keys: then(None if keys[0] == _LATER else keys[0]),
    )


def _keep(
    screen: ActsOnPlan,
    derived: Derived,
    found: CycleReview,
    said: LookBack,
    odd: Sequence[str],
    proposed: str | None,
) -> None:
    whole = replace(said, following=proposed)
    moved = record_review(derived.snapshot, found, whole)[1]
    lines = [one.words for one in moved] or ["no evidence moves by it"]
    lines += odd
    lines += [f"still missing: {lack.words}" for lack in missing_of(found)]
    screen.make(
        # The plan may have changed while it was typed.
        lambda: record_review(screen.session.derived.snapshot, found, whole)[0],
        then=lambda: screen.show_dialog(Message("Written down", lines)),
    )


# ---- deciding


def _decide(screen: ActsOnPlan, derived: Derived, found: CycleReview) -> None:
    """The decision at the gate that the outcomes are of."""
    gate = next(iter(found.outcomes.values())).gate
    project = found.project.id

    def decided(build: Callable[[], Batch]) -> None:
        def done() -> None:
            screen.say(decided_words(screen.session.plan.projects[project]), "good")

        screen.make(build, then=done)

    GateDialogs(screen, derived, project, gate, decided, partial(look_back, screen)).ask()
