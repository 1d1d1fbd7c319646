"""The screens beside the board, by the action that opens each: a new screen is one more entry here.

A module is imported when its screen is opened, so that the start does not wait for screens that are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from ..screens.plan_screen import PlanScreen
from ..session.session import Session


@dataclass(frozen=True)
class ScreenEntry:
    """Where a screen is: its module, below `tui` where that begins with two dots, and its class."""

    module: str
    name: str

    def load(self) -> type[PlanScreen]:
        """The class."""
        found = getattr(import_module(self.module, __package__), self.name)
        assert issubclass(found, PlanScreen), found
        return found

    def make(self, session: Session, project: str) -> PlanScreen:
        """The screen on a plan; `project` is the one in sight, where there is one."""
        return self.load()(session, project)


SCREENS: dict[str, ScreenEntry] = {
    "screen.assess": ScreenEntry("..assess.assess_screen", "AssessScreen"),
    "screen.portfolio": ScreenEntry("..portfolio.portfolio_screen", "PortfolioScreen"),
    "screen.strategy": ScreenEntry("..strategy.strategy_screen", "StrategyScreen"),
    "screen.timeline": ScreenEntry("..timeline.timeline_screen", "TimelineScreen"),
    "screen.operate": ScreenEntry("..operate.operate_screen", "OperateScreen"),
    "screen.review": ScreenEntry("..review.review_screen", "ReviewScreen"),
    "screen.flow": ScreenEntry("..flow.flow_screen", "FlowScreen"),
    "screen.problems": ScreenEntry("..problems.problems_screen", "ProblemsScreen"),
}
"""By the id of the action; the board is always there, and is none of them."""
