"""What a reader keeps of reviews, in a file of this machine's memory of the plan: never in the work tree.

It is written whole or not at all. A file that is not what kedge writes is put aside and never used: nothing in it is
more than text, and each value must have its type and size.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping
from typing import Any

from ...model.records.values import is_list, is_table
from ...model.review.memory import LONGEST_LINE, LONGEST_NOTE, MOST_NOTES, MOST_READ, Memory, Note
from ..disk import atomic, lock
from ..disk.cache_file import UNUSABLE
from ..disk.errors import NotWritable
from ..disk.locate import state_folder
from ..disk.regular import read_regular

NAME = "review.json"
PAGE = "review.md"
"""The last review that was written as Markdown from the board."""
_FORMAT = 1
_LARGEST = 20_000_000


class ReviewMemory:
    """The memory of the reviews of one plan."""

    def __init__(self, root: str, environment: Mapping[str, str]) -> None:
        self._folder = state_folder(root, environment)
        self._path = os.path.join(self._folder, NAME)

    def load(self) -> Memory:
        """What is kept; nothing where there is no file, or one that kedge did not write."""
        try:
            return self._load()
        except UNUSABLE:
            return Memory()

    def _load(self) -> Memory:
        """Raises one of UNUSABLE."""
        status = os.lstat(self._path)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("no file")
        if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
            raise ValueError("others may have written it")
        return _memory(json.loads(read_regular(self._path, _LARGEST)))

    def change(self, change: Callable[[Memory], Memory]) -> None:
        """Changes what is kept, on top of what another kedge has kept meanwhile. Raises NotWritable, or Locked."""
        with atomic.refusals(self._path):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
        with lock.held(self._folder), atomic.refusals(self._path):
            try:
                before = self._load()
            except FileNotFoundError:
                before = Memory()
            except UNUSABLE:
                before = Memory()
                self._put_aside()
            content = json.dumps(_data(change(before)), ensure_ascii=True).encode()
            if not _can_be_read(content):
                raise NotWritable(
                    f"no more fits into {self._path}", "nothing was changed; take away notes that are old"
                )
            atomic.replace(self._path, content)
            os.chmod(self._path, 0o600)

    def _put_aside(self) -> None:
        """Gives what kedge did not write another name, under which it stays. Raises OSError."""
        number = 0
        while os.path.lexists(aside := f"{self._path}.unreadable{f'-{number}' * (number > 0)}"):
            number += 1
        os.rename(self._path, aside)

    def write_page(self, text: str) -> str:
        """Keeps a review as Markdown; the path of the file. Raises NotWritable."""
        path = os.path.join(self._folder, PAGE)
        with atomic.refusals(path):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            atomic.replace(path, text.encode("utf-8", "backslashreplace"))
        return path


def _can_be_read(content: bytes) -> bool:
    """Whether what is to be written will be taken for kedge's own."""
    try:
        _memory(json.loads(content))
    except UNUSABLE:
        return False
    return len(content) <= _LARGEST


def _data(memory: Memory) -> dict[str, Any]:
    notes = {
        key: {"text": one.text, "mark": one.mark, "title": one.title, "quoted": list(one.quoted)}
        for key, one in memory.notes.items()
    }
    return {"kedge": _FORMAT, "read": list(memory.read), "notes": notes}


def _memory(data: Any) -> Memory:
    """Raises one of UNUSABLE for anything that kedge does not write."""
    read, notes = data["read"], data["notes"]
    if data["kedge"] != _FORMAT or not is_list(read) or not is_table(notes):
        raise ValueError("format")
    if len(read) > MOST_READ or len(notes) > MOST_NOTES:
        raise ValueError("size")
    return Memory(
        dict.fromkeys(_text(one, 64) for one in read),
        {_text(key): _note(one) for key, one in notes.items()},
    )


def _note(data: Any) -> Note:
    quoted = data["quoted"]
    if not is_list(quoted):
        raise ValueError("quoted")
    return Note(
        _text(data["text"], LONGEST_NOTE),
        _text(data["mark"], 64),
        _text(data["title"]),
        tuple(map(_text, quoted)),
    )


def _text(found: object, longest: int = LONGEST_LINE) -> str:
    if type(found) is not str or len(found) > longest:
        raise ValueError("text")
    return found
