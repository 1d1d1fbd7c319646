"""`kedge log`: what happened to a record, or to the whole plan, in words; and who answered what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..model.records.address import Address
from ..model.records.kinds import ENTRIES, KINDS
from ..model.text.amounts import counted
from ..model.text.visible import one_line
from ..storage.disk.errors import KedgeError
from ..storage.disk.repository import GitProblem
from . import context, naming, output
from .command import Command
from .completing import complete_record
from .plan_folder import plan_root
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.flow.card_history import CardHistory
    from ..model.plan.change import FieldChange
    from ..model.plan.change_text import FieldWords
    from ..model.plan.plan import Plan
    from ..storage.git.code_commits import CodeCommit
    from ..storage.git.history import Revision
    from ..storage.git.plan_log import PlanCommit

_Found = TypeVar("_Found")
_LATEST = 20
"""Commits of the whole plan that are shown where no number is given."""
_LINES = 12
"""Lines for each commit of the whole plan."""


@click.command(cls=Command, name="log", reads=True, past=False)
@click.argument("record", metavar="[ID]", default="", shell_complete=complete_record)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Commits at most; by default 20 of a plan, 100 of a record.",
)
@click.option("--answers", is_flag=True, help="Who gave which answer of a project, and when.")
@click.pass_obj
def log(settings: Settings, record: str, *, limit: int | None, answers: bool) -> None:
    """Show what happened to a record, by whom and when; without ID to the plan.

    ID is that of a record, of an entry such as a metric, of a project (with --answers: who answered what), or of a
    question. A card also shows how long it was in each status, and the commits of code that name it: by a trailer
    `Card: 7k2m`, or by their branch.
    """
    loaded = context.read(settings)
    plan = loaded.plan
    if answers:
        _answers(settings, plan, record)
    elif not record:
        _plan(settings, plan, limit or _LATEST)
    else:
        _record(settings, plan, _found(settings, plan, record), limit)


def _found(settings: Settings, plan: Plan, text: str) -> tuple[Address, tuple[str, ...]]:
    """The record that holds what is meant, and where in it that is. Raises UnknownId or AmbiguousId."""
    address = context.find(settings, plan, text)
    if address.kind in KINDS:
        return address, ()
    entry = ENTRIES[address.kind]
    name = address.project if entry.record == "project" else entry.record
    return Address(entry.record, address.project, name), (entry.section, address.id)


# ---- one record


def _record(
    settings: Settings, plan: Plan, meant: tuple[Address, tuple[str, ...]], limit: int | None
) -> None:
    from ..model.plan.change_text import FieldWords
    from ..storage.disk.paths import path_of
    from ..storage.git.history import MOST, history

    address, inside = meant
    root, environment = plan_root(settings), settings.environment
    found = _given(history(root, path_of(address), environment, limit or MOST))
    if inside:
        found = [one for one in found if any(change.path[: len(inside)] == inside for change in one.changes)]
    past = _past(settings, address) if address.kind == "card" else None
    code = _code(settings, plan, address.id, found) if address.kind == "card" else ()
    if settings.json:
        data = {
            "kind": address.kind,
            "project": address.project,
            "id": address.id,
            "path": list(inside),
            "commits": [_revision_data(one, inside) for one in found],
            **(
                {"dwell": _dwell_data(past, settings.today), "code": list(map(_code_data, code))}
                if past
                else {}
            ),
        }
        output.data("log", data)
        return
    if not found:
        output.say(settings, "not in a commit yet" if not inside else "no commit changed it by itself")
    words = FieldWords(settings.today, plan.board.currency)
    lines = [line for one in found for line in _revision_lines(one, address.kind, inside, words)]
    if past is not None:
        lines += _dwell_lines(past, settings.today)
    output.lines([*lines, *_code_lines(code)])


def _past(settings: Settings, address: Address) -> CardHistory | None:
    from ..storage.git.plan_history import plan_history

    found = _given(plan_history(plan_root(settings), settings.environment))
    if found.not_fetched:
        versions = counted(found.not_fetched, "version")
        output.say(
            settings,
            f"{versions} of cards are not fetched by this partial clone: kedge git fetch gets them",
        )
    return found.cards.get((address.project, address.id))


def _code(settings: Settings, plan: Plan, card: str, found: Iterable[Revision]) -> tuple[CodeCommit, ...]:
    """The commits that name a card, without those that changed its file and are shown already."""
    from ..storage.git.code_commits import code_commits

    ids = {one.id for one in plan.names("card")}
    commits = _given(code_commits(plan_root(settings), settings.environment, ids, card))
    shown = {one.commit for one in found}
    return tuple(one for one in commits if one.commit.id not in shown)


def _given(found: _Found | GitProblem) -> _Found:
    """Raises KedgeError where git has no answer."""
    if isinstance(found, GitProblem):
        raise KedgeError(f"no history: {found.message}")
    return found


def _revision_lines(one: Revision, kind: str, inside: tuple[str, ...], words: FieldWords) -> Iterator[str]:
    from ..storage.git.history import happened

    yield from wrapped(one_line(f"{one.date}  {one.author}: {one.subject}  ({one.commit[:8]})"), " " * 12, "")
    if inside:
        said = [words.said(kind, change)[1] for change in one.changes if change.path[: len(inside)] == inside]
    else:
        said = list(happened(one, kind, words))
    for text in said:
        yield from wrapped(one_line(text), " " * 14, " " * 12)


def _inside(changes: Iterable[FieldChange], inside: tuple[str, ...]) -> Iterator[FieldChange]:
    """Those below a place in a record, named from there."""
    from dataclasses import replace

    for one in changes:
        if one.path[: len(inside)] == inside:
            yield replace(one, path=one.path[len(inside) :] or inside[-1:])


def _dwell_lines(past: CardHistory, today: dt.date) -> Iterator[str]:
    spells = past.dwell(_end(past, today))
    if spells:
        said = ", ".join(f"{status} {_days(length)}" for status, length in spells.items())
        yield ""
        yield from wrapped(f"In each status: {said}", "  ", "")


def _code_lines(code: Sequence[CodeCommit]) -> Iterator[str]:
    if code:
        yield ""
        yield "Code"
    for one in code:
        commit = one.commit
        where = f", on {one.branch}" if one.branch else ""
        text = f"{commit.date}  {commit.author}: {commit.subject}  ({commit.id[:8]}{where})"
        yield from wrapped(one_line(text), " " * 14, "  ")


def _days(length: dt.timedelta) -> str:
    days = length / dt.timedelta(days=1)
    return counted(round(days), "day") if days >= 1 else "less than a day"


def _end(past: CardHistory, today: dt.date) -> dt.datetime:
    """The end of today, in the zone of the last commit."""
    return dt.datetime.combine(today, dt.time.max, past.steps[-1].at.tzinfo)


def _revision_data(one: Revision, inside: tuple[str, ...]) -> dict[str, Any]:
    changes = _inside(one.changes, inside) if inside else one.changes
    return {
        "commit": one.commit,
        "date": one.date.isoformat(),
        "author": one.author,
        "subject": one.subject,
        "what": "added"
        if one.is_first
        else "removed"
        if one.is_last
        else "renamed"
        if one.moved
        else "changed",
        "cut_off": one.is_beginning,
        "fields": list(map(_change_data, changes)),
    }


def _change_data(change: FieldChange) -> dict[str, Any]:
    from ..model.plan.change import Missing

    before, after = (
        None if isinstance(one, Missing) else _plain(one) for one in (change.before, change.after)
    )
    return {"path": list(change.path), "before": before, "after": after}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _dwell_data(past: CardHistory, today: dt.date) -> dict[str, float]:
    spells = past.dwell(_end(past, today))
    return {name: round(length / dt.timedelta(days=1), 2) for name, length in spells.items()}


def _code_data(one: CodeCommit) -> dict[str, str]:
    commit = one.commit
    about = {"commit": commit.id, "date": commit.date.isoformat(), "author": commit.author}
    return {**about, "subject": commit.subject, "branch": one.branch}


# ---- the whole plan


def _plan(settings: Settings, plan: Plan, limit: int) -> None:
    from ..model.plan.change_text import FieldWords
    from ..storage.git.plan_log import plan_log

    found = _given(plan_log(plan_root(settings), settings.environment, limit))
    if settings.json:
        output.data("log", {"commits": [_commit_data(one) for one in found]})
    elif not found:
        output.say(settings, "nothing of this plan is in a commit yet")
    else:
        words = FieldWords(settings.today, plan.board.currency)
        output.lines(line for one in found for line in _commit_lines(plan, one, words))


def _commit_lines(plan: Plan, one: PlanCommit, words: FieldWords) -> Iterator[str]:
    from ..storage.git.history import NO_EARLIER, happened

    commit = one.commit
    text = f"{commit.date}  {commit.author}: {commit.subject}  ({commit.id[:8]})"
    yield from wrapped(one_line(text), " " * 12, "")
    if one.is_beginning:
        yield f"{' ' * 12}{NO_EARLIER}, with {counted(len(one.records), 'record')}: git fetch --unshallow"
        return
    changed = [row for row in one.records if not (row[1].is_first or row[1].is_last)]
    few = one.records if len(one.records) <= _LINES else changed[:_LINES]
    for address, revision in few:
        said = "; ".join(happened(revision, address.kind, words))
        yield from wrapped(one_line(f"{_title(plan, address)}: {said}"), " " * 14, " " * 12)
    rest = len(one.records) - len(few)
    if rest:
        yield (
            " " * 12
            + f"{'and ' if few else ''}{counted(rest, 'record')}{' more' if few else ''}: --json has all"
        )


def _title(plan: Plan, address: Address) -> str:
    """A record by its title, with the id that commands take; one that is gone by its kind and id."""
    record = plan.get(address)
    return f"{record.label} ({address.id})" if record is not None and record.label else f"{address}"


def _commit_data(one: PlanCommit) -> dict[str, Any]:
    commit = one.commit
    about = {"commit": commit.id, "date": commit.date.isoformat(), "author": commit.author}
    records = [
        {
            "kind": address.kind,
            "project": address.project,
            "id": address.id,
            **_what(_revision_data(revision, ())),
        }
        for address, revision in one.records
    ]
    return {**about, "subject": commit.subject, "cut_off": one.is_beginning, "records": records}


def _what(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("what", "fields")}


# ---- answers


def _answers(settings: Settings, plan: Plan, project: str) -> None:
    from ..storage.git.attribution import answered

    name = (
        naming.one_of(project, "project", plan.projects) if project else context.need_project(settings, plan)
    )
    known = _given(answered(plan_root(settings), name, settings.environment))
    assessment = plan.get(Address("assessment", name, "assessment"))
    answers = getattr(assessment, "answers", {})
    rows = [(question, answer, known.of(question, answer)) for question, answer in answers.items()]
    rows.sort(key=lambda row: (row[2] is None, row[2].date if row[2] else dt.date.max, row[0]), reverse=True)
    if settings.json:
        data = [
            {
                "question": question,
                "state": answer.state,
                "by": said.author if said else None,
                "date": said.date.isoformat() if said else None,
                "commit": said.commit if said else None,
            }
            for question, answer, said in rows
        ]
        output.data("answers", {"project": name, "answers": data})
    elif not rows:
        output.say(settings, f"nothing is answered yet: kedge assess {name}")
    else:
        texts = [
            (
                *(
                    question,
                    said.date.isoformat() if said else "",
                    said.author if said else "not committed yet",
                ),
                f"{said.subject} ({said.commit[:8]})" if said else "",
            )
            for question, _, said in rows
        ]
        output.table(("QUESTION", "DATE", "BY", "COMMIT"), texts, settings, elastic="COMMIT")
