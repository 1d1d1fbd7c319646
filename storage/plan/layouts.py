"""How each kind of record is laid out in its file: made from the models, so that a field is declared once."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from ...model.plan.validate import required_fields
from ...model.records.base import PLACE_FIELDS, Entry, sections, tables
from ...model.records.fields import Mark
from ...model.records.kinds import KINDS, record_model
from ..toml.layout import Layout

BARE = Layout()


@cache
def layout_of(kind: str) -> Layout:
    """The canonical layout of a kind's files; a free one for files that are not records."""
    return _layout(record_model(kind)) if kind in KINDS else BARE


@cache
def _layout(model: type[Entry]) -> Layout:
    marked: defaultdict[str, set[str]] = defaultdict(set)
    own = {name for group in model.GROUPS for name in group}
    for name in own:
        info = model.model_fields[name]
        for mark in (*info.metadata, *_inner_marks(info.annotation)):
            if isinstance(mark, Mark):
                for kind in mark.names:
                    marked[kind].add(name)
    # A placeholder shows what can be set; a few keys of settings are always written.
    optional = own - set(required_fields(model)) - PLACE_FIELDS
    return Layout(
        groups=model.GROUPS,
        optional=frozenset(optional),
        inline=frozenset(marked["inline"]),
        text=frozenset(marked["text"]),
        sorted=frozenset(marked["sorted"]),
        tables=tuple((name, _layout(inner) if inner else BARE) for name, inner in tables(model).items()),
        sections=tuple((name, _layout(inner)) for name, inner in sections(model).items()),
    )


def _inner_marks(annotation: object) -> list[object]:
    """Marks inside `X | None`, where pydantic leaves them on the member."""
    members = getattr(annotation, "__args__", ())
    return [mark for member in members for mark in getattr(member, "__metadata__", ())]
