"""No condition of a gate is unknown for want of code: each that cannot be decided names the input that it lacks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import Check, report
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.playbook.outline import PHASES
from kedge.model.records.kinds import ENTRIES, KINDS
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.disk.source import Disk
from kedge.storage.plan.read import read_plan

PLAYBOOK = shipped()
TODAY = dt.date(2026, 11, 20)
SAMPLES = Path(__file__).parents[2] / "samples"
GATES = [gate for phase in PHASES for gate in PLAYBOOK.gates_of(phase.id)]
WORDS = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")


def checks(plan: Plan) -> Iterator[Check]:
    """Every condition of every gate, for each way in which the gate may end."""
    derived = Derived(Snapshot.of(plan, PLAYBOOK, TODAY))
    for project in plan.projects:
        for gate in GATES:
            for outcome in ("", *gate.outcomes):
                yield from report(derived, project, gate, outcome=outcome).checks


def named(text: str) -> bool:
    """Whether a reason names a question, a field of a record, or a command."""
    command = re.search(r"kedge (\w+)", text)
    asked = any(PLAYBOOK.item(word) is not None for word in WORDS.findall(text))
    return (
        asked or "guardrails" in text or (command is not None and command[1] in {*KINDS, *ENTRIES, "rubric"})
    )


def empty() -> Plan:
    project = parse("project", "churn", "churn", {"title": "Churn"})
    return Plan({project.address: project})


@pytest.mark.parametrize("sample", ["", "churn", "portfolio", "tiny"])
def test_what_cannot_be_told_names_what_is_missing(sample: str) -> None:
    plan = read_plan(Disk(str(SAMPLES / sample / "plan"))).plan if sample else empty()
    found = list(checks(plan))
    assert {one.id for one in found} == {one.id for gate in GATES for one in gate.conditions}
    unknown = [one for one in found if one.verdict == "unknown"]
    assert unknown
    for one in unknown:
        missing = [text for text in one.because if "missing" in text or "not answered" in text]
        assert missing, f"{one.id}: {one.because}"
        assert all(map(named, missing)), f"{one.id}: {missing}"


def test_each_condition_is_decided_where_its_inputs_are_there() -> None:
    decided = {
        one.id
        for sample in ("churn", "portfolio")
        for one in checks(read_plan(Disk(str(SAMPLES / sample / "plan"))).plan)
        if one.verdict in ("met", "not met")
    }
    # No sample has marks for all 28 tests; its own tests are in `test_gates_running`.
    assert {one.id for gate in GATES for one in gate.conditions} - decided == {"well-tested"}
