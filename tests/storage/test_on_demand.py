"""A plan that is read bit by bit: it answers as the whole plan does, and reads no more than is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest

from kedge.model.edit.edits import add_card, edit, edit_each
from kedge.model.edit.refusal import EditRefused
from kedge.model.plan.change import MISSING, Batch, Change, apply
from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.base import Record
from kedge.model.records.kinds import ENTRIES, KINDS
from kedge.storage.disk import cache as cache_file
from kedge.storage.disk import fetch, source
from kedge.storage.disk.errors import ChangedOutside
from kedge.storage.disk.source import Disk
from kedge.storage.plan import on_demand
from kedge.storage.plan.on_demand import read_on_demand
from kedge.storage.plan.read import read_plan
from kedge.storage.plan.record_cache import cache_of
from kedge.storage.plan.workspace import Workspace
from kedge.tests.outside_edits import read

from .plans import reading_findings

CARDS = "projects/churn/cards"
FILES = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira"\n',
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
    "projects/other/project.toml": 'title = "Other"\n',
    f"{CARDS}/aim.toml": 'title = "Aim"\nplace = "execute"\nrank = "a5"\n',
    f"{CARDS}/plain.toml": 'title = "x"\nneeds = ["aim"]\nplace = "execute"\nrank = "a1"\n',
    f"{CARDS}/lag.toml": "title = 'x'\nneeds = ['churn/aim SS+2d']\nplace = 'execute'\nrank = 'a9'\n",
    f"{CARDS}/escape.toml": 'title = "x"\nneeds = ["\\u0061im"]\nplace = "ex\\u0065cute"\n',
    f"{CARDS}/lines.toml": 'title = "x"\nneeds = ["""\\\n  aim"""]\nplace = """\nexecute"""\n',
    f"{CARDS}/text.toml": 'title = "x"\nneeds = "aim, plain"\nplace = "execute/data-pipeline"\n',
    f"{CARDS}/only-said.toml": 'title = "aim execute"\nnotes = "needs aim"\n',
    f"{CARDS}/part.toml": 'title = "x"\nneeds = ["aim-2"]\nplace = 5\n',
    f"{CARDS}/broken.toml": 'title = "aim\nneeds = ["aim"]\nplace = "execute"\n',
    f"{CARDS}/empty.toml": "",
    f"{CARDS}/no-place.toml": 'title = "x"\n',
    f"{CARDS}/assess.toml": 'title = "x"\nplace = "assess"\n',
    "projects/other/cards/aim.toml": 'title = "Second"\nneeds = ["aim"]\nplace = "execute"\n',
    "projects/other/cards/broken.toml": 'title = "Reads well"\nneeds = ["churn/aim"]\n',
    "projects/other/cards/away.toml": 'title = "x"\nneeds = ["churn/aim"]\nplace = "execute"\n',
}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    root = tmp_path / "plan"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(params=["never read before", "read before", "looked into before"])
def disk(
    request: pytest.FixtureRequest, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Disk]:
    """The plan on disk, with nothing in the cache, with its records there, and with its texts alone."""
    environment = {"KEDGE_STATE": str(tmp_path / "state")}
    for module in (cache_file, source):
        monkeypatch.setattr(module, "WORTH", 1)
    now = cache_file.time.time_ns
    monkeypatch.setattr(cache_file.time, "time_ns", lambda: now() + 3_600_000_000_000)
    if request.param == "read before":
        read(plan, environment)
    if request.param == "looked into before":
        assert lazy(Disk(str(plan), cache_of(str(plan), environment))).needed_by
    return lambda: Disk(str(plan), cache_of(str(plan), environment))


def lazy(disk: Disk) -> Plan:
    return read_on_demand(disk, lambda _: None).plan


def by_place(records: Iterable[Record]) -> dict[Address, Record]:
    return {record.address: record for record in records}


def same(one: Plan, other: Plan) -> None:
    """Compares all that a plan can be asked."""
    assert dict(one.cards) == dict(other.cards)
    for card_id in {*other.cards, *other.needed_by, "nothing"}:
        assert one.needed_by.get(card_id) == other.needed_by.get(card_id)
        assert one.cards.get(card_id) == other.cards.get(card_id)
        assert (card_id in one.cards) is (card_id in other.cards)
    assert dict(one.needed_by) == dict(other.needed_by)
    for project in ("churn", "other", "nothing"):
        for place in ("execute", "assess", "execute/data-pipeline", "plan"):
            assert one.group(project, place) == other.group(project, place)
    for kind in KINDS:
        assert set(one.names(kind)) >= set(other.names(kind))
        assert one.ids(kind) == other.ids(kind)
        for project in (None, "churn", "other"):
            assert by_place(one.of_kind(kind, project)) == by_place(other.of_kind(kind, project))
    for kind in ENTRIES:
        assert dict(one.entries(kind)) == dict(other.entries(kind))
    assert one.projects == other.projects
    assert one.people == other.people
    assert one.board == other.board
    assert dict(one.cards_of) == dict(other.cards_of)
    assert len(one.records) == len(other.records)
    assert one == other


def test_it_answers_as_the_whole_plan_does(plan: Path, disk: Callable[[], Disk]) -> None:
    whole = read_plan(str(plan)).plan
    assert whole.needed_by["aim"] == ("away", "broken", "escape", "lag", "lines", "plain", "text")
    assert [card.id for card in whole.group("churn", "execute")] == ["escape", "lines", "plain", "aim", "lag"]
    same(lazy(disk()), whole)


@pytest.mark.parametrize("sample", ["churn", "portfolio", "tiny"])
def test_the_samples_answer_the_same(sample: str) -> None:
    root = str(Path(__file__).parents[2] / "samples" / sample / "plan")
    whole, bit = read_plan(root).plan, lazy(Disk(root))
    assert dict(bit.needed_by) == dict(whole.needed_by)
    for card in whole.cards.values():
        assert bit.needed_by.get(card.id) == whole.needed_by.get(card.id)
        assert bit.group(card.project, card.place) == whole.group(card.project, card.place)
    assert bit == whole


def test_it_answers_the_same_after_changes(plan: Path, disk: Callable[[], Disk]) -> None:
    whole, bit = read_plan(str(plan)).plan, lazy(disk())
    random = Random(1)
    steps: list[Callable[[Plan], Batch]] = [
        lambda now: add_card(now, "churn", "New", {"needs": ["plain"], "place": "execute"}, Random(1)),
        lambda now: edit_each(now, {Address("card", "churn", "assess"): {("needs",): ["aim"]}}, "needs"),
        lambda now: edit(now, Address("card", "churn", "plain"), {("place",): "plan", ("needs",): MISSING}),
        lambda now: Batch("gone", (Change(now.get(Address("card", "churn", "lag")), None),)),
        lambda now: Batch("gone", (Change(now.get(Address("card", "churn", "aim")), None),)),
    ]
    for step in steps:
        batch = step(whole)
        assert step(bit) == batch
        whole, bit = apply(whole, batch.changes), apply(bit, batch.changes)
        if random.random() < 0.5:
            same(bit, whole)
    same(bit, whole)


def test_a_loop_is_refused(disk: Callable[[], Disk]) -> None:
    with pytest.raises(EditRefused, match="loop: aim → plain"):
        edit_each(lazy(disk()), {Address("card", "churn", "aim"): {("needs",): ["plain"]}}, "needs")


def test_only_what_is_looked_at_is_opened(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    original = fetch.read_bytes
    for module in (fetch, on_demand):
        monkeypatch.setattr(
            module, "read_bytes", lambda path: opened.append(os.path.relpath(path, plan)) or original(path)
        )
    workspace = Workspace.open_on_demand(str(plan), {"KEDGE_STATE": str(tmp_path / "state")}, opened.append)
    assert opened == []
    assert f"{CARDS}/aim.toml" in workspace.files
    card = workspace.plan.cards["aim"]
    assert opened == [f"{CARDS}/aim.toml"]
    workspace.commit(edit(workspace.plan, card.address, {("status",): "done"}))
    assert {*opened} == {f"{CARDS}/aim.toml", "board.toml"}
    assert 'status = "done"' in (plan / f"{CARDS}/aim.toml").read_text()
    assert workspace.plan.cards["aim"].status == "done"
    assert workspace.files[f"{CARDS}/aim.toml"].content == (plan / f"{CARDS}/aim.toml").read_bytes()


def test_what_turns_out_unreadable_is_told_once(plan: Path) -> None:
    told: list[str] = []
    found = read_on_demand(Disk(str(plan)), told.append)
    assert "aim" in found.plan.cards
    assert told == []
    assert found.plan.cards["broken"].title == "Reads well"
    assert found.plan.get(Address("card", "churn", "broken")) is None
    assert told == [f"{CARDS}/broken.toml"]


def test_what_was_changed_since_is_never_written_over(plan: Path, disk: Callable[[], Disk]) -> None:
    workspace = Workspace(str(plan), {}, read_on_demand(disk(), lambda _: None))
    workspace = Workspace.open_on_demand(str(plan), {"KEDGE_STATE": str(plan.parent / "state")}, print)
    card = workspace.plan.cards["aim"]
    assert workspace.plan.needed_by["aim"]
    path = plan / f"{CARDS}/aim.toml"
    path.write_text('title = "Aim"\nplace = "execute"\nrank = "a5"\nowner = "mira"  # theirs\n')
    workspace.commit(edit(workspace.plan, card.address, {("status",): "doing"}))
    assert "# theirs" in path.read_text()
    assert 'status = "doing"' in path.read_text()
    path.write_text('title = "Theirs"\nplace = "execute"\nrank = "a5"\n')
    with pytest.raises(ChangedOutside):
        workspace.commit(edit(workspace.plan, card.address, {("title",): "Mine"}))
    assert path.read_text() == 'title = "Theirs"\nplace = "execute"\nrank = "a5"\n'
    assert workspace.plan.cards["aim"].title == "Theirs"


def test_all_is_found_where_all_is_asked_for(plan: Path, tmp_path: Path) -> None:
    environment = {"KEDGE_STATE": str(tmp_path / "state")}
    whole = Workspace.open(str(plan), environment)
    bit = Workspace.open_on_demand(str(plan), environment, lambda _: None)
    assert reading_findings(bit) == reading_findings(whole)
    assert bit.broken() == whole.broken()
    assert dict(bit.files) == dict(whole.files)
    (plan / f"{CARDS}/aim.toml").unlink()
    (plan / f"{CARDS}/fresh.toml").write_text('title = "Fresh"\n')
    assert bit.refresh() == whole.refresh()
    assert bit.plan == whole.plan
    assert sorted(bit.files) == sorted(whole.files)
