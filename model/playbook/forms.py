"""How values of a playbook are written, and what they are read as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from ..records.values import is_list, is_table
from .conditions import Name, Pass, When, parse_name, parse_pass, parse_when
from .merge import by_id
from .record_tests import RecordTest, parse_test


def keyed(value: object) -> object:
    """`{opinion = {p = 0.67}}` as a list of tables that know their key."""
    if is_table(value):
        return [{**table, "id": key} if is_table(table) else table for key, table in value.items()]
    return value


def named_units(value: object) -> object:
    """`{"p95 latency" = "ms"}` as a list of tables."""
    if is_table(value):
        return [{"id": name, "unit": unit} for name, unit in value.items()]
    return value


def sentences(value: object) -> object:
    """Conditions by id, or plain sentences, whose first words become their ids; an empty one is left out."""
    if is_table(value):
        return [{"id": name, "text": text} for name, text in value.items() if text != ""]
    return sentences(by_id(value, {})) if is_list(value) else value


def one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _read(parse: Callable[[str], object], *, optional: bool = False) -> PlainValidator:
    """Parses a text. Where it is optional "" takes it away, since TOML has no word for nothing."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("a text is expected")  # noqa: TRY004  pydantic collects ValueError only
        return None if optional and not value else parse(value)

    return PlainValidator(read)


_write = PlainSerializer(lambda value: None if value is None else str(value))

PassRule = Annotated[Pass, _read(parse_pass), _write]
EvidenceRule = Annotated[Pass | None, _read(parse_pass, optional=True), _write]
WhenRule = Annotated[When | None, _read(parse_when, optional=True), _write]
RecordRule = Annotated[RecordTest, _read(parse_test), _write]
FilterRule = Annotated[RecordTest | None, _read(parse_test, optional=True), _write]
FieldName = Annotated[Name, _read(parse_name), _write]
