"""What training takes: operations, hours on devices, money."""

from __future__ import annotations

from ..text.figure import Explained, Figure, expect, number, written

SECONDS_PER_HOUR = 3600


def training_compute(  # noqa: PLR0913  the inputs of a calculator, by their names
    parameters: float | None = None,
    tokens: float | None = None,
    *,
    peak: float | None = None,
    utilisation: float | None = None,
    hours: float | None = None,
    runs: float = 1,
    price: float | None = None,
    unit: str = "",
) -> Explained:
    """Operations of a training, its device-hours, and what they cost.

    From `parameters` and `tokens` of a dense transformer, with `peak` operations per second of a device and the share
    `utilisation` of it that is reached; or from the `hours` of one measured run. Then `runs` times that, at a `price`
    per hour. Source: Kaplan et al. 2020 (6 operations a parameter and token).
    """
    steps: list[str] = []
    figures: dict[str, Figure] = {}
    inputs: dict[str, Figure] = {}
    runs = number("runs", runs, low=0)
    if hours is not None:
        expect(parameters is None and tokens is None, "either hours, or parameters and tokens, and not both")
        hours = number("hours", hours, low=0)
        inputs["hours"] = hours
    else:
        expect(parameters is not None and tokens is not None, "parameters and tokens, or hours are expected")
        parameters, tokens = number("parameters", parameters, low=0), number("tokens", tokens, low=0)
        flops = 6 * parameters * tokens
        inputs |= {"parameters": parameters, "tokens": tokens}
        figures["flops"] = flops
        steps.append(f"operations = 6 × {written(parameters)} × {written(tokens)} = {written(flops)}")
        if peak is not None:
            expect(utilisation is not None, "utilisation is expected beside peak")
            peak, utilisation = number("peak", peak, low=1), number("utilisation", utilisation, 0.0001, 1)
            hours = flops / (peak * utilisation) / SECONDS_PER_HOUR
            inputs |= {"peak": peak, "utilisation": utilisation}
            steps.append(
                f"hours = {written(flops)} / ({written(peak)} × {written(utilisation)}) / 3600 = {written(hours)}"
            )
    if hours is not None:
        all_hours = hours * runs
        inputs["runs"] = runs
        figures["gpu_hours"] = all_hours
        steps.append(f"device-hours = {written(runs)} × {written(hours)} = {written(all_hours)}")
        if price is not None:
            price = number("price", price, low=0)
            inputs["price"] = price
            figures["cost"] = all_hours * price
            steps.append(f"cost = {written(all_hours)} × {written(price)} = {written(all_hours * price)}")
    last = next(name for name in ("cost", "gpu_hours", "flops") if name in figures)
    value = figures[last]
    assert isinstance(value, float | int)
    return Explained(
        "Training compute",
        value,
        {"cost": unit, "gpu_hours": "device-hours", "flops": "operations"}[last],
        "6 × parameters × tokens; / (peak × utilisation) / 3600; × runs × price of an hour",
        inputs,
        tuple(steps),
        "Kaplan et al. 2020; Brown et al. 2020, table D.1",
        figures,
    )
