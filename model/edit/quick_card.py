"""A card from one line, together with the person and the milestone that it names first, as one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from ..cards.quick_add import Problem, Quick
from ..plan.change import Batch, apply
from ..plan.plan import Plan
from .edits import add_card, add_record, batch_of


def addable(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
    """Kind and id of what a line names that could be added with the card; nothing where more is wrong with it."""
    lacking = tuple(one.lacking for one in problems if one.lacking is not None)
    return tuple(dict.fromkeys(lacking)) if len(lacking) == len(problems) else ()


def add_with(
    plan: Plan,
    project: str,
    lacking: Sequence[tuple[str, str]],
    read: Callable[[Plan], Quick],
    fields: Mapping[str, object],
    randomness: Random,
) -> Batch:
    """The card of a line, after what it names has been added; `read` reads the line in a plan that has that.

    `fields` are those that the line does not say. Raises EditRefused.
    """
    now, changes = plan, list[Batch]()
    for kind, new_id in lacking:
        name = new_id.replace("-", " ")
        data = {"name": name.title()} if kind == "person" else {"title": name.capitalize()}
        batch = add_record(now, kind, "" if kind == "person" else project, new_id, data)
        changes.append(batch)
        now = apply(now, batch.changes)
    quick = read(now)
    card = add_card(now, project, quick.title, {**fields, **quick.fields}, randomness)
    # The card comes first: it is what the step is about, and what has the focus after it.
    found = [*card.changes, *(change for batch in changes for change in batch.changes)]
    names = "".join(f", {kind} {new_id}" for kind, new_id in lacking)
    return batch_of(f"{card.label}{names}", found)
