"""What a document's bytes count as: something that was written down, or nothing yet."""

from __future__ import annotations

import codecs

import pytest

from kedge.storage.disk.document import MOST_READ, state_of

OUTLINE = """---
title: Value
---
# What it is worth

<!-- say who was asked -->

What was found
--------------

- [ ]
1.
**Result:**

| | |
|---|---|

TBD
"""
BLANKS = "# Value\n" + " " * 60_000 + "x\n"
"""Hours for an expression in which two parts may take the same blanks."""
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"

EMPTY: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t\r\n",
    "a mark of UTF-8": codecs.BOM_UTF8 + b"\n",
    "a mark of UTF-16": codecs.BOM_UTF16_LE + "\n \n".encode("utf-16-le"),
    "a mark of UTF-32": codecs.BOM_UTF32_LE,
    "many blanks": b" \n" * 10_000,
    "blanks beyond what is read": (b" \n" * MOST_READ)[:MOST_READ],
    "blanks of another width": "\u00a0\u2003\u200b".encode() * 50,
    "zeros": bytes(10_000),
    "x": b"x\n",
    "to be written": b"TBD ...\n",
    "a pointer to nothing": POINTER.format("0" * 64, 0).encode(),
}
WRITTEN: dict[str, bytes] = {
    "two words": b"DPO note\n",
    "a figure": b"0.83",
    "of another encoding": "Zusage f\u00fcr ein Jahr".encode("latin-1"),
    "UTF-16": "recall 0.33".encode("utf-16"),
    "another script": "十二人に聞いた".encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "a heading and a line": b"# Value\n\nthree points fewer in the north\n",
    "a heading and a row": b"# Value\n\n| recall | 0.33 |\n",
    "a letter cut in two": "in the north é".encode()[:-1],
}


@pytest.mark.parametrize("what", EMPTY)
def test_nothing_is_written_there(what: str) -> None:
    assert state_of("docs/value.md", EMPTY[what]) == "empty"


@pytest.mark.parametrize("what", WRITTEN)
def test_something_is_written_there(what: str) -> None:
    assert state_of("docs/value.md", WRITTEN[what]) == "there"


@pytest.mark.parametrize("text", ["# Value of the pilot\n", "Value\n=====\n", OUTLINE, BLANKS])
def test_an_outline_is_none(text: str) -> None:
    assert state_of("docs/value.md", text.encode()) == "only headings"
    assert state_of("docs/value.MD", text.replace("\n", "\r\n").encode()) == "only headings"
    # Elsewhere the same signs begin other lines.
    assert state_of("docs/value.py", text.encode()) == "there"


def test_what_git_lfs_keeps_was_not_fetched() -> None:
    assert state_of("docs/value.pdf", POINTER.format("ab" * 32, 1200).encode()) == "not fetched"
