"""From what the business asks to the size of the system, each figure with its arithmetic.

Inputs are the figures of in-scope business requirements whose `about` says what they count, else the answers about
load and limits. What is missing for a figure is said, and the other figures are still worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from ..calculators.sizing import SECONDS_A_DAY, capacity, unit_cost, waiting
from ..plan.plan import Plan
from ..snapshot.snapshot import Snapshot
from ..text.figure import Explained, MaybeFigure, MissingFigure, Unattainable, written
from ..value.project_figures import Answers

HOURS_A_MONTH = 730
DAYS_A_MONTH = HOURS_A_MONTH / 24
BYTES_A_GB = 1e9
SMALL_LOAD, SMALL_PEAK = 0.7, 1.0
"""Share of a server that is planned to be busy, and peak over average, where nothing is said."""
BATCH = "batch"
SHORTEST_STREAM_S, LONGEST_REQUEST_S = 60, 1
"""An answer within a second is a request, within a minute a stream; what may take longer is a batch."""


class InputPlace(NamedTuple):
    """Where an input of sizing is said."""

    unit: str
    question: str = ""
    figure: str = ""
    kind: Literal["amount", "share"] = "amount"


INPUTS: Mapping[str, InputPlace] = MappingProxyType(
    {
        "requests per day": InputPlace("requests", "arch-load", "requests per day"),
        "peak factor": InputPlace("", "arch-load", "peak factor"),
        "growth per year": InputPlace("%", "arch-load", "growth per year"),
        "requests per second at peak": InputPlace("a second"),
        "users": InputPlace("users", "arch-load", "users"),
        "p95 latency": InputPlace("ms", "arch-limits", "p95 latency"),
        "availability": InputPlace("%", "arch-limits", "availability"),
        "cost per 1000 predictions": InputPlace("", "arch-limits", "cost per 1000 predictions"),
        "seconds per prediction": InputPlace("s", "arch-load", "seconds per prediction"),
        "predictions at a time per server": InputPlace("", "arch-load", "predictions at a time per server"),
        "planned load": InputPlace("", "arch-load", "planned load", "share"),
        "spare servers": InputPlace("", "arch-load", "spare servers"),
        "predictions per run": InputPlace("predictions", "arch-load", "predictions per run"),
        "hours per run": InputPlace("h", "arch-load", "hours per run"),
        "runs per month": InputPlace("runs", "arch-load", "runs per month"),
        "predictions a second per worker": InputPlace(
            "a second", "arch-load", "predictions a second per worker"
        ),
        "price per hour": InputPlace("", "arch-load", "price per hour"),
        "days results are kept": InputPlace("days", "arch-load", "days results are kept"),
        "bytes per result": InputPlace("bytes", "arch-load", "bytes per result"),
        "minutes without consumers": InputPlace("min", "arch-load", "minutes without consumers"),
    }
)
"""By name, the inputs of sizing."""


@dataclass(frozen=True)
class Input:
    """One input with its value, and where that is said."""

    name: str
    value: float
    unit: str
    source: str
    serves: tuple[str, ...] = ()
    """The business requirements that say it, or are about it."""


@dataclass(frozen=True)
class Sized:
    """A technical requirement that follows: which one, its figure or what that lacks, and what it serves."""

    id: str
    title: str
    figure: MaybeFigure | Unattainable
    serves: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """The figure; None where there is none."""
        return self.figure.value if isinstance(self.figure, Explained) else None


@dataclass(frozen=True)
class Sizing:
    """What a project's system must be able to do, as far as its inputs say it."""

    mode: str
    """batch, stream or real-time request; empty where nothing says it."""
    inputs: tuple[Input, ...]
    results: tuple[Sized, ...]


def size(snapshot: Snapshot, project: str, given: Mapping[str, float] | None = None) -> Sizing:
    """The sizes of a project's system; `given` are inputs on trial, by their names in `INPUTS`."""
    known = inputs_of(snapshot, project)
    known |= {name: Input(name, value, INPUTS[name].unit, "given") for name, value in (given or {}).items()}
    mode = _mode(snapshot, project, known)
    makers = _BATCH if mode == BATCH else _REQUESTS
    results = tuple(
        replace(one, serves=_serving(known, reads)) for one, reads in (make(known) for make in makers)
    )
    return Sizing(mode, tuple(known.values()), results)


def inputs_of(snapshot: Snapshot, project: str) -> dict[str, Input]:
    """The inputs that a project's records say, by name."""
    said = Answers(snapshot, project)
    inputs: dict[str, Input] = {}
    for name, place in INPUTS.items():
        about = _about(snapshot.plan, project, name)
        stated = stated_by(snapshot.plan, project, name)
        if stated is not None:
            key, value = stated
            inputs[name] = Input(name, value, place.unit, f"business requirement {key}", tuple(about))
            continue
        answer = said.figure(place.question, place.figure) if place.question else None
        if answer is not None:
            inputs[name] = Input(name, answer, place.unit, place.question, tuple(about))
    return inputs


def stated_by(plan: Plan, project: str, name: str) -> tuple[str, float] | None:
    """The business requirement that an input is read from, the first with a figure, and that figure."""
    found = _about(plan, project, name)
    return next(((key, figure) for key, figure in found.items() if figure is not None), None)


def _about(plan: Plan, project: str, name: str) -> dict[str, float | None]:
    """The business requirements in scope that are about an input, each with its figure."""
    record = plan.requirements(project)
    business = record.business if record is not None else {}
    return {key: one.figure for key, one in business.items() if one.about == name and one.in_scope}


def _mode(snapshot: Snapshot, project: str, known: Mapping[str, Input]) -> str:
    answer = Answers(snapshot, project).answer("arch-mode")
    if answer is not None and isinstance(answer.verdict, str):
        return answer.verdict
    if "predictions per run" in known:
        return BATCH
    latency = known.get("p95 latency")
    if latency is None:
        return ""
    seconds = latency.value / 1000
    return (
        "real-time request"
        if seconds <= LONGEST_REQUEST_S
        else "stream"
        if seconds <= SHORTEST_STREAM_S
        else BATCH
    )


def _serving(known: Mapping[str, Input], reads: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in reads if name in known for one in known[name].serves))


# ---- the single sizes


Made = tuple[Sized, tuple[str, ...]]
"""A size, and the inputs that it reads."""


def _need(known: Mapping[str, Input], name: str, *inputs: str) -> MissingFigure | None:
    missing = [one for one in inputs if one not in known]
    if not missing:
        return None
    asked = "arch-load" if any(INPUTS[one].question == "arch-load" for one in missing) else "arch-limits"
    return MissingFigure(name, ", ".join(missing), asked)


def _value(known: Mapping[str, Input], name: str, default: float = 0.0) -> float:
    return known[name].value if name in known else default


def _says_peak(known: Mapping[str, Input]) -> str:
    """The input that the peak is worked out from, known or not."""
    return "requests per second at peak" if "requests per second at peak" in known else "requests per day"


def _peak(known: Mapping[str, Input]) -> float:
    """Requests a second at peak, a year from now where growth is said."""
    growth = 1 + _value(known, "growth per year") / 100
    if "requests per second at peak" in known:
        return _value(known, "requests per second at peak") * growth
    peak = _value(known, "requests per day") / SECONDS_A_DAY * _value(known, "peak factor", SMALL_PEAK)
    return peak * growth


_LOAD = ("requests per second at peak", "requests per day", "peak factor", "growth per year", "users")


def _calculated(name: str, calculate: Callable[[], Explained | Unattainable]) -> MaybeFigure | Unattainable:
    """A figure under a name; what its calculator refuses is what it lacks."""
    try:
        found = calculate()
    except ValueError as wrong:
        return MissingFigure(name, str(wrong), "arch-load")
    return replace(found, name=name)


def _at_peak(known: Mapping[str, Input]) -> Made:
    name = "Requests a second at peak"
    missing = _need(known, name, _says_peak(known))
    if missing is not None:
        return Sized("peak-load", name, missing), _LOAD
    peak = _peak(known)
    growth = _value(known, "growth per year")
    said = (
        f"{written(_value(known, 'requests per second at peak'))} a second"
        if "requests per second at peak" in known
        else f"{written(_value(known, 'requests per day'))} a day / 86,400 × {written(_value(known, 'peak factor', 1))}"
    )
    step = f"{said}{f' × (1 + {written(growth)} %) for growth in a year' if growth else ''} = {written(peak)}"
    figure = Explained(
        name, peak, "a second", "average × peak factor × growth of a year", steps=(step,), source="own"
    )
    return Sized("peak-load", name, figure), _LOAD


def _servers(known: Mapping[str, Input]) -> Made:
    name, reads = "Servers", (*_LOAD, "p95 latency", "availability", "seconds per prediction")
    missing = _need(known, name, _says_peak(known), "seconds per prediction")
    if missing is not None:
        return Sized("servers", name, missing), reads
    peak = _peak(known)

    def calculate() -> Explained | Unattainable:
        return capacity(
            rps=peak,
            seconds=_value(known, "seconds per prediction"),
            slots=_value(known, "predictions at a time per server", 1),
            load=_value(known, "planned load", SMALL_LOAD),
            spare=_value(known, "spare servers", 1),
        )

    figure = _calculated(name, calculate)
    latency = known.get("p95 latency")
    if isinstance(figure, Explained) and latency is not None:
        slots = figure.number("serving") * _value(known, "predictions at a time per server", 1)
        figure = replace(figure, notes=(*figure.notes, *_within(known, peak, slots, latency.value / 1000)))
    return Sized("servers", name, figure), reads


def _within(known: Mapping[str, Input], peak: float, slots: float, limit: float) -> tuple[str, ...]:
    """Whether the mean time of service and the waiting leave room for the latency that is asked for."""
    seconds = _value(known, "seconds per prediction")
    if seconds >= limit:
        return (
            f"one prediction takes {written(seconds)} s, and p95 may be {written(limit)} s: it cannot be met",
        )
    queue = waiting(peak * seconds, slots, seconds, limit - seconds) if slots else None
    if not isinstance(queue, Explained):
        return ()
    served = queue.number("served_within")
    return (
        f"{written(100 * served)} % wait at most {written(limit - seconds)} s, what {written(limit)} s leave",
    )


def _queue(known: Mapping[str, Input]) -> Made:
    name, reads = "Messages that a queue must hold", (*_LOAD, "minutes without consumers")
    missing = _need(known, name, _says_peak(known), "minutes without consumers")
    if missing is not None:
        return Sized("queue", name, missing), reads
    peak = _peak(known)
    minutes = _value(known, "minutes without consumers")
    held = peak * minutes * 60
    step = f"{written(peak)} a second × {written(minutes)} min × 60 = {written(held)}"
    return Sized(
        "queue",
        name,
        Explained(name, held, "messages", "L = rate × time", steps=(step,), source="Little 1961"),
    ), reads


def _results(known: Mapping[str, Input]) -> Made:
    name = "Storage for results"
    reads = ("requests per day", "predictions per run", "days results are kept", "bytes per result")
    runs = ("predictions per run", "runs per month")
    made = runs if all(one in known for one in runs) else ("requests per day",)
    missing = _need(known, name, *made, "days results are kept", "bytes per result")
    if missing is not None:
        return Sized("results-store", name, missing), reads
    per_day = (
        _value(known, "predictions per run") * _value(known, "runs per month") / DAYS_A_MONTH
        if made is runs
        else _value(known, "requests per day")
    )
    days, each = _value(known, "days results are kept"), _value(known, "bytes per result")
    size_gb = per_day * days * each / BYTES_A_GB
    step = f"{written(per_day)} a day × {written(days)} days × {written(each)} bytes = {written(size_gb)} GB"
    return Sized(
        "results-store",
        name,
        Explained(name, size_gb, "GB", "L = rate × time", steps=(step,), source="Little 1961"),
    ), reads


def _workers(known: Mapping[str, Input]) -> Made:
    name = "Batch workers"
    wanted = ("predictions per run", "hours per run", "predictions a second per worker")
    missing = _need(known, name, *wanted)
    if missing is not None:
        return Sized("workers", name, missing), wanted
    growth = 1 + _value(known, "growth per year") / 100

    def calculate() -> Explained | Unattainable:
        return capacity(
            items=_value(known, "predictions per run") * growth,
            rate=_value(known, "predictions a second per worker"),
            window_s=_value(known, "hours per run") * 3600,
            load=_value(known, "planned load", SMALL_LOAD),
        )

    return Sized("workers", name, _calculated(name, calculate)), wanted


def _request_cost(known: Mapping[str, Input]) -> Made:
    name, reads = (
        "Cost of 1,000 predictions",
        ("cost per 1000 predictions", "requests per day", "price per hour"),
    )
    servers = _servers(known)[0].value
    missing = _need(known, name, "price per hour", "requests per day")
    if missing is not None or servers is None:
        return Sized("unit-cost", name, missing or MissingFigure(name, "servers", "arch-load")), reads
    made = _value(known, "requests per day") * DAYS_A_MONTH
    return Sized("unit-cost", name, _cost(known, name, servers, HOURS_A_MONTH, made)), reads


def _run_cost(known: Mapping[str, Input]) -> Made:
    name, reads = (
        "Cost of 1,000 predictions",
        ("cost per 1000 predictions", "predictions per run", "price per hour"),
    )
    workers = _workers(known)[0].value
    missing = _need(known, name, "price per hour", "hours per run", "predictions per run")
    if missing is not None or workers is None:
        return Sized("unit-cost", name, missing or MissingFigure(name, "batch workers", "arch-load")), reads
    run = _value(known, "predictions per run")
    return Sized("unit-cost", name, _cost(known, name, workers, _value(known, "hours per run"), run)), reads


def _cost(
    known: Mapping[str, Input], name: str, servers: float, hours: float, predictions: float
) -> MaybeFigure | Unattainable:
    price = _value(known, "price per hour")
    figure = _calculated(
        name, lambda: unit_cost(servers=servers, per_hour=price, hours=hours, predictions=predictions)
    )
    limit = known.get("cost per 1000 predictions")
    if isinstance(figure, Explained) and limit is not None:
        sign = "within" if figure.value <= limit.value else "above"
        figure = replace(
            figure, notes=(*figure.notes, f"{sign} the limit of {written(limit.value)} ({limit.source})")
        )
    return figure


_REQUESTS = (_at_peak, _servers, _queue, _results, _request_cost)
_BATCH = (_workers, _results, _run_cost)
