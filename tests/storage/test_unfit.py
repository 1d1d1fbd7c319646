"""What could not be understood is written over by nothing; what is plain is read, and gets the format's form."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import tomli

from kedge.model.edit import edits, renames
from kedge.model.edit.refusal import EditRefused
from kedge.model.records.address import Address
from kedge.model.records.card import Card
from kedge.model.records.project import Project
from kedge.storage.disk.errors import Unreadable
from kedge.storage.toml.patch import patch
from kedge.tests.toml_strategies import CARD as CARD_LAYOUT
from kedge.tests.unfit_cases import EDITS, all_cases, outcome

from .plans import CARD, FILES, OTHER, make, opened, texts

ADDRESS = Address("card", "churn", "feature-table-7k2m")
PROJECT = "projects/churn/project.toml"
CHECKLIST = """\
title = "Build the feature table"
place = "execute"
tags = "data, infra"  # why
links = "docs/a, b.md"

# before the list
[[checklist]]  # the first
# inside
text = "one"
odd = 1

[[checklist]]
text = "two"
done = true
"""


def with_card(tmp_path: Path, text: str, **more: str) -> Path:
    return make(tmp_path, {**FILES, CARD: text, **more})


def card_of(root: Path) -> Card:
    return opened(root).plan.cards[ADDRESS.id]


def test_no_edit_of_any_field_of_any_kind_loses_a_word(tmp_path: Path) -> None:
    rng = random.Random(7)
    counts: Counter[str] = Counter()
    for one in rng.sample(all_cases(), 120):
        for name in EDITS:
            for outside in (False, True):
                found = outcome(tmp_path, one, name, rng, outside=outside)
                assert found != "lost", (name, outside, one.field, one.text)
                counts[found] += 1
    assert counts["refused"] > 150
    assert counts["kept"] > 150
    assert counts["converted"] > 3


def test_a_text_for_a_list_is_read_and_written_as_one(tmp_path: Path) -> None:
    root = with_card(tmp_path, CHECKLIST)
    space = opened(root)
    card = space.plan.cards[ADDRESS.id]
    assert card.tags == ("data", "infra")
    assert card.links == ("docs/a, b.md",)
    batch = edits.edit(space.plan, ADDRESS, {("tags",): [*card.tags, "ml"]})
    assert space.remarks(batch) == [f"{CARD}: tags was a text, and becomes a list of 2 items"]
    space.commit(batch)
    text = texts(root)[CARD]
    assert tomli.loads(text)["tags"] == ["data", "infra", "ml"]
    assert "# why" in text
    assert 'links = "docs/a, b.md"\n' in text
    space.undo()
    assert texts(root)[CARD] == CHECKLIST


def test_tables_without_keys_are_read_and_get_keys_with_the_next_edit(tmp_path: Path) -> None:
    root = with_card(tmp_path, CHECKLIST)
    space = opened(root)
    card = space.plan.cards[ADDRESS.id]
    assert [(one.text, one.done) for one in card.checklist.values()] == [("one", False), ("two", True)]
    assert card.checklist == card_of(root).checklist
    space.commit(edits.add_item(card, "three", Random(1)))
    text = texts(root)[CARD]
    first, second = list(card.checklist)
    assert f"# before the list\n[checklist.{first}]  # the first\n" in text
    assert "# inside\n" in text
    assert "odd = 1\n" in text
    assert f"[checklist.{second}]\n" in text
    assert "[[" not in text
    items = card_of(root).checklist
    assert [one.text for one in sorted(items.values(), key=lambda one: one.rank)] == ["one", "two", "three"]


def test_an_inline_array_and_mere_texts_get_keys_too(tmp_path: Path) -> None:
    text = 'title = "T"\nplace = "plan"\n\nchecklist = [\n  "one",  # because\n  "two",\n]\n'
    root = with_card(tmp_path, text)
    space = opened(root)
    card = space.plan.cards[ADDRESS.id]
    space.commit(edits.tick(card, next(iter(card.checklist))))
    after = texts(root)[CARD]
    assert [(one.text, one.done) for one in card_of(root).checklist.values()] == [
        ("one", True),
        ("two", False),
    ]
    assert "# because" in after


def test_goals_without_keys_get_slugs(tmp_path: Path) -> None:
    goal = '[[goals]]\ntitle = "Less churn"\n'
    text = f'title = "Churn"\n\n{goal}horizon = "eternal"\n\n{goal}'
    root = make(tmp_path, {**FILES, PROJECT: text})
    space = opened(root)
    project = space.plan.projects["churn"]
    assert list(project.goals) == ["less-churn", "less-churn-2"]
    (finding,) = project.unfit
    assert (finding.field, finding.line) == (("goals", "less-churn", "horizon"), 5)
    space.commit(edits.add_record(space.plan, "goal", "churn", "third", {"title": "Third"}))
    after = texts(root)[PROJECT]
    assert "[goals.less-churn]" in after
    assert 'horizon = "eternal"' in after
    found = opened(root).plan.projects["churn"]
    assert isinstance(found, Project)
    assert set(found.goals) == {"less-churn", "less-churn-2", "third"}


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ('estimate = "3 days"', ("estimate",)),
        ('due = "next friday"', ("due",)),
        ('needs = ["label-audit-9x4p", 3]', ("needs",)),
        ('owner = { name = "mira" }', ("owner",)),
        ('notes = ["a", "b"]', ("notes",)),
        ("[status]\nx = 1", ("status",)),
        ('checklist = "one"', ("checklist", "k7f2")),
        ('[checklist.k7f2]\ntext = 3\nodd = "kept"', ("checklist", "k7f2")),
    ],
)
def test_touching_what_cannot_be_read_is_refused_and_names_the_line(
    tmp_path: Path, value: str, field: tuple[str, ...]
) -> None:
    text = f'title = "T"\nplace = "plan"\n{value}\n'
    root = with_card(tmp_path, text)
    space = opened(root)
    for new in (None, {"text": "x"} if field[0] == "checklist" else "todo"):
        with pytest.raises(EditRefused, match=rf"{CARD}:\d+: {field[0]}"):
            edits.edit(space.plan, ADDRESS, {field: new})
    space.commit(edits.edit(space.plan, ADDRESS, {("title",): "Another"}))
    assert texts(root)[CARD] == text.replace('"T"', '"Another"')


def test_a_value_that_came_to_stand_there_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    text = FILES[CARD].replace("#due =", 'due = "next friday"')
    (root / CARD).write_text(text)
    import datetime as dt

    with pytest.raises(Unreadable, match="next friday"):
        space.commit(edits.edit(space.plan, ADDRESS, {("due",): dt.date(2026, 12, 1)}))
    assert texts(root)[CARD] == text


def test_one_of_several_cards_that_cannot_be_read_stops_the_step_for_all(tmp_path: Path) -> None:
    root = with_card(tmp_path, 'title = "T"\nplace = "plan"\nowner = ["mira"]\n')
    space = opened(root)
    cards = list(space.plan.cards.values())
    with pytest.raises(EditRefused, match=CARD):
        edits.edit_all(cards, {("owner",): "mira"}, "all to mira")
    assert 'owner = "mira"' not in texts(root)[OTHER]


def test_a_rename_keeps_every_byte_and_the_record_knows_what_was_unread(tmp_path: Path) -> None:
    text = 'title = "T"\nplace = "plan"\ndue = "next friday" # odd\n'
    root = with_card(tmp_path, text)
    space = opened(root)
    space.commit(renames.rename(space.plan, ADDRESS, "other-7k2m"))
    assert texts(root)["projects/churn/cards/other-7k2m.toml"] == text
    assert [one.field for one in space.plan.cards["other-7k2m"].unfit] == [("due",)]


BROKEN = 'title = "T"\n# for mira\nx =\n'


@pytest.mark.parametrize("text", [BROKEN, 'title = "T"\nplace = "plan"\nowner = ["mira"]\n'])
def test_a_rename_stops_where_the_old_name_may_stand_unread(tmp_path: Path, text: str) -> None:
    root = with_card(tmp_path, text)
    space = opened(root)
    before = texts(root)
    with pytest.raises(Unreadable, match=rf"{CARD}:\d.*mira"):
        space.commit(renames.rename(space.plan, Address("person", "", "mira"), "mirabel"))
    assert texts(root) == before
    assert "mira" in space.plan.people


def test_a_broken_file_that_does_not_name_it_stops_no_rename(tmp_path: Path) -> None:
    root = with_card(tmp_path, 'title = "T"\n# for mira-2, amira\nx =\n')
    space = opened(root)
    space.commit(renames.rename(space.plan, Address("person", "", "mira"), "mirabel"))
    assert "people/mirabel.toml" in texts(root)


def test_a_name_in_another_project_counts_with_its_project_only(tmp_path: Path) -> None:
    files = {
        **FILES,
        "projects/churn/strategy.toml": '[milestones.live]\ntitle = "Live"\n',
        "projects/other/project.toml": 'title = "Other"\n',
        "projects/other/cards/x-2345.toml": 'milestone = "live"\nx =\n',
    }
    address = Address("milestone", "churn", "live")
    space = opened(make(tmp_path, files))
    space.commit(renames.rename(space.plan, address, "in-use"))
    files["projects/other/cards/x-2345.toml"] = 'milestone = "churn/live"\nx =\n'
    (tmp_path / "again").mkdir()
    space = opened(make(tmp_path / "again", files))
    with pytest.raises(Unreadable):
        space.commit(renames.rename(space.plan, address, "in-use"))


def test_a_removed_record_says_what_went_unread(tmp_path: Path) -> None:
    root = with_card(tmp_path, 'title = "T"\nplace = "plan"\ndue = "next friday"\n')
    space = opened(root)
    batch = edits.remove(space.plan, [ADDRESS])
    (remark,) = space.remarks(batch)
    assert "next friday" in remark
    space.commit(batch)
    space.undo()
    assert "next friday" in texts(root)[CARD]


@pytest.mark.parametrize("stray", ["# ---- checklist ----", "  # ---- stages ----", "#due ="])
def test_a_table_is_added_whatever_stands_between_a_header_and_its_keys(stray: str) -> None:
    text = f"[log]\n{stray}\nstatus = 1\n"
    for path in (("new", "x", "y"), ("checklist", "k7f2", "text")):
        after = patch(text, {path: "z"}, CARD_LAYOUT)
        assert after.startswith(text) or after.endswith(text)
        assert tomli.loads(after)["log"] == {"status": 1}
