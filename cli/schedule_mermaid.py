"""The schedule as a Gantt chart in Mermaid's language.

Every bar has both its ends, since Mermaid counts days off in its own way.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..model.playbook.outline import place_titles
from ..model.review.baseline import Dated
from ..model.text.dates import is_far
from ..model.text.visible import one_line

if TYPE_CHECKING:
    from ..model.review.baseline import Moves
    from ..model.schedule.schedule import Schedule


def mermaid_lines(
    made: Schedule, cards: Sequence[str], project: str | None, moves: Moves | None = None
) -> Iterator[str]:
    """The chart. With a baseline each card that has moved has a second bar, drawn as done: as it was planned."""
    yield "gantt"
    since = f" against {_plain(moves.before.title)}" if moves is not None else ""
    yield f"    title Schedule as of {made.today.isoformat()}{since}"
    yield "    dateFormat YYYY-MM-DD HH:mm"
    is_long = any(is_far(made.dates.end_date(made.cards[name]), made.today) for name in cards)
    yield f"    axisFormat {'%b %Y' if is_long else '%d %b'}"
    sections: dict[str, list[str]] = {}
    for name in made.by_start(cards):
        card = made.cards[name].task.card
        sections.setdefault(card.place, []).append(name)
    for section, names in sections.items():
        yield f"    section {_plain(place_titles(section)[-1])}"
        for name in names:
            one = made.cards[name]
            tags = [
                word
                for word, holds in (("crit", name in made.critical), ("active", one.task.is_running))
                if holds
            ]
            start, end = made.dates.start_date(one), made.dates.end_date(one)
            half = "am" if one.task.fixed is not None else made.axis.half(one.start)
            now = Dated(start, half, end, made.axis.half(one.end - 1))
            fields = ", ".join((*tags, name, *_ends(now)))
            yield f"    {_plain(one.task.card.label)} :{fields}"
            then = moves.before.cards.get(name) if moves is not None else None
            if then is not None and then != now:
                fields = ", ".join(("done", f"{name}-baseline", *_ends(then)))
                yield f"    as planned :{fields}"
    marks = [one for one in made.milestones.values() if project in (None, one.key[0]) and one.date]
    if marks:
        yield "    section Milestones"
    for one in marks:
        yield f"    {_plain(one.title)} :milestone, {'-'.join(one.key)}, {one.date} 00:00, 1d"


def _ends(one: Dated) -> tuple[str, str]:
    """When a bar begins and ends."""
    begin = f"{one.start.isoformat()} {'12:00' if one.start_half == 'pm' else '00:00'}"
    is_noon = one.end_half == "am"
    return begin, f"{one.end} 12:00" if is_noon else f"{one.end + dt.timedelta(days=1)} 00:00"


def _plain(text: str) -> str:
    """A text without what means something to Mermaid."""
    return re.sub(r"[:;#%,\s]+", " ", one_line(text)).strip() or "card"
