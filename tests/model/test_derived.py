"""What follows from a snapshot is carried along from step to step, and is the same as in a new store."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.model.derived.derived import Derived
from kedge.model.derived.progress import Stopped
from kedge.model.plan.change import Change, apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import InvalidValues, parse
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.base import Record, to_data
from kedge.model.rules.catalog import RULES
from kedge.model.rules.finding_index import FindingIndex, findings_changed
from kedge.model.snapshot.repository_files import FileState
from kedge.model.snapshot.snapshot import Snapshot
from kedge.storage.plan.read import read_plan
from kedge.tests.effort import times

from .evidence_files import Files

TODAY = dt.date(2026, 11, 20)
SAMPLES = Path(__file__).parents[2] / "samples"
PLANS = ("churn", "portfolio", "tiny", "kinds")
VALUES: dict[str, list[Any]] = {
    "status": ["todo", "doing", "done", "dropped", None],
    "dropped": ["no time", None],
    "blocked": ["waits", None],
    "owner": ["mira", "nobody-here", None],
    "place": ["execute", "execute/nowhere", "assess/discovery"],
    "milestone": ["first-users", "mvp-live", "other/gone", None],
    "stage": ["mvp", "growth", None],
    "state": ["active", "hold", "dropped", "done"],
    "phase": ["assess", "plan", "execute", "iterate"],
    "lead": ["mira", "sam", None],
    "complexity": [1, 5, None],
    "allow": [{}, {"R": "known"}, {"R201": ""}, {"A": "known", "R207": "ours"}],
    "end": [dt.date(2026, 1, 1), dt.date(2027, 1, 1), None],
    "access": ["refused", "granted", "asked", None],
    "checked_on": [dt.date(2026, 11, 1), None],
    "started": [dt.date(2026, 10, 1), None],
    "follows": [[], ["churn"], ["fraud-alerts", "defect-inspection"]],
    "tags": [["a", "a"], ["a"], []],
    "skills": [["vision"], []],
    "gate": ["gate-assess", "gate-nowhere"],
    "by": ["mira", "sam"],
    "due": [dt.date(2026, 1, 1), None],
    "not_before": [dt.date(2027, 1, 1), None],
    "rules": [{}, {"ignore": ["R2"]}, {"severity": {"R": "advice", "A": "off"}}],
}


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """Sample plans, and all that are broken in one way in one plan."""
    found = {name: read_plan(str(SAMPLES / name / "plan")).plan for name in PLANS}
    together: dict[Address, Record] = {}
    for folder in sorted((SAMPLES / "broken").iterdir()):
        if (folder / "plan").is_dir() or (folder / "board.toml").exists():
            root = folder / "plan" if (folder / "plan").is_dir() else folder
            together = {**read_plan(str(root)).plan.records, **together}
    return {**found, "broken": Plan(together)}


class Editor:
    """Makes random changes of every kind."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def changes(self, plan: Plan) -> list[Change]:
        """One to four changes, each of what the one before left."""
        found: list[Change] = []
        for _ in range(self.draw(st.integers(1, 4))):
            change = self.change(plan)
            if change is not None:
                plan = apply(plan, [change])
                found.append(change)
        return found

    def change(self, plan: Plan) -> Change | None:
        verb = self.pick(("set", "set", "set", "need", "remove", "add", "rename", "twin", "entry"))
        addresses = sorted(plan.records)
        if not addresses:
            return None
        kinds = sorted({address.kind for address in addresses})
        kind = self.pick(kinds)
        record = plan.records[self.pick([one for one in addresses if one.kind == kind])]
        ids = sorted(plan.cards) or ["gone-7k2m"]
        match verb:
            case "set":
                names = [name for name in VALUES if name in type(record).model_fields]
                if not names:
                    return None
                name = self.pick(names)
                return self.written(record, {**to_data(record), name: self.pick(VALUES[name])})
            case "need":
                if not plan.cards:
                    return None
                card = plan.cards[self.pick(ids)]
                return self.written(card, {**to_data(card), "needs": [self.pick([*ids, "gone-7k2m"])]})
            case "remove":
                return Change(record, None)
            case "add":
                return self.new_card(plan, ids)
            case "rename" | "twin":
                if not plan.cards:
                    return None
                card = plan.cards[self.pick(ids)]
                name = f"other-{card.id}"[:64] if verb == "rename" else card.id
                project = card.project if verb == "rename" else self.pick([*plan.projects, "aside"])
                new = card.model_copy(update={"id": name, "project": project})
                if new.address in plan.records:
                    return None
                return Change(card if self.pick((True, False)) else None, new)
            case _:
                holders = [one for one in addresses if one.kind in ("strategy", "project", "assessment")]
                if not holders:
                    return None
                return self.other_entry(plan.records[self.pick(holders)])

    def new_card(self, plan: Plan, ids: list[str]) -> Change | None:
        """A card that comes, under a name that others may have meant already."""
        name = self.pick(("gone-7k2m", f"new-{self.pick(('7k2m', '9x4p', '2d5g'))}"))
        project = self.pick([*plan.projects, "nowhere"])
        if Address("card", project, name) in plan.records:
            return None
        data = {"title": "New", "place": "execute", "needs": [self.pick(ids)]}
        return Change(None, parse("card", project, name, data))

    def other_entry(self, holder: Record) -> Change | None:
        """An entry that comes or goes: what cards name, and what answers count."""
        section, key, entry = self.pick(
            {
                "strategy": [("milestones", "mvp-live", {"title": "MVP", "after": ["mvp-live"]})],
                "project": [
                    ("goals", "saves", {"title": "Saves"}),
                    ("methods", "gbm", {"title": "Trees"}),
                    ("dependencies", "feed", {"giver": "platfrom", "taker": "churn"}),
                    ("waivers", "later", {"item": "disc-reach", "approved_by": "sam"}),
                ],
                "assessment": [
                    ("answers", "data-signal", {"verdict": 1}),
                    ("answers", "stage-now", {"verdict": "growth"}),
                    ("answers", "pri-gain", {"values": {"low": 1, "likely": 2, "high": 3}}),
                    ("answers", "nothing-asked", {"verdict": True}),
                ],
            }[holder.KIND]
        )
        data = to_data(holder)
        table = dict(data.get(section, {}))
        if table.pop(key, None) is None:
            table[key] = entry
        return self.written(holder, {**data, section: table})

    @staticmethod
    def written(record: Record, data: dict[str, Any]) -> Change | None:
        data = {name: value for name, value in data.items() if value is not None}
        try:
            new = parse(record.KIND, record.project, record.id, data)
        except InvalidValues:
            return None
        return None if new == record else Change(record, new)


def test_a_card_that_is_edited_as_its_twin_comes_is_looked_at_again(plans: dict[str, Plan]) -> None:
    snapshot = Snapshot.of(plans["churn"], shipped(), TODAY)
    card = next(iter(snapshot.plan.cards.values()))
    edited = card.model_copy(update={"title": "Other"})
    changes = [Change(card, edited), Change(None, edited.model_copy(update={"project": "aside"}))]
    after = snapshot.after(changes)
    found = FindingIndex.of(snapshot).after(after, changes).found
    assert found == FindingIndex.of(after).found
    assert ("R203", card.address) in found


@settings(max_examples=times(30))
@given(data=st.data(), name=st.sampled_from([*PLANS, "broken"]))
def test_findings_carried_along_are_those_of_a_fresh_look(
    data: Any, name: str, plans: dict[str, Plan]
) -> None:
    editor = Editor(data.draw)
    snapshot = Snapshot.of(plans[name], shipped(), TODAY)
    index = FindingIndex.of(snapshot)
    for _ in range(data.draw(st.integers(1, 4))):
        changes = editor.changes(snapshot.plan)
        snapshot = snapshot.after(changes)
        index = index.after(snapshot, changes)
        fresh = FindingIndex.of(snapshot)
        assert index.found == fresh.found
        assert {k: n for k, n in index.counts.items() if n} == {k: n for k, n in fresh.counts.items() if n}
        assert index.listed() == fresh.listed()


@settings(max_examples=times(15))
@given(data=st.data(), name=st.sampled_from(PLANS))
def test_values_carried_along_are_those_of_a_fresh_look(data: Any, name: str, plans: dict[str, Plan]) -> None:
    editor = Editor(data.draw)
    derived = Derived(Snapshot.of(plans[name], shipped(), TODAY))
    for _ in range(data.draw(st.integers(1, 3))):
        _ask_all(derived)
        changes = editor.changes(derived.plan)
        derived = derived.after(derived.snapshot.after(changes), changes)
        fresh = Derived(derived.snapshot)
        assert _ask_all(derived) == _ask_all(fresh)


def _ask_all(derived: Derived) -> list[object]:
    projects = sorted(derived.plan.projects)
    gate = derived.snapshot.playbook.gates[0].id
    return [
        derived.findings().listed(),
        derived.ranking(),
        derived.proposal().order,
        *((derived.standings(one), derived.worth(one), derived.gate(one, gate).asks) for one in projects),
    ]


def test_a_step_of_one_card_is_looked_at_where_it_is(plans: dict[str, Plan]) -> None:
    small = Snapshot.of(plans["churn"], shipped(), TODAY)
    card = next(one for one in small.plan.cards.values() if one.status == "todo")
    change = Change(card, card.model_copy(update={"status": "doing"}))
    looked: list[int] = []
    for count in (0, 2_000):
        more = {
            record.address: record
            for number in range(count)
            for record in [parse("card", card.project, f"more-{number}", {"title": "M", "place": "execute"})]
        }
        before = small.with_plan(Plan({**small.plan.records, **more}))
        index = FindingIndex.of(before)
        assert index.looked > count * 5
        looked.append(index.after(before.after([change]), [change]).looked)
    # As much in a plan of two thousand cards more: the card, those that name it, its project.
    assert looked[0] == looked[1]
    assert looked[0] < 5 * len(RULES)


def test_a_whole_import_asks_each_rule_about_each_card_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    made: list[Address] = []
    place = Record.address.fget
    assert place is not None
    monkeypatch.setattr(Record, "address", property(lambda record: made.append(place(record)) or made[-1]))
    for count in (500, 1_000):
        cards = [
            parse("card", "p", f"c-{number}", {"title": "M", "place": "plan"}) for number in range(count)
        ]
        board, project = parse("board", "", "board", {}), parse("project", "p", "p", {"title": "P"})
        before = Snapshot.of(Plan({one.address: one for one in (board, project)}), shipped(), TODAY)
        changes = [Change(None, card) for card in cards]
        after = before.after(changes)
        made.clear()
        findings_changed(before, after, changes)
        counts.append(len(made))
    # No rule goes through what it does not read: with all of them there were more than a hundred for each card.
    assert counts[1] - counts[0] < 500 * 50


def test_a_value_is_worked_out_once_whoever_asks(
    plans: dict[str, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kedge.model.assess import standing as module

    asked: list[str] = []
    real = module.standings
    first_is_in, go_on = threading.Event(), threading.Event()

    def slow(snapshot: Snapshot, project: str) -> Any:
        asked.append(project)
        first_is_in.set()
        assert go_on.wait(10)
        return real(snapshot, project)

    monkeypatch.setattr(module, "standings", slow)
    derived = Derived(Snapshot.of(plans["churn"], shipped(), TODAY))
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(derived.standings("churn"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert first_is_in.wait(10)
    go_on.set()
    for thread in threads:
        thread.join()
    assert asked == ["churn"]
    assert found[0] is found[1]


def test_what_a_card_does_not_touch_is_taken_over_as_it_is(plans: dict[str, Plan]) -> None:
    derived = Derived(Snapshot.of(plans["portfolio"], shipped(), TODAY))
    before = derived.proposal()
    worth = derived.worth("churn") if "churn" in derived.plan.projects else None
    card = next(iter(derived.plan.cards.values()))
    change = Change(card, card.model_copy(update={"title": "Another"}))
    later = derived.after(derived.snapshot.after([change]), [change])
    assert later.proposal() is before
    if worth is not None:
        assert later.worth("churn") is worth


def test_findings_of_an_older_snapshot_are_its_own(plans: dict[str, Plan]) -> None:
    first = Derived(Snapshot.of(plans["churn"], shipped(), TODAY))
    card = next(iter(first.plan.cards.values()))
    change = Change(card, card.model_copy(update={"place": "execute/nowhere"}))
    second = first.after(first.snapshot.after([change]), [change])
    third = second.after(second.snapshot.after([change.inverse]), [change.inverse])
    assert [one.code for one in second.findings().listed() if one.code == "R205"] == ["R205"]
    assert first.findings().listed() == FindingIndex.of(first.snapshot).listed()
    assert third.findings().listed() == FindingIndex.of(third.snapshot).listed()


def test_a_check_tells_how_far_it_has_come(plans: dict[str, Plan]) -> None:
    shares: list[float] = []
    derived = Derived(Snapshot.of(plans["churn"], shipped(), TODAY))
    told = derived.told(lambda doing, share: shares.append(share or 0.0))
    assert told.findings() is derived.findings()
    assert shares == sorted(shares)
    assert len(shares) > 20
    assert shares[-1] < 1


def test_a_value_that_is_not_wanted_any_more_is_not_kept(plans: dict[str, Plan]) -> None:
    def stop(doing: str, share: float | None) -> None:
        if share and share > 0.5:
            raise Stopped

    derived = Derived(Snapshot.of(plans["churn"], shipped(), TODAY))
    with pytest.raises(Stopped):
        derived.told(stop).findings()
    assert derived.findings().listed() == FindingIndex.of(derived.snapshot).listed()


def test_one_who_waits_for_another_asker_can_be_stopped(plans: dict[str, Plan]) -> None:
    derived = Derived(Snapshot.of(plans["churn"], shipped(), TODAY))
    is_in, go_on = threading.Event(), threading.Event()

    def hold(doing: str, share: float | None) -> None:
        is_in.set()
        assert go_on.wait(10)

    def stop(doing: str, share: float | None) -> None:
        raise Stopped

    first = threading.Thread(target=derived.told(hold).findings)
    first.start()
    assert is_in.wait(10)
    with pytest.raises(Stopped):
        derived.told(stop).findings()
    go_on.set()
    first.join()
    assert derived.findings().listed() == FindingIndex.of(derived.snapshot).listed()


def test_what_rests_on_a_file_is_worked_out_again_when_the_file_changes(plans: dict[str, Plan]) -> None:
    path = "docs/research/2026-08-agents.md"

    def step(before: Derived, state: FileState) -> Derived:
        return before.after(replace(before.snapshot, files=Files({path: state})), [])

    first = Derived(Snapshot.of(plans["churn"], shipped(), TODAY, files=Files({path: "there"})))
    known = first.standings("churn")
    # A step at which nothing is asked passes on what is still to be looked at.
    same, emptied = step(step(first, "empty"), "there"), step(step(first, "there"), "empty")
    assert same.standings("churn") is known
    (one,) = emptied.standings("churn")["disc-decision"].counted.evidence
    assert (one.text, one.state) == (path, "empty")


def test_no_file_is_looked_up_until_what_rests_on_it_is_asked_for(plans: dict[str, Plan]) -> None:
    files = Files()
    derived = Derived(Snapshot.of(plans["churn"], shipped(), TODAY, files=files))
    derived.after(derived.snapshot.after([]), [])
    assert files.seen == {}
    derived.standings("churn")
    assert "docs/design/churn.md" in files.seen
