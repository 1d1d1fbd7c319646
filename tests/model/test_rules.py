"""The rules of check: what a plan alone can tell. Each rule's usual case is a sample in samples/broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.records.address import Address
from kedge.model.records.findings import Finding
from kedge.model.rules.catalog import MODULES, RULES
from kedge.model.rules.checking import check
from kedge.model.rules.fixes import fix, fixed
from kedge.model.rules.naming import closest, is_slip
from kedge.model.rules.references import nearest_place
from kedge.model.rules.rule import FAMILIES
from kedge.model.rules.selection import chosen
from kedge.model.rules.settings import code_of, is_known
from kedge.model.snapshot.snapshot import Snapshot

from .plan_from import plan_from

TODAY = dt.date(2026, 11, 21)
NOTHING = Snapshot.of(Plan(), shipped(), TODAY)


def plan_of(files: Mapping[str, Mapping[str, Any]]) -> Plan:
    """A plan from `kind project/id` and plain values; board, project and one person are there anyway."""
    records = {"project churn/churn": {"title": "Churn"}, "person /mira": {"name": "Mira"}, **files}
    return plan_from(records)


def codes(plan: Plan, seen: Snapshot = NOTHING) -> list[str]:
    """What the rules of files and links find; those of the phases have tests of their own."""
    return [finding.code for finding in check(seen.with_plan(plan)) if finding.code[0] in "FR"]


def card(**fields: Any) -> dict[str, Any]:
    return {"title": "A card", "place": "execute", **fields}


def test_codes_and_names_are_unique_and_well_formed() -> None:
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    for code, rule in RULES.items():
        assert code == rule.code
        assert code[0] in FAMILIES
        assert code[1:].isdigit()
        assert rule.name == rule.name.lower().replace(" ", "-")
        for text in (rule.why, rule.wayout):
            assert text.endswith(".")
        assert rule.source


def test_a_plan_without_mistakes_has_no_findings() -> None:
    plan = plan_of(
        {
            "card churn/first-7k2m": card(owner="mira", milestone="mvp-live", status="done"),
            "card churn/second-9x4p": card(
                milestone="mvp-live", needs=["first-7k2m", "churn/first-7k2m SS+2d"]
            ),
            "strategy churn/strategy": {"milestones": {"mvp-live": {"title": "MVP"}}},
        }
    )
    assert check(NOTHING.with_plan(plan)) == []
    assert check(NOTHING.with_plan(Plan())) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"needs": ["fraud/other-7k2m"]}, []),
        ({"needs": ["other-7k2m"]}, []),
        ({"needs": ["churn/other-7k2m"]}, ["R201"]),
        ({"needs": ["a/b/other-7k2m"]}, ["R201"]),
        ({"milestone": "fraud/first-users"}, []),
        ({"milestone": "first-users"}, ["R201"]),
        ({"datasets": ["fraud/clicks"]}, []),
        ({"owner": "mira"}, []),
        ({"owner": "mika"}, ["R201"]),
    ],
)
def test_references_across_projects(fields: dict[str, Any], expected: list[str]) -> None:
    plan = plan_of(
        {
            "card churn/own-9x4p": card(**fields),
            "project fraud/fraud": {"title": "Fraud"},
            "card fraud/other-7k2m": card(),
            "dataset fraud/clicks": {"title": "Clicks"},
            "strategy fraud/strategy": {"milestones": {"first-users": {"title": "First users"}}},
        }
    )
    found = [one for one in check(NOTHING.with_plan(plan)) if one.code[0] in "FR"]
    assert [finding.code for finding in found] == expected
    if expected and fields.get("owner") is None:
        assert found[0].hint.startswith("did you mean fraud/")


def test_what_cannot_be_read_is_not_said_to_be_missing() -> None:
    plan = plan_of({"card churn/own-9x4p": card(owner="sam", milestone="mvp-live", needs=["gone-7k2m"])})
    assert codes(plan) == ["R201", "R201", "R201"]
    unreadable = frozenset(
        {
            Address("person", "", "sam"),
            Address("strategy", "churn", "strategy"),
            Address("card", "churn", "gone-7k2m"),
        }
    )
    assert codes(plan, Snapshot.of(plan, shipped(), TODAY, unreadable)) == []


def test_a_project_whose_file_cannot_be_read_is_not_missing() -> None:
    plan = Plan({record.address: record for record in [parse("card", "churn", "own-9x4p", card())]})
    assert codes(plan) == ["F122"]
    broken = frozenset({Address("project", "churn", "churn")})
    assert codes(plan, Snapshot.of(plan, shipped(), TODAY, broken)) == []


def test_a_loop_is_named_once_and_the_self_need_apart() -> None:
    plan = plan_of(
        {
            "card churn/a-7k2m": card(needs=["b-9x4p"]),
            "card churn/b-9x4p": card(needs=["a-7k2m", "b-9x4p"]),
        }
    )
    found = check(NOTHING.with_plan(plan))
    assert [finding.code for finding in found] == ["R202", "R206"]
    assert "a-7k2m → b-9x4p → a-7k2m" in found[0].message


def test_the_owner_may_leave_at_the_end_of_today() -> None:
    def with_end(end: dt.date) -> Plan:
        return plan_of({"person /sam": {"name": "Sam", "end": end}, "card churn/a-7k2m": card(owner="sam")})

    assert codes(with_end(TODAY)) == []
    assert codes(with_end(TODAY - dt.timedelta(days=1))) == ["R212"]


def test_a_need_says_when_a_done_card_was_too_early() -> None:
    def with_link(link: str) -> Plan:
        return plan_of(
            {
                "card churn/a-7k2m": card(status="doing"),
                "card churn/b-9x4p": card(status="done", needs=[f"a-7k2m{link}"]),
            }
        )

    assert codes(with_link("")) == ["R210"]
    assert codes(with_link(" FF+1d")) == ["R210"]
    assert codes(with_link(" SS")) == []


def test_a_project_on_hold_may_have_open_cards_but_none_in_progress() -> None:
    def with_status(state: str, status: str) -> Plan:
        return plan_of(
            {
                "project churn/churn": {"title": "Churn", "state": state},
                "card churn/a-7k2m": card(status=status),
            }
        )

    assert codes(with_status("hold", "todo")) == []
    assert codes(with_status("hold", "doing")) == ["R213"]
    assert codes(with_status("done", "todo")) == ["R213"]
    assert codes(with_status("done", "done")) == []


def test_views_may_ask_for_what_a_person_and_a_schedule_give() -> None:
    views = {"mine": {"query": "owner:me is:critical"}, "all": {"query": ""}, "bad": {"query": "status:("}}
    plan = plan_of({"board /board": {"views": views}})
    found = check(NOTHING.with_plan(plan))
    assert [(finding.code, finding.field) for finding in found] == [("F119", ("views", "bad", "query"))]


def test_projects_that_follow_each_other() -> None:
    plan = plan_of(
        {
            "project churn/churn": {"title": "Churn", "follows": ["fraud"]},
            "project fraud/fraud": {"title": "Fraud", "follows": ["churn"]},
        }
    )
    (finding,) = check(NOTHING.with_plan(plan))
    assert finding.code == "R216"
    assert "churn → fraud → churn" in finding.message
    assert finding.address == Address("project", "churn", "churn")
    assert finding.field == ("follows", 0)


# ---- what a plan wants to hear


BROKEN_CARD = card(owner="sam", place="someday", blocked="waits", status="done")


def broken(rules: dict[str, Any], allow: dict[str, str] | None = None) -> Plan:
    fields = {**BROKEN_CARD, **({"allow": allow} if allow else {})}
    return plan_of({"board /board": {"rules": rules}, "card churn/a-7k2m": fields})


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, ["R201", "R205", "R215"]),
        ({"select": ["R201"]}, ["R201"]),
        ({"select": ["F"]}, []),
        ({"select": ["F", "R2"], "ignore": ["R20"]}, ["R215"]),
        ({"ignore": ["R"]}, []),
        ({"severity": {"R205": "off"}}, ["R201", "R215"]),
        ({"severity": {"R": "off", "R205": "advice"}}, ["R205"]),
    ],
)
def test_the_board_selects_ignores_and_switches_off(rules: dict[str, Any], expected: list[str]) -> None:
    assert codes(broken(rules)) == expected


def test_the_board_weighs() -> None:
    found = check(NOTHING.with_plan(broken({"severity": {"R2": "advice", "R201": "warning"}})))
    assert [finding.severity for finding in found] == ["warning", "advice", "advice"]


def test_a_command_narrows_the_boards_choice() -> None:
    plan = broken({"select": ["R201"], "ignore": ["R215"]})
    assert [one.code for one in check(NOTHING.with_plan(plan), select=["R"])] == ["R201", "R205"]
    assert [one.code for one in check(NOTHING.with_plan(plan), ignore=["R201"])] == []


def test_a_card_allows_an_exception_with_its_reason() -> None:
    assert codes(broken({}, {"R205": "parked until spring", "R215": "kept for its history"})) == ["R201"]
    assert codes(broken({}, {"R205": " "})) == ["F121", "R201", "R205", "R215"]


def test_a_project_allows_an_exception_for_everything_in_it() -> None:
    plan = plan_of(
        {
            "project churn/churn": {"title": "Churn", "allow": {"R205": "our own columns"}},
            "project fraud/fraud": {"title": "Fraud"},
            "card churn/a-7k2m": card(place="someday"),
            "card fraud/b-9x4p": card(place="someday"),
        }
    )
    assert [finding.address for finding in check(NOTHING.with_plan(plan))] == [
        Address("card", "fraud", "b-9x4p")
    ]


def test_settings_count_for_findings_of_reading_too() -> None:
    reading = [
        Finding("F105", "warning", "unknown key", Address("card", "churn", "a-7k2m")),
        Finding("F117", "warning", "nothing is read from here", file="notes"),
    ]
    assert chosen(reading, broken({})) == reading
    assert [one.code for one in chosen(reading, broken({"ignore": ["F117"]}))] == ["F105"]
    assert [one.severity for one in chosen(reading, broken({"severity": {"F105": "error"}}))] == [
        "error",
        "warning",
    ]
    assert [one.code for one in chosen(reading, broken({}, {"F105": "our script reads it"}))] == ["F117"]


@pytest.mark.parametrize(
    ("text", "code"), [("R201", "R201"), ("r2", "R2"), ("unknown-reference", "R201"), ("R2O1", ""), ("", "")]
)
def test_codes_by_any_name(text: str, code: str) -> None:
    assert code_of(text, RULES) == code


def test_a_family_without_rules_is_known() -> None:
    assert is_known("D", RULES)
    assert not is_known("X", RULES)
    assert not is_known("", RULES)


# ---- what was meant


def edits_apart(one: str, other: str) -> int:
    """Optimal string alignment distance, straight from its recurrence."""
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("ab", min_size=8, max_size=11), st.text("ab", min_size=8, max_size=11))
def test_a_slip_is_one_edit(one: str, other: str) -> None:
    assert is_slip(one, other) == (edits_apart(one, other) <= 1)


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("mria", "mira", True),
        ("mira-", "mira", True),
        ("mika", "mira", False),
        ("phase-1", "phase-2", False),
        ("phase-1", "phase-11", False),
        ("data_pipeline", "data-pipeline", True),
        ("warehouse-acess", "warehouse-access", True),
        ("ml", "mlx", False),
    ],
)
def test_slips_of_the_hand(typed: str, meant: str, slip: bool) -> None:
    assert is_slip(typed, meant) == slip


def test_an_ending_says_which_card_was_meant() -> None:
    ids = ["feature-table-7k2m", "feature-tables-9x4p"]
    assert closest("old-title-7k2m", ids) == ("feature-table-7k2m", True)
    assert closest("7k2m", ids) == ("feature-table-7k2m", True)
    assert closest("feature-table-7k2n", ids).certain is False


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("data-pipeline", ("execute/data-pipeline", True)),
        ("Execute/Data pipeline", ("execute/data-pipeline", True)),
        ("exceute", ("execute", True)),
        ("elsewhere entirely", ("", False)),
    ],
)
def test_places_that_were_meant(place: str, expected: tuple[str, bool]) -> None:
    assert nearest_place(place, frozenset(shipped().places())) == expected


# ---- mending


IDS = ["alpha-7k2m", "beta-9x4p", "gamma-3kq8"]
MISSPELT = ["alhpa-7k2m", "gmma-3kq8", "delta-zzzz"]
needs = st.lists(
    st.tuples(st.sampled_from(IDS + MISSPELT), st.sampled_from(["", " SS+2d", " FF"])).map("".join),
    max_size=6,
)


@given(st.fixed_dictionaries(dict.fromkeys(IDS, needs)))
def test_mending_ends_and_leaves_only_what_needs_a_person(wanted: dict[str, list[str]]) -> None:
    files = {f"card churn/{card_id}": card(needs=texts) for card_id, texts in wanted.items()}
    plan = plan_of(files)
    batch = fixed(NOTHING.with_plan(plan), check(NOTHING.with_plan(plan)))
    mended = apply(plan, batch.changes)
    left = check(NOTHING.with_plan(mended))
    # Mending a name may show a repetition that was hidden by it: a second run mends that too.
    again = apply(mended, fixed(NOTHING.with_plan(mended), left).changes)
    assert not [finding for finding in check(NOTHING.with_plan(again)) if finding.fix]
    assert {record.address for record in mended.records.values()} == set(plan.records)
    for card_id, texts in wanted.items():
        links = {text.partition(" ")[2] for text in texts if text.partition(" ")[0] != card_id}
        assert {text.partition(" ")[2] for text in again.cards[card_id].needs} <= links


def test_a_mended_need_keeps_its_link_and_lag() -> None:
    plan = plan_of(
        {
            "card churn/a-7k2m": card(needs=["churn/other-titel-9x4p SS+2d", "nobody-knows-zzzz"]),
            "card churn/other-title-9x4p": card(),
        }
    )
    batch = fixed(NOTHING.with_plan(plan), check(NOTHING.with_plan(plan)))
    assert batch.label == "fix 1 finding"
    assert apply(plan, batch.changes).cards["a-7k2m"].needs == (
        "churn/other-title-9x4p SS+2d",
        "nobody-knows-zzzz",
    )


def test_a_finding_that_is_no_longer_true_is_not_mended() -> None:
    wrong = plan_of({"card churn/a-7k2m": card(place="exceute")})
    right = plan_of({"card churn/a-7k2m": card()})
    (finding,) = check(NOTHING.with_plan(wrong))
    assert fix(NOTHING.with_plan(wrong), finding) is not None
    assert fix(NOTHING.with_plan(right), finding) is None
    assert fix(NOTHING, finding) is None


def test_no_two_rules_have_the_same_code() -> None:
    assert sorted(rule.code for module in MODULES for rule in module.RULES) == sorted(RULES)
