"""A186 and A187: data and answers that another statement about the same thing denies.

Each of the two may be true. Both cannot, and which one is wrong only the person who wrote them can say.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from ..assess.legal import choices
from ..records.address import Address
from ..records.dataset import Column, Dataset
from ..records.project import Project
from ..text.figure import written
from ..text.wording import is_placeholder
from ..value.claims import EVIDENCE_QUESTIONS
from ..value.evidence import LIKE_PRODUCTION, is_hash, live_model
from ..value.project_figures import Answers
from ..value.timing import last_day, weeks
from .assess import is_settled, waits_for_nothing
from .rule import FIGURES, PLAYBOOK, Hit, Rule, View, per_active
from .sceptic import PEOPLE_LABEL
from .too_little import LATER

# ---- data

_GROUND = re.compile(r"contract|consent|interest|obligation|\blaw\b|art(icle|\.) ?\d", re.IGNORECASE)
"""Words of the grounds on which personal data may be used."""
_NO_GROUND = re.compile(
    r"\bto be (clarified|confirmed|checked|obtained|asked|decided|defined|found|collected|signed|agreed|given)"
    r"|\b(not yet|pending|missing|outstanding|unclear|unknown|tb[acd])\b"
    r"|\b(noch (offen|nicht|zu klären)|wird noch|steht (noch )?aus|unklar|en attente|à (définir|confirmer)"
    r"|pendiente|por (definir|confirmar))\b|未定|待定|待确认",
    re.IGNORECASE,
)
_NONE_NAMED = re.compile(
    r"\b(not (needed|required|necessary|applicable)|no need|ask(ed)?|none)\b", re.IGNORECASE
)
"""Words by which a ground says that there is none yet, and those by which it says so where it names no ground."""
MOST_MISSING = 0.5
"""Share of rows without a value from which on a field that the project cannot do without is not there; our own."""
OLD_DATA = dt.timedelta(days=3 * 365)
"""Age of the newest row from which on data is no recent sample of production; our own."""


def data_denies_itself(project: Project, view: View) -> Iterator[Hit]:
    """A dataset of which two statements cannot both be true."""
    said = Answers(view.snapshot, project.id)
    box = weeks(view.plan, said, project)
    end = last_day(max(project.started or view.today, view.today), getattr(box, "value", 0.0) or 0.0)
    seen: dict[tuple[str, int], str] = {}
    for dataset in sorted(view.plan.datasets(project.id), key=lambda one: one.id):
        for field, message in (
            *_rights_and_access(dataset, view.today, end),
            *_measured(dataset, view.today, said),
        ):
            yield Hit(dataset.address, f"{dataset.id}: {message}", field, "correct the one that is wrong")
        if meant := _nearly_a_person(dataset, view):
            yield Hit(
                dataset.address,
                f"{dataset.id}: its owner {dataset.owner!r} {meant}",
                ("owner",),
                f"kedge dataset set {dataset.id} owner=PERSON, or the name of the team",
            )
        if dataset.location and dataset.rows:
            first = seen.setdefault((dataset.location.strip().casefold(), dataset.rows), dataset.id)
            if first != dataset.id:
                yield Hit(
                    dataset.address,
                    f"{dataset.id} has the location and the {dataset.rows} rows of {first}: the same data twice",
                    ("location",),
                    f"take one of them out (kedge remove {dataset.id}), or say where this one is",
                )


def _rights_and_access(
    dataset: Dataset, today: dt.date, end: dt.date | None
) -> Iterator[tuple[tuple[str, ...], str]]:
    if dataset.personal_data is False and _GROUND.search(dataset.lawful_ground or ""):
        yield (
            ("personal_data",),
            f"holds no personal data, and its lawful ground is {dataset.lawful_ground!r}",
        )
    ground = dataset.lawful_ground or ""
    denied = _NO_GROUND.search(ground) or (_NONE_NAMED.search(ground) and not _GROUND.search(ground))
    if dataset.personal_data and denied:
        yield ("lawful_ground",), f"holds personal data, and {ground!r} is not a lawful ground"
    if dataset.personal_data and dataset.access == "open" and dataset.origin != "public":
        yield ("access",), "holds personal data, and access to it is open"
    asked, checked = dataset.asked_on, dataset.checked_on
    if asked is not None and checked is not None and checked < asked:
        yield (
            ("checked_on",),
            f"it was explored on {checked}, before access was asked for on {asked} (asked_on)",
        )
    if dataset.access == "asked" and dataset.checked_on is not None:
        yield ("access",), f"access is only asked for, and it was explored on {dataset.checked_on}"
    if dataset.delete_after is not None and end is not None and today <= dataset.delete_after < end:
        yield ("delete_after",), f"it is deleted on {dataset.delete_after}, and the stage ends on {end}"


def _measured(dataset: Dataset, today: dt.date, said: Answers) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the profile says that its own figures, or the answers, deny."""
    profile, rows = dataset.profile, dataset.rows
    like = said.number("data-like-production") or 0
    if dataset.origin == "simulated" and like >= LIKE_PRODUCTION:
        yield ("origin",), f"origin is simulated, and data-like-production is {like:g}"
    if profile is not None:
        if profile.sha256 and not is_hash(profile.sha256):
            yield (
                ("profile", "sha256"),
                f"{profile.sha256!r} (sha256) is not a hash, so nothing was measured",
            )
        if rows is not None and profile.duplicates is not None and profile.duplicates > rows:
            yield ("profile", "duplicates"), f"{profile.duplicates} duplicates among {rows} rows"
        newest = profile.last_date
        if newest is not None and newest > today:
            yield ("profile", "last_date"), f"last_date is {newest}, which is ahead"
        elif newest is not None and today - newest > OLD_DATA and like >= LIKE_PRODUCTION:
            yield ("profile", "last_date"), f"last_date is {newest}, and data-like-production is {like:g}"
    for key, column in dataset.columns.items():
        for field, message in _measured_of(column, rows):
            yield ("columns", key, field), f"{key}: {message}"


def _measured_of(column: Column, rows: int | None) -> Iterator[tuple[str, str]]:
    for field in ("distinct", "outliers"):
        value: int | None = getattr(column, field)
        if rows is not None and value is not None and value > rows:
            yield field, f"{value} {field} among {rows} rows"
    missing = column.missing_share
    if column.critical and missing is not None and missing > MOST_MISSING:
        yield "missing_share", f"missing in {missing:.0%} of the rows, and the project cannot do without it"


def _nearly_a_person(dataset: Dataset, view: View) -> str:
    """What is wrong with an owner who is a person's id in other letters, the data themselves, or no one."""
    owner = dataset.owner or ""
    folded = owner.strip().casefold()
    if owner in view.plan.people or not folded:
        return ""
    if folded in view.plan.people:
        return f"is {folded} in other letters"
    if is_placeholder(owner):
        return "names no one"
    return "is its own id" if folded == dataset.id else ""


# ---- answers

NOT_NEEDED, NOT_RUN = "not needed", "not run"
PER_USER = "personalises per user"
TRIED = ("test", "rehearsal", "proven")
"""Levels of evidence that come from a trial."""
REACH_APART = 10
"""How many times as many cases as people or events there may be; one event has a few cases at most. Our own."""


def answers_deny_each_other(project: Project, view: View) -> Iterator[Hit]:
    """Two answers that cannot both be true."""
    said = Answers(view.snapshot, project.id)
    for question, message in (
        *_labels(said),
        *_proof_of_concept(said),
        *_not_shown(project, view, said),
        *_personal_without_data(project, view, said),
        *_reach(said),
        *_proven_before_built(project, view, said),
    ):
        yield Hit(
            Address("assessment", project.id, "assessment"),
            f"{question} {message}",
            ("answers", question, "verdict"),
            f"kedge assess {question} shows what is asked; correct the one that is wrong",
        )


def _labels(said: Answers) -> Iterator[tuple[str, str]]:
    labels = said.answer("data-labels")
    verdict = labels.verdict if labels is not None else None
    if PEOPLE_LABEL in choices(said.answer("disc-profile")) and verdict in (LATER, NOT_NEEDED):
        yield "data-labels", f"says “{verdict}”, and disc-profile says “{PEOPLE_LABEL}”"
    delay = said.number("data-truth-delay")
    if verdict == NOT_NEEDED and delay:
        yield (
            "data-labels",
            f"says “{verdict}”, and data-truth-delay that they come after {written(delay)} days",
        )
    elif verdict == NOT_NEEDED and said.figure("pri-errors", "recall") is not None:
        yield "data-labels", f"says “{verdict}”, and the recall of pri-errors is measured by them"


def _proof_of_concept(said: Answers) -> Iterator[tuple[str, str]]:
    poc, moves = said.answer("stage-poc"), said.answer("stage-poc-move")
    if poc is None or poc.verdict != NOT_RUN:
        return
    better = said.number("stage-baseline")
    if better is not None:
        yield "stage-poc", f"says “{NOT_RUN}”, and stage-baseline that it is {written(better)} percent better"
    elif moves is not None and moves.verdict is True:
        yield "stage-poc", f"says “{NOT_RUN}”, and stage-poc-move that it can go to production"


def _not_shown(project: Project, view: View, said: Answers) -> Iterator[tuple[str, str]]:
    """A method that is said to be tried, without what came out where that is asked, once the gate waits for nothing."""
    poc, tried = said.answer("stage-poc"), said.answer("pri-ev-tech")
    if poc is not None or tried is None or tried.verdict not in TRIED or project.phase != "assess":
        return
    if waits_for_nothing(project, view):
        yield "stage-poc", f"is not answered, and pri-ev-tech says {tried.verdict}: what came out?"


def _personal_without_data(project: Project, view: View, said: Answers) -> Iterator[tuple[str, str]]:
    """Something made for each user, from data that say nothing of any."""
    datasets = view.plan.datasets(project.id)
    none_is = bool(datasets) and all(one.personal_data is False for one in datasets)
    if none_is and PER_USER in choices(said.answer("disc-profile")):
        yield "disc-profile", f"says “{PER_USER}”, and no dataset holds personal data (personal_data)"


def _reach(said: Answers) -> Iterator[tuple[str, str]]:
    reach, cases = said.number("disc-reach"), said.figure("pri-errors", "cases per year")
    if reach and cases and max(reach, cases) > REACH_APART * min(reach, cases):
        yield "disc-reach", f"says {written(reach)} a year, and pri-errors {written(cases)} cases per year"


def _proven_before_built(project: Project, view: View, said: Answers) -> Iterator[tuple[str, str]]:
    """Proof from production, of something that nothing in the plan says was ever there."""
    if project.phase != "assess" or project.cycle > 1 or not is_settled(project, said):
        return
    experiments = any(True for _ in view.plan.of_kind("experiment", project.id))
    tried = experiments or live_model(view.snapshot, project.id) is not None
    for question in EVIDENCE_QUESTIONS.values():
        answer = said.answer(question)
        if answer is not None and answer.verdict == "proven" and not tried:
            yield (
                question,
                "says proven, by an experiment in production; the plan has neither an experiment nor a live model",
            )


RULES = (
    Rule(
        "A186",
        "data-denies-itself",
        "advice",
        "What is wrong about the data is found out when the work has begun, and then it is expensive.",
        "Correct the statement that is wrong.",
        PLAYBOOK + "data-inventory, data-first-look",
        'access = "asked"\nchecked_on = 2026-11-02',
        per_active(data_denies_itself, "dataset", "assessment", "strategy", "person"),
    ),
    Rule(
        "A187",
        "answers-deny-each-other",
        "advice",
        "One of two answers that deny each other moves the figures, and it may be the wrong one.",
        "Correct the one that is wrong.",
        PLAYBOOK + "data-labels, stage-poc, disc-reach, scoring.evidence",
        '[answers.stage-poc]\nverdict = "not run"',
        per_active(answers_deny_each_other, "experiment", "person", *FIGURES),
    ),
)
