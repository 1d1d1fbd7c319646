"""Cards as lines: exact widths for any text, and nothing that a file says reaches the terminal as a control."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kedge.model.plan.plan import Plan
from kedge.model.records.card import Card
from kedge.model.records.project import Project
from kedge.model.text.visible import one_line
from kedge.tui.draw.card_summary import Fact, Facts, card_facts, project_facts
from kedge.tui.draw.glyphs import ASCII, UNICODE, Glyphs
from kedge.tui.draw.render import Flags, Size, render_border, render_card, render_heading, wanted_size
from kedge.tui.draw.text import fit, fit_sentence, steady

from .driver import TODAY

AWKWARD = (
    "family 👨‍👩‍👧‍👦 and ❤️ and 👍🏽 in one title",
    "文字が広い題名でも列は崩れない、必ず",
    "مرحبا بالعالم هذا عنوان طويل جدا",
    "combi\u0301ning ma\u0308rks a\u0301e\u0302i\u0303",
    "flags 🇩🇪🇫🇷 and keycaps 1️⃣ 2️⃣",
    "control \x1b[31mred\x07 \x9b2J \u202eright to left\u202c",
    "x" * 10_000,
    "",
)


def _text(pieces: tuple[tuple[str, str], ...]) -> str:
    return "".join(text for text, _ in pieces)


def _plan(*cards: Card) -> Plan:
    records = [Project(id="churn", title="Churn"), *cards]
    return Plan({record.address: record for record in records})


@pytest.mark.parametrize("title", AWKWARD)
@pytest.mark.parametrize("width", [1, 2, 3, 5, 9, 20, 40, 80])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_card_fills_its_width_exactly(title: str, width: int, glyphs: Glyphs) -> None:
    card = Card(id="one", project="churn", title=title[:500], blocked=title[:200] or None, owner="mira")
    facts = card_facts(_plan(card), card, TODAY)
    for flags in (Flags(), Flags(focused=True, active=True, marked=True, kept=True)):
        for line in render_card(facts, width, flags, glyphs):
            assert cell_len(_text(line)) == width


@pytest.mark.parametrize("lines", [1, 2, 3, 5])
@pytest.mark.parametrize("title", AWKWARD)
@pytest.mark.parametrize("width", [1, 4, 12, 40])
def test_a_card_has_the_lines_that_it_is_given(title: str, width: int, lines: int) -> None:
    facts = Facts("todo", steady(one_line(title[:500])), (Fact("a reason " * 9, "warning"), Fact("mira")))
    rows = render_card(facts, width, Flags(marked=True), UNICODE, lines)
    assert [cell_len(_text(row)) for row in rows] == [width] * lines


def test_a_title_takes_the_lines_that_it_needs_and_is_cut_only_at_the_last() -> None:
    facts = Facts("todo", "Any past week rebuilt with one command from the store", (Fact("mira"),))
    rows = [_text(row).rstrip() for row in render_card(facts, 30, Flags(), UNICODE, 3)]
    assert rows == [" ○ Any past week rebuilt with", "   one command from the store", "   mira"]
    assert _text(render_card(facts, 30, Flags(), UNICODE)[0]).rstrip() == " ○ Any past week rebuilt with…"


def test_what_is_due_within_a_week_comes_before_who_does_it() -> None:
    soon = Card(id="one", project="churn", title="T", owner="mira", due=dt.date(2026, 11, 25))
    later = soon.model_copy(update={"due": dt.date(2026, 12, 25)})
    texts = [[one.text for one in card_facts(_plan(card), card, TODAY).facts] for card in (soon, later)]
    assert texts == [["due Wed 25 Nov", "mira"], ["mira", "due Fri 25 Dec"]]


@given(st.text(max_size=120), st.integers(1, 60))
def test_fitting_never_passes_the_width(text: str, width: int) -> None:
    assert cell_len(fit(text, width, UNICODE)) <= width


@given(st.text(max_size=40), st.text(max_size=10), st.integers(0, 50), st.booleans())
def test_borders_and_headings_fill_their_width(title: str, note: str, width: int, top: bool) -> None:
    assert (
        cell_len(_text(render_border(title, (note, ""), width, active=True, top=top, glyphs=UNICODE)))
        == width
    )
    if width:
        assert cell_len(_text(render_heading(title, note, width, UNICODE))) == width


@pytest.mark.parametrize("title", AWKWARD)
def test_no_control_character_is_drawn(title: str) -> None:
    card = Card(id="one", project="churn", title=title[:500], owner="mira")
    lines = [
        *render_card(card_facts(_plan(card), card, TODAY), 200, Flags(), UNICODE),
        render_heading(title, "1", 200, UNICODE),
        render_heading(title, "1", 4, UNICODE),
        render_border(title, ("1", ""), 200, active=True, top=True, glyphs=UNICODE),
    ]
    for line in lines:
        assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in _text(line))


def test_signs_are_one_cell_wide_in_both_sets() -> None:
    for glyphs in (UNICODE, ASCII):
        for sign in (*glyphs.signs.values(), glyphs.focus, glyphs.mark, glyphs.ellipsis, *glyphs.corners):
            assert cell_len(sign) == 1
    assert all(sign.isascii() for sign in ASCII.signs.values())


def test_joined_emoji_are_taken_apart() -> None:
    assert steady("👨‍👩‍👧") == "👨👩👧"
    assert steady("❤️") == "❤"
    assert steady("🇩🇪") == "DE"
    assert steady("a\u200d b soft\u00adhyphen") == "a b softhyphen"


def test_what_matters_most_comes_first() -> None:
    other = Card(id="labels", project="churn", title="Label audit", owner="sam")
    card = Card(
        id="one",
        project="churn",
        title="Train",
        owner="mira",
        estimate=(1.0, 2.0, 4.0),
        due=dt.date(2026, 11, 18),
        needs=("labels",),
    )
    facts = card_facts(_plan(card, other), card, TODAY)
    assert facts == Facts(
        "blocked",
        "Train",
        (
            Fact("waits for Label audit (sam)", "warning"),
            Fact("3 days late", "bad"),
            Fact("mira"),
            Fact("1/2/4d"),
        ),
    )


def test_a_finished_card_is_neither_late_nor_blocked() -> None:
    card = Card(
        id="one", project="churn", title="T", status="done", due=dt.date(2026, 1, 1), blocked="x", owner="sam"
    )
    assert card_facts(_plan(card), card, TODAY) == Facts("done", "T", (Fact("sam"),), is_open=False)


def test_a_card_whose_file_is_broken_says_so() -> None:
    card = Card(id="one", project="churn", title="T")
    facts = card_facts(_plan(card), card, TODAY, broken=True)
    assert facts.sign == "broken"
    assert facts.facts[0] == Fact("file cannot be read", "bad")


def test_a_project_shows_how_far_it_is() -> None:
    cards = [
        Card(id=f"c{at}", project="churn", title="T", status="done" if at else "todo") for at in range(3)
    ]
    plan = _plan(*cards)
    facts = project_facts(plan, plan.projects["churn"], TODAY)
    assert Fact("2/3 cards") in facts.facts


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, 'card "Export six months of scans" (export) waits for "Count parcels"'),
        (60, 'card "Export six months…" (export) waits for "Count parcels"'),
        (50, 'card "Export six…" (export) waits for "Count parc…'),
        (30, 'card "Export six…" (export) w…'),
    ],
)
def test_titles_give_way_to_the_reason_behind_them(width: int, shown: str) -> None:
    text = 'card "Export six months of scans" (export) waits for "Count parcels"'
    assert fit_sentence(text, width, UNICODE) == shown


@given(st.text(alphabet='ab "…字', max_size=80), st.integers(0, 60))
def test_a_sentence_is_never_wider_than_its_line(text: str, width: int) -> None:
    assert cell_len(fit_sentence(text, width, UNICODE)) <= width


def test_what_blocks_is_whole_where_there_are_rows_and_leaves_one_to_what_comes_next() -> None:
    reason = Fact("waits for Read the hold-out test once (tomas)", "warning")
    facts = Facts("blocked", "Results", (reason, Fact("3 days late", "bad"), Fact("mira")))
    assert wanted_size(facts, 30) == Size(1, 3)
    rows = [_text(row).rstrip() for row in render_card(facts, 30, Flags(), UNICODE, 4)]
    assert rows == [
        " ⊘ Results",
        "   waits for Read the hold-out",
        "   test once (tomas)",
        "   3 days late · mira",
    ]
    rows = [_text(row).rstrip() for row in render_card(facts, 30, Flags(), UNICODE, 3)]
    assert rows == [" ⊘ Results", "   waits for Read the hold-ou…", "   3 days late · mira"]


def test_the_title_of_what_a_card_waits_for_is_seen_to_be_cut() -> None:
    other = Card(id="labels", project="churn", title="A title " * 12)
    card = Card(id="one", project="churn", title="T", needs=("labels",))
    assert card_facts(_plan(card, other), card, TODAY).facts[0].text.endswith("…")
