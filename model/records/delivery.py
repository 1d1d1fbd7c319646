"""What goes live: experiments, models, rollouts, monitors."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from .base import Entry, FormGroups, Groups, Record
from .fields import (
    Amount,
    ClockTime,
    Count,
    ExperimentId,
    Line,
    MetricId,
    MetricIds,
    ModelId,
    Moment,
    Number,
    Paths,
    PersonId,
    RiskIds,
    Share,
    Signal,
    Text,
    field,
    required,
)
from .measured import MEASURED_KEYS, Measured


class Limits(Entry):
    """A value with the limit that it is held against, so that a program can judge it.

    A monitor fires where the limit holds (`> 0.12`); a rollout stops where it does not (`<= 2.5`).
    """

    operator: Literal[">", ">=", "<", "<="] | None = field(
        "how the value that is read is compared with the limit"
    )
    value: Number | None = field("the limit itself", label="Limit")
    unit: Line | None = field("what the limit is counted in: PSI, %, minutes, times burn")
    in_a_row: Count | None = field("readings in a row that must be beyond it before it counts")
    for_minutes: Amount | None = field("how long it must be beyond it before it counts", unit="minutes")
    at: ClockTime | None = field("time of day at which it is read, such as 05:30", label="Read at")
    least_events: Count | None = field("events below which nothing is judged")


LIMIT_KEYS: Groups = (("operator", "value", "unit"), ("in_a_row", "for_minutes"), ("at", "least_events"))


class Arm(Entry):
    """One variant of an experiment, with its counts."""

    GROUPS: ClassVar[Groups] = (("title",), ("share",), ("units", "events", "total"))

    title: Line = required("what this variant is")
    share: Share | None = field("share of the traffic that was planned")
    units: Count | None = field("units that were seen, such as users")
    events: Count | None = field("how many of them did it")
    total: float | None = field("sum of the measured value")


class Measure(Entry):
    """A metric of an experiment besides its primary one, or what is known of how the primary one is counted."""

    LABEL: ClassVar[str] = "margin"
    GROUPS: ClassVar[Groups] = (("margin",), ("spread",))

    margin: Amount | None = field("for a guardrail: how much worse it may get, in the metric's unit")
    spread: Amount | None = field(
        "standard deviation of its value per unit, in the metric's unit; only for a mean or a ratio, not for a share"
    )
    counts: dict[str, Number] = field(
        "events (of a share) or the sum (of a mean) that each arm had, by the arm's id", default={}
    )
    per: dict[str, Number] = field(
        "of a ratio of sums, such as clicks per session: what each arm's sum is divided by, by the arm's id",
        default={},
    )


class Experiment(Record):
    """A test of an idea: proof of concept, offline, shadow or A/B."""

    KIND: ClassVar[str] = "experiment"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("kind", "hypothesis"),
        ("unit", "primary_metric"),
        ("guardrails",),
        ("control",),
        ("baseline", "smallest_effect", "power", "significance"),
        ("sides", "looks", "boundary"),
        ("per_day", "per_week"),
        ("sample_size", "days"),
        ("stop_rule",),
        ("started", "ended"),
        ("result",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "kind", "hypothesis", "unit", "primary_metric", "guardrails", "control")),
        ("Size", ("baseline", "smallest_effect", "power", "significance", "sample_size", "stop_rule")),
        ("When", ("per_day", "days", "started", "ended", "result")),
        ("Links", ("links", "notes")),
    )

    title: Line = required("what is tried")
    kind: Literal["proof of concept", "offline", "shadow", "A/B"] = field("kind of test", default="offline")
    hypothesis: Line | None = field("what should happen, and why")
    unit: Line | None = field("what is assigned to a variant: user, session, request")
    primary_metric: MetricId | None = field("the metric that decides")
    guardrails: MetricIds = field("metrics that must not get worse", default=())
    baseline: float | None = field("value of the metric without the change")
    smallest_effect: float | None = field("smallest difference that would matter, in the metric's unit")
    power: Share = field("chance to see that difference if it is there", default=0.8)
    significance: Share = field("chance to see one that is not there", default=0.05)
    control: Line | None = field("the variant that the others are compared with")
    sides: Literal["one", "two"] = field(
        "whether only a gain is looked for, or any difference", default="two"
    )
    looks: Count | None = field("how often it is read, in equal steps; unset: once")
    boundary: Literal["none", "pocock", "obrien-fleming"] = field(
        "limits that keep the level although it is read several times", default="none"
    )
    per_day: Amount | None = field("units that come in a day, of all variants")
    per_week: Amount | None = field("different units that a week sees, where the same ones return")
    sample_size: Count | None = field("units per variant; of unequal shares those of the control")
    days: Amount | None = field("planned duration", unit="days")
    stop_rule: Line | None = field("when it ends, written before it starts")
    started: dt.date | None = field("first day")
    ended: dt.date | None = field("last day")
    result: Literal["supports", "mixed", "against", "inconclusive"] | None = field("what came out")
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    arms: dict[str, Arm] = field("variants with their counts", default={})
    measures: dict[MetricId, Measure] = field(
        "other metrics with their counts: guardrails with a margin, and further measures of success",
        default={},
    )


class Model(Record):
    """A trained model: from which code, data and settings, and how good it was."""

    KIND: ClassVar[str] = "model"
    GROUPS: ClassVar[Groups] = (
        ("title", "version"),
        ("code", "data", "settings"),
        ("metric", "value", "compared_with"),
        ("approved_by", "oversight"),
        ("live_from", "live_to"),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "version", "code", "data", "settings")),
        ("Result", ("metric", "value", "compared_with", "approved_by", "oversight")),
        ("When", ("live_from", "live_to")),
        ("Links", ("links", "notes")),
    )

    title: Line = required("what it is called")
    version: Line | None = field("its version")
    code: Line | None = field("the code it was trained with: a commit or a tag")
    data: Line | None = field("the data it was trained on: a snapshot or a hash")
    settings: Line | None = field("where its settings are")
    metric: MetricId | None = field("the metric it was judged by")
    value: float | None = field("the value it reached")
    compared_with: Line | None = field("the model or rule it was compared with, and that one's value")
    approved_by: PersonId | None = field("who let it go live")
    oversight: PersonId | None = field("who watches over it while it is live, and may switch it off")
    live_from: dt.date | None = field("first day in production")
    live_to: dt.date | None = field("last day in production")
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")


class Step(Entry):
    """One step of a rollout."""

    LABEL: ClassVar[str] = "kind"
    GROUPS: ClassVar[Groups] = (("kind", "rank"), ("share", "minutes"), ("started", "ended"), ("outcome",))

    kind: Literal["shadow", "canary", "ramp", "full"] = field("kind of step", default="canary")
    rank: Line = field("order of the steps: smaller texts first", default="a0")
    share: Share | None = field("share of the traffic")
    minutes: Amount | None = field("how long it is watched", unit="minutes")
    started: dt.date | None = field("first day")
    ended: dt.date | None = field("last day")
    outcome: Literal["passed", "stopped", "rolled back"] | None = field("what came of it")


class Guardrail(Limits):
    """A metric and the limit that it must keep, or a rollout stops."""

    LABEL: ClassVar[str] = "metric"
    GROUPS: ClassVar[Groups] = (("metric",), *LIMIT_KEYS, ("margin",), ("limit",), ("window_minutes",))

    metric: Signal = required("the metric's id, or a signal of the system")
    margin: Amount | None = field(
        "how much worse than an equal control it may be, in the metric's unit; more is worse, but with > or >="
    )
    limit: Line | None = field("what the limit's figures cannot say, in words", label="In words")
    window_minutes: Amount | None = field("over which it is measured", unit="minutes")


class Rollout(Record):
    """How a model reaches real users, step by step, and what stops it."""

    KIND: ClassVar[str] = "rollout"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("model", "experiment"),
        ("stop_action", "decides"),
        ("per_minute",),
        ("detect_minutes", "rehearsed_on"),
        ("started", "ended"),
        ("outcome",),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "model", "experiment", "stop_action", "decides")),
        ("When", ("detect_minutes", "rehearsed_on", "started", "ended", "outcome")),
        ("Links", ("links", "notes")),
    )

    title: Line = required("what is rolled out")
    model: ModelId | None = field("the model")
    experiment: ExperimentId | None = field("the experiment that goes with it")
    stop_action: Line | None = field("what is done when a guardrail is passed")
    decides: PersonId | None = field("who decides at each step")
    per_minute: Amount | None = field("requests a minute that reach the system as a whole")
    detect_minutes: Amount | None = field("how soon a bad model must be noticed", unit="minutes")
    rehearsed_on: dt.date | None = field("when the way back was tried last")
    started: dt.date | None = field("first day")
    ended: dt.date | None = field("last day")
    outcome: Literal["better", "no difference", "worse", "could not be tested"] | None = field("the verdict")
    links: Paths = field("paths in the repository, or addresses", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    steps: dict[str, Step] = field("the steps", default={})
    guardrails: dict[str, Guardrail] = field("what must not get worse", default={})


class MonitorReading(Entry):
    """One value of a monitor's signal."""

    LABEL: ClassVar[str] = "read_at"
    GROUPS: ClassVar[Groups] = (("read_at", "value", "events"), ("commit", "hash"))

    read_at: Moment | None = field("when it was read, in UTC: 2026-11-30T05:30Z")
    value: Number | None = field("the value")
    events: Count | None = field("how many events it was taken from")
    commit: Line | None = field("commit of the repository when it was read")
    hash: Line | None = field("SHA-256 of the file's content, in hex")

    @property
    def label(self) -> str:
        """The moment with the value."""
        return f"{self.read_at or '?'}: {'?' if self.value is None else f'{self.value:.15g}'}"


class Monitor(Limits, Measured, Record):
    """Something that is watched in production, and what happens when it goes bad."""

    KIND: ClassVar[str] = "monitor"
    GROUPS: ClassVar[Groups] = (
        ("title",),
        ("watches", "signal"),
        *LIMIT_KEYS,
        ("limit", "window"),
        ("objective", "objective_days"),
        ("events_per_hour",),
        ("events", "failures", "counted_hours"),
        ("measured_in", *MEASURED_KEYS[0]),
        MEASURED_KEYS[1],
        ("action", "action_is"),
        ("owner", "covers"),
        ("runs_since", "last_fired", "last_tested"),
        ("links",),
        ("notes",),
    )
    FORM: ClassVar[FormGroups] = (
        ("What", ("title", "watches", "signal")),
        ("Limit", ("operator", "value", "unit", "in_a_row", "for_minutes", "limit", "window")),
        ("Then", ("action", "action_is", "owner")),
        ("When", ("runs_since", "last_fired", "last_tested")),
        ("Links", ("covers", "links", "notes")),
    )

    title: Line = required("what is watched")
    watches: (
        Literal["input drift", "quality", "data arrival", "servers", "software", "cost", "fairness", "misuse"]
        | None
    ) = field("what kind of trouble it sees")
    signal: Line | None = field("the figure that is read")
    limit: Line | None = field("what the limit's figures cannot say, in words", label="In words")
    window: Line | None = field("over which time it is measured: 30 minutes, 1 week, one run")
    objective: Share | None = field("share of good events that is promised, where an error budget is watched")
    objective_days: Amount | None = field("window of that promise; 30 where none is given", unit="days")
    events_per_hour: Amount | None = field("events that it sees in a quiet hour")
    events: Count | None = field("events that were counted for the error budget")
    failures: Count | None = field("how many of them failed")
    counted_hours: Amount | None = field("hours in which they were counted", unit="hours")
    action: Line | None = field("what is then done")
    action_is: Literal["automatic", "manual"] | None = field("whether that happens by itself")
    owner: PersonId | None = field("who is called")
    covers: RiskIds = field("risks that it covers", default=())
    runs_since: dt.date | None = field("since when it runs")
    last_fired: dt.date | None = field("when it fired last")
    last_tested: dt.date | None = field("when it was fired on purpose last")
    links: Paths = field("dashboards and runbooks", default=())
    notes: Text = field("whatever else there is to say, as Markdown", default="")
    readings: dict[str, MonitorReading] = field("values of its signal", default={})
