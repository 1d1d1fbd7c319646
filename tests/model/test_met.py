"""Met means met: records that say what is asked for, texts of a few words, and a second person who decides."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kedge.model.assess.standing import standings
from kedge.model.edit.deciders import same_name
from kedge.model.edit.refusal import EditRefused
from kedge.model.gates.decision import GateDecision, decide
from kedge.model.playbook import shipped, with_team
from kedge.model.rules.checking import check
from kedge.model.text.wording import is_placeholder, lacks_words

from .honest import TODAY, asked, honest, lacks, snapshot

PROJECT, DATA, ANSWERS = "project churn/churn", "dataset churn/billing", "assessment churn/assessment|answers"
GOAL = f"{PROJECT}|goals|cancel"
WHY = "twice the recall of the rule at equal calls"
PAST, AHEAD = TODAY - dt.timedelta(1), TODAY + dt.timedelta(1)


def test_an_honest_plan_meets_every_question() -> None:
    assert lacks(snapshot(honest())) == {}


@pytest.mark.parametrize(
    ("path", "value", "holds", "says"),
    [
        (f"{GOAL}|unit", None, "disc-outcome", "no unit"),
        (f"{GOAL}|unit", "-", "disc-outcome", "no unit"),
        (f"{GOAL}|title", "x", "disc-outcome", "no title"),
        (f"{GOAL}|start", None, "disc-outcome", "no start"),
        (f"{GOAL}|target", None, "disc-outcome", "kedge goal set cancel target=…"),
        (f"{GOAL}|target", 12, "disc-outcome", "target 12 is not better than start 12"),
        (f"{GOAL}|target", 15, "disc-outcome", "'Fewer' says lower; better=higher says otherwise"),
        (f"{GOAL}|better", "higher", "disc-outcome", "target 9 is not better than start 12 (better=higher)"),
        (f"{GOAL}|by", PAST, "disc-outcome", "by 2026-11-29 is not ahead"),
        (f"{GOAL}|by", TODAY, "disc-outcome", "is not ahead"),
        (f"{GOAL}|by", None, "disc-outcome", "no by"),
        (f"{PROJECT}|goals", None, "disc-outcome", "no goals so far"),
        (f"{PROJECT}|stakeholders|helga", None, "disc-stakeholders", "none with interest=decides"),
        (f"{PROJECT}|stakeholders|finance|interest", "runs", "disc-stakeholders", "none with interest=pays"),
        (
            f"{PROJECT}|stakeholders|agents|interest",
            None,
            "disc-stakeholders",
            "stakeholder agents: no interest",
        ),
        (f"{DATA}|owner", None, "data-inventory", "no owner"),
        (f"{DATA}|owner", "tbd", "data-inventory", "no owner"),
        (f"{DATA}|origin", None, "data-inventory", "no origin"),
        (f"{DATA}|origin", "none", "data-inventory", "no origin"),
        (f"{DATA}|access", None, "data-inventory", "no access"),
        (f"{DATA}|rows", 0, "data-inventory", "rows is 0"),
        (f"{DATA}|rows", None, "data-inventory", "no rows"),
        (f"{DATA}|refresh", None, "data-inventory", "no refresh"),
        (f"{DATA}|personal_data", None, "data-inventory", "no personal_data"),
        (f"{DATA}|lawful_ground", None, "data-inventory", "no lawful_ground, and personal_data is yes"),
        (f"{DATA}|lawful_ground", "n/a", "data-inventory", "no lawful_ground"),
        ("dataset churn/empty", {"title": "Empty"}, "data-inventory", "dataset empty: no location"),
        (f"{ANSWERS}|disc-decision|verdict", "x", "disc-decision", "a few words are wanted"),
        (f"{ANSWERS}|disc-problem|verdict", "todo todo todo", "disc-problem", "a few words are wanted"),
        (f"{ANSWERS}|stage-proof|verdict", ".", "stage-proof", "a few words are wanted"),
        (
            f"{ANSWERS}|stage-proof|verdict",
            "What must this stage prove, and which result would make us stop?",
            "stage-proof",
            "of your own",
        ),
        (
            f"{ANSWERS}|disc-fit",
            {"state": "not-applicable", "because": "bought as a service"},
            "disc-fit",
            "--approved-by PERSON",
        ),
        (
            f"{ANSWERS}|disc-fit",
            {"state": "not-applicable", "because": "bought as a service", "approved_by": "mira"},
            "disc-fit",
            "mira leads churn",
        ),
        (f"{ANSWERS}|disc-fit", {"state": "not-applicable", "because": "no"}, "disc-fit", "without a reason"),
        (f"{ANSWERS}|disc-fit", {"state": "unknown"}, "disc-fit", "not known"),
        (f"{ANSWERS}|disc-risk-class|verdict", "prohibited", "disc-risk-class", "not enough"),
        (f"{PROJECT}|lead", None, "second-person", "churn has no lead"),
        (f"{PROJECT}|lead", "helen", "second-person", "mira has no role that decides"),
        ("person /helen|role", "engineer", "second-person", "kedge person set helen role=gatekeeper"),
        ("person /helen|end", PAST, "second-person", "helen left on 2026-11-29"),
        ("person /helen|start", AHEAD, "second-person", "helen is there from 2026-12-01 on"),
        ("person /helen|name", "beck, MIRA", "second-person", "has the name of mira"),
    ],
)
def test_a_harmful_change_closes_the_gate_and_names_the_field(
    path: str, value: object, holds: str, says: str
) -> None:
    found = lacks(snapshot(honest((path, value))))
    assert holds in found
    assert says in found[holds]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{GOAL}|title", "Churn of contracts"),  # the title says no direction: any other value is a target
        (f"{GOAL}|owner", None),
        (f"{GOAL}|start", 13),
        (f"{PROJECT}|goals|idea", {"title": "An idea that is half written"}),
        (f"{PROJECT}|stakeholders|customers", None),
        (f"{PROJECT}|stakeholders|new", {"name": "Works council"}),
        (f"{DATA}|approval_days", None),  # it is granted already
        (f"{DATA}|personal_data", False),
        (f"{ANSWERS}|disc-decision|verdict", "担当者は毎週月曜日に顧客へ電話します"),
        (f"{ANSWERS}|disc-decision|verdict", "Агент звонит клиентам каждый понедельник"),
        (
            f"{ANSWERS}|disc-fit",
            {"state": "not-applicable", "because": "bought as a service", "approved_by": "helen"},
        ),
        ("person /helen|role", "Gatekeeper, CFO"),
    ],
)
def test_a_harmless_change_does_not(path: str, value: object) -> None:
    assert lacks(snapshot(honest((path, value)))) == {}


@pytest.mark.parametrize(
    "changes",
    [
        [(f"{PROJECT}|sponsor", "helen")],
        [(f"{PROJECT}|stakeholders|helga|name", "Helen Okafor")],
        [(f"{PROJECT}|stakeholders|finance|name", "helen")],
        [("strategy churn/strategy|people|helen", {"role": "gatekeeper"})],
    ],
)
def test_a_person_without_a_role_decides_as_sponsor_or_stakeholder(changes: list[tuple[str, Any]]) -> None:
    assert lacks(snapshot(honest(("person /helen|role", None), *changes))) == {}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Mira Hofstetter", "mira hofstetter", True),
        ("Mira Hofstetter", "Hofstetter, Mira", True),
        ("Mira Hofstetter", "Míra Höfstetter", True),
        ("Mira Hofstetter", "M. Hofstetter", True),
        ("Mira Hofstetter", "mira.hofstetter2", True),
        ("Mira Hofstetter", "Mira", True),
        ("Mira Hofstetter", "Helen Hofstetter", False),
        ("Mira Hofstetter", "Mira Brandt", False),
        ("Mira Hofstetter", "M.", False),
        ("Mira", "", False),
    ],
)
def test_the_same_person_under_another_id(first: str, second: str, same: bool) -> None:
    assert same_name(first, second) is same
    assert same_name(second, first) is same


# ---- wordings


@pytest.mark.parametrize(
    "text",
    [
        [".", "-", "...", "?", "n/a", "tbd", "TODO", "xxx", "asdf", "x", "😀😀😀", "reason", "12"],
        [
            "xxx xxx xxx",
            "the the the",
            "asdf qwer zxcv",
            "1 2 3 4",
            "a b c d e f",
            "to be decided",
            "foo bar baz",
        ],
        ["https://example.com/why/not", "好好好好好好", "go on", ""],
    ],
)
def test_what_says_nothing(text: list[str]) -> None:
    assert [one for one in text if not lacks_words(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        "twice the recall of the rule",
        "解约率太高了",
        "これは理由です",
        "고객 이탈 감소",
        "Отток клиентов растёт",
        "it saves lives",
    ],
)
def test_what_is_a_few_words(text: str) -> None:
    assert lacks_words(text) == ""


def test_a_sign_or_a_letter_may_be_a_unit() -> None:
    assert [one for one in ("%", "€", "m", "h", "kg", "km/h", "°C", "a", "12") if is_placeholder(one)] == []


# ---- decisions


def passing(path: str = f"{PROJECT}|title", value: object = "Churn", **more: Any) -> Any:
    seen = snapshot(honest((path, value)))
    decision = GateDecision("go", **{"by": "helen", "why": WHY, "override": WHY, **more})
    return decide(seen, asked(seen), decision).changes[0].after


@pytest.mark.parametrize(
    ("path", "value", "more", "says"),
    [
        (f"{PROJECT}|title", "Churn", {"by": "mira"}, "mira leads churn"),
        (f"{PROJECT}|title", "Churn", {"by": "omar"}, "omar has no role that decides here"),
        (f"{PROJECT}|title", "Churn", {"why": "."}, "a decision has a reason: a few words"),
        (f"{PROJECT}|lead", None, {}, "has no lead"),
        (
            "person /mira2",
            {"name": "mira BECK", "role": "gatekeeper"},
            {"by": "mira2"},
            "has the name of mira",
        ),
        ("person /helen|end", PAST, {}, "helen left"),
        (f"{ANSWERS}|disc-risk-class|verdict", "prohibited", {}, "an override does not help"),
        (f"{GOAL}|unit", None, {"override": "x"}, "an override has a reason"),
    ],
)
def test_a_decision_that_does_not_count_is_refused(
    path: str, value: object, more: dict[str, Any], says: str
) -> None:
    with pytest.raises(EditRefused, match=says):
        passing(path, value, **more)


def test_an_honest_decision_is_taken() -> None:
    assert passing().why == WHY


DECISIONS = ("A114", "A140", "A141", "A142", "A143")
RECORD = {"title": "Go", "gate": "gate-assess", "outcome": "go", "by": "helen", "date": TODAY, "why": WHY}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"by": "mira"}, ["A114"]),
        ({"by": "omar"}, ["A140"]),
        ({"by": None}, ["A140"]),
        ({"why": "ok"}, ["A141"]),
        ({"date": None}, ["A141"]),
        ({"date": AHEAD}, ["A141"]),
        ({"outcome": None}, ["A141"]),
        ({"override": "the fair is in May"}, ["A142"]),
        ({"override": "x", "conditions": ["Looked at in May"]}, ["A141"]),
        ({"override": "the fair is in May", "conditions": ["Looked at in May"]}, []),
        ({"judged": {"ours": {"verdict": "met", "reason": "ok"}}}, ["A141"]),
    ],
)
def test_a_decision_that_was_written_by_hand_counts_or_is_named(
    changed: dict[str, Any], expected: list[str]
) -> None:
    record = {name: value for name, value in {**RECORD, **changed}.items() if value is not None}
    seen = snapshot(honest(("decision churn/go", record)))
    # Who is the lead is said by their own rule; what is missing besides counts all the same.
    found = [one.code for one in check(seen, select=["A1"]) if one.code in DECISIONS]
    assert found == expected
    counts = not set(expected) - {"A142"} or "judged" in changed
    assert standings(seen, "churn")["pri-decision"].met is counts


def test_a_prohibited_use_that_goes_on_is_an_error() -> None:
    plan = honest((f"{PROJECT}|phase", "plan"), (f"{ANSWERS}|disc-risk-class|verdict", "prohibited"))
    assert [one.severity for one in check(snapshot(plan), select=["A143"])] == ["error"]


# ---- conditions of the team


def team(conditions: object) -> Any:
    playbook, problems = with_team({"gate": {"gate-assess": {"conditions": conditions}}})
    assert problems == []
    gate = playbook.gate("gate-assess")
    assert gate is not None
    return playbook, [(one.id, one.text) for one in gate.conditions]


def test_conditions_are_reworded_dropped_and_added_by_id() -> None:
    shipped_ids = [one.id for gate in shipped().gates if gate.id == "gate-assess" for one in gate.conditions]
    playbook, found = team({"legal-class": "lawful", "proof-holds": "", "council": "the council agrees"})
    assert [name for name, _ in found] == [*(one for one in shipped_ids if one != "proof-holds"), "council"]
    verdicts = {one.id: one.verdict for one in asked(snapshot(honest(), playbook)).checks}
    assert (verdicts["legal-class"], verdicts["council"]) == ("met", "to be judged")


def test_plain_sentences_of_an_older_playbook_still_find_their_functions() -> None:
    text = "risk class is not 'prohibited' and not 'not checked'"
    _, found = team(["Our council agrees with the use of the data", text, "worth-starting"])
    assert [name for name, _ in found] == [
        "our-council-agrees-with-the-use-of-the",
        "legal-class",
        "worth-starting",
    ]


def test_a_judgement_of_this_cycle_stands_in_the_report() -> None:
    playbook, _ = team({"council": "the council agrees"})
    judged = {"council": {"verdict": "met", "reason": "they voted for it on 3 May"}}
    record = {**RECORD, "outcome": "recycle", "judged": judged}
    for by, verdict in (("helen", "met"), ("mira", "to be judged"), ("omar", "to be judged")):
        seen = snapshot(honest(("decision churn/again", {**record, "by": by})), playbook)
        council = next(one for one in asked(seen).checks if one.id == "council")
        assert council.verdict == verdict
