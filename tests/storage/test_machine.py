"""Edits, edits by others, rescans, undo and redo in any order: nothing is lost, and memory is what the disk says."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kedge.model.edit import edits, renames
from kedge.model.plan.change import Batch, apply
from kedge.model.plan.plan import Plan
from kedge.storage.disk.errors import ChangedOutside, NothingToUndo
from kedge.storage.plan.read import read_plan

from .plans import make, opened

TITLES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12).filter(
    str.strip
)
COMMENT = "# a note by hand"


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

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def hear(self, step: Batch) -> None:
        # Asked for before each step, so that there is something to carry along.
        assert self.told.needed_by is not None
        assert self.told.cards_of
        self.told = apply(self.told, step.changes)

    def card(self, number: int) -> str:
        ids = sorted(self.space.plan.cards)
        return ids[number % len(ids)]

    @rule(number=st.integers(0, 9), title=TITLES)
    def retitle(self, number: int, title: str) -> None:
        card = self.space.plan.cards[self.card(number)]
        try:
            self.space.commit(edits.edit_all([card], {("title",): title}, "retitle"))
        except ChangedOutside:
            assert self.space.plan == read_plan(str(self.root)).plan

    @rule(number=st.integers(0, 9), status=st.sampled_from(["todo", "doing", "done"]))
    def set_status(self, number: int, status: str) -> None:
        card = self.space.plan.cards[self.card(number)]
        try:
            self.space.commit(edits.set_status([card], status))
        except ChangedOutside:
            assert self.space.plan == read_plan(str(self.root)).plan

    @rule(title=TITLES, seed=st.integers(0, 99))
    def add(self, title: str, seed: int) -> None:
        batch = edits.add_card(self.space.plan, "churn", title, {}, Random(seed))
        self.space.commit(batch)
        assert batch.changes[0].address.id in self.space.plan.cards

    @rule(number=st.integers(0, 9), seed=st.integers(0, 999))
    def rename(self, number: int, seed: int) -> None:
        card = self.space.plan.cards[self.card(number)]
        new = f"renamed-{seed}"
        if new in self.space.plan.cards:
            return
        try:
            self.space.commit(renames.rename(self.space.plan, card.address, new))
        except ChangedOutside:
            return
        if card.id in self.comments:
            self.comments[new] = self.comments.pop(card.id)

    @rule(number=st.integers(0, 9))
    def comment_by_hand(self, number: int) -> None:
        name = self.card(number)
        path = self.root / f"projects/churn/cards/{name}.toml"
        with path.open("ab") as file:
            file.write(f"{COMMENT}\n".encode())
        self.comments[name] = self.comments.get(name, 0) + 1

    @rule(number=st.integers(0, 9), owner=st.sampled_from(["mira", "sam", "ines"]))
    def owner_by_hand(self, number: int, owner: str) -> None:
        path = self.root / f"projects/churn/cards/{self.card(number)}.toml"
        # Only a line feed ends a line of TOML, whatever else Unicode calls a line.
        lines = [line for line in io.StringIO(path.read_bytes().decode()) if not line.startswith("owner =")]
        place = next(index for index, line in enumerate(lines) if line.startswith("title ="))
        lines.insert(place + 1, f'owner = "{owner}"\n')
        path.write_bytes("".join(lines).encode())

    @rule()
    def rescan(self) -> None:
        self.space.refresh()
        assert self.space.plan == read_plan(str(self.root)).plan

    @rule(back=st.booleans())
    def travel(self, back: bool) -> None:
        before = {path: path.read_bytes() for path in self.root.rglob("*.toml")}
        try:
            _ = self.space.undo() if back else self.space.redo()
        except NothingToUndo:
            assert {path: path.read_bytes() for path in self.root.rglob("*.toml")} == before
            return
        self.comments = {
            path.stem: path.read_text().count(COMMENT)
            for path in self.root.glob("projects/churn/cards/*.toml")
        }

    @invariant()
    def files_are_whole(self) -> None:
        loaded = read_plan(str(self.root))
        assert not [one for one in loaded.findings if one.code not in ("F105", "F107")]
        assert not list(self.root.rglob("*.tmp"))
        assert len(loaded.plan.cards) >= 2

    @invariant()
    def listeners_have_the_same_plan_with_the_same_indexes(self) -> None:
        assert self.told == self.space.plan
        fresh = Plan(self.told.records)
        assert (self.told.cards, self.told.cards_of) == (fresh.cards, fresh.cards_of)
        assert self.told.needed_by == fresh.needed_by

    @invariant()
    def no_comment_is_lost(self) -> None:
        for name, count in self.comments.items():
            assert (self.root / f"projects/churn/cards/{name}.toml").read_text().count(COMMENT) == count


TestTwoHands = TwoHands.TestCase
TestTwoHands.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
