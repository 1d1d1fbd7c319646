"""How large a system must be, and what a prediction or a training run costs: requirements into servers and money."""

from __future__ import annotations

from math import ceil, exp

from ..text.figure import (
    Calculated,
    Explained,
    Figure,
    Unattainable,
    above_zero,
    count,
    exact,
    expect,
    number,
    written,
)
from .kinds import Amount, Count, Large, Share

SECONDS_A_DAY = 86_400
SECONDS_A_MONTH = 2_592_000
"""Of 30 days."""
MOST_SLOTS = 1_000_000
"""More are not summed one by one."""
TOKENS_PRICED = 1_000_000
"""Prices of models are given per so many tokens."""


def capacity(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    per_day: Amount | None = None,
    requests_per_month: Amount | None = None,
    seconds_per_month: Amount = SECONDS_A_MONTH,
    peak_factor: Amount = 1,
    rps: Amount | None = None,
    seconds: Amount | None = None,
    slots: Count | None = None,
    load: Share = 0.7,
    spare: Count = 0,
    erlangs: Amount | None = None,
    within: Amount | None = None,
    items: Amount | None = None,
    stock: Amount | None = None,
    rate: Amount | None = None,
    window_s: Amount | None = None,
) -> Calculated:
    """Requests a second, servers, waiting, or batch workers, after what is given. Times in seconds.

    `slots` are requests that one server handles at a time; `load` the share of them that is planned to be busy at
    peak; `spare` servers come on top and serve nothing. With `erlangs`, `slots` are all of them. `rate` is what one
    batch worker, or what leaves a `stock`, does per unit of time.
    Source: Little 1961 (L = rate × time); Erlang 1917 (waiting).
    """
    if erlangs is not None:
        expect(slots is not None, "slots are expected with erlangs")
        return waiting(erlangs, slots or 0, seconds, within)
    if stock is not None:
        return _time_in_stock(stock, rate)
    if items is not None:
        return _workers(items, rate, window_s, load)
    peak_factor = number("peak_factor", peak_factor, low=1)
    average = _per_second(per_day, requests_per_month, seconds_per_month)
    if average is None and rps is None:
        raise ValueError("rps, per_day, requests_per_month, erlangs, items or stock is expected")
    peak = number("rps", rps, low=0) if rps is not None else (average or 0) * peak_factor
    if seconds is None:
        shown = peak if average is None else average
        return Explained(
            "Requests a second",
            shown,
            "a second",
            "per day / 86,400; per month / seconds of the month; peak = average × peak factor",
            {"peak_factor": peak_factor},
            (f"average {written(shown)} a second; at peak {written(peak)}",),
            "unit conversion",
            {"rps": shown, "peak": peak},
        )
    return _servers(peak, seconds, slots, load, spare, within)


def _per_second(
    per_day: float | None, requests_per_month: float | None, seconds_per_month: float
) -> float | None:
    if per_day is not None:
        return number("per_day", per_day, low=0) / SECONDS_A_DAY
    if requests_per_month is not None:
        expect(
            number("seconds_per_month", seconds_per_month, low=0) > 0, "a month of some seconds is expected"
        )
        return number("requests_per_month", requests_per_month, low=0) / seconds_per_month
    return None


def _servers(
    rps: float, seconds: float, slots: float | None, load: float, spare: float, within: float | None
) -> Calculated:
    seconds = number("seconds", seconds, low=0)
    slots = count("slots", 1 if slots is None else slots, low=1)
    load = above_zero("load", load, high=1)
    spare = count("spare", spare, low=0)
    flight = exact(rps) * exact(seconds)
    serving = ceil(flight / (exact(slots) * exact(load)))
    total = serving + int(spare)
    figures: dict[str, Figure] = {
        "rps": rps,
        "in_flight": float(flight),
        "serving": serving,
        "servers": total,
    }
    steps = [
        f"in flight = {written(rps)} × {written(seconds)} = {written(float(flight))}",
        f"{written(float(flight))} / ({written(slots)} × {written(load)}) = "
        f"{written(float(flight / (exact(slots) * exact(load))))}: {serving} serve"
        + (f", {written(spare)} spare" if spare else ""),
    ]
    if serving:
        queue = waiting(float(flight), serving * slots, seconds, within)
        if isinstance(queue, Explained):
            names = ("p_wait", "mean_wait", "served_within")
            figures |= {name: queue.figures[name] for name in names if name in queue.figures}
            steps.append(
                f"with {written(serving * slots)} slots {written(100 * queue.value)} % wait, "
                f"{written(queue.number('mean_wait'))} s on average over all (Erlang C)"
            )
    return Explained(
        "Servers",
        total,
        "servers",
        "in flight = rps × seconds; servers = in flight / (slots × load), rounded up, + spare",
        {"rps": rps, "seconds": seconds, "slots": slots, "load": load, "spare": spare},
        tuple(steps),
        "Little 1961; Erlang 1917",
        figures,
    )


def waiting(
    erlangs: float, slots: float, seconds: float | None = None, within: float | None = None
) -> Calculated:
    """How many requests wait for one of `slots`, and how long, by Erlang C; `seconds` is the mean time of service.

    `served_within` is the share that waits at most `within` seconds. Requests come at random and none gives up.
    Source: Erlang 1917; computed through Erlang B, which no load makes overflow.
    """
    erlangs = number("erlangs", erlangs, low=0)
    slots = count("slots", slots, low=1)
    expect(slots <= MOST_SLOTS, f"slots: at most {MOST_SLOTS:,} are expected, not {written(slots)}")
    seconds = None if seconds is None else above_zero("seconds", seconds)
    name = "Share that waits"
    if erlangs >= slots:
        return Unattainable(
            name,
            f"a load of {written(erlangs)} keeps {written(slots)} slots busy for ever: the queue grows without end; "
            "more slots, or fewer requests, are needed",
            source="Erlang 1917",
        )
    blocked = 1.0
    for at in range(1, int(slots) + 1):
        blocked = erlangs * blocked / (at + erlangs * blocked)
    p_wait = slots * blocked / (slots - erlangs * (1 - blocked))
    figures: dict[str, Figure] = {"p_wait": p_wait}
    steps = [
        f"Erlang B: {written(blocked)} of the requests find all {written(slots)} busy",
        f"Erlang C: {written(p_wait)} wait",
    ]
    if seconds is not None:
        mean = p_wait * seconds / (slots - erlangs)
        figures["mean_wait"] = mean
        steps.append(
            f"mean wait = {written(p_wait)} × {written(seconds)} / ({written(slots)} - {written(erlangs)}) "
            f"= {written(mean)} s"
        )
        if within is not None:
            within = number("within", within, low=0)
            served = 1 - p_wait * exp(-(slots - erlangs) * within / seconds)
            figures["served_within"] = served
            steps.append(f"{written(100 * served)} % wait at most {written(within)} s")
    return Explained(
        name,
        p_wait,
        "",
        "Erlang C = m B / (m - a (1 - B)), B by Erlang B; mean wait = C × seconds / (m - a)",
        {"erlangs": erlangs, "slots": slots, **({} if seconds is None else {"seconds": seconds})},
        tuple(steps),
        "Erlang 1917",
        figures,
    )


def _time_in_stock(stock: float, rate: float | None) -> Calculated:
    stock = number("stock", stock, low=0)
    expect(rate is not None, "rate is expected with stock")
    rate = number("rate", rate, low=0)
    if not rate:
        return Unattainable(
            "Time in stock", "nothing leaves: what is there stays for ever", source="Little 1961"
        )
    return Explained(
        "Time in stock",
        stock / rate,
        "",
        "time = stock / rate",
        {"stock": stock, "rate": rate},
        (f"{written(stock)} / {written(rate)} = {written(stock / rate)}",),
        "Little 1961",
        {"time": stock / rate},
    )


def _workers(items: float, rate: float | None, window_s: float | None, load: float) -> Explained:
    expect(rate is not None and window_s is not None, "rate and window_s are expected with items")
    items, load = number("items", items, low=0), above_zero("load", load, high=1)
    rate, window_s = above_zero("rate", rate), above_zero("window_s", window_s)
    one = exact(rate) * exact(window_s) * exact(load)
    workers = ceil(exact(items) / one)
    return Explained(
        "Batch workers",
        workers,
        "workers",
        "items / (rate × window × load), rounded up",
        {"items": items, "rate": rate, "window_s": window_s, "load": load},
        (f"{written(items)} / {written(float(one))} = {written(float(exact(items) / one))}: {workers}",),
        "own",
        {"workers": workers},
    )


def unit_cost(  # noqa: PLR0913  the inputs of a calculator, by their names
    *,
    servers: Amount | None = None,
    per_hour: Amount | None = None,
    hours: Amount | None = None,
    predictions: Amount | None = None,
    tokens_in: Amount | None = None,
    tokens_out: Amount | None = None,
    price_in: Amount | None = None,
    price_out: Amount | None = None,
    unit: str = "",
) -> Explained:
    """Cost of 1,000 predictions: servers by the hour, tokens of a priced model, or both.

    `hours` is the time in which the `predictions` are made. Tokens are per prediction, prices per million tokens.
    Source: own.
    """
    total, steps = 0.0, list[str]()
    inputs: dict[str, Figure] = {}
    if servers is not None or per_hour is not None:
        wanted = {"servers": servers, "per_hour": per_hour, "hours": hours, "predictions": predictions}
        missing = [name for name, value in wanted.items() if value is None]
        expect(not missing, f"{', '.join(missing)} expected with servers")
        given = {name: number(name, value, low=0) for name, value in wanted.items()}
        above_zero("predictions", predictions)
        part = given["servers"] * given["per_hour"] * given["hours"] / given["predictions"] * 1000
        inputs |= given
        steps.append(
            f"{written(given['servers'])} × {written(given['per_hour'])} × {written(given['hours'])} / "
            f"{written(given['predictions'])} × 1000 = {written(part)}"
        )
        total += part
    tokens = {"tokens_in": tokens_in, "tokens_out": tokens_out, "price_in": price_in, "price_out": price_out}
    if any(value is not None for value in tokens.values()):
        known = {name: number(name, value or 0, low=0) for name, value in tokens.items()}
        both = known["tokens_in"] * known["price_in"] + known["tokens_out"] * known["price_out"]
        part = both / TOKENS_PRICED * 1000
        inputs |= known
        steps.append(
            f"({written(known['tokens_in'])} × {written(known['price_in'])} + {written(known['tokens_out'])} × "
            f"{written(known['price_out'])}) / 1,000,000 × 1000 = {written(part)}"
        )
        total += part
    expect(steps, "servers with per_hour, hours and predictions, or tokens with their prices, are expected")
    return Explained(
        "Cost of 1,000 predictions",
        total,
        unit,
        "servers × price per hour × hours / predictions × 1000; tokens × price per million, × 1000",
        inputs,
        tuple(steps),
        "own",
        {"per_1000": total},
    )


def training_compute(  # noqa: PLR0913  the inputs of a calculator, by their names
    parameters: Large | None = None,
    tokens: Large | None = None,
    *,
    peak: Large | None = None,
    utilisation: Share = 0.4,
    hours: Amount | None = None,
    runs: Amount = 1,
    per_hour: Amount | None = None,
    unit: str = "",
) -> Explained:
    """Operations of the training of a dense transformer, and the hours and money of its GPUs.

    `peak` is operations a second of one GPU, `utilisation` the share of them that is reached, `per_hour` the price.
    For other models `hours` of one measured run. Either counts `runs` times. Source: Kaplan et al. 2020; Brown et al.
    2020, table D.1.
    """
    runs = number("runs", runs, low=0)
    figures: dict[str, Figure] = {}
    inputs: dict[str, Figure] = {}
    steps: list[str] = []
    name, value, shown = "Training compute", 0.0, "operations"
    if hours is not None:
        expect(parameters is None and tokens is None, "either hours, or parameters and tokens are expected")
        inputs["hours"] = hours = number("hours", hours, low=0)
    else:
        expect(parameters is not None and tokens is not None, "missing: parameters and tokens, or hours")
        parameters, tokens = number("parameters", parameters, low=0), number("tokens", tokens, low=0)
        value = figures["flops"] = 6 * parameters * tokens
        inputs |= {"parameters": parameters, "tokens": tokens}
        steps.append(f"6 × {parameters:.4g} × {tokens:.4g} = {value:.4g} operations")
        if peak is not None:
            peak, utilisation = above_zero("peak", peak), above_zero("utilisation", utilisation, high=1)
            hours = value / (peak * utilisation) / 3600
            inputs |= {"peak": peak, "utilisation": utilisation}
            steps.append(
                f"{value:.4g} / ({peak:.4g} × {written(utilisation)}) / 3600 = {written(hours)} GPU-hours"
            )
    if hours is not None:
        all_hours = hours * runs
        name, value, shown = "Hours of one GPU", all_hours, "GPU-hours"
        figures["gpu_hours"] = all_hours
        if runs != 1:
            inputs["runs"] = runs
            steps.append(f"{written(runs)} × {written(hours)} = {written(all_hours)} GPU-hours")
        if per_hour is not None:
            cost = all_hours * number("per_hour", per_hour, low=0)
            name, value, shown = "Cost of training", cost, unit
            figures["cost"] = cost
            steps.append(f"{written(all_hours)} × {written(per_hour)} = {written(cost)}")
    return Explained(
        name,
        value,
        shown,
        "operations = 6 × parameters × tokens; GPU-hours = runs × operations / (peak × utilisation) / 3600",
        inputs,
        tuple(steps),
        "Kaplan et al. 2020; Brown et al. 2020",
        figures,
    )
