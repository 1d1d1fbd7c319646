"""The single sizes: each from the inputs that it reads, with its arithmetic, or with what is missing for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from ..calculators.sizing import SECONDS_A_DAY, capacity, training_compute, unit_cost, waiting
from ..text.figure import Explained, MaybeFigure, MissingFigure, Unattainable, exact, written
from .inputs import INPUTS, Input

HOURS_A_MONTH = 730
DAYS_A_MONTH = HOURS_A_MONTH / 24
BYTES_A_GB = 1e9
SMALL_LOAD, SMALL_PEAK = 0.7, 1.0
"""Share of a server that is planned to be busy, and peak over average, where nothing is said."""
BATCH, STREAM, REQUEST, ON_DEVICE = "batch", "stream", "real-time request", "on the device"
"""The modes in which predictions are made, as arch-mode names them."""
LONGEST_REQUEST_S, LONGEST_STREAM_S = 1, 60
"""An answer within a second is a request, within a minute a stream; what may take longer is a batch."""
MONEY = "money"
"""The unit of a cost before the board says its currency."""


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


def mode_for(seconds: float) -> str:
    """The mode in which an answer comes within some seconds."""
    return REQUEST if seconds <= LONGEST_REQUEST_S else STREAM if seconds <= LONGEST_STREAM_S else BATCH


Made = tuple[Sized, tuple[str, ...]]
"""A size, and the inputs that it reads."""


def _need(known: Mapping[str, Input], name: str, *inputs: str) -> MissingFigure | None:
    missing = [one for one in inputs if one not in known]
    if not missing:
        return None
    return MissingFigure(name, ", ".join(missing), INPUTS[missing[0]].question)


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


def at_peak(known: Mapping[str, Input]) -> Made:
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


def servers(known: Mapping[str, Input]) -> Made:
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


def _by_little(name: str, value: float, unit: str, step: str) -> Explained:
    return Explained(name, value, unit, "L = rate × time", steps=(step,), source="Little 1961")


def queue(known: Mapping[str, Input]) -> Made:
    name, reads = "Messages that a queue must hold", (*_LOAD, "minutes without consumers")
    missing = _need(known, name, _says_peak(known), "minutes without consumers")
    if missing is not None:
        return Sized("queue", name, missing), reads
    peak = _peak(known)
    minutes = _value(known, "minutes without consumers")
    held = ceil(exact(peak) * exact(minutes) * 60)
    step = f"{written(peak)} a second × {written(minutes)} min × 60 = {written(held)}, rounded up"
    return Sized("queue", name, _by_little(name, held, "messages", step)), reads


def results(known: Mapping[str, Input]) -> Made:
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
    return Sized("results-store", name, _by_little(name, size_gb, "GB", step)), reads


def workers(known: Mapping[str, Input]) -> Made:
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


def request_cost(known: Mapping[str, Input]) -> Made:
    name, reads = (
        "Cost of 1,000 predictions",
        ("cost per 1000 predictions", "requests per day", "price per hour"),
    )
    count = servers(known)[0].value
    missing = _need(known, name, "price per hour", "requests per day")
    if missing is not None or count is None:
        return Sized("unit-cost", name, missing or MissingFigure(name, "servers", "arch-load")), reads
    made = _value(known, "requests per day") * DAYS_A_MONTH
    return Sized("unit-cost", name, _cost(known, name, count, HOURS_A_MONTH, made)), reads


def run_cost(known: Mapping[str, Input]) -> Made:
    name, reads = (
        "Cost of 1,000 predictions",
        ("cost per 1000 predictions", "predictions per run", "price per hour"),
    )
    count = workers(known)[0].value
    missing = _need(known, name, "price per hour", "hours per run", "predictions per run")
    if missing is not None or count is None:
        return Sized("unit-cost", name, missing or MissingFigure(name, "batch workers", "arch-load")), reads
    run = _value(known, "predictions per run")
    return Sized("unit-cost", name, _cost(known, name, count, _value(known, "hours per run"), run)), reads


def _cost(
    known: Mapping[str, Input], name: str, servers: float, hours: float, predictions: float
) -> MaybeFigure | Unattainable:
    price = _value(known, "price per hour")
    figure = _calculated(
        name,
        lambda: unit_cost(servers=servers, per_hour=price, hours=hours, predictions=predictions, unit=MONEY),
    )
    limit = known.get("cost per 1000 predictions")
    if isinstance(figure, Explained) and limit is not None:
        sign = "within" if figure.value <= limit.value else "above"
        figure = replace(
            figure, notes=(*figure.notes, f"{sign} the limit of {written(limit.value)} ({limit.source})")
        )
    return figure


# ---- what does not follow from load


_WAYS = {
    BATCH: "a table or a file that they read",
    REQUEST: "an interface that they call",
    STREAM: "a stream that they listen to",
    ON_DEVICE: "the model on their devices",
}
"""How results reach users, by mode."""


def fallback(known: Mapping[str, Input]) -> Made:
    """How long the fallback must carry the users."""
    name, reads = "Downtime a month that the fallback covers", ("availability",)
    missing = _need(known, name, *reads)
    if missing is not None:
        return Sized("fallback", name, missing), reads
    share = _value(known, "availability")
    if share > 100:
        return Sized(
            "fallback", name, MissingFigure(name, "an availability of at most 100 %", "arch-limits")
        ), reads
    minutes = (100 - share) / 100 * HOURS_A_MONTH * 60
    step = f"(1 - {written(share)} %) × {HOURS_A_MONTH} h × 60 = {written(minutes)} min"
    figure = Explained(name, minutes, "min", "(1 - availability) × time", steps=(step,), source="own")
    return Sized("fallback", name, figure), reads


def exposure(known: Mapping[str, Input], mode: str) -> Made:
    """Who is served, and by which way."""
    name, reads = "Users who are served", ("users", "explanation", "security", "regions")
    missing = _need(known, name, "users")
    if missing is not None:
        return Sized("exposure", name, missing), reads
    users = ceil(_value(known, "users"))
    step = (
        f"{written(users)} users get results by {_WAYS[mode]}" if mode in _WAYS else f"{written(users)} users"
    )
    return Sized("exposure", name, Explained(name, users, "users", "as stated", steps=(step,))), reads


_BY_SIZE = ("model parameters", "training tokens")
"""What says the operations of a training where no run was measured."""
SMALL_SHARE = 0.4
"""The share of a device's operations that is reached where nothing is said."""


def training(known: Mapping[str, Input]) -> Made:
    """What training takes: hours of a measured run, else operations."""
    name, reads = "Training compute", ("predictive quality",)
    is_by_size = "device-hours per training" not in known and _BY_SIZE[0] in known
    missing = _need(known, name, *(_BY_SIZE if is_by_size else ("device-hours per training",)))
    if missing is not None:
        return Sized("training-compute", name, missing), reads
    hours, parameters, tokens, peak, price = (
        known[one].value if one in known else None
        for one in (
            "device-hours per training",
            *_BY_SIZE,
            "operations a second per device",
            "price per device-hour",
        )
    )

    def calculate() -> Explained:
        return training_compute(
            parameters if is_by_size else None,
            tokens if is_by_size else None,
            peak=peak if is_by_size else None,
            utilisation=_value(known, "share of the operations", SMALL_SHARE),
            hours=hours,
            runs=_value(known, "trainings", 1),
            per_hour=price,
            unit=MONEY,
        )

    return Sized("training-compute", name, _calculated(name, calculate)), reads


def time_to_answer(known: Mapping[str, Input], mode: str, said: str) -> Made:
    """How long an answer may take, and the mode that follows from it. `said` is where the mode comes from."""
    name, is_batch = "Time to an answer", mode == BATCH and "hours per run" in known
    wanted = "hours per run" if is_batch else "p95 latency"
    missing = _need(known, name, wanted)
    if missing is not None:
        return Sized("mode", name, missing), (wanted,)
    limit = known[wanted]
    step = f"{wanted} {written(limit.value)} {limit.unit}: {mode} ({said})"
    follows = mode_for(limit.value / 1000) if not is_batch else mode
    notes = (
        (f"{follows} would follow from it",) if mode in (BATCH, STREAM, REQUEST) and follows != mode else ()
    )
    formula = f"up to {LONGEST_REQUEST_S} s {REQUEST}, up to {LONGEST_STREAM_S} s {STREAM}, else {BATCH}"
    figure = Explained(name, limit.value, limit.unit, formula, steps=(step,), source="own", notes=notes)
    return Sized("mode", name, figure), (wanted,)
