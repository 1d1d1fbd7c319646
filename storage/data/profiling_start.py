"""The beginning of a data file: what kind of file it is, how it is packed, and in which encoding its text is.

What is no table of texts is refused by its own name: an Excel file called `.csv` is an Excel file.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Literal

from ...model.data.profile import DataFinding
from ...model.data.table_shape import doubt, note
from ..disk.errors import BadValue
from .profiling_engine import Engine

LOOKED_AT = 256 * 1024
LONGEST_LINE = 8 * 1024 * 1024
PACKINGS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
JSON_ENDINGS = (".json", ".jsonl", ".ndjson", ".geojson")
CONTROLS = re.compile(r"[\0-\x08\x0b\x0e-\x19\x7f]")
MOST_CONTROLS = 4
"""So many different control characters are in no text."""
OTHERS = (
    (b"PK\x03\x04", "a ZIP file", "unpack it first"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or other Office file", "save it as CSV"),
    (b"%PDF", "a PDF file", ""),
    (b"BZh", "packed with bzip2", "unpack it first"),
    (b"\xfd7zXZ\x00", "packed with xz", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file", "unpack it first"),
    (b"Rar!", "a RAR file", "unpack it first"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV or Parquet"),
    (b"ARROW1", "an Arrow file", "save it as Parquet"),
    (b"FEA1", "a Feather file", "save it as Parquet"),
    (b"ORC", "an ORC file", "save it as Parquet"),
    (b"Obj\x01", "an Avro file", "save it as Parquet"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "save it as Parquet"),
    (b"\x93NUMPY", "a NumPy array", "save it as CSV or Parquet"),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"\x80\x04\x95", "a Python pickle", "save it as CSV or Parquet"),
    (b"\x80\x05\x95", "a Python pickle", "save it as CSV or Parquet"),
    (b"{\\rtf", "an RTF document", ""),
    (
        b"version https://git-lfs.github.com/spec",
        "a pointer of Git LFS, without the data",
        "git lfs pull fetches it",
    ),
    (b"/annex/objects/", "a pointer of git-annex, without the data", "git annex get fetches it"),
)
PAGE = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
MARKUP = re.compile(r"\s*<(\?xml|[A-Za-z][\w:.-]*[\s/>])")


@dataclass(frozen=True)
class Start:
    """What a file begins with."""

    kind: Literal["parquet", "json", "csv"]
    packing: str = ""
    encoding: str = "utf-8"
    text: str = ""
    complete: bool = True
    """Whether the text is all of the file."""
    doubts: tuple[DataFinding, ...] = ()


def start_of(engine: Engine, path: str, name: str, encoding: str) -> Start:
    """What a file begins with, read in the encoding that was asked for unless it says another itself.

    Raises BadValue for a file that is empty, or no table of texts.
    """
    with open(path, "rb") as file:
        begin = file.read(4)
    if begin == b"PAR1":
        return Start("parquet")
    packing = next((name for mark, name in PACKINGS.items() if begin.startswith(mark)), "")
    content, complete = _content(engine, path, name, packing, LOOKED_AT)
    if not complete and b"\n" not in content and b"\r" not in content:
        content, complete = _content(engine, path, name, packing, LONGEST_LINE)
    _refuse(name, content)
    marked = _encoding(content, encoding)
    if marked.startswith("utf-16") and not complete:
        content = content[: len(content) // 2 * 2]
    text = content.decode(marked, "replace").removeprefix("\ufeff")
    if not text.strip():
        raise BadValue(f"{name} is empty", "a data file has at least a line of names")
    if PAGE.match(text):
        raise BadValue(f"{name} is an HTML page", "was it downloaded without logging in?")
    if MARKUP.match(text):
        raise BadValue(f"{name} is an XML file", "save it as CSV or Parquet")
    if len(set(CONTROLS.findall(text))) >= MOST_CONTROLS:
        raise BadValue(
            f"{name} is neither text nor another file that can be read",
            "is it a CSV file? --encoding says how it is written",
        )
    bare = os.path.splitext(name)[0] if packing else name
    by_name = os.path.splitext(bare)[1].lower() in JSON_ENDINGS
    is_json = by_name or _is_json(text)
    doubts: list[DataFinding] = []
    if zeros := text.count("\0"):
        doubts.append(doubt("zero characters", f"{zeros:,} near the beginning: the file may be damaged"))
    if (
        marked.startswith("utf-16")
        and encoding == "utf-8"
        and content[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        doubts.append(note("encoding", "read as UTF-16, although it has no mark that says so"))
    if is_json and not by_name:
        doubts.append(note("form", "read as JSON lines, whatever its name says"))
    return Start("json" if is_json else "csv", packing, marked, text, complete, tuple(doubts))


@contextmanager
def text_lines(engine: Engine, path: str, start: Start) -> Generator[Iterator[str]]:
    """The lines of a file with their ends as line feeds; what cannot be decoded becomes surrogates."""
    plain = engine.unpacked(path) if start.packing == "zstd" else path
    with open(plain, "rb") as file:
        raw: IO[bytes] = gzip.GzipFile(fileobj=file) if start.packing == "gzip" else file  # pyright: ignore[reportAssignmentType]
        errors = "surrogateescape" if start.encoding in ("utf-8", "latin-1") else "replace"
        encoding = "utf-8-sig" if start.encoding == "utf-8" else start.encoding
        with io.TextIOWrapper(raw, encoding, errors) as text:
            yield text


def _content(engine: Engine, path: str, name: str, packing: str, size: int) -> tuple[bytes, bool]:
    """The beginning of a file, unpacked, and whether that is all of it."""
    if packing == "zstd":
        lines = engine.first_lines(path, packing)
        return "".join(f"{line}\n" for line in lines).encode()[:size], False
    try:
        with open(path, "rb") as file:
            found = (gzip.GzipFile(fileobj=file) if packing else file).read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadValue(f"{name} cannot be unpacked: {error}") from error
    return found[:size], len(found) <= size


def _refuse(name: str, content: bytes) -> None:
    """Raises BadValue for a file of another kind."""
    if not content:
        raise BadValue(f"{name} is empty", "a data file has at least a line of names")
    for mark, what, hint in OTHERS:
        if content.startswith(mark):
            if mark[:2] == b"PK" and (b"[Content_Types].xml" in content[:4096] or b"xl/" in content[:65536]):
                what, hint = "an Excel or other Office file", "save it as CSV"
            raise BadValue(f"{name} is {what}, which is not read", hint)
    if content[257:262] == b"ustar":
        raise BadValue(f"{name} is a tar file, which is not read", "unpack it first")


def _encoding(content: bytes, asked: str) -> str:
    """The encoding that the marks or the zero bytes at the beginning tell, else the one that was asked for."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return encoding
    first = content[:4096]
    low, high = first[::2].count(0), first[1::2].count(0)
    if len(first) >= 4 and high > 0.4 * len(first[1::2]) and low < 0.05 * len(first):
        return "utf-16-le"
    if len(first) >= 4 and low > 0.4 * len(first[::2]) and high < 0.05 * len(first):
        return "utf-16-be"
    return asked


def _is_json(text: str) -> bool:
    """Whether a text begins with a JSON object, or a list of objects."""
    text = text.lstrip()
    if re.match(r"\[\s*\{\s*\"", text):
        return True
    if not re.match(r"\{\s*\"", text):
        return False
    try:
        return isinstance(json.JSONDecoder().raw_decode(text)[0], dict)
    except (ValueError, RecursionError):
        return bool(re.match(r"\{\s*\"[^\"]*\"\s*:", text))
