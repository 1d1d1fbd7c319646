"""Where work fits: the first and the last place on a calendar that resources leave free.

Times are numbers of periods; `blocked` has a bit set for each period in which a resource lacks what the work asks for.
"""

from __future__ import annotations

from .working_time import WorkingTime


def first_fit(
    work: int, calendar: WorkingTime | None, blocked: int, start: int, end: int
) -> tuple[int, int] | None:
    """The first place from `start` on that does not end before `end`; without a calendar, every period is worked.

    What is blocked ends with the last work of a resource; days off go on to the end of the axis. They are looked up
    and not joined with it, so that an axis of many years costs no more than one of a few.
    """
    if work == 0:
        at = max(start, end)
        return at, at
    if calendar is None:
        before = periods = None
        start = max(start, end - work)
    else:
        before, periods = calendar.before, calendar.periods
        if end:
            first = calendar.start_to_end_by(end, work)
            if first is None:
                return None
            start = max(start, first)
    while True:
        if before is None or periods is None:
            over = start + work
        else:
            at = before[start] if start < len(before) else len(periods)
            if at + work > len(periods):
                return None
            start, over = periods[at], periods[at + work - 1] + 1
        rest = blocked >> start
        conflict = rest & (1 << over - start) - 1
        if not conflict:
            return start, over
        past = conflict.bit_length()
        rest >>= past
        if rest == -1:
            return None
        start += past + (rest ^ rest + 1).bit_length() - 1


def last_fit(
    work: int, calendar: WorkingTime | None, blocked: int, start: int, end: int
) -> tuple[int, int] | None:
    """The last place that starts by `start` and ends by `end`; without a calendar, every period is worked."""
    if work == 0:
        at = min(start, end)
        return at, at
    opening = calendar.last_opening(start) if calendar else start
    if opening is None:
        return None
    while True:
        begin = calendar.latest_start(end, work) if calendar else end - work
        if begin is None or begin < 0:
            return None
        begin = min(begin, opening)
        over = calendar.end(begin, work) if calendar else begin + work
        if over is None:  # the start is bounded by what cannot end on the axis any more
            return None
        conflict = blocked >> begin & (1 << over - begin) - 1
        if not conflict:
            return begin, over
        end = begin + (conflict & -conflict).bit_length() - 1
        end = (~blocked & (1 << end) - 1).bit_length()
