"""Edits, edits by others, rescans, undo and redo in any order: nothing is lost, and memory is what the disk says.

The board stages steps and writes them later, in order; while a step waits, others edit and remove files, and the board
looks at the disk. What must come of it is known here without asking the workspace: `owners` and `comments` are what
others wrote, which no step ever touches; `waiting` is which skill a step that is yet to be written gives to which card.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from random import Random

import tomli
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kedge.model.edit import edits, renames
from kedge.model.plan.change import Batch, apply
from kedge.model.plan.plan import Plan
from kedge.model.records.card import Card
from kedge.storage.disk.errors import ChangedOutside, NothingToUndo
from kedge.storage.plan.read import read_plan
from kedge.tests.effort import times

from .plans import make, opened

TITLES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12).filter(
    str.strip
)
NUMBERS = st.integers(0, 9)
SKILLS = st.sampled_from(["sql", "spark"])
COMMENT = "# a note by hand"
HAS_CARD = precondition(lambda self: self.space.plan.cards)
HAS_FILE = precondition(lambda self: self.on_disk())


class TwoHands(RuleBasedStateMachine):
    """A person at the board, and somebody else with an editor."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.root = make(self.folder)
        self.space = opened(self.root)
        self.told = self.space.plan
        """The plan as a listener has it, from steps alone."""
        self.space.listeners.append(self.hear)
        self.comments: dict[str, int] = {}
        self.owners: dict[str, str] = {}
        self.waiting: list[tuple[Batch, str]] = []

    def teardown(self) -> None:
        self.write_all()
        self.space.refresh()
        assert self.space.plan == read_plan(str(self.root)).plan
        shutil.rmtree(self.folder)

    def hear(self, step: Batch) -> None:
        # Asked for before each step, so that there is something to carry along.
        assert self.told.needed_by is not None
        assert self.told.cards_of is not None
        self.told = apply(self.told, step.changes)

    def card(self, number: int) -> Card:
        ids = sorted(self.space.plan.cards)
        return self.space.plan.cards[ids[number % len(ids)]]

    def settled(self, number: int) -> Card | None:
        """A card after all steps were written; None where a refused one has left no card."""
        self.write_all()
        return self.card(number) if self.space.plan.cards else None

    def path(self, name: str) -> Path:
        return self.root / f"projects/churn/cards/{name}.toml"

    def on_disk(self) -> list[str]:
        return sorted(path.stem for path in self.root.glob("projects/churn/cards/*.toml"))

    def forget(self, name: str) -> None:
        self.comments.pop(name, None)
        self.owners.pop(name, None)

    def same_as_disk(self, name: str) -> bool:
        return self.space.plan.cards.get(name) == read_plan(str(self.root)).plan.cards.get(name)

    # ---- steps that are written later

    @HAS_CARD
    @rule(number=NUMBERS, skill=SKILLS)
    def stage(self, number: int, skill: str) -> None:
        batch = edits.edit_all([self.card(number)], {("skill",): skill}, "skill")
        if batch.changes:
            self.space.stage(batch)
            self.waiting.append((batch, skill))

    @precondition(lambda self: self.waiting)
    @rule()
    def write(self) -> None:
        batch, skill = self.waiting.pop(0)
        change = batch.changes[0]
        assert isinstance(change.before, Card)
        name, path = change.address.id, self.path(change.address.id)
        before = path.read_bytes() if path.exists() else None
        skill_there = tomli.loads(before.decode()).get("skill") if before is not None else None
        is_refused = before is None or skill_there not in (change.before.skill, skill)
        try:
            self.space.write(batch)
        except ChangedOutside:
            assert is_refused
            assert (path.read_bytes() if path.exists() else None) == before
        else:
            assert not is_refused
            assert tomli.loads(path.read_text())["skill"] == skill
        if all(other.changes[0].address.id != name for other, _ in self.waiting):
            assert self.same_as_disk(name)

    def write_all(self) -> None:
        while self.waiting:
            self.write()

    # ---- steps that are written at once

    @HAS_CARD
    @rule(number=NUMBERS, title=TITLES)
    def retitle(self, number: int, title: str) -> None:
        card = self.settled(number)
        if card is None:
            return
        try:
            self.space.commit(edits.edit_all([card], {("title",): title}, "retitle"))
        except ChangedOutside:
            assert not self.path(card.id).exists()
        if card.title != title:
            assert self.same_as_disk(card.id)

    @HAS_CARD
    @rule(number=NUMBERS, status=st.sampled_from(["todo", "doing", "done"]))
    def set_status(self, number: int, status: str) -> None:
        card = self.settled(number)
        if card is None:
            return
        try:
            self.space.commit(edits.set_status([card], status))
        except ChangedOutside:
            assert not self.path(card.id).exists()
        if card.status != status:
            assert self.same_as_disk(card.id)

    @rule(title=TITLES, seed=st.integers(0, 99))
    def add(self, title: str, seed: int) -> None:
        batch = edits.add_card(self.space.plan, "churn", title, {}, Random(seed))
        name = batch.changes[0].address.id
        there = self.path(name).read_bytes() if self.path(name).exists() else None
        try:
            self.space.commit(batch)
        except ChangedOutside:
            assert there is not None
            assert self.path(name).read_bytes() == there
            return
        assert there is None
        assert self.same_as_disk(name)

    @HAS_CARD
    @rule(number=NUMBERS, seed=st.integers(0, 999))
    def rename(self, number: int, seed: int) -> None:
        card, new = self.settled(number), f"renamed-{seed}"
        if card is None or new in self.space.plan.cards or new in self.on_disk():
            return
        try:
            self.space.commit(renames.rename(self.space.plan, card.address, new))
        except ChangedOutside:
            return
        for known in (self.comments, self.owners):
            if card.id in known:
                known[new] = known.pop(card.id)  # pyright: ignore[reportArgumentType]

    @HAS_CARD
    @rule(number=NUMBERS)
    def remove(self, number: int) -> None:
        card = self.settled(number)
        if card is None:
            return
        path = self.path(card.id)
        there = path.read_bytes() if path.exists() else None
        known = self.space.files[f"projects/churn/cards/{card.id}.toml"].content
        try:
            self.space.commit(edits.remove(self.space.plan, [card.address]))
        except ChangedOutside:
            # What somebody else wrote is looked at before it goes.
            assert there != known
            assert (path.read_bytes() if path.exists() else None) == there
            return
        assert there == known
        assert not path.exists()
        assert card.id not in self.space.plan.cards
        self.forget(card.id)

    @rule(back=st.booleans())
    def travel(self, back: bool) -> None:
        self.write_all()
        before = {path: path.read_bytes() for path in self.root.rglob("*.toml")}
        try:
            _ = self.space.undo() if back else self.space.redo()
        except NothingToUndo:
            assert {path: path.read_bytes() for path in self.root.rglob("*.toml")} == before
            return
        # What came back, or has gone, or got another name: what is in it now. All other files keep what others wrote.
        for name in {*self.on_disk(), *self.comments, *self.owners}:
            if self.path(name) in before and self.path(name).exists():
                continue
            self.forget(name)
            if self.path(name).exists():
                text = self.path(name).read_text()
                self.comments[name] = text.count(COMMENT)
                self.owners[name] = tomli.loads(text).get("owner", "")

    # ---- what somebody else does

    @HAS_FILE
    @rule(number=NUMBERS)
    def comment_by_hand(self, number: int) -> None:
        name = self.on_disk()[number % len(self.on_disk())]
        with self.path(name).open("ab") as file:
            file.write(f"{COMMENT}\n".encode())
        self.comments[name] = self.comments.get(name, 0) + 1

    @HAS_FILE
    @rule(number=NUMBERS, owner=st.sampled_from(["mira", "sam", "ines"]))
    def owner_by_hand(self, number: int, owner: str) -> None:
        name = self.on_disk()[number % len(self.on_disk())]
        self.write_by_hand(name, "owner", owner)
        self.owners[name] = owner

    @HAS_FILE
    @rule(number=NUMBERS, skill=SKILLS)
    def skill_by_hand(self, number: int, skill: str) -> None:
        self.write_by_hand(self.on_disk()[number % len(self.on_disk())], "skill", skill)

    @HAS_FILE
    @rule(number=NUMBERS)
    def remove_by_hand(self, number: int) -> None:
        name = self.on_disk()[number % len(self.on_disk())]
        self.path(name).unlink()
        self.forget(name)

    def write_by_hand(self, name: str, key: str, value: str) -> None:
        path = self.path(name)
        # Only a line feed ends a line of TOML, whatever else Unicode calls a line.
        lines = [line for line in io.StringIO(path.read_bytes().decode()) if not line.startswith(f"{key} =")]
        place = next(index for index, line in enumerate(lines) if line.startswith("title ="))
        lines.insert(place, f'{key} = "{value}"\n')
        path.write_bytes("".join(lines).encode())

    @rule()
    def rescan(self) -> None:
        self.space.refresh()
        skills = {batch.changes[0].address: skill for batch, skill in self.waiting}
        disk = read_plan(str(self.root)).plan.records
        for address in {*disk, *self.space.plan.records} - {*skills}:
            assert self.space.plan.get(address) == disk.get(address)
        for address, skill in skills.items():
            card = self.space.plan.get(address)
            assert isinstance(card, Card)
            assert card.skill == skill

    # ---- what always holds

    @invariant()
    def files_are_whole(self) -> None:
        loaded = read_plan(str(self.root))
        assert not [one for one in loaded.findings if one.code not in ("F105", "F107")]
        assert not list(self.root.rglob("*.tmp"))
        assert sorted(loaded.plan.cards) == self.on_disk()

    @invariant()
    def listeners_have_the_same_plan_with_the_same_indexes(self) -> None:
        assert self.told == self.space.plan
        fresh = Plan(self.told.records)
        assert (self.told.cards, self.told.cards_of) == (fresh.cards, fresh.cards_of)
        assert self.told.needed_by == fresh.needed_by

    @invariant()
    def nothing_that_others_wrote_is_lost(self) -> None:
        for name, count in self.comments.items():
            assert self.path(name).read_text().count(COMMENT) == count
        for name, owner in self.owners.items():
            assert tomli.loads(self.path(name).read_text()).get("owner", "") == owner


TestTwoHands = TwoHands.TestCase
# Fewer than of other properties: a step reads and writes a plan several times.
TestTwoHands.settings = settings(max_examples=times(20), stateful_step_count=40)
