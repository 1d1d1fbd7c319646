"""The steps that put an answer into a project's assessment, say that it still holds, or take it away."""

from __future__ import annotations

from ..edit.edits import edit, put_entry
from ..edit.refusal import EditRefused
from ..plan.change import MISSING, Batch
from ..plan.plan import Plan
from ..playbook.item import Item
from ..records.address import Address
from ..records.assessment import Answer
from ..text.named import named, quoted
from ..text.wording import lacks_words
from .expected import Fields
from .standing import Standing


def set_answer(plan: Plan, project: str, item: Item, fields: Fields, before: Answer | None) -> Batch:
    """The step that puts fields of an answer into a project's assessment.

    A verdict takes the place of `unknown` and `not-applicable`, and the other way round. Raises EditRefused where the
    question is said not to apply without a reason, and where a way of the evidence is said that is not asked for.
    """
    fields = dict(fields)
    state = fields.get("state")
    if state is not None:
        fields |= {"verdict": None}
        because = str(fields.get("because") or (before.because if before else None) or "")
        wrong = lacks_words(because, item.text) if state == "not-applicable" else ""
        if wrong:
            raise EditRefused(f"{named(item.text, item.id)} does not apply: say why with a reason; {wrong}")
    elif before is not None and before.state is not None and {"verdict", "values", "checked"} & fields.keys():
        fields |= {"state": None, "approved_by": None}
    stored = plan.answers(project).get(item.id)
    if stored is not None and item.is_over(stored.cycle, plan.projects[project].cycle):
        # Nothing of it is about this cycle.
        fields = dict.fromkeys(name for name in stored.model_fields_set if name != "unfit") | fields
    if fields.get("result") is not None and not item.result:
        raise EditRefused(f"{named(item.text, item.id)} does not ask which way the evidence points")
    return put_entry(
        plan,
        "answer",
        project,
        item.id,
        fields | _this_cycle(plan, project),
        f"{project}: answer {quoted(item.text)}",
    )


def _this_cycle(plan: Plan, project: str) -> Fields:
    """The cycle for which something is said; nothing in the first, where there is no other."""
    cycle = plan.projects[project].cycle
    return {"cycle": cycle} if cycle > 1 else {}


def confirm(plan: Plan, project: str, one: Standing) -> Batch:
    """The step that says of an answer from an earlier cycle that it still holds. Raises EditRefused."""
    item = one.item
    if not one.to_confirm:
        raise EditRefused(
            f"{named(item.text, item.id)} is {one.word}: there is nothing of an earlier cycle to confirm"
        )
    return put_entry(
        plan,
        "answer",
        project,
        item.id,
        _this_cycle(plan, project),
        f"{project}: {quoted(item.text)} still holds",
    )


def clear_answer(plan: Plan, project: str, item: Item) -> Batch:
    """The step that takes an answer away. Raises EditRefused where there is none."""
    if item.id not in plan.answers(project):
        raise EditRefused(f"{named(item.text, item.id)} has no answer to take away")
    return edit(
        plan,
        Address("assessment", project, "assessment"),
        {("answers", item.id): MISSING},
        f"{project}: no answer to {quoted(item.text)}",
    )
