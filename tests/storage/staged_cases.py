"""Cards of a plan with steps that wait, for tests of writing them later."""

from __future__ import annotations

from kedge.model.edit import edits
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.model.records.card import Card
from kedge.storage.plan.workspace import Workspace

ADDRESS = Address("card", "churn", "feature-table-7k2m")
AUDIT = Address("card", "churn", "label-audit-9x4p")
MIRA = "people/mira.toml"


def card(space: Workspace, address: Address = ADDRESS) -> Card:
    return space.plan.cards[address.id]


def field(space: Workspace, name: str, value: object, address: Address = ADDRESS) -> Batch:
    return edits.edit(space.plan, address, {(name,): value})
