"""The types that the fields of records are made of, each said once.

Values are strict: TOML has types, and `done = "yes"` is a mistake that a person wants to hear of.
Arrays arrive as lists and are kept as tuples, because a record never changes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.fields import FieldInfo

from .address import is_id
from .values import is_table


class Mark:
    """How a field is written in a file, and how it is typed.

    `lines` are free texts, each on a line of its own, and `paths` such lines that may name files of the repository.

    A field has one, with all its names: pydantic 2.11 keeps one value of each class.
    """

    def __init__(self, *names: Literal["text", "inline", "sorted", "lines", "paths", "share"]) -> None:
        self.names = names


class Refers:
    """What a field points at: the kind of record or entry whose id it holds."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


class MayName:
    """What a field may point at: the id of one of these kinds, or words that are no id. Renames follow the ids."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


def field(description: str, *, unit: str = "", label: str = "", default: Any = None, **limits: Any) -> Any:
    """A field with its description, its unit, its default (unset by default) and its limits.

    `label` is what a person calls it, where that is not its key in words (`not_before`: "Not before").
    """
    if unit or label:
        limits["json_schema_extra"] = {"unit": unit, "label": label}
    if default == {}:
        # A default that is made costs far less than one that is copied for every record.
        return Field(default_factory=dict, description=description, **limits)
    return Field(default=default, description=description, **limits)


def extra(info: FieldInfo) -> Mapping[str, Any]:
    """What is noted beside a field: its `unit`, its `label`, and whether it `must` be filled in."""
    noted = info.json_schema_extra
    return noted if is_table(noted) else {}


def required(description: str, *, label: str = "", **limits: Any) -> Any:
    """A field that a person must fill in; a file without it still loads, with a finding. `label` is as in `field`."""
    noted: dict[str, Any] = {"must": True, **({"label": label} if label else {})}
    return Field(default="", description=description, json_schema_extra=noted, **limits)


def _identifier(text: str) -> str:
    if not is_id(text):
        raise ValueError("an id of lower-case letters, digits and single hyphens, at most 64")
    return text


def _reference(text: str) -> str:
    """An id, or `project/id` for something in another project."""
    for part in text.split("/", 1):
        _identifier(part)
    return text


def _reference_or_path(text: str) -> str:
    """An id, or the path of a field below a project: `metrics.churn-recall.target`, `churn/stages.mvp.cap`."""
    scope, _, name = text.rpartition("/")
    if scope:
        _identifier(scope)
    if "." not in name:
        return _reference(text)
    for part in name.split("."):
        _identifier(part.replace("_", "-"))
    return text


def _clock_time(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError("a time of day such as 05:30")
    return text


def _moment(text: str) -> str:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() != dt.timedelta():
        raise ValueError("a moment in UTC such as 2026-11-30T05:30Z")
    return text


def _three_points(value: object) -> object:
    return (value,) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _growing(value: tuple[float, ...]) -> tuple[float, ...]:
    if len(value) not in (1, 3):
        raise ValueError("one figure, or three: low, likely, high")
    low, likely, high = value if len(value) == 3 else value * 3
    if not 0 <= low <= likely <= high:
        raise ValueError("low, likely and high must not be negative and must not decrease")
    return value


Id = Annotated[str, AfterValidator(_identifier)]
Reference = Annotated[str, AfterValidator(_reference)]
Line = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=1_000_000), Mark("text")]
Strings = Annotated[tuple[Line, ...], Field(strict=False), Mark("lines")]
Paths = Annotated[tuple[Line, ...], Field(strict=False), Mark("lines", "paths")]
Checks = Annotated[tuple[Line, ...], Field(strict=False), Mark("lines", "sorted")]
PersonId = Annotated[str, AfterValidator(_identifier), Refers("person")]
MilestoneId = Annotated[str, AfterValidator(_reference), Refers("milestone")]
MetricId = Annotated[str, AfterValidator(_reference), Refers("metric")]
ModelId = Annotated[str, AfterValidator(_reference), Refers("model")]
ExperimentId = Annotated[str, AfterValidator(_reference), Refers("experiment")]
DecisionId = Annotated[str, AfterValidator(_reference), Refers("decision")]
CardId = Annotated[str, AfterValidator(_reference), Refers("card")]
ProjectId = Annotated[str, AfterValidator(_identifier), Refers("project")]
StakeholderId = Annotated[str, AfterValidator(_identifier), Refers("stakeholder")]
GateId = Annotated[str, AfterValidator(_identifier), Refers("gate")]
ItemId = Annotated[str, AfterValidator(_identifier), Refers("item")]
Party = Annotated[str, AfterValidator(_reference), MayName("project", "card")]
Owner = Annotated[Line, MayName("person")]
Signal = Annotated[Line, MayName("metric")]
ReferenceOrPath = Annotated[str, AfterValidator(_reference_or_path)]
Named = Annotated[
    tuple[ReferenceOrPath, ...],
    Field(strict=False),
    MayName("goal", "metric", "milestone", "business", "technical", "stakeholder", "dataset", "risk", "card"),
]
ProjectIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("project")]
DatasetIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("dataset")]
MetricIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("metric")]
MilestoneIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("milestone")]
RiskIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("risk")]
BusinessIds = Annotated[tuple[Reference, ...], Field(strict=False), Refers("business")]
Tags = Annotated[tuple[Line, ...], Field(strict=False), Mark("sorted")]
Dates = Annotated[tuple[dt.date, ...], Field(strict=False), Mark("sorted")]
Need = Annotated[str, Field(max_length=200, pattern=r"^[a-z0-9/-]+( (FS|SS|FF|SF)?([+-]\d+(\.5)?d)?)?$")]
Needs = Annotated[tuple[Need, ...], Field(strict=False), Refers("card")]
Estimate = Annotated[
    tuple[float, ...],
    Field(strict=False),
    BeforeValidator(_three_points),
    AfterValidator(_growing),
    Mark("inline"),
]
Share = Annotated[float, Field(ge=0, le=1), Mark("share")]
Grade = Annotated[int, Field(ge=1, le=5)]
Number = Annotated[float, Field(ge=-1e15, le=1e15)]
ClockTime = Annotated[str, AfterValidator(_clock_time)]
Moment = Annotated[str, AfterValidator(_moment)]
Money = Annotated[float, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Stage = Literal["mvp", "growth", "maturity"]
Phase = Literal["assess", "plan", "execute", "iterate"]
Rank = Annotated[str, Field(pattern=r"^[0-9A-Za-z]+$", max_length=200)]
