"""Which findings a range brought in."""

from __future__ import annotations

from kedge.model.plan.plan import Plan
from kedge.model.records.address import Address
from kedge.model.records.card import Card
from kedge.model.records.findings import Finding
from kedge.model.review.introduced import introduced

CARD = Address("card", "churn", "a-2b3c")


def plan(**fields: object) -> Plan:
    return Plan({CARD: Card.model_validate({"project": "churn", "id": "a-2b3c", "title": "A", **fields})})


def found(message: str, field: str = "owner", address: Address | None = CARD, **more: object) -> Finding:
    return Finding("R201", "error", message, address, (field,), **more)  # type: ignore[arg-type]


def test_other_words_for_the_same_value_are_the_same_finding() -> None:
    same = plan(owner="sam")
    assert introduced([found("3 days late")], [found("4 days late")], same, same) == []
    # Also where another field of the record was changed.
    assert (
        introduced([found("3 days late")], [found("4 days late")], same, plan(owner="sam", skill="ml")) == []
    )


def test_another_value_with_another_mistake_is_new() -> None:
    new = found("owner is 'nora'")
    assert introduced([found("owner is 'sam'")], [new], plan(owner="sam"), plan(owner="nora")) == [new]


def test_more_of_the_same_are_counted() -> None:
    one = found("x", field="needs")
    same = plan()
    assert introduced([one], [one, one], same, same) == [one]
    assert introduced([one, one], [one], same, same) == []


def test_a_new_record_has_only_new_findings() -> None:
    one = found("x")
    assert introduced([], [one], Plan(), plan()) == [one]
    assert introduced([one], [one], Plan(), plan()) == []


def test_files_are_told_apart_by_their_path() -> None:
    one, other = (found("the file's name is no id", address=None, file=name) for name in ("a.toml", "b.toml"))
    assert introduced([one], [one, other], plan(), plan()) == [other]
