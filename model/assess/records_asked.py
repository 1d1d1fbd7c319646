"""Records as answers: which of them count for a question, and what the others lack.

A record can be saved half filled at any time. Whether it answers a question is another matter: it must say what the
question asks for, and that is data of the playbook.
"""

from __future__ import annotations

from typing import cast

from ..edit.deciders import lacks_of_decision
from ..plan.plan import Plan, holder_id
from ..playbook.conditions import Count, Reply, Short
from ..playbook.item import Item
from ..playbook.part import STAGE_ORDER
from ..playbook.pass_words import counted_words
from ..records.address import Address
from ..records.base import Entry
from ..records.dataset import Dataset
from ..records.governance import Decision
from ..records.kinds import ENTRIES, KINDS
from ..records.project import Project
from ..snapshot.snapshot import Snapshot

MOST_NAMED = 3
"""Records that are named with what they lack."""


def count_records(snapshot: Snapshot, project: str, item: Item) -> tuple[int, list[Short], list[str]]:
    """How many records count, what those lack that could count, and what none of them is that one must be."""
    today = snapshot.today
    counting: list[Entry] = []
    lacking: list[Short] = []
    for kind in item.record:
        for name, thing in records_of(snapshot.plan, project, kind).items():
            if not _is_meant(snapshot, project, item, thing):
                continue
            lacks = _lacks(snapshot, item, thing)
            if lacks:
                fields, texts = zip(*lacks, strict=True)
                lacking.append(Short(kind, name, texts, fields))
            else:
                counting.append(thing)
    covered = item.covers if item.record else ()
    uncovered = [test.in_words for test in covered if not any(test.matches(one, today) for one in counting)]
    return len(counting), lacking, uncovered


def _is_meant(snapshot: Snapshot, project: str, item: Item, thing: Entry) -> bool:
    """Whether a record is one that a question asks about."""
    if item.filter is not None and not item.filter.matches(thing, snapshot.today):
        return False
    if isinstance(thing, Dataset):
        return thing in needed_datasets(snapshot.plan, snapshot.plan.projects[project])
    if item.record != ("decision",):
        return True
    gates = {gate.id for gate in snapshot.playbook.gates_asking(item)}
    return (
        isinstance(thing, Decision)
        and thing.gate in gates
        and is_of_this_cycle(snapshot.plan, project, thing)
    )


def _lacks(snapshot: Snapshot, item: Item, thing: Entry) -> list[tuple[str, str]]:
    """What a record must say for a question, and does not: the field, and what is wrong with it.

    Of several kinds each is asked for fields that it has.
    """
    if isinstance(thing, Decision):
        return lacks_of_decision(snapshot, thing)
    known = type(thing).model_fields
    tests = [test for test in item.wants if not test.unknown(known)]
    return [(test.fields[0], lack) for test in tests if (lack := test.lacks(thing, snapshot.today))]


def lacking_records(item: Item, reply: Reply) -> str:
    """What the records of a question lack, with what adds it."""
    count, parts = reply.records, [str(one) for one in reply.lacking[:MOST_NAMED]]
    if reply.lacking:
        more = len(reply.lacking) - MOST_NAMED
        parts += [f"and {more} more"] if more > 0 else []
        first = reply.lacking[0]
        fields = " ".join(f"{name}=…" for name in dict.fromkeys(first.fields))
        parts.append(f"kedge {first.kind} set {first.id} {fields} (enter on the board)")
    else:
        kinds = " or ".join(kind if count == 1 else several(kind) for kind in item.record)
        parts.append(f"{count or 'no'} {kinds} so far")
        parts += [f"wanted: {wanted_records(item)}"] if not item.passes.met(reply) else []
        parts += [f"none with {test}" for test in reply.uncovered]
        # Of people those count who have a part in the project.
        added = "allocation" if item.record[0] == "person" else item.record[0]
        parts.append(f"kedge {added} add (enter on the board)")
    return "; ".join(parts)


def records_of(plan: Plan, project: str, kind: str) -> dict[str, Entry]:
    """Records and entries of a kind that belong to a project, by id; people are those who have a part in it."""
    if kind == "person":
        part = plan.strategy(project).people
        return {
            name: person
            if person.role or not part[name].role
            else person.model_copy(update={"role": part[name].role})
            for name, person in plan.people.items()
            if name in part
        }
    if kind in KINDS:
        return {one.id: one for one in sorted(plan.of_kind(kind, project), key=lambda one: one.id)}
    if kind not in ENTRIES:
        return {}
    where = ENTRIES[kind]
    holder = plan.get(Address(where.record, project, holder_id(where.record, project)))
    return dict(getattr(holder, where.section)) if holder is not None else {}


def several(kind: str) -> str:
    """A kind of record in the plural."""
    return KINDS[kind].plural if kind in KINDS else ENTRIES[kind].section


def wanted_records(item: Item) -> str:
    """How many records a question wants, in words."""
    if not isinstance(item.passes, Count):
        return "one, or a sentence instead"
    return counted_words(item.passes)


def is_of_this_cycle(plan: Plan, project: str, decision: Decision) -> bool:
    """Whether a decision was taken in the cycle that a project is in, as far as the days say."""
    record = plan.projects.get(project)
    started = record.started if record is not None and record.cycle > 1 else None
    return started is None or decision.date is None or decision.date >= started


def needed_datasets(plan: Plan, project: Project) -> list[Dataset]:
    """Datasets of a project, without those that only cards of a later stage name."""
    datasets = sorted(plan.of_kind("dataset", project.id), key=lambda one: one.id)
    if not datasets:
        return []
    stages: dict[str, set[int]] = {}
    for card in plan.cards_of.get(project.id, ()):
        for name in card.datasets:
            stages.setdefault(name.rpartition("/")[2], set()).add(STAGE_ORDER[card.stage or project.stage])
    now = STAGE_ORDER[project.stage]
    return [cast("Dataset", one) for one in datasets if min(stages.get(one.id, {now})) <= now]
