"""Working-time arithmetic against counting period by period."""

from __future__ import annotations

import random

from kedge.model.solvers.working_time import WorkingTime
from kedge.tests.effort import times


def test_all_arithmetic_is_counting() -> None:
    for seed in range(times(300)):
        rng = random.Random(seed)
        worked = [int(rng.random() < rng.choice([0.2, 0.7, 1])) for _ in range(rng.randint(0, 16))]
        calendar = WorkingTime(worked)
        end = len(worked)
        assert calendar.horizon == end
        moments = range(-3, end + 4)
        for first, last in ((first, last) for first in moments for last in moments):
            early, late = max(0, min(first, last)), max(0, first, last)
            assert calendar.between(first, last) == sum(worked[early:late]) * (1 if first <= last else -1)
        for moment in range(1, end + 1):
            assert calendar.start_to_end_by(moment, 0) == moment
        for moment in range(-3, 0):  # a way back may lead to before the axis
            assert calendar.last_opening(moment) is None
            assert [calendar.latest_start(moment, work) for work in range(3)] == [moment, None, None]
        for moment in range(end + 3):
            later = [period for period in range(moment, end) if worked[period]]
            earlier = [period for period in range(min(moment + 1, end)) if worked[period]]
            assert calendar.opening(moment) == (later[0] if later else None)
            assert calendar.last_opening(moment) == (earlier[-1] if earlier else None)
            for work in range(5):
                assert calendar.end(moment, work) == counted_end(worked, moment, work)
                assert calendar.latest_start(moment, work) == counted_latest(worked, moment, work)
                start = calendar.start_to_end_by(moment, work)
                if start is None or calendar.end(start, work) is None:
                    assert work == 0 or counted_first(worked, moment, work) is None
                else:
                    assert work == 0 or calendar.opening(start) == counted_first(worked, moment, work)


def counted_end(worked: list[int], start: int, work: int) -> int | None:
    for end in range(start, len(worked) + 1):
        if sum(worked[start:end]) == work:
            return end
    return start if work == 0 else None


def counted_latest(worked: list[int], end: int, work: int) -> int | None:
    if work == 0:
        return end
    fitting = [start for start in range(len(worked)) if worked[start] and sum(worked[start:end]) >= work]
    return fitting[-1] if fitting else None


def counted_first(worked: list[int], end: int, work: int) -> int | None:
    """The first working period from which the work is not over before `end`."""
    for start in range(len(worked)):
        over = counted_end(worked, start, work)
        if worked[start] and over is not None and over >= end:
            return start
    return None


def test_later_and_earlier_are_each_others_inverse() -> None:
    """A moment is late enough for a lag if and only if the other one is early enough."""
    for seed in range(times(300)):
        rng = random.Random(seed)
        worked = [int(rng.random() < rng.choice([0.2, 0.7, 1])) for _ in range(rng.randint(1, 14))]
        calendar = WorkingTime(worked)
        end = len(worked)
        for lag in range(-4, 5):
            for first in range(end + 1):
                for then in range(end + 1):
                    kept = then >= first if lag == 0 else sum(worked[:then]) - sum(worked[:first]) >= lag
                    later, earlier = calendar.later(first, lag), calendar.earlier(then, lag)
                    assert kept == (later is not None and then >= later)
                    assert kept == (earlier is not None and first <= earlier)
