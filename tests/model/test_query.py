"""The query language: every example of docs/query.md, round trips, errors, and what a field means."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.query.compiler import compile_project_query, compile_query
from kedge.model.query.context import CardDates, Context, SearchIndex
from kedge.model.query.fields import CARD_FIELDS, PROJECT_FIELDS
from kedge.model.query.syntax import And, Comparison, Not, Operator, Or, Query, QueryError, Word, parse_query
from kedge.model.records.base import Record
from kedge.model.records.card import Card
from kedge.model.records.person import Person
from kedge.model.records.project import Project
from kedge.model.text.dates import parse_date

DOC = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 25)


def plan_of(records: Sequence[Record]) -> Plan:
    return Plan({record.address: record for record in records})


def plan_of_the_page() -> Plan:
    text = DOC.partition("```toml\n")[2].partition("```")[0]
    people = [Person(id=name, name=name.title()) for name in ("mira", "sam")]
    records: list[Record] = [
        *people,
        parse("strategy", "churn", "strategy", {"milestones": {"mvp-live": {}}}),
    ]
    for project, cards in tomllib.loads(text).items():
        records.append(Project(id=project, project=project, title=project))
        records.extend(parse("card", project, card_id, values) for card_id, values in cards.items())
    return plan_of(records)


PLAN = plan_of_the_page()
CONTEXT = Context(PLAN, TODAY, me="mira")


def rows(header: str) -> list[tuple[str, str]]:
    """The rows of every table of the page with this header."""
    found: list[tuple[str, str]] = []
    for part in DOC.split(f"{header}\n|---|---|\n")[1:]:
        for line in part.splitlines():
            if not line.startswith("|"):
                break
            row = re.fullmatch(r"\| `(.*?)` \| ?(.*?) ?\|", line)
            assert row, line
            found.append((row[1], row[2]))
    return found


def find(query: str, context: Context = CONTEXT) -> set[str]:
    matches = compile_query(parse_query(query), context)
    return {card.id for card in context.plan.cards.values() if matches(card)}


def refused(query: str, context: Context = CONTEXT) -> QueryError:
    with pytest.raises(QueryError) as caught:
        find(query, context)
    return caught.value


@pytest.mark.parametrize(("query", "found"), rows("| query | finds |"))
def test_examples_of_the_page(query: str, found: str):
    assert find(query) == set(found.split())


@pytest.mark.parametrize(("query", "said"), rows("| query | says |"))
def test_mistakes_of_the_page(query: str, said: str):
    assert str(refused(query)) == said


@pytest.mark.parametrize(("text", "date"), rows("| typed | means |"))
def test_dates_of_the_page(text: str, date: str):
    assert parse_date(text, TODAY).isoformat() == date


def test_the_page_names_every_field_and_state():
    for name in {**CARD_FIELDS, **PROJECT_FIELDS}:
        assert f"`{name}`" in DOC or f"`{name}:`" in DOC
    assert len(rows("| query | finds |")) > 20


words = st.text(min_size=1, max_size=8)
names = st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True)
comparisons = st.builds(
    Comparison,
    names,
    st.sampled_from(get_args(Operator)),
    st.lists(words, min_size=1, max_size=3).map(tuple),
)
trees: st.SearchStrategy[Query] = st.recursive(
    st.one_of(st.builds(Word, words), comparisons),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_is_read_back_from_its_text(tree: Query):
    assert parse_query(str(tree)) == tree


@given(st.text('ab:-#()",<>=! orntd\\.', max_size=30) | st.text(max_size=30))
def test_any_text_gives_a_tree_or_an_error_with_its_place(text: str):
    try:
        tree = parse_query(text)
    except QueryError as error:
        outcome = 0 <= error.position <= len(text)
    else:
        outcome = parse_query(str(tree)) == tree
    assert outcome


@given(
    st.lists(st.sampled_from([*CARD_FIELDS, "x", ":", "<", "!=", "none", "me", "fri", "a,b", " ", "-", "("]))
)
def test_a_query_matches_or_is_refused_and_nothing_else(parts: list[str]):
    try:
        found = find("".join(parts))
    except QueryError as error:
        found = set()
        assert error.message  # noqa: PT017  the point is that no other error comes
    assert found <= PLAN.cards.keys()


def test_a_tree_as_text():
    assert str(parse_query("a  b or not (c OR d) AND #x")) == "a b or -(c or d) tag:x"
    assert parse_query("") == And(())
    assert str(parse_query("  ")) == ""
    assert parse_query('"or" "-x" "#y" "due<fri"') == And(
        (Word("or"), Word("-x"), Word("#y"), Word("due<fri"))
    )
    assert str(Comparison("a", "<", ("=",))) == 'a<"="'
    assert parse_query('title:"say \\"hi\\"",x') == Comparison("title", ":", ('say "hi"', "x"))


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("a)", 1),
        ("(a", 0),
        ("a or", 4),
        ("or a", 0),
        ("a - b", 2),
        ("not", 3),
        ("()", 1),
        ('say "hi', 4),
        ('a ""', 2),
        ("owner:", 6),
        ("owner:mira,", 11),
        ("#", 1),
        ('tag:a"b"', 5),
        ("(" * 60 + "a" + ")" * 60, 50),
        ("-" * 5000 + "a", 51),
    ],
)
def test_mistakes_of_form_say_where(query: str, position: int):
    assert refused(query).position == position


@pytest.mark.parametrize(
    ("query", "position", "expected"),
    [
        ("x owner:mia", 8, "mira"),
        ("stage:mpv", 6, "mvp"),
        ("is:blokked", 3, "blocked"),
        ("has:chekclist", 4, "checklist"),
        ("due:fry", 4, "fri"),
        ("estimate>much", 9, "number"),
        ("estimate>nan", 9, "number"),
        ("owner<mira", 5, "owner:"),
        ("needs:audti", 6, "label-audit-9x4p"),
        ("project:chrun", 8, "churn"),
        ("milestone:mvp-life", 10, "mvp-live"),
        ("tags:data", 0, "tag"),
    ],
)
def test_mistakes_of_meaning_say_where_and_what_there_is(query: str, position: int, expected: str):
    error = refused(query)
    assert error.position == position
    assert any(expected in one for one in error.expected)


def test_several_values_need_an_operator_that_takes_them():
    assert "one value" in refused("due<fri,sat").message
    assert find("due!=2026-12-01,2026-11-20,none") == set()
    assert find("due:2026-12-01,none is:open") == {
        "feature-table-7k2m",
        "latency-budget-3kq8",
        "shadow-run-w5tz",
    }


def test_an_ambiguous_id_lists_its_candidates():
    assert refused("needs:la").expected == ("label-audit-9x4p", "latency-budget-3kq8")


def test_me_needs_somebody():
    nobody = Context(PLAN, TODAY)
    assert "not known who" in refused("owner:me", nobody).message
    assert "not known who" in refused("is:mine", nobody).message
    assert find("is:mine") == find("owner:mira") != set()


def test_critical_needs_a_schedule():
    error = refused("is:critical")
    assert "needs a schedule" in error.message
    assert "critical" not in error.expected
    for query in ("start<fri", "end>today", "slack<2"):
        assert "needs a schedule" in refused(query).message


def test_a_schedule_is_made_where_a_query_asks_for_one():
    made: list[int] = []
    day = TODAY + dt.timedelta(days=3)

    def dates() -> dict[str, CardDates]:
        made.append(1)
        return {
            "shadow-run-w5tz": CardDates(TODAY, day, 0.0, is_critical=True, is_late=True),
            "latency-budget-3kq8": CardDates(day, day, 2.5, is_critical=False, is_late=False),
        }

    scheduled = Context(PLAN, TODAY, dates=dates)
    assert find("is:open due:none", scheduled)
    assert not made
    assert find("is:critical", scheduled) == {"shadow-run-w5tz"}
    assert find("start<=today", scheduled) == {"shadow-run-w5tz"}
    assert find("start>today end<=+1w", scheduled) == {"latency-budget-3kq8"}
    assert find("slack<1", scheduled) == {"shadow-run-w5tz"}
    assert find("slack:none", scheduled) == PLAN.cards.keys() - dates().keys()
    assert find("is:late", scheduled) == find("is:late") | {"shadow-run-w5tz"}


def test_letters_are_compared_as_people_see_them():
    cards = [Card(id="a", project="p", title="Café ANALYSE", notes="two\nlines", tags=("Größe",))]
    context = Context(plan_of(cards), TODAY)
    for query in ("CAFE\u0301", "analyse", '"two lines"', "#GRÖSSE", "tag:größe", 'title="café analyse"'):
        assert find(query, context) == {"a"}, query
    for query in ('"analyse two"', "title=café", "title!=x title:z"):
        assert find(query, context) == set(), query


def test_none_and_tags_and_needs():
    assert find("tag:none") == {"latency-budget-3kq8", "shadow-run-w5tz"}
    assert find("#none,infra") == {"feature-table-7k2m", "latency-budget-3kq8", "shadow-run-w5tz"}
    assert find("tag!=data") == find("-#data")
    assert find("needs:none") == find("no:needs") == PLAN.cards.keys() - find("has:needs")
    assert find("needs!=9x4p has:needs") == {"shadow-run-w5tz"}
    assert find("stage:none") == find("no:stage")
    assert find("milestone:none") | find("milestone:live") == set(PLAN.cards)


def test_an_owner_whom_no_file_describes_can_be_asked_for():
    context = Context(plan_of([Card(id="a", project="p", title="A", owner="ghost")]), TODAY)
    assert find("owner:ghost", context) == {"a"}


def test_projects():
    projects = [
        Project(id="churn", project="churn", title="Churn", phase="execute", lead="mira", tags=("data",)),
        Project(id="price", project="price", title="Pricing", state="hold", due=dt.date(2026, 1, 1)),
        Project(id="old", project="old", title="Old", state="done", mandatory=True, summary="churn, again"),
    ]
    context = Context(plan_of(projects), TODAY, me="mira")

    def projects_for(query: str) -> list[str]:
        return [one.id for one in projects if compile_project_query(parse_query(query), context)(one)]

    assert projects_for("churn") == ["churn", "old"]
    assert projects_for("phase:execute #data") == ["churn"]
    assert projects_for("state:hold,done") == ["price", "old"]
    assert projects_for("is:late") == ["price"]
    assert projects_for("is:mandatory or is:mine") == ["churn", "old"]
    assert projects_for("is!=active") == ["price", "old"]
    assert projects_for("lead:none due<today") == ["price"]
    assert projects_for("no:due cycle=1") == ["churn", "old"]
    with pytest.raises(QueryError, match="no field 'status'"):
        projects_for("status:todo")


def test_the_index_follows_a_changed_record():
    index = SearchIndex()
    before = Card(id="a", project="p", title="Before")
    after = before.model_copy(update={"title": "After"})
    assert index.text(before) is index.text(before)
    assert index.text(after).startswith("after")
    assert index.text(before).startswith("before")
    other = Card(id="a", project="q", title="Other")
    assert index.text(other).startswith("other")
    assert index.text(before).startswith("before")
