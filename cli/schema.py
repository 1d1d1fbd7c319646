"""JSON Schema of the records, so that editors with a TOML language server complete and check them."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from ..storage.disk.errors import KedgeError, NotWritable
from . import output
from .command import Command
from .settings import Settings

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.command(cls=Command, reads=True, past=False)
@click.argument("kind", required=False)
@click.option("--out", metavar="DIR", help="Write one file for each kind into a folder.")
@click.pass_obj
def schema(settings: Settings, kind: str | None, out: str | None) -> None:
    """Print the JSON Schema of a KIND of record, or of all of them.

    `kedge init --schema` puts them under plan/.schema/ and names them in the files that it makes.
    """
    from ..model.plan.ids import similar
    from ..model.records.kinds import KINDS

    if kind is not None and kind not in KINDS:
        near = similar(kind, KINDS)
        raise KedgeError(
            f"there is no kind of file {kind!r}",
            f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(KINDS)}",
        )
    found = {name: schema_of(name) for name in ([kind] if kind else KINDS)}
    if out is not None:
        write_schemas(out, found)
        output.say(settings, f"wrote {len(found)} schemas to {out}")
    elif settings.json:
        output.data("schema", found)
    else:
        output.write(_text(found[kind] if kind else found))


def write_schemas(folder: str, schemas: dict[str, dict[str, Any]]) -> None:
    """Writes one file for each kind. Raises NotWritable."""
    from ..storage.disk.atomic import refusals, replace

    with refusals(folder):
        os.makedirs(folder, exist_ok=True)
        for name, content in schemas.items():
            replace(os.path.join(folder, f"{name}.json"), _text(content).encode())
    if not os.path.isdir(folder):
        raise NotWritable(f"cannot write {folder}")


def _text(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file, with descriptions and units; keys that it does not know are allowed."""
    from ..model.records.kinds import record_model

    model = record_model(kind)
    found = model.model_json_schema(mode="validation")
    for part in (found, *found.get("$defs", {}).values()):
        _as_in_file(part)
    return {
        "$schema": _DIALECT,
        "title": kind,
        **{key: value for key, value in found.items() if key != "title"},
    }


def _as_in_file(part: dict[str, Any]) -> None:
    """What a file may hold: not what its place says, nothing that is null; what must be filled in is required."""
    properties = part.get("properties", {})
    for name in ("id", "project"):
        if "the file" in properties.get(name, {}).get("description", "") or "whose folder" in properties.get(
            name, {}
        ).get("description", ""):
            del properties[name]
    required = [name for name, one in properties.items() if one.pop("must", False)]
    if required:
        part["required"] = required
    for one in properties.values():
        one.pop("title", None)
        one.pop("default", None) if one.get("default") in (None, "", [], {}) else None
        options = [option for option in one.get("anyOf", ()) if option != {"type": "null"}]
        if len(options) == 1:
            del one["anyOf"]
            one.update(options[0])
        unit = one.pop("unit", None)
        if unit:
            one["description"] = f"{one.get('description', '')} ({unit})"
