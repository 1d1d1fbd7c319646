"""What a person answers for is remarked on before it is written, and an agent neither writes nor undoes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.model.edit import edits
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.storage.disk.errors import NeedsPerson
from kedge.storage.plan.workspace import Workspace

from .plans import CARD, FILES, make, texts

STRATEGY = Address("strategy", "churn", "strategy")
METRIC = '[metrics.recall]\ntitle = "Recall"\nrole = "success"\nbaseline = 0.4\ntarget = 0.8\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path, {**FILES, "projects/churn/strategy.toml": METRIC})


def opened(root: Path, actor: str) -> Workspace:
    return Workspace.open(str(root), {"KEDGE_STATE": str(root.parent / "state"), "KEDGE_ACTOR": actor})


def moved(space: Workspace) -> Batch:
    return edits.edit(space.plan, STRATEGY, {("metrics", "recall", "target"): 0.6})


def done(space: Workspace) -> Batch:
    return edits.set_status([space.plan.cards["feature-table-7k2m"]], "done")


def test_a_goal_that_moves_is_remarked_on_also_in_a_step_of_cards(root: Path) -> None:
    space = opened(root, "person")
    goal, card = moved(space), done(space)
    both = Batch("both", (*card.changes, *goal.changes))
    for batch in (goal, both):
        (said,) = space.remarks(batch)
        assert said.startswith("goal moves after work began: ")
        assert "target 0.8 → 0.6" in said
    assert space.remarks(card) == []


def test_an_agent_does_not_move_a_goal_and_does_not_move_it_back(root: Path) -> None:
    before = texts(root)
    agent = opened(root, "agent")
    with pytest.raises(NeedsPerson):
        agent.commit(moved(agent))
    assert texts(root) == before
    person = opened(root, "person")
    person.commit(moved(person))
    after = texts(root)
    assert "target = 0.6" in after["projects/churn/strategy.toml"]
    with pytest.raises(NeedsPerson):
        opened(root, "agent").undo()
    assert texts(root) == after
    person.undo()
    assert texts(root) == before


def test_an_agent_does_its_own_work(root: Path) -> None:
    agent = opened(root, "agent")
    agent.commit(done(agent))
    assert 'status = "done"' in (root / CARD).read_text()
    agent.undo()
    assert (root / CARD).read_text() == FILES[CARD]
