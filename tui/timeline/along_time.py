"""Moving along time: earlier and later, finer and coarser, to today and to a bar; on the load by weeks."""

from __future__ import annotations

from .contract import ActsOnTime
from .load_lines import NARROW, WIDE


def scroll(screen: ActsOnTime, by: int) -> None:
    """Earlier or later."""
    load = screen.known.load
    if screen.panel == "chart":
        screen.gantt.scroll(by)
        screen.rescale()
    elif load is not None:
        load.moved(by)
        screen.show_list()


def zoom(screen: ActsOnTime, by: int) -> None:
    """Finer or coarser columns."""
    load = screen.known.load
    if screen.panel == "chart":
        screen.gantt.zoom(by, screen.card_id)
        screen.rescale()
    elif load is not None:
        load.cell = NARROW if by > 0 else WIDE
        screen.show_list()


def go_to(screen: ActsOnTime, card: str) -> None:
    """To a card's bar, or to today."""
    screen.gantt.go_to(card)
    screen.rescale()
