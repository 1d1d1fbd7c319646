"""Every example of the playbook, the published ones by name, and what wrong input says."""

from __future__ import annotations

from math import comb, isclose, isinf
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.calculators.bets import concentration, order, portfolio
from kedge.model.calculators.catalog import CALCULATORS
from kedge.model.calculators.evidence import eval_size, kappa, learning_curve
from kedge.model.calculators.money import (
    LADDER,
    Z80,
    annotation_cost,
    confidence,
    error_cost,
    expected_value,
    gain,
    npv,
    relative_score,
    stage_chance,
)
from kedge.model.playbook import shipped
from kedge.model.playbook.calculator import Example
from kedge.model.text.figure import Explained, Figure

EXAMPLES = [
    pytest.param(calculator.id, example, id=f"{calculator.id}-{at}")
    for calculator in shipped().calculators
    if calculator.id in CALCULATORS
    for at, example in enumerate(calculator.examples)
]


def same(found: Figure, wanted: object, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return isinstance(found, tuple) and list(found) == wanted
    assert isinstance(found, int | float)
    assert isinstance(wanted, int | float)
    return isclose(found, wanted, rel_tol=tolerance)


@pytest.mark.parametrize(("calculator", "example"), EXAMPLES)
def test_an_example_of_the_playbook(calculator: str, example: Example):
    found = CALCULATORS[calculator](**example.inputs)
    assert isinstance(found, Explained)
    assert example.outputs
    for name, wanted in example.outputs.items():
        assert same(found[name], wanted, example.tolerance), f"{name}: {found[name]} instead of {wanted}"


def test_each_calculator_gives_what_the_playbook_says_it_gives():
    for name, calculate in CALCULATORS.items():
        entry = shipped().calculator(name)
        assert entry is not None
        given_somewhere = set().union(*(calculate(**example.inputs).figures for example in entry.examples))
        assert set(entry.outputs) <= given_somewhere, name


def test_the_ladder_is_the_shipped_one():
    assert {level.id: level.p for level in shipped().scoring.evidence} == dict(LADDER)


@pytest.mark.parametrize(("calculator", "example"), EXAMPLES)
def test_every_result_shows_its_arithmetic(calculator: str, example: Example):
    found = CALCULATORS[calculator](**example.inputs)
    assert isinstance(found, Explained)
    lines = found.lines()
    assert lines[0].startswith(found.name)
    assert found.formula
    assert found.source
    assert found.steps
    assert all(any(step in line for line in lines) for step in found.steps)
    assert any(
        isclose(found.value, figure) for figure in found.figures.values() if isinstance(figure, int | float)
    )


# ---- published figures


def test_npv_of_the_spreadsheet_help():
    """Microsoft, NPV function, example 1: 1,188.44."""
    assert round(npv(0.10, [-10_000, 3_000, 4_200, 6_800]).value, 2) == 1188.44


def test_npv_of_another_spreadsheet_help():
    """Microsoft, NPV function, example 2: five years at 8 %, cost paid today: 1,922.06."""
    assert round(npv(0.08, [8_000, 9_200, 10_000, 12_000, 14_500]).value - 40_000, 2) == 1922.06


def test_npv_has_two_conventions_and_says_which_is_ours():
    """The same flows from time zero on are worth 1,307.29: public pages give both without saying which."""
    assert round(-10_000 + npv(0.10, [3_000, 4_200, 6_800]).value, 2) == 1307.29
    found = npv(0.10, [-10_000, 3_000, 4_200, 6_800])
    assert "one period from now" in " ".join((found.formula, *found.notes))


def test_threshold_of_the_german_credit_costs():
    """Statlog (German credit): a bad customer judged good costs 5, the other way 1; Elkan's threshold is 1/6."""
    assert error_cost(1, 0.5, 1, 0, 1, 5).number("threshold") == pytest.approx(1 / 6)


def test_rounded_shares_are_no_more_bets_than_there_are():
    found = concentration([0.333, 0.333, 0.333], [0.5, 0.5, 0.5])
    assert found.value == pytest.approx(3)
    assert found.steps[0] == "HHI = (0.333² + 0.333² + 0.333²) / 0.999² = 0.3333; bets = 3"
    assert found.number("p_none") == 0.125
    assert not found.notes


def test_chances_that_are_not_given_are_told():
    [note] = concentration([0.5, 0.5], [0.5]).notes
    assert note == "shares has 2 numbers and p 1: the chances that are given are multiplied"


def test_kappa_of_the_grant_applications():
    """Wikipedia, Cohen's kappa: 50 applications, 20 / 5 / 10 / 15, kappa 0.4."""
    assert kappa([[20, 5], [10, 15]]).value == pytest.approx(0.4)


def test_kappa_of_two_unlike_pairs_with_the_same_agreement():
    """Wikipedia, Cohen's kappa, same percentage but different numbers: 0.1304 and 0.2593."""
    assert round(kappa([[45, 15], [25, 15]]).value, 4) == 0.1304
    assert round(kappa([[25, 35], [5, 35]]).value, 4) == 0.2593


def test_sample_sizes_of_the_textbooks():
    """Cochran: half and half, 95 %: 385 at five points, 1068 at three, 97 at ten, 9604 at one."""
    assert [eval_size(p=0.5, margin=margin).value for margin in (0.05, 0.03, 0.10, 0.01)] == [
        385,
        1068,
        97,
        9604,
    ]


def test_wilson_of_newcombe():
    """Newcombe 1998, Statistics in Medicine 17, table I, score method: 81/263, 15/148, 0/20, 1/29."""
    rows = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (k, of), (low, high) in rows.items():
        found = eval_size(k=k, of=of)
        assert round(found.number("low"), 4) == low
        assert round(found.number("high"), 4) == high


def test_the_bound_of_none_or_all_is_exact_and_near_the_rule_of_three():
    """Hanley & Lippman-Hand 1983: without an event in n the upper 95 % bound is about 3 / n."""
    for n in (30, 100, 1000):
        assert eval_size(k=0, of=n).number("at_most") == pytest.approx(3 / n, rel=0.06)
        assert eval_size(k=n, of=n).number("at_least") == pytest.approx(1 - 3 / n, rel=0.01)
    assert eval_size(k=0, of=2).number("at_most") == pytest.approx(0.7763932022500211)
    for n, level in ((2, 0.95), (10, 0.9), (10, 0.99), (5000, 0.8)):
        at_most = eval_size(k=0, of=n, level=level).number("at_most")
        assert (1 - at_most) ** n == pytest.approx(1 - level)
        assert eval_size(k=n, of=n, level=level).number("at_least") == pytest.approx(1 - at_most)
    assert not {"at_most", "at_least"} & set(eval_size(k=1, of=2).figures)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ([[0, 10], [10, 0]], "poor"),
        ([[11, 12], [9, 9]], "poor"),
        ([[10, 10], [10, 10]], "slight"),
        ([[45, 15], [25, 15]], "slight"),
        ([[20, 5], [10, 15]], "fair"),
        ([[10, 0], [0, 10]], "almost perfect"),
    ],
)
def test_the_words_of_landis_and_koch(table: list[list[float]], word: str):
    """Below 0 poor, 0 to 0.20 slight, 0.21 to 0.40 fair, 0.81 to 1 almost perfect."""
    assert kappa(table).steps[-1].endswith(f": {word}")


def test_review_and_rework_are_paid_at_a_price_as_well():
    assert annotation_cost(1000, price=1, review=0.1).value == pytest.approx(1100)
    assert annotation_cost(10_000, 3, seconds=20, rate=12, review=0.1, rework=0.05).value == pytest.approx(
        2310
    )


def test_rounded_shares_are_shares():
    assert concentration([0.335, 0.335, 0.335], []).value == pytest.approx(3)


def test_rice_of_the_pattern_page():
    """hashbuilds.com, RICE: 5000 × 2 × 0.8 / 2 = 4000."""
    assert relative_score(5000, 2, 0.8, 2).value == 4000


def test_labels_at_a_price():
    """wring.co on SageMaker Ground Truth: 100,000 items at 0.036 are 3,600."""
    assert annotation_cost(100_000, price=0.036).value == pytest.approx(3600)


def test_burkardt_p01_and_p06():
    """Burkardt, KNAPSACK_01: P01 is 309, P06 is 1735."""
    p01 = portfolio(
        [92, 57, 49, 68, 60, 43, 67, 84, 87, 72],
        [[need] for need in (23, 31, 29, 44, 53, 38, 63, 85, 89, 82)],
        [165],
    )
    assert (p01.value, p01["chosen"]) == (309, (1, 2, 3, 4, 6))
    p06 = portfolio([442, 525, 511, 593, 546, 564, 617], [[n] for n in (41, 50, 49, 59, 55, 57, 60)], [170])
    assert (p06.value, p06["chosen"], p06["greedy"]) == (1735, (2, 4, 7), 1478)


def test_the_saving_of_reinertsen():
    """Reinertsen 2009: delays 10, 3, 1 with 1, 3, 10 weeks: the best order saves 96 % of the worst one's cost."""
    found = order([10, 3, 1], [1, 3, 10])
    assert round(1 - found.number("delay_cost") / found.number("worst_delay_cost"), 2) == 0.96


# ---- what they must keep


@given(low=st.floats(0, 1e6), more=st.floats(0, 1e6), most=st.floats(0, 1e6))
def test_a_mean_lies_between_its_ends(low: float, more: float, most: float):
    found = gain(low, low + more, low + more + most)
    assert low <= found.value * (1 + 1e-12)
    assert found.value <= (low + more + most) * (1 + 1e-12)
    assert found.number("p80") >= found.value


def test_p80_is_the_normal_distributions():
    assert pytest.approx(NormalDist().inv_cdf(0.8)) == Z80


@given(
    value=st.floats(-1e6, 1e6),
    stages=st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1)), min_size=1, max_size=4),
)
def test_the_right_to_stop_is_never_worth_less_than_nothing(value: float, stages: list[tuple[float, float]]):
    found = expected_value(value, stages)
    assert found.number("staged") == max(0.0, found.number("started"))
    assert found.number("started") >= found.number("all_in") - 1e-6


@given(p=st.floats(0.01, 1), stages=st.integers(1, 5))
def test_equal_chances_multiply_to_the_whole(p: float, stages: int):
    assert stage_chance(p, stages) ** stages == pytest.approx(p)


def test_evidence_against_and_mixed():
    """0.67 for, 0.5 mixed, 1 - 0.85 against, 0.75 for."""
    found = confidence(
        "opinion", "nothing", "test", "analogue", results={"data": "mixed", "technique": "against"}
    )
    assert found.value == pytest.approx(0.67 * 0.5 * 0.15 * 0.75)


def test_confidence_is_kept_between_floor_and_cap():
    against = dict.fromkeys(("value", "data", "technique", "adoption"), "against")
    assert confidence("proven", "proven", "proven", "proven", results=against).value == 0.02
    sure = confidence("sure", "sure", "sure", "sure", ladder={"sure": 1.0})
    assert sure.value == 0.95
    assert any("0.95" in step for step in sure.steps)


@given(k=st.integers(0, 60), of=st.integers(1, 60))
def test_wilson_holds_the_share(k: int, of: int):
    k = min(k, of)
    found = eval_size(k=k, of=of)
    assert 0 <= found.number("low") <= k / of + 1e-12
    assert k / of - 1e-12 <= found.number("high") <= 1


def test_wilson_covers_about_as_often_as_it_says():
    """Exact coverage for n = 50 averaged over p = 0.05 … 0.95: within a point of 95 %."""
    covered = 0.0
    chances = [at / 20 for at in range(1, 20)]
    intervals = [eval_size(k=k, of=50) for k in range(51)]
    for p in chances:
        covered += sum(
            comb(50, k) * p**k * (1 - p) ** (50 - k)
            for k, found in enumerate(intervals)
            if found.number("low") <= p <= found.number("high")
        )
    assert covered / len(chances) == pytest.approx(0.95, abs=0.01)


def test_a_learning_curve_goes_through_its_points():
    found = learning_curve(1000, 0.20, 4000, 0.14, target=0.14, floor=0.05)
    assert found.number("n") == pytest.approx(4000)
    assert learning_curve(1000, 0.20, 4000, 0.14, target=0.20).number("n") == pytest.approx(1000)


def test_labels_cost_set_up_and_review():
    found = annotation_cost(3600, 1, seconds=1, rate=10, review=0.5, rework=1, setup=7)
    assert (found["hours"], found["cost"]) == (1.0, 37.0)


# ---- what they refuse

WRONG = [
    (lambda: gain(3, 2, 5), "low <= likely <= high"),
    (lambda: gain(float("nan"), 2, 5), "low"),
    (lambda: concentration([0.333, 0.333, 0.328], []), "shares: a sum of 1 is expected, within 0.5 %"),
    (lambda: concentration([2], []), "shares: a share is between 0 and 1; 2 % is 0.02 or `2%`"),
    (lambda: confidence("test", "test", "test", "test", results={"bogus": "against"}), "one of value, data"),
    (lambda: relative_score(1, 100, 1, 1), "impact: a number from 0.25 to 3 is expected"),
    (lambda: relative_score(1, 0.1, 1, 1), "impact: a number from 0.25 to 3 is expected"),
    (lambda: annotation_cost(10, 1, price=1, review=10), "review: a share is between 0 and 1; 10 % is 0.1"),
    (lambda: annotation_cost(10.5, 1, price=1), "items: a whole number is expected"),
    (lambda: eval_size(p=0, margin=0.05), "p: more than 0"),
    (lambda: eval_size(p=1, margin=0.05), "p: more than 0"),
    (lambda: eval_size(p=0.5, margin=5), "margin: a share is between 0 and 1; 5 % is 0.05"),
    (lambda: eval_size(k=1.5, of=10), "k: a whole number"),
    (lambda: eval_size(k=1, of=10.5), "of: a whole number"),
    (lambda: eval_size(k=1, of=10, level=1), "level: more than 0"),
    (lambda: eval_size(k=1, of=10, level=95), "level: a share is between 0 and 1; 95 % is 0.95 or `95%`"),
    (lambda: kappa([[1.5, 2], [3, 4]]), "table: a whole number"),
    (lambda: learning_curve(1000, 0.2, 1001, 0.1999999, target=0.01), "target: no number of examples"),
    (lambda: portfolio([1], [[1, 2]], [1]), "needs: 1 numbers in each row"),
    (lambda: npv(10, [1]), "rate: a share is between 0 and 1; 10 % is 0.1 or `10%`"),
    (lambda: npv(0.1, []), "at least one flow"),
    (lambda: npv(-0.1, [1]), "rate: a share is between 0 and 1, not -0.1"),
    (
        lambda: error_cost(10, 1.2, 0.5, 0.1, 1, 1),
        "prevalence: a share is between 0 and 1; 1.2 % is 0.012 or `1.2%`",
    ),
    (lambda: error_cost(10, 0.2, 0.5, 0.1, 0, 0), "a price above 0"),
    (lambda: confidence("opinion", "guess", "test", "test"), "data: one of nothing, opinion"),
    (
        lambda: confidence("opinion", "test", "test", "test", results={"data": "no"}),
        "supports, mixed or against",
    ),
    (lambda: expected_value(10, []), "at least one stage"),
    (lambda: expected_value(10, [[1, 1.5]]), "chance of a stage"),
    (lambda: expected_value(10, [[1]]), "a cost and a chance"),
    (lambda: relative_score(10, 1, 0.5, 0), "more than 0 person-months"),
    (lambda: annotation_cost(10, 1), "a price, or seconds and a rate"),
    (lambda: annotation_cost(10, 1, price=1, seconds=2, rate=3), "not both"),
    (lambda: CALCULATORS["calc-schedule"](mean=-1, variance=1), "mean: a number of at least 0"),
    (lambda: kappa([[1, 2]]), "a square table"),
    (lambda: kappa([[0, 0], [0, 0]]), "at least one labelled item"),
    (lambda: kappa([[5, 0], [0, 0]]), "at least two kinds"),
    (eval_size, "p and margin, or k and of"),
    (lambda: eval_size(p=0.5, margin=0), "margin: at least 0.000001"),
    (lambda: eval_size(k=5, of=4), "k: a number from 0 to 4"),
    (lambda: learning_curve(1000, 0.2, 500, 0.1, target=0.1), "n1: fewer examples than n2"),
    (lambda: learning_curve(1000, 0.2, 4000, 0.2, target=0.1), "floor < e2 < e1"),
    (lambda: learning_curve(1000, 0.2, 4000, 0.14, floor=0.1, target=0.1), "target: more than the floor"),
    (lambda: order([1, 2], [1]), "weeks: as many as delays"),
    (lambda: order([1], [0]), "more than 0 weeks"),
    (lambda: order([], []), "at least one project"),
    (lambda: concentration([0.5, 0.4], []), "shares: a sum of 1"),
    (lambda: portfolio([1, 2], [[1]], [1]), "needs: a row for each of the 2 values"),
]


@pytest.mark.parametrize(("call", "expected"), WRONG)
def test_wrong_input_says_what_was_expected(call: object, expected: str):
    assert callable(call)
    with pytest.raises(ValueError, match=expected.replace("(", r"\(")):
        call()


# ---- how it is shown


def test_lines_show_parts_deeper_and_no_control_codes():
    part = gain(1, 2, 3, unit="EUR\x1b[31m")
    whole = Explained(
        "Sum", float("inf"), "EUR", "a + b", {"a": 1234567.0}, ("a + b = c",), "own", parts=(part,)
    )
    lines = whole.lines()
    assert lines[0] == "Sum: inf EUR"
    assert lines[1:3] == ["  formula  a + b", "  a        1,234,567"]
    assert "  Yearly gain: 2 EUR\\x1b[31m" in lines
    assert isinf(whole.value)


def test_a_row_is_no_number():
    with pytest.raises(TypeError, match="not a single number"):
        order([1, 2], [1, 1]).number("order")
    with pytest.raises(KeyError):
        gain(1, 2, 3).number("npv")
