"""The small languages of the playbook: what parses, what it means, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model import playbook
from kedge.model.playbook.conditions import (
    Among,
    Bound,
    Count,
    Name,
    Reply,
    Stated,
    When,
    parse_name,
    parse_pass,
    parse_when,
)
from kedge.model.playbook.record_tests import parse_test


def met(rule: str, reply: Reply, **others: Reply) -> bool:
    return parse_pass(rule).met(reply, {name.replace("_", "-"): other for name, other in others.items()})


@pytest.mark.parametrize(
    ("rule", "verdict", "expected"),
    [
        ("answered", None, False),
        ("answered", "", False),
        ("answered", (), False),
        ("answered", "because", True),
        ("answered", 0, True),
        ("answered", False, True),
        ("yes", True, True),
        ("yes", False, False),
        ("yes", None, False),
        ("yes", 1, False),
        ("yes", "yes", False),
        ("no", False, True),
        ("no", True, False),
        ("no", None, False),
        ("no", 0, False),
        ("one-of:all of it,part of it", "part of it", True),
        ("one-of:all of it,part of it", "none of it", False),
        ("one-of:a,b", None, False),
        ("one-of:a,b", ("a", "b"), True),
        ("one-of:a,b", ("a", "c"), False),
        ("not:none", "some", True),
        ("not:none", "none", False),
        ("not:none", ("some", "none"), False),
        ("not:none", None, False),
        ("not:none", (), False),
        ("not:none", "", False),
        (">= 3", 3, True),
        (">= 3", 2, False),
        (">= 3", None, False),
        (">= 0", True, False),
        (">= 3", "4", False),
        ("> 0", 0, False),
        ("> 0", 0.001, True),
        ("<= -1.5", -1.5, True),
        ("< 10", 10**400, False),
    ],
)
def test_verdicts(rule: str, verdict: object, expected: bool):
    assert met(rule, Reply(verdict)) is expected  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("rule", "records", "expected"),
    [
        ("records >= 2", 1, False),
        ("records >= 2", 2, True),
        ("records == 1", 1, True),
        ("records == 1", 2, False),
        ("records == 0", 0, True),
        ("answered", 0, False),
        ("answered", 1, True),
    ],
)
def test_records(rule: str, records: int, expected: bool):
    assert met(rule, Reply(records=records)) is expected


def test_all_wants_every_line():
    assert met("all", Reply(checked=("a", "b")))
    assert not met("all", Reply(checked=("a",), missing=("b",)))
    assert not met("all", Reply())


def test_fields_are_compared_with_those_of_other_items():
    rule = "lower bound >= arch-quality.minimum"
    wanted = Reply(values={"minimum": 0.8})
    assert met(rule, Reply(values={"lower bound": 0.8}), arch_quality=wanted)
    assert not met(rule, Reply(values={"lower bound": 0.79}), arch_quality=wanted)
    assert not met(rule, Reply(values={"lower bound": "high"}), arch_quality=wanted)
    assert not met(rule, Reply(values={"lower bound": 0.9}))
    assert not met(rule, Reply(), arch_quality=wanted)


def test_figures_multiply_and_divide_from_left_to_right():
    rule = "tried >= 12 / 2 * peak"
    assert met(rule, Reply(values={"tried": 18, "peak": 3}))
    assert not met(rule, Reply(values={"tried": 17.9, "peak": 3}))
    assert not met("a >= 1 / b", Reply(values={"a": 5, "b": 0}))


def test_all_tests_of_a_comparison_must_hold():
    rule = "a >= 1 and b < c"
    assert met(rule, Reply(values={"a": 1, "b": 1, "c": 2}))
    assert not met(rule, Reply(values={"a": 0, "b": 1, "c": 2}))
    assert not met(rule, Reply(values={"a": 1, "b": 2, "c": 2}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answered", Stated("answered")),
        (" yes ", Stated("yes")),
        ("one-of: a , b c", Among(("a", "b c"), wanted=True)),
        ("not:x", Among(("x",), wanted=False)),
        (">=3", Bound(">=", 3.0)),
        ("records>=2", None),
        ("records  >=  2", Count(">=", 2)),
    ],
)
def test_parsing(text: str, expected: object):
    if expected is None:
        with pytest.raises(ValueError, match="is none of"):
            parse_pass(text)
    else:
        assert parse_pass(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "maybe",
        "one-of:",
        "not:a,,b",
        ">= three",
        "records >= -1 x",
        "records >= 2.5",
        "a >= b >= c",
        "a and b >= 1",
        ">=",
        ">= " + "9" * 400,
    ],
)
def test_what_does_not_parse_is_refused_with_the_forms(text: str):
    with pytest.raises(ValueError, match=r"is none of|needs choices|one comparison|whole numbers|too large"):
        parse_pass(text)


def test_shipped_rules_are_their_own_text():
    for item in playbook.shipped().items:
        written = playbook.shipped_data()["item"][item.id]
        assert str(item.passes) == written["pass"]
        assert parse_pass(str(item.passes)) == item.passes
        assert str(item.when or "") == written.get("when", "")
        assert str(item.filter or "") == written.get("filter", "")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters=",", exclude_categories=("Cc", "Zs", "Zl", "Zp")),
    min_size=1,
)


@given(st.lists(WORDS, min_size=1), st.booleans())
def test_any_choice_survives_being_written(choices: list[str], wanted: bool):
    rule = Among(tuple(choices), wanted)
    assert parse_pass(str(rule)) == rule


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_limit_survives_being_written(limit: float):
    rule = Bound(">=", limit)
    assert parse_pass(str(rule)) == rule


@given(st.text() | st.text(alphabet="ab-. ><=!'*/19 andorhas"))
def test_the_parsers_raise_nothing_but_their_own_error(text: str):
    for parse in (parse_pass, parse_when, parse_test):
        try:
            parsed = parse(text)
        except ValueError:
            continue
        assert parse(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("text", "verdict", "expected"),
    [
        ("kind has 'b'", ("a", "b"), True),
        ("kind has 'b'", "b", True),
        ("kind has 'b'", ("a",), False),
        ("kind has 'b'", None, False),
        ("kind == 'b'", "b", True),
        ("kind == 'b'", None, False),
        ("kind != 'none needed'", "some", True),
        ("kind != 'none needed'", "none needed", False),
        ("kind != 'none needed'", None, True),
        ("kind >= 3", 3, True),
        ("kind >= 3", 2, False),
        ("kind >= 3", None, False),
        ("kind has 'people's rights'", ("people's rights",), True),
    ],
)
def test_when(text: str, verdict: object, expected: bool):
    condition = parse_when(text)
    assert condition.holds({"kind": Reply(verdict)}) is expected  # pyright: ignore[reportArgumentType]
    assert parse_when(str(condition)) == condition


def test_an_item_that_was_not_answered_excludes_nothing():
    assert not When("kind", "has", "b").holds({})
    assert When("kind", "!=", "b").holds({})


@pytest.mark.parametrize(
    "text", ["", "kind", "kind has b", "kind has 3", "Kind == 'b'", "kind >= 'b'", "kind == ''"]
)
def test_when_refuses(text: str):
    with pytest.raises(ValueError, match="is none of"):
        parse_when(text)


@pytest.mark.parametrize("parse", [parse_pass, parse_when, parse_test])
def test_a_text_made_to_take_for_ever_is_refused(parse: Callable[[str], object]):
    with pytest.raises(ValueError, match="at most 500 characters"):
        parse("a" + " " * 1_000_000 + "b")


def test_filter():
    rule = parse_test("role == 'mlops' or owner_after_launch")
    assert rule.matches(SimpleNamespace(role="mlops", owner_after_launch=False))
    assert rule.matches(SimpleNamespace(role=None, owner_after_launch=True))
    assert not rule.matches(SimpleNamespace(role="analyst", owner_after_launch=False))
    assert not rule.matches(SimpleNamespace())
    assert rule.unknown({"role"}) == ["owner_after_launch"]
    assert str(rule) == "role == 'mlops' or owner_after_launch"
    with pytest.raises(ValueError, match="is none of"):
        parse_test("role = mlops")


def test_names():
    assert parse_name("arch-quality.minimum") == Name("arch-quality", "minimum")
    assert parse_name(" p95 latency ") == Name("", "p95 latency")
    assert parse_name("No id.5") == Name("", "No id.5")
    assert str(Name("a", "b c")) == "a.b c"
