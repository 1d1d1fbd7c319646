"""The schedule of a plan: dates, and whatever else is asked of them, each worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from ..snapshot.snapshot import Snapshot
from .dates import Dates, Placed
from .drag import Drags
from .handovers import Handover, handovers_of
from .levelled import is_searched
from .load import Load, by_team, loads_of
from .planning import PartCache, Progress, plan_dates
from .problem import Problem
from .reasons import Reason, Reasons
from .slack import free_slack, latest_starts, slack_to, total_slack
from .targets import Key, Milestone, Targets, targets_of
from .warnings import warnings_of


class Schedule:
    """When each card is done, by whom, and why then."""

    def __init__(self, dates: Dates) -> None:
        self.dates = dates
        self.axis = dates.axis
        self.today = dates.today

    @property
    def cards(self) -> Mapping[str, Placed]:
        """The cards that have a place, in the order of the board."""
        return self.dates.placed

    @property
    def can_improve(self) -> bool:
        """Whether more than the first pass is usually tried, so that better dates may be found."""
        return any(is_searched(part.source.part, None) for part in self.dates.parts)

    @cached_property
    def reasons(self) -> Reasons:
        """Why each card starts when it does."""
        return Reasons(self.dates)

    @cached_property
    def targets(self) -> Targets:
        """The milestones, and what each card leads to."""
        return targets_of(self.dates)

    @property
    def milestones(self) -> Mapping[Key, Milestone]:
        """The milestones of active projects by project and id."""
        return self.targets.milestones

    @cached_property
    def slack(self) -> Mapping[str, int]:
        """Half days by which a card can start later before its milestone, else its project's end, moves."""
        return total_slack(self.dates, self.targets)

    @cached_property
    def free_slack(self) -> Mapping[str, int]:
        """Half days by which a card can start later before anything else moves."""
        # Where a person is booked twice, a gap on the plan is none for the person.
        free = free_slack(self.dates, self.targets)
        return {name: min(slack, self.slack[name]) for name, slack in free.items()}

    @cached_property
    def critical(self) -> frozenset[str]:
        """The cards without slack."""
        return frozenset(name for name, slack in self.slack.items() if slack == 0)

    @cached_property
    def drags(self) -> Drags:
        """By how much each card alone holds up its milestone."""
        return Drags(self.dates, self.targets)

    def drag(self, card: str) -> int:
        """Half days by which a card's milestone would come earlier without its work; nothing where it has slack."""
        return self.drags.of(card) if card in self.critical else 0

    @cached_property
    def latest_starts(self) -> Mapping[str, int]:
        """The moment by which a card must have started for the dates that depend on it to be met."""
        return latest_starts(self.dates)

    def late(self, one: Placed) -> int:
        """Half days by which a card ends after its own due date."""
        return self.dates.late(one)

    @cached_property
    def loads(self) -> Mapping[str, Load]:
        """The weeks of each person who has work."""
        return loads_of(self.dates)

    @cached_property
    def team_loads(self) -> Mapping[str, Load]:
        """The weeks of each team that has work."""
        return by_team(self.loads)

    @cached_property
    def handovers(self) -> list[Handover]:
        """What one team gives to another, by date."""
        return handovers_of(self.dates)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be scheduled as it is written, then what comes too late or is too much."""
        return (*self.dates.problems, *warnings_of(self.dates, self.targets, self.loads))

    def slack_to(self, ends: Mapping[str, int]) -> dict[str, int]:
        """Half days by which some cards can start later while they end by these moments."""
        return slack_to(self.dates, ends)

    def members(self, key: Key) -> list[str]:
        """The cards that lead to a milestone, or belong to a project."""
        return self.targets.members.get(key, [])

    def before(self, card: str) -> list[str]:
        """A card, and all that it waits for directly or through others."""
        found = {card: None}
        left = [card]
        while left:
            for need in self.cards[left.pop()].task.needs:
                if need.before in self.cards and need.before not in found:
                    found[need.before] = None
                    left.append(need.before)
        return list(found)

    def by_start(self, cards: Iterable[str]) -> list[str]:
        """Cards by start, then as on the board."""
        return sorted(cards, key=lambda name: (self.cards[name].start, self.cards[name].end))

    def way_to(self, card: str) -> list[tuple[Placed, Reason]]:
        """The chain of reasons that leads to a card, the first cause first."""
        return self.reasons.way_to(self.cards[card])

    def last_card(self, key: Key) -> str | None:
        """The card with which a milestone, or a project, ends."""
        end = self.targets.ends.get(key)
        return next((name for name in self.members(key) if self.cards[name].end == end), None)


def schedule(
    snapshot: Snapshot,
    *,
    effort: int | None = None,
    cache: PartCache | None = None,
    progress: Progress = lambda _doing, _share: None,
) -> Schedule:
    """The schedule of a plan.

    `effort` is the number of schedules to try for each part; without one as many as suit its size. `cache` keeps what
    can be taken over into the schedule of a later state of the plan. `progress` hears how far it has come, and may
    raise what ends it.
    """
    return Schedule(plan_dates(snapshot, effort, cache if cache is not None else PartCache(), progress))
