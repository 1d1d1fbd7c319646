"""Values in documents: JSON, YAML, TOML, and the front matter of a model's page.

YAML is read as version 1.2 has it: `1.2e3` is a number, `no` and `1_000` are texts. Every document is bounded in size
and depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ...model.operations.observation import Unread
from ...model.records.values import is_list
from ...model.text.json_text import json_value
from ..toml.parse import ParseFailure, parse

MOST_BYTES = 10_000_000
"""Of a document; a report of an evaluation has some kilobytes."""
MOST_OF_YAML = 1_000_000
"""Bytes of YAML, whose reader takes seconds for each million of them."""
MOST_NODES = 200_000
"""Values of a YAML document with every alias written out: aliases of aliases are small, and grow without end."""


def document(name: str, content: bytes) -> object | Unread:
    """What a document says, by the end of its name."""
    if len(content) > MOST_BYTES:
        return Unread(f"{name} is larger than {MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Unread(f"{name} is not text in UTF-8")
    end = name.rpartition(".")[2].casefold()
    try:
        if end in ("yaml", "yml"):
            found = yaml_documents(text)
            return found[0] if len(found) == 1 else found or Unread(f"{name} is empty")
        if end == "toml":
            return _toml(text)
        if end in ("md", "markdown"):
            return _front_matter(name, text)
        return json_value(text)
    except RecursionError:
        return Unread(f"{name} is nested too deep")
    except ValueError as error:
        return Unread(f"{name} cannot be read: {str(error).splitlines()[0][:200]}")


def yaml_documents(text: str) -> list[object]:
    """The documents of a YAML 1.2 file. Raises ValueError, or RecursionError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(text) > MOST_OF_YAML:
        raise ValueError(f"it is larger than {MOST_OF_YAML:,} bytes")
    from .core_schema import CoreSchema

    reader, composer = (YAML(typ="safe", pure=True) for _ in range(2))
    reader.Resolver = composer.Resolver = CoreSchema
    try:
        if "&" in text and "*" in text:
            for node in composer.compose_all(text):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
                _written_out(node, {})
        return [one for one in reader.load_all(text) if one is not None]  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise ValueError(f"{getattr(error, 'problem', None) or 'it is not YAML'}{where}") from None


def _written_out(node: object, known: dict[int, int]) -> int:
    """How many values a node has with every alias written out. Raises ValueError where these are too many."""
    if id(node) not in known:
        # One that holds itself has no end.
        known[id(node)] = MOST_NODES
        value: object = getattr(node, "value", None)
        # A list holds nodes, a table pairs of them.
        inner = [node for part in (value if is_list(value) else ()) for node in _nodes(part)]
        known[id(node)] = 1 + sum(_written_out(one, known) for one in inner)
    if known[id(node)] > MOST_NODES:
        raise ValueError(f"its aliases stand for more than {MOST_NODES:,} values")
    return known[id(node)]


def _nodes(part: object) -> tuple[object, ...]:
    return cast("tuple[object, ...]", part) if isinstance(part, tuple) else (part,)


def _toml(text: str) -> Mapping[str, object]:
    """The data of a TOML file. Raises ValueError."""
    found = parse(text)
    if isinstance(found, ParseFailure):
        raise ValueError(f"{found.message} in line {found.line}, column {found.column}")  # noqa: TRY004
    return found


def _front_matter(name: str, text: str) -> object | Unread:
    """The block between the first two lines of three hyphens; what stands in the text below is prose."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        return Unread(f"{name} has no front matter: a block between two lines of ---")
    end = next(at for at, line in enumerate(lines[1:], 1) if line.strip() == "---")
    found = yaml_documents("\n".join(lines[1:end]))
    return found[0] if found else {}
