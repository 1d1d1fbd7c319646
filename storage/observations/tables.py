"""Values in tables of text: CSV and TSV by column and row, JSON lines by key. They are read row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace

from ...model.operations.observation import Observed, Unread, Where, cell, in_document, said
from ...model.text.json_text import json_value

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may separate columns in place of commas."""


def in_table(where: Where, content: bytes) -> Observed | Unread:
    """The figure in a column, of the last row or of the one that `where.row` names."""
    if len(where.key) != 1:
        return Unread(f"{where.file}: the key is one column", "--key COLUMN names it")
    column = where.key[0]
    tabs = where.file.casefold().endswith((".tsv", ".tab"))
    try:
        lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
        rows = csv.reader(lines, delimiter="\t" if tabs else ",", strict=True)
        head = next(rows, list[str]())
        if not head:
            return Unread(f"{where.file} is empty")
        other = next((name for sign, name in _SEPARATORS.items() if sign in head[0]), "")
        if column not in head and len(head) == 1 and other:
            return Unread(
                f"{where.file} has {other} between its columns",
                "write it with commas, or with tabs as .tsv",
            )
        if column not in head:
            return Unread(f"{where.file} has no column {column!r}", f"there are: {', '.join(head[:12])}")
        if head.count(column) > 1:
            return Unread(f"{where.file} has the column {column!r} more than once")
        return _row(where, head, rows)
    except UnicodeDecodeError:
        return Unread(f"{where.file} is not text in UTF-8")
    except csv.Error as error:
        return Unread(f"{where.file} cannot be read: {error}")


def _row(where: Where, head: list[str], rows: Iterator[list[str]]) -> Observed | Unread:
    name, _, wanted = where.row.partition("=")
    if where.row and name not in head:
        return Unread(f"{where.file} has no column {name!r}", f"there are: {', '.join(head[:12])}")
    found: list[list[str]] = []
    for row in rows:
        if not row:
            continue
        if len(row) != len(head):
            return Unread(f"{where.file}: a row has {len(row)} cells, not {len(head)} as the first line")
        if not where.row:
            found = [row]
        elif row[head.index(name)] == wanted:
            found.append(row)
    if not found:
        return Unread(
            f"{where.file} has no row with {where.row}" if where.row else f"{where.file} has no row"
        )
    if len(found) > 1:
        return Unread(
            f"{where.file}: {len(found)} rows have {where.row}", "--row with a column that tells them apart"
        )
    value = cell(found[0][head.index(where.key[0])], f"{where.key[0]} of {where.row or 'the last row'}")
    return value if isinstance(value, Unread) else Observed(value, note=where.row or "last row")


def in_lines(where: Where, content: bytes) -> Observed | Unread:
    """The figure of the last line that has the key."""
    last: Unread | None = None
    found: Observed | None = None
    for at, line in enumerate(io.BytesIO(content), 1):
        if not line.strip():
            continue
        try:
            data = json_value(line)
        except json.JSONDecodeError:
            return Unread(f"{where.file}:{at}: it is not JSON")
        except (ValueError, RecursionError) as error:
            return Unread(f"{where.file}:{at}: {error}")
        value = in_document(data, where.key)
        if isinstance(value, Unread):
            last = value
        else:
            found = replace(value, note=f"line {at}")
    if found is not None:
        return found
    return Unread(
        f"no line of {where.file} has {said(where.key)}", last.hint if last else "the file is empty"
    )
