"""New files, and what `fmt` makes of old ones."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kedge.storage.toml.emit import canonical, emit
from kedge.storage.toml.layout import EMPTY, Layout
from kedge.storage.toml.values import PatchRefused
from kedge.tests.effort import times
from kedge.tests.toml_strategies import CARD, ITEM, normal, random_file, tokens

CARD_ONLY = Layout(
    groups=CARD.groups,
    optional=CARD.optional,
    inline=CARD.inline,
    text=CARD.text,
    sorted=CARD.sorted,
    sections=(("checklist", Layout(groups=ITEM.groups[:1])),),
)

CARD_TEXT = '''\
title = "Build the churn feature table"

place = "execute/data-pipeline"
rank = "a0V"

status = "doing"
stage = "mvp"
milestone = "mvp-live"

owner = "mira"
#skill =
estimate = [2, 3, 8]
#remaining =

#not_before =
due = 2026-12-01

needs = [
  "label-audit-9x4p",
  "warehouse-access-3kq8 SS+2d",
]

tags = [
  "data",
]

#blocked =

links = [
  "pipelines/features/",
]

notes = """
Daily snapshot, 14 months back. See the data sheet for the columns that may not be used.
"""

# ---- checklist ----

[checklist.k7f2]
done = true
rank = "a0"
text = "Columns agreed with legal"

[checklist.m4wq]
done = false
rank = "a1"
text = "Backfill runs in one night"
'''


def test_a_new_card_looks_as_the_format_says() -> None:
    data = tomli.loads(CARD_TEXT)
    shuffled = dict(reversed(data.items()))
    shuffled["needs"] = tuple(reversed(data["needs"]))
    shuffled["checklist"] = dict(reversed(data["checklist"].items()))
    assert emit(shuffled, CARD_ONLY) == CARD_TEXT
    assert canonical(CARD_TEXT, CARD_ONLY) == CARD_TEXT


def test_an_empty_record_shows_what_can_be_set() -> None:
    layout = Layout(
        groups=(("title",), ("due", "owner")),
        optional=frozenset({"due"}),
        tables=(("budget", Layout(groups=(("limit",),), sections=(("lines", EMPTY),))),),
        sections=(("goals", EMPTY),),
    )
    text = '# Ours.\n\ntitle = "x"\n\n#due =\n\n# ---- budget.lines ----\n\n# ---- goals ----\n'
    assert emit({"title": "x"}, layout, header="Ours.") == text
    assert canonical(text, layout) == text
    assert emit({}, EMPTY) == ""


def test_fmt_moves_comments_with_what_they_stand_before() -> None:
    text = """\
#:schema ../card.json
# Written by hand.

due = 2026-01-01 # when
# the title
"title"   =   'kept quotes'
tags = ["b", # bee
   # ay
   "a"]
foo.bar = 0x1F
checklist.q = {done = true, text = "a"} # q

# free

checklist.b.done = false
notes="hi"
#stage = # not yet

[zed]
  a = 1
# of c
[checklist.c]
done=false
# tail
"""
    assert (
        canonical(text, CARD_ONLY)
        == '''\
#:schema ../card.json
# Written by hand.

# the title
title = 'kept quotes'

#stage =  # not yet
#milestone =

#owner =
#skill =
#estimate =
#remaining =

#not_before =
due = 2026-01-01  # when

#needs =

tags = [
  # ay
  "a",
  "b",  # bee
]

#blocked =

#links =

notes = """
hi"""

foo.bar = 0x1F

# ---- checklist ----

[checklist.b]
# free

done = false

# of c
[checklist.c]
done = false

[checklist.q]  # q
done = true
text = "a"

[zed]
a = 1

# tail
'''
    )


def test_fmt_keeps_line_ends_and_byte_order_mark() -> None:
    text = canonical("\ufeffb = 1\r\ntitle = 'x'\r\n", Layout(groups=(("title",),)))
    assert text == "\ufefftitle = 'x'\r\n\r\nb = 1\r\n"


def test_fmt_writes_only_toml_1_0() -> None:
    assert canonical('a = "\\e[1m"\nb = {x = 07:30,\n y = 1, # why\n}\n', EMPTY) == (
        'a = "\\u001b[1m"\n# why\nb = { x = 07:30:00, y = 1 }\n'
    )


def test_fmt_keeps_arrays_of_tables_as_they_stand() -> None:
    text = "[[log]]  # one\n  at = 1\n# inner\n  by = 'x'\n[log.sub]\nv = 1\n\n# two\n[[log]]\nat = 2\n"
    assert canonical("z = 1\n" + text, EMPTY) == "z = 1\n\n" + text.replace("[log.sub]", "\n[log.sub]")


def test_fmt_refuses_what_is_not_toml() -> None:
    with pytest.raises(PatchRefused, match="not TOML"):
        canonical("a = \n", EMPTY)


@pytest.mark.parametrize("value", [None, {"a": None}, {1: "x"}, object(), "\ud800"])
def test_what_toml_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(PatchRefused):
        emit({"a": value}, EMPTY)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALARS = st.one_of(
    TEXT,
    st.text(st.sampled_from("\"'\\\n\r\t a#"), max_size=12),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
KNOWN = st.sampled_from(
    ["title", "notes", "tags", "estimate", "due", "checklist", "stages", "budget", "k7f2", "note", "text"]
)
RECORDS = st.dictionaries(
    KNOWN | TEXT, VALUES | st.dictionaries(KNOWN | TEXT, VALUES, max_size=3), max_size=6
)


@settings(max_examples=times(75))
@given(RECORDS)
def test_any_data_survives_in_a_file_that_fmt_leaves_alone(data: dict[str, Any]) -> None:
    text = emit(data, CARD)
    assert normal(tomli.loads(text)) == normal(data)
    assert canonical(text, CARD) == text


@example(141909801, True, ITEM)  # a placeholder of the root that stands in another table
@settings(max_examples=times(75))
@given(st.integers(0, 2**32), st.booleans(), st.sampled_from([CARD, EMPTY, ITEM]))
def test_fmt_loses_nothing_in_files_of_many_hands(seed: int, wild: bool, layout: Layout) -> None:
    text, _ = random_file(random.Random(seed), wild=wild)
    result = canonical(text, layout)
    assert normal(tomli.loads(result.removeprefix("\ufeff"))) == normal(
        tomli.loads(text.removeprefix("\ufeff"))
    )
    assert tokens(result) == tokens(text)
    assert canonical(result, layout) == result


def test_scalars_are_written_plainly() -> None:
    data = {
        "at": datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC),
        "day": date(2026, 1, 2),
        "hour": time(7, 30),
        "nothing": float("nan"),
        "many": [1, [2, {"a b": "c"}]],
    }
    assert emit(data, EMPTY) == (
        "at = 2026-05-04T03:02:01Z\nday = 2026-01-02\nhour = 07:30:00\nnothing = nan\n"
        'many = [\n  1,\n  [2, { "a b" = "c" }],\n]\n'
    )
