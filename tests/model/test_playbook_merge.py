"""A team's playbook over the shipped one: the laws of merging, and what a team may get wrong."""

from __future__ import annotations

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model import playbook
from kedge.model.playbook import with_team
from kedge.model.playbook.merge import DEEPEST, merge

BASE: dict[str, Any] = {
    "playbook": {"title": "Base", "trace": ["a"]},
    "item": {"one": {"weight": 1, "feeds": ["x", "y"]}, "two": {"weight": 2}},
    "rubric": {"r": {"tests": {"t1": {"text": "first"}, "t2": {"text": "second"}}}},
}

TABLES = st.dictionaries(
    st.sampled_from(["playbook", "item", "rubric", "new"]),
    st.dictionaries(
        st.sampled_from(["one", "two", "three"]),
        st.dictionaries(
            st.sampled_from(["weight", "feeds", "text"]),
            st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2)),
        ),
        max_size=3,
    ),
    max_size=3,
)


def merged(*teams: dict[str, Any]) -> dict[str, Any]:
    data = BASE
    for team in teams:
        data, problems = merge(data, team)
        assert problems == []
    return data


# ---- laws


def test_nothing_changes_nothing():
    assert merge(BASE, {}) == (BASE, [])
    assert with_team({}) == (playbook.shipped(), [])


@given(TABLES)
def test_merging_twice_is_merging_once(team: dict[str, Any]):
    assert merged(team, team) == merged(team)


@given(TABLES, TABLES)
def test_the_later_change_wins_and_the_rest_stays(first: dict[str, Any], second: dict[str, Any]):
    both = merged(first, second)
    for table, entries in second.items():
        for key, entry in entries.items():
            for name, value in entry.items():
                assert both[table][key][name] == value
    for table, entries in first.items():
        for key, entry in entries.items():
            for name, value in entry.items():
                if name not in second.get(table, {}).get(key, {}):
                    assert both[table][key][name] == value


@given(TABLES, TABLES, TABLES)
def test_merging_is_associative(base: dict[str, Any], first: dict[str, Any], second: dict[str, Any]):
    left, _ = merge(merge(base, first)[0], second)
    right, _ = merge(base, merge(first, second)[0])
    assert left == right


@given(TABLES)
def test_neither_side_is_touched(team: dict[str, Any]):
    base, given_team = copy.deepcopy(BASE), copy.deepcopy(team)
    merge(base, given_team)
    assert (base, given_team) == (BASE, team)


# ---- adding, changing, removing


def test_a_new_heading_is_a_new_entry_at_the_end():
    data = merged({"item": {"three": {"weight": 3}}})
    assert list(data["item"]) == ["one", "two", "three"]


def test_a_known_heading_changes_only_what_it_gives():
    assert merged({"item": {"one": {"weight": 5}}})["item"]["one"] == {"weight": 5, "feeds": ["x", "y"]}


def test_arrays_are_replaced():
    assert merged({"item": {"one": {"feeds": ["z"]}}})["item"]["one"]["feeds"] == ["z"]


def test_removing():
    assert list(merged({"item": {"one": {"remove": True}}})["item"]) == ["two"]
    assert list(merged({"rubric": {"r": {"tests": {"t1": {"remove": True}}}}})["rubric"]["r"]["tests"]) == [
        "t2"
    ]
    assert merged({"item": {"one": {"remove": False}}}) == BASE


@pytest.mark.parametrize(
    ("team", "path", "message"),
    [
        ({"item": {"nine": {"remove": True}}}, ("item", "nine"), "is to be removed, but is not there"),
        ({"item": {"one": {"remove": True, "weight": 3}}}, ("item", "one"), "is removed and changed at once"),
        ({"item": {"one": {"remove": "yes"}}}, ("item", "one", "remove"), "is true or false"),
        ({"playbook": {"replace": 1}}, ("playbook", "replace"), "is true or false"),
    ],
)
def test_what_cannot_be_removed_is_reported(team: dict[str, Any], path: tuple[str, ...], message: str):
    _, problems = merge(BASE, team)
    assert [(problem.path, problem.message) for problem in problems] == [(path, message)]


def test_a_whole_table_cannot_be_removed():
    book, problems = with_team({"item": {"remove": True}})
    assert len(book.items) == 131
    assert [problem.path for problem in problems] == [("item", "remove")]


def test_a_file_made_to_exhaust_the_stack_is_a_problem():
    team: dict[str, Any] = {}
    for _ in range(50_000):
        team = {"a": team}
    _, problems = merge(BASE, team)
    assert [(len(problem.path), problem.message) for problem in problems] == [
        (DEEPEST + 1, "is nested too deeply")
    ]


# ---- over the shipped playbook


def test_a_team_makes_an_item_stricter():
    book, problems = with_team({"item": {"disc-vision": {"must": "mvp", "weight": 5}}})
    item = book.item("disc-vision")
    shipped = playbook.shipped().item("disc-vision")
    assert problems == []
    assert item is not None
    assert shipped is not None
    assert (item.must, item.weight, item.text) == ("mvp", 5, shipped.text)
    assert item.blocks_at("mvp")
    assert not shipped.blocks_at("maturity")


def test_a_team_removes_an_item_that_nobody_needs():
    book, problems = with_team({"item": {"disc-imperfect": {"remove": True}}})
    assert problems == []
    assert book.item("disc-imperfect") is None
    assert len(book.items_of("discovery")) == 16


def test_removing_what_others_name_is_a_problem_at_each_of_them():
    _, problems = with_team({"item": {"disc-profile": {"remove": True}}})
    assert {problem.path for problem in problems} == {
        ("item", "disc-personal", "when"),
        ("item", "dp-agreement", "when"),
        ("item", "tr-bias", "when"),
        ("role", "data-labeller", "when"),
    }
    assert {problem.message for problem in problems} == {"names the item 'disc-profile', which is not there"}


def test_removing_a_step_leaves_its_items_without_a_home():
    book, problems = with_team({"step": {"document": {"remove": True}}})
    assert ("gate", "gate-execute", "steps") in {problem.path for problem in problems}
    assert sum(problem.path[0] == "item" for problem in problems) == 5
    assert "execute/document" not in book.places()


def test_a_team_adds_a_step():
    book, problems = with_team(
        {
            "step": {
                "red-team": {"number": 15, "phase": "execute", "title": "Attack it", "aim": "Find holes"}
            },
            "gate": {"gate-traffic": {"steps": ["data-pipeline", "red-team"]}},
        }
    )
    assert problems == []
    assert book.places()[-3:] == ("execute/red-team", "iterate", "iterate/next-round")


def test_an_empty_condition_takes_it_away():
    book, problems = with_team({"item": {"dp-agreement": {"when": ""}}})
    item = book.item("dp-agreement")
    assert problems == []
    assert item is not None
    assert item.applies({})


def test_a_typing_error_does_not_silence_a_shipped_question():
    book, problems = with_team({"item": {"disc-decision": {"weight": "high", "kind": "txt"}}})
    assert book.item("disc-decision") == playbook.shipped().item("disc-decision")
    assert {problem.path for problem in problems} == {
        ("item", "disc-decision", "weight"),
        ("item", "disc-decision", "kind"),
    }


def test_an_unreadable_new_entry_is_left_out():
    book, problems = with_team({"item": {"disc-own": {"step": "discovery"}}})
    assert book.item("disc-own") is None
    assert {problem.message for problem in problems} == {"is missing"}
    assert ("item", "disc-own", "pass") in {problem.path for problem in problems}


def test_a_bad_optional_key_costs_only_itself():
    book, problems = with_team({"item": {"disc-vision": {"card": 3}}})
    item = book.item("disc-vision")
    assert item is not None
    assert item.card == ""
    assert [problem.path for problem in problems] == [("item", "disc-vision", "card")]


def test_replacing_keeps_the_frame_and_drops_the_method():
    team = {
        "playbook": {"replace": True, "title": "Ours"},
        "step": {"idea": {"number": 1, "phase": "assess", "title": "Idea", "aim": "Say it"}},
        "item": {
            "idea-worth": {
                "step": "idea",
                "text": "Is it worth it?",
                "why": "Else stop.",
                "kind": "yesno",
                "pass": "yes",
                "must": "mvp",
                "weight": 5,
                "feeds": ["dec-go"],
                "source": ["own"],
            }
        },
    }
    book, problems = with_team(team)
    shipped = playbook.shipped()
    assert problems == []
    assert book.about.title == "Ours"
    assert [item.id for item in book.items] == ["idea-worth"]
    assert book.gates == book.rules == ()
    assert book.scoring == shipped.scoring
    assert book.calculators == shipped.calculators
    assert book.places() == ("assess", "assess/idea", "plan", "execute", "iterate")


def test_the_example_of_the_documentation_works():
    page = Path(__file__).parents[2] / "docs" / "playbook.md"
    [example] = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    book, problems = with_team(tomllib.loads(example))
    assert problems == []
    shipped = playbook.shipped()
    assert book.item("disc-users") != shipped.item("disc-users")
    assert shipped.item("it-techniques") is not None
    assert book.item("it-techniques") is None
    added = book.item("data-works-council")
    assert added is not None
    assert added in book.items_of("data-infra")
    assert book.scoring.discount_rate == 0.08
    assert [role.id for role in book.roles if role.id not in {one.id for one in shipped.roles}] == ["legal"]
