"""Moving along time: earlier and later, finer and coarser, to today and to a bar; on the load by weeks."""

from __future__ import annotations

from ..widgets.acting import Handlers
from .contract import ActsOnTime
from .load_lines import NARROW, WIDE


def _scroll(screen: ActsOnTime, by: int) -> None:
    """Earlier or later."""
    load = screen.known.load
    if screen.panel == "chart":
        screen.gantt.scroll(by)
        screen.rescale()
    elif load is not None:
        load.moved(by)
        screen.show_list()


def _zoom(screen: ActsOnTime, by: int) -> None:
    """Finer or coarser columns."""
    load = screen.known.load
    if screen.panel == "chart":
        screen.gantt.zoom(by, screen.card_id)
        screen.rescale()
    elif load is not None:
        load.cell = NARROW if by > 0 else WIDE
        screen.show_list()


def _go_to(screen: ActsOnTime, card: str) -> None:
    """To a card's bar, or to today."""
    screen.gantt.go_to(card)
    screen.rescale()


def handlers(screen: ActsOnTime) -> Handlers:
    """What moves along the time, and what shows more or less of it."""
    return {
        "time.earlier": lambda: _scroll(screen, -1),
        "time.later": lambda: _scroll(screen, 1),
        "time.today": lambda: _go_to(screen, ""),
        "time.bar": lambda: _go_to(screen, screen.card_id),
        "time.finer": lambda: _zoom(screen, -1),
        "time.coarser": lambda: _zoom(screen, 1),
    }
