"""One schedule in the making: activities placed one after the other, and what they have left free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .activity_network import Mode, Obstacle, PinConflict, Schedule, Unplaced
from .fit import first_fit, last_fit
from .prepared_network import Plain, PreparedNetwork
from .working_time import WorkingTime


class SerialPass:
    """One schedule in the making: what is placed, and what it has left free."""

    def __init__(self, scheme: PreparedNetwork, modes: Sequence[int] | None, without: frozenset[int]) -> None:
        network = scheme.network
        count = len(network.activities)
        self.scheme = scheme
        self.activities = network.activities
        self.calendars = network.calendars
        self.lags = network.lag_calendar
        self.given = modes
        self.without = without
        self.free = scheme.free.copy()
        self.starts, self.ends, self.modes = [-1] * count, [-1] * count, [0] * count
        self.conflicts: list[PinConflict] = []

    @classmethod
    def resume(cls, scheme: PreparedNetwork, schedule: Schedule) -> SerialPass:
        """Go on from a whole schedule."""
        made = cls(scheme, schedule.modes, frozenset())
        made.starts, made.ends, made.modes = list(schedule.starts), list(schedule.ends), list(schedule.modes)
        made.conflicts = list(schedule.conflicts)
        fixed = [one for one in range(len(made.starts)) if made.activities[one].fixed is not None]
        others = [one for one in range(len(made.starts)) if made.activities[one].fixed is None]
        for one in fixed + others:
            if made.starts[one] >= 0:
                made.free.take(made._mode(one), made.starts[one], made.ends[one])
        return made

    def result(self, unplaced: Iterable[Unplaced]) -> Schedule:
        return Schedule(
            tuple(self.starts), tuple(self.ends), tuple(self.modes), tuple(unplaced), tuple(self.conflicts)
        )

    def run(self, order: list[int]) -> Schedule:
        for one in order:
            if self.activities[one].fixed is not None:
                self._pin(one)
        lost: dict[int, Unplaced] = {loop.activity: loop for loop in self.scheme.loops}
        plain = self.scheme.plain
        for one in order:
            usual = plain[one]
            if usual is not None and one not in self.without and self._place_plain(one, usual):
                continue
            if self.activities[one].fixed is None:
                failure = self._place(one, lost)
                if failure:
                    lost[one] = failure
        for one in order:
            if self.activities[one].fixed is not None:
                self._broken_links(one)
        return self.result(lost[one] for one in sorted(lost))

    def _pin(self, one: int) -> None:
        """Give a fixed activity its place, in the mode that ends first of those whose resources are free."""
        at = self.activities[one].fixed
        assert at is not None
        choices: list[tuple[bool, int, int]] = []
        for number, mode in self._choices(one):
            end = self._end(mode, at)
            if end is not None:
                short = bool(self.free.blocked(mode) >> at & (1 << end - at) - 1)
                choices.append((short, end, number))
        if not choices:
            self.modes[one] = 0
            self.starts[one] = self.ends[one] = at
            self.conflicts.append(PinConflict(one))
            return
        short, end, self.modes[one] = min(choices)
        self.starts[one], self.ends[one] = at, end
        if short:
            self.conflicts.append(PinConflict(one))
        self.free.take(self._mode(one), at, end)

    def _place(self, one: int, lost: dict[int, Unplaced]) -> Unplaced | None:
        """Put an activity at its earliest place; why it has none, where it has none."""
        bounds = self._earliest(one, lost)
        if isinstance(bounds, Unplaced):
            return bounds
        choices = self._choices(one)
        if len(choices) == 1:
            # Most of a large plan: who does it is known.
            number, mode = choices[0]
            place = self._first_fit(mode, *bounds)
            if place is None:
                return Unplaced(one, self._obstacle(one, bounds))
            self.starts[one], self.ends[one] = place
            self.modes[one] = number
            self.free.take(mode, *place)
            return None
        best: tuple[int, int, int] | None = None
        for number, mode in choices:
            place = self._first_fit(mode, *bounds)
            if place and (best is None or place[1] < best[0]):
                best = (place[1], place[0], number)
        if best is None:
            return Unplaced(one, self._obstacle(one, bounds))
        self.ends[one], self.starts[one], self.modes[one] = best
        self.free.take(self._mode(one), self.starts[one], self.ends[one])
        return None

    def _place_plain(self, one: int, usual: Plain) -> bool:
        """Do the same for an activity of the usual kind; False where it may have no place: `_place` knows why."""
        needs, start, work, calendar, resource = usual
        ends, before, periods = self.ends, calendar.before, calendar.periods
        for need in needs:
            end = ends[need]
            if end < 0:
                return False
            if end > start:
                start = end
        blocked = 0 if resource is None else self.free.taken(resource)
        while start < len(before):
            if (left := blocked >> start) & 1:
                start += (left ^ left + 1).bit_length() - 1
                continue
            first = before[start]
            last = first + work - 1
            if last >= len(periods):
                return False
            start, end = periods[first], periods[last] + 1
            conflict = blocked >> start & (1 << end - start) - 1
            if not conflict:
                self.starts[one], self.ends[one], self.modes[one] = start, end, 0
                if resource is not None:
                    self.free.take_whole(resource, start, end)
                return True
            start += conflict.bit_length()
        return False

    def _choices(self, one: int) -> list[tuple[int, Mode]]:
        if one in self.without:
            return [(0, Mode(0))]
        choices = self.scheme.choices[one]
        return choices if self.given is None else [choices[self.given[one]]]

    def _mode(self, one: int) -> Mode:
        return Mode(0) if one in self.without else self.scheme.modes[one][self.modes[one]]

    def _obstacle(self, one: int, bounds: tuple[int, int]) -> Obstacle:
        """Whether an activity without a place would have one if all resources were free."""
        alone = (self._first_fit(mode._replace(demands=()), *bounds) for _, mode in self._choices(one))
        return "capacity" if any(alone) else "calendar"

    # What links allow.

    def _earliest(self, one: int, lost: dict[int, Unplaced]) -> tuple[int, int] | Unplaced:
        """The first moments at which an activity can start, and can end."""
        start, end = self.activities[one].release, 0
        starts, ends = self.starts, self.ends
        for link in self.scheme.incoming[one]:
            before, _, kind, lag = link
            if before in lost:
                return Unplaced(one, "needs", before)
            moment = starts[before] if kind[0] == "S" else ends[before]
            if lag:
                later = self._later(moment, lag)
                if later is None:
                    return Unplaced(one, "axis", before)
                moment = later
            if kind[1] == "F":
                end = max(end, moment)
            elif moment > start:
                start = moment
        return start, end

    def _latest(self, one: int, bound: int) -> tuple[int, int] | None:
        """The last moments at which an activity may start, and may end; None where a fixed one comes too early."""
        start = end = bound
        for _, after, kind, lag in self.scheme.outgoing[one]:
            if self.starts[after] < 0:
                continue
            moment = self.ends[after] if kind[1] == "F" else self.starts[after]
            if lag:
                earlier = self._earlier(moment, lag)
                if earlier is None:
                    return None
                moment = earlier
            if kind[0] == "S":
                start = min(start, moment)
            else:
                end = min(end, moment)
        return start, end

    def _later(self, moment: int, lag: int) -> int | None:
        return self.lags.later(moment, lag) if self.lags else max(0, moment + lag)

    def _earlier(self, moment: int, lag: int) -> int | None:
        if self.lags:
            return self.lags.earlier(moment, lag)
        return moment - lag if moment >= lag else None

    def _broken_links(self, one: int) -> None:
        """Note which links a fixed start breaks."""
        for link in self.scheme.incoming[one]:
            if self.starts[link.before] < 0:
                continue
            moment = self.starts[link.before] if link.kind[0] == "S" else self.ends[link.before]
            later = self._later(moment, link.lag)
            own = self.starts[one] if link.kind[1] == "S" else self.ends[one]
            if later is None or own < later:
                self.conflicts.append(PinConflict(one, link))

    # What calendars and resources allow.

    def _end(self, mode: Mode, start: int) -> int | None:
        calendar = self._calendar(mode)
        return start + mode.work if calendar is None else calendar.end(start, mode.work)

    def _first_fit(self, mode: Mode, start: int, end: int) -> tuple[int, int] | None:
        blocked = self.free.blocked(mode) if mode.work else 0
        return first_fit(mode.work, self._calendar(mode), blocked, start, end)

    def _last_fit(self, mode: Mode, start: int, end: int) -> tuple[int, int] | None:
        blocked = self.free.blocked(mode) if mode.work else 0
        return last_fit(mode.work, self._calendar(mode), blocked, start, end)

    def _calendar(self, mode: Mode) -> WorkingTime | None:
        return None if mode.calendar is None else self.calendars[mode.calendar]

    # One activity at a time along a whole schedule.

    def move_right(self, one: int, bound: int) -> None:
        limits = self._latest(one, bound)
        if limits and self.activities[one].fixed is None:
            mode = self._mode(one)
            self.free.give_back(mode, self.starts[one], self.ends[one])
            place = self._last_fit(mode, *limits)
            if place and place[0] > self.starts[one]:
                self.starts[one], self.ends[one] = place
            self.free.take(mode, self.starts[one], self.ends[one])

    def move_plain_right(self, one: int, usual: Plain, waiting: tuple[int, ...], end: int) -> None:
        """Do the same for an activity of the usual kind, for which others wait from end to start at most."""
        starts, ends = self.starts, self.ends
        for other in waiting:
            if 0 <= starts[other] < end:
                end = starts[other]
        _, _, work, calendar, resource = usual
        before, periods = calendar.before, calendar.periods
        if resource is None:
            blocked = 0
        else:
            self.free.give_whole_back(resource, starts[one], ends[one])
            blocked = self.free.taken(resource)
        while end > starts[one]:
            first = before[min(end, len(before) - 1)] - work
            if first < 0:
                break
            begin, over = periods[first], periods[first + work - 1] + 1
            conflict = blocked >> begin & (1 << over - begin) - 1
            if not conflict:
                if begin > starts[one]:
                    starts[one], ends[one] = begin, over
                break
            end = begin + (conflict & -conflict).bit_length() - 1
            end = (~blocked & (1 << end) - 1).bit_length()
        if resource is not None:
            self.free.take_whole(resource, starts[one], ends[one])

    def move_left(self, one: int) -> None:
        limits = self._earliest(one, {})
        if not isinstance(limits, Unplaced) and self.activities[one].fixed is None:
            mode = self._mode(one)
            self.free.give_back(mode, self.starts[one], self.ends[one])
            place = self._first_fit(mode, *limits)
            if place and place[0] < self.starts[one]:
                self.starts[one], self.ends[one] = place
            self.free.take(mode, self.starts[one], self.ends[one])
