"""Documents by their age, and who ran the runbook: in the gate, and in what is said of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.derived.derived import Derived
from kedge.model.gates.gates import Check, report
from kedge.model.operations.documents import Document, dated_documents
from kedge.model.snapshot.repository_files import DatedFiles, LastChange, LastChanges
from kedge.model.snapshot.snapshot import Snapshot

from .evidence_files import Files
from .gate_cases import PLAYBOOK, TODAY, plan

ANSWERS: Mapping[str, Any] = {
    "doc-basics": {"evidence": ["docs/card.md"]},
    "doc-runbook": {
        "checked": ["tried by someone who did not write it"],
        "evidence": ["docs/runbook.md"],
    },
}
RECORDS: Mapping[str, Any] = {"model churn/gbm": {"title": "Boosting", "settings": "configs/gbm.toml"}}
NOVEMBER, OCTOBER = dt.date(2026, 11, 10), dt.date(2026, 10, 5)


def seen(days: Mapping[str, dt.date], drills: Mapping[str, Any] | None = None) -> Snapshot:
    """A project whose files were changed on some days; counts how often git would be asked."""
    newest = sorted(days, key=lambda one: days[one], reverse=True)
    changes = {
        path: LastChange(at, dt.datetime.combine(days[path], dt.time(9), dt.UTC), f"c{at}", "Mira")
        for at, path in enumerate(newest)
    }

    def ask(paths: Sequence[str]) -> LastChanges:
        return {path: changes[path] for path in paths if path in changes}

    states: dict[str, Any] = {"docs/card.md": "there", "docs/runbook.md": "there"}
    current = plan(dict(RECORDS), dict(ANSWERS), drills=drills or {})
    return Snapshot.of(current, PLAYBOOK, TODAY, files=DatedFiles(Files(states), ask))


def condition(snapshot: Snapshot) -> Check:
    gate = PLAYBOOK.gate("gate-execute")
    assert gate is not None
    found = report(Derived(snapshot), "churn", gate)
    return next(one for one in found.checks if one.id == "documents-there")


def document(snapshot: Snapshot, name: str) -> Document:
    found = dated_documents(snapshot.plan, "churn", standings(snapshot, "churn"), snapshot.files)
    return next(one for one in found if one.id == name)


@pytest.mark.parametrize(
    ("card", "settings", "verdict"), [(NOVEMBER, OCTOBER, "met"), (OCTOBER, NOVEMBER, "not met")]
)
def test_the_gate_wants_documents_newer_than_what_they_describe(
    card: dt.date, settings: dt.date, verdict: str
) -> None:
    found = condition(seen({"docs/card.md": card, "configs/gbm.toml": settings}))
    assert found.verdict == verdict
    said = "docs/card.md is of 2026-10-05, configs/gbm.toml was changed on 2026-11-10"
    assert (said in found.because) == (verdict == "not met")


@pytest.mark.parametrize(("ran", "verdict"), [(dt.date(2026, 11, 12), "met"), (OCTOBER, "not met")])
def test_a_runbook_that_was_changed_since_it_was_run_closes_the_gate(ran: dt.date, verdict: str) -> None:
    drill = {"what": "roll back", "document": "docs/runbook.md", "by": "helen", "on": ran}
    now = seen({"docs/runbook.md": NOVEMBER}, {"roll-back": drill})
    assert condition(now).verdict == verdict
    one = document(now, "doc-runbook")
    assert one.is_run_before_change == (verdict == "not met")
    assert list(one.who()) == [f"roll back: ran by helen on {ran}"]


def test_the_last_run_by_a_person_who_is_named_counts() -> None:
    drills = {
        "first": {"what": "release", "by": "mira", "on": OCTOBER},
        "read": {"what": "all of it", "by": "helen", "on": NOVEMBER, "did": "read"},
        "later": {"what": "roll back", "on": NOVEMBER},
        "other": {"what": "retrain", "document": "docs/other.md", "by": "helen", "on": NOVEMBER},
    }
    one = document(seen({}, drills), "doc-runbook")
    assert one.last_run is not None
    assert (one.last_run.what, len(one.drills)) == ("release", 3)
    assert not one.is_unnamed
    assert document(seen({}), "doc-runbook").is_unnamed


def test_without_documents_git_is_not_asked() -> None:
    def ask(_: Sequence[str]) -> LastChanges:
        raise AssertionError("it was asked")

    snapshot = Snapshot.of(plan(), PLAYBOOK, TODAY, files=DatedFiles(Files(), ask))
    assert dated_documents(snapshot.plan, "churn", standings(snapshot, "churn"), snapshot.files)
