"""A card in one line: the examples of docs/query.md, escapes, problems, completion."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kedge.model.cards.completion import LIMIT, complete
from kedge.model.cards.quick_add import parse_quick
from kedge.model.edit.quick_card import add_with, addable
from kedge.model.plan.change import apply
from kedge.model.plan.plan import Plan
from kedge.model.plan.validate import parse
from kedge.model.playbook import shipped
from kedge.model.records.base import Record
from kedge.model.records.card import Card
from kedge.model.records.person import Person
from kedge.model.records.project import Project
from kedge.model.snapshot.snapshot import Snapshot

DOC = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 25)
PLACES = ("execute/data-pipeline", "execute/monitoring", "plan/architect")


def plan_of_the_page() -> Plan:
    text = DOC.partition("```toml\n")[2].partition("```")[0]
    records: list[Record] = [
        Person(id="mira", name="Mira Lang", skills=("python",)),
        Person(id="sam", name="Sam Okoro"),
        Project(id="churn", project="churn"),
        parse("strategy", "churn", "strategy", {"milestones": {"mvp-live": {"title": "MVP is live"}}}),
        parse("strategy", "pricing", "strategy", {"milestones": {"pilot": {"title": "Pilot"}}}),
    ]
    for project, cards in tomllib.loads(text).items():
        records.extend(parse("card", project, card_id, values) for card_id, values in cards.items())
    return Plan({record.address: record for record in records})


PLAN = plan_of_the_page()
NOW = Snapshot.of(PLAN, shipped(), TODAY)


def quick(text: str, **options: object):
    return parse_quick(text, PLAN, "churn", TODAY, places=PLACES, **options)  # pyright: ignore[reportArgumentType]


def examples() -> list[tuple[str, str]]:
    return [
        (part.partition("\n```")[0], part.partition("```toml\n")[2].partition("```")[0])
        for part in DOC.split("```text\n")[1:]
    ]


@pytest.mark.parametrize(("line", "card"), examples())
def test_examples_of_the_page(line: str, card: str):
    found = quick(line)
    assert found.problems == ()
    assert {"title": found.title, **found.fields} == tomllib.loads(card)
    record = parse("card", "churn", "new", {"title": found.title, **found.fields})
    assert record.label == found.title


def test_there_are_examples():
    assert len(examples()) >= 3


@pytest.mark.parametrize(
    "title",
    [
        "Port from C# to F#",
        "Write to ann@example.com",
        "Close #12 and #3,4",
        "Clean ~/data and ~10k rows",
        "wow! != !! !",
        "a@b #",
        "see http://example.com/x?due:fri",
        "path C:\\temp \\d",
        'say "hello there" twice',
        'a 5" pipe',
        "@ # ~ !",
    ],
)
def test_text_that_only_looks_like_a_mark(title: str):
    found = quick(title)
    assert (found.title, found.fields, found.problems) == (title, {}, ())


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("\\@mira is the key", "@mira is the key"),
        ("\\due:fri", "due:fri"),
        ('the "due:fri  #x" flag', "the due:fri #x flag"),
        ('\\"quoted" word', '"quoted" word'),
        ("  much   space ", "much space"),
    ],
)
def test_escapes(line: str, title: str):
    found = quick(line)
    assert (found.title, found.fields, found.problems) == (title, {}, ())


def test_fields():
    found = quick(
        'T owner:SAM tag:"a b",c #c estimate:1.5d milestone:pilot STAGE:MVP in:monitoring not_before:mon'
    )
    assert found.problems == ()
    assert found.fields == {
        "owner": "sam",
        "tags": ["a b", "c"],
        "estimate": [1.5],
        "milestone": "pricing/pilot",
        "stage": "mvp",
        "place": "execute/monitoring",
        "not_before": dt.date(2026, 11, 30),
    }
    assert quick("Talk to @mira, then rest").title == "Talk to then rest"
    assert quick("T @me", me="sam").fields == {"owner": "sam"}
    assert quick("T needs:price").fields == {"needs": ["pricing/price-history-4hnb"]}
    assert parse_quick("T in:plan/anything", PLAN, "churn", TODAY).fields == {"place": "plan/anything"}


@pytest.mark.parametrize(
    ("line", "wrong", "expected"),
    [
        ("T @mria", "mria", "mira"),
        ("T needs:9x4p,tabel", "tabel", "feature-table-7k2m"),
        ("T needs:la", "la", "latency-budget-3kq8"),
        ('T needs:"9x4p XX"', "9x4p XX", "SS"),
        ("T due:fry", "fry", "fri"),
        ("T ~3/2/1", "3/2/1", "~2/3/8"),
        ("T ~2/3", "2/3", "~2/3/8"),
        ("T !mvp-life", "mvp-life", "mvp-live"),
        ("T stage:mpv", "mpv", "mvp"),
        ("T in:execute/data-pipelnie", "execute/data-pipelnie", "execute/data-pipeline"),
    ],
)
def test_problems_say_where_and_what_there_is(line: str, wrong: str, expected: str):
    found = quick(line)
    (problem,) = found.problems
    assert line[problem.start : problem.end].strip('"') in (wrong, wrong[:-1])
    assert any(expected in one for one in problem.expected)
    assert found.title == "T"


@pytest.mark.parametrize(
    ("line", "due", "title"),
    [
        ("T due:next friday", dt.date(2026, 12, 4), "T"),
        ("T due:in 2 weeks, then rest", dt.date(2026, 12, 9), "T then rest"),
        ("T due:1 dec 2027 @mira", dt.date(2027, 12, 1), "T"),
        ("T due:1 dec 20 people", dt.date(2026, 12, 1), "T 20 people"),
        ("T due:fri 13 slides", dt.date(2026, 11, 27), "T 13 slides"),
        ('T due:"next friday" week', dt.date(2026, 12, 4), "T week"),
    ],
)
def test_a_date_goes_on_for_as_many_words_as_it_has(line: str, due: dt.date, title: str):
    found = quick(line)
    assert (found.title, found.fields["due"], found.problems) == (title, due, ())


def test_any_part_of_a_place_that_fits_one_only():
    assert quick("T in:monit").fields == {"place": "execute/monitoring"}
    (problem,) = quick("T in:e").problems
    assert "more than one place" in problem.message
    assert "execute" in problem.expected


def test_what_is_named_and_lacking_is_added_with_the_card_as_one_step():
    line = "Try it out @jo !pilot-ready"
    lacking = addable(quick(line).problems)
    assert lacking == (("person", "jo"), ("milestone", "pilot-ready"))

    def read(plan: Plan):
        return parse_quick(line, plan, "churn", TODAY, places=PLACES)

    batch = add_with(PLAN, "churn", lacking, read, {"place": "plan"}, Random(1))
    after = apply(PLAN, batch.changes)
    card = batch.changes[0].after
    assert isinstance(card, Card)
    assert (card.owner, card.milestone, card.title) == ("jo", "pilot-ready", "Try it out")
    assert after.people["jo"].name == "Jo"
    assert after.strategy("churn").milestones["pilot-ready"].title == "Pilot ready"


@pytest.mark.parametrize("line", ["@jo", "T @jo ~3/2/1", "T !no/such", "T"])
def test_nothing_is_added_where_more_is_wrong(line: str):
    assert addable(quick(line).problems) == ()


def test_more_problems():
    assert quick("T due: fri").title == "T fri"
    assert "without a space" in quick("T due: fri").problems[0].message
    twice = quick("T @mira @sam")
    assert twice.fields == {"owner": "mira"}
    assert "second owner" in twice.problems[0].message
    assert "title is missing" in quick("@mira").problems[0].message
    assert "title is missing" in quick("").problems[0].message


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from([*'@#~!":,\\ /', "due:", "needs:", "mira", "9x4p", "2"])).map("".join)
)
def test_nothing_is_raised_and_places_lie_in_the_line(text: str):
    found = quick(text)
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in found.problems)
    assert found.title or found.problems
    for cursor in (0, len(text) // 2, len(text)):
        for one in complete(text, cursor, NOW, "churn"):
            assert 0 <= one.start <= cursor <= one.end <= len(text)


def offered(text: str, cursor: int | None = None) -> list[str]:
    at = len(text) if cursor is None else cursor
    return [one.text for one in complete(text, at, NOW, "churn", places=PLACES)]


def test_completion():
    assert offered("T @") == ["mira", "sam"]
    assert offered("T @oko") == ["sam"]
    assert offered("T @ira") == ["mira"]
    assert offered("T #i") == ["infra"]
    assert offered("T !") == ["mvp-live"]
    assert offered("T needs:9x4p,table") == ["feature-table-7k2m"]
    assert offered("T needs:price") == ["pricing/price-history-4hnb"]
    assert offered("T due:f")[0] == "fri"
    assert offered("T in:data") == ["execute/data-pipeline"]
    assert offered("T stage:") == ["mvp", "growth", "maturity"]
    assert offered("T skill:p") == ["python"]
    assert offered("T a@") == offered("T") == offered("") == offered("T ~2") == []


def test_completion_replaces_the_whole_value():
    line = "T @mi #x"
    (one,) = complete(line, 5, NOW, "churn")
    assert line[: one.start] + one.text + line[one.end :] == "T @mira #x"
    assert "Mira Lang" in one.label
    assert complete("T due:fri", 9, NOW, "churn")[0].label == "fri  Fri 27 Nov"


def test_completion_is_bounded_and_quotes_what_has_spaces():
    values = {"title": "Same", "tags": ["two words"]}
    cards = [parse("card", "churn", f"same-{index}", values) for index in range(50)]
    plan = Plan({card.address: card for card in cards})
    assert len(complete("T needs:same", 12, Snapshot.of(plan, shipped(), TODAY), "churn")) == LIMIT
    (tag,) = complete("T #two", 6, Snapshot.of(plan, shipped(), TODAY), "churn")
    assert parse_quick(f"T #{tag.text}", plan, "churn", TODAY).fields == {"tags": ["two words"]}
