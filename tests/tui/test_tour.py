"""The tour: the keys in it are those that the person has."""

from __future__ import annotations

import re

from kedge.tui.dialogs.tour import PAGES, Tour
from kedge.tui.keys.actions import BY_ID
from kedge.tui.keys.keymap import keymap


def test_every_key_that_the_tour_names_is_one() -> None:
    named = [name for _, lines in PAGES for line in lines for name in re.findall(r"\{([^}]*)\}", line)]
    assert len(named) > 10
    assert set(named) <= set(BY_ID)


def test_changed_keys_are_shown() -> None:
    tour = Tour(keymap({"card.add": "A"}).shown)
    tour.page = 1
    assert tour.text().splitlines()[2].startswith("A adds a card")


def test_pages_fit_the_smallest_terminal() -> None:
    for _, lines in PAGES:
        assert len(lines) <= 6
        assert all(len(line) <= 90 for line in lines)
