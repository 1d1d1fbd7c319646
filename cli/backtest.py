"""`kedge forecast --backtest`: the same forecast made at past commits, and how often P50 and P80 held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..model.text.amounts import counted, whole_percent
from ..model.text.dates import short_date
from ..storage.disk.repository import GitProblem
from . import context, output
from .flow import read_history
from .plan_folder import plan_root
from .settings import Settings
from .telling import PATIENCE, Tell, told
from .text import wrapped

if TYPE_CHECKING:
    from ..model.forecast.backtest import Backtest, Trial

_FEW = 20
"""Forecasts below which a share says little."""


def run_backtest(settings: Settings, runs: int | None, seed: int | None) -> None:
    """Prints how past forecasts fared. Raises KedgeError where git has no history."""
    with told(settings, after=PATIENCE) as tell:
        found = _backtest(settings, runs, seed, tell)
    if settings.json:
        output.data("forecast", _data(found))
    else:
        output.lines(_lines(found))


def _backtest(settings: Settings, runs: int | None, seed: int | None, tell: Tell) -> Backtest:
    from ..model.forecast.backtest import Backtest, moments_of, trials_of
    from ..storage.git.sides import side

    plan = context.read(settings, {"board", "project"}).plan
    project = context.named_project(settings, plan.projects) or ""
    history = read_history(settings, "no --backtest")
    moments = moments_of(history, settings.today)
    trials: list[Trial] = []
    gone = 0
    for at, moment in enumerate(moments):
        tell("forecasting as of past weeks", at / len(moments))
        then = side(plan_root(settings), moment.commit, settings.environment, may_be_missing=True)
        if isinstance(then, GitProblem):
            # A partial clone may not have what is needed: the other weeks count.
            continue
        made, lost = trials_of(
            moment,
            context.derived_of(then.snapshot(moment.day)).forecast(runs, seed),
            history,
            settings.today,
            project,
        )
        trials += made
        gone += lost
    return Backtest(settings.today, tuple(moments), tuple(trials), gone)


def _lines(found: Backtest) -> Iterator[str]:
    if not found.trials:
        yield "no past week has a commit with an open card: there is no forecast to hold against what came"
        return
    first, last = (short_date(one.day, found.today) for one in (found.moments[0], found.moments[-1]))
    weeks = counted(len(found.moments), "past week")
    yield f"The plan of {weeks}, {first} to {last}, forecast as it was then"
    yield ""
    yield f"  {'':<12}{'P50 HELD':>16}{'P80 HELD':>16}"
    for kind in ("card", "milestone"):
        yield f"  {kind + 's':<12}{_held(found, 'p50', kind):>16}{_held(found, 'p80', kind):>16}".rstrip()
    yield ""
    yield from wrapped(_verdict(found), "  ", "  ")
    later = sum(one.held("p80", found.today) is None for one in found.trials)
    said = [f"{counted(later, 'forecast')} whose P80 is yet to come"] if later else []
    said += [f"{counted(found.gone, 'forecast')} of cards that were dropped or removed"] if found.gone else []
    if said:
        yield from wrapped("; ".join(said), "  ", "Not counted: ")


def _held(found: Backtest, name: str, kind: str) -> str:
    held, count = found.count(name, kind)
    return f"{held} of {count}, {whole_percent(held / count)}" if count else "none is due yet"


def _verdict(found: Backtest) -> str:
    held, count = found.count("p80", "card")
    if count < _FEW:
        return f"{counted(count, 'forecast')} of cards with a P80 that has passed: too few to judge by"
    share = held / count
    if share < 0.7:
        return "P80 held less often than it should: kedge forecast --calibrated corrects estimates by this history"
    if share > 0.9:
        return "P80 held more often than it should: estimates are wider, or higher, than the work turned out"
    return "P80 held about as often as it should"


def _data(found: Backtest) -> dict[str, Any]:
    return {
        "made": len(found.trials),
        "held": {name: found.share(name) for name in ("p50", "p80")},
        "counted": {name: found.count(name)[1] for name in ("p50", "p80")},
        "weeks": [{"date": one.day.isoformat(), "commit": one.commit} for one in found.moments],
        "gone": found.gone,
        "rows": [_row_data(found, one) for one in found.trials],
    }


def _row_data(found: Backtest, one: Trial) -> dict[str, Any]:
    dates = {name: day.isoformat() if day is not None else None for name, day in one.dates.items()}
    return {
        "date": one.moment.day.isoformat(),
        "commit": one.moment.commit,
        "kind": one.kind,
        "project": one.project,
        "id": one.id,
        **dates,
        "done": one.done.isoformat() if one.done is not None else None,
        "held": {name: one.held(name, found.today) for name in dates},
    }
