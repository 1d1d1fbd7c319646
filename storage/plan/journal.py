"""The journal: every step that a kedge on this machine made, so that it can be finished, undone and redone.

A step is one file with the content of every touched file before and after. It is written before the plan is, so
that a crash in the middle of several files is finished at the next start. The name of its file says how far
a step is (`000007.done.json`), which changes by an atomic rename:

    doing ──▶ done ──▶ undoing ──▶ undone ──▶ redoing ──▶ done

The journal is outside the work tree and is never needed to read a plan.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..disk import atomic
from ..disk.errors import NothingToUndo
from ..disk.paths import address_of

State = Literal["doing", "done", "undoing", "undone", "redoing"]
KEPT = 500
"""Steps that are kept; older ones are forgotten."""
_AFTER: dict[State, State] = {"doing": "done", "undoing": "undone", "redoing": "done"}

_BEFORE: dict[State, State | None] = {"doing": None, "undoing": "done", "redoing": "undone"}


@dataclass(frozen=True)
class FileStep:
    """One file before and after a step; None where it did not or does not exist."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Step:
    """What the person did, and what that wrote."""

    number: int
    state: State
    label: str
    files: tuple[FileStep, ...]


class Journal:
    """The steps of one plan on this machine."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.join(folder, "steps")

    def begin(self, label: str, files: tuple[FileStep, ...]) -> Step:
        """Writes a step down before it is made; steps that were undone before it can no longer be redone."""
        self._sweep()
        entries = self._entries()
        for number, state in entries:
            if state == "undone":
                self._forget(number, state)
        step = Step(entries[-1][0] + 1 if entries else 1, "doing", label, files)
        self._write(step)
        for number, state in entries[:-KEPT]:
            self._forget(number, state)
        return step

    def moved(self, step: Step, state: State) -> Step:
        """The step in another state; on disk that is one rename."""
        os.replace(self._path(step.number, step.state), self._path(step.number, state))
        return Step(step.number, state, step.label, step.files)

    def finished(self, step: Step) -> Step:
        """The step after what it was in the middle of."""
        return self.moved(step, _AFTER[step.state])

    def abandoned(self, step: Step) -> None:
        """The step before what it was in the middle of: a new one is forgotten, as it was never made."""
        before = _BEFORE[step.state]
        if before is None:
            self._forget(step.number, step.state)
        else:
            self.moved(step, before)

    def to_undo(self) -> Step:
        """The last step that was made. Raises NothingToUndo."""
        found = self._read_first("done", reverse=True)
        if found is None:
            raise NothingToUndo("nothing to undo", "steps are kept for this clone on this machine only")
        return found

    def to_redo(self) -> Step:
        """The first step of those that were undone. Raises NothingToUndo."""
        found = self._read_first("undone")
        if found is None:
            raise NothingToUndo("nothing to redo", "only a step that was just undone can be made again")
        return found

    def has_unfinished(self) -> bool:
        """Whether a kedge was stopped in the middle of a step, or is in the middle of one now. Reads no file."""
        return any(state in _AFTER for _, state in self._entries())

    def unfinished(self) -> list[Step]:
        """Steps in whose middle a kedge was stopped. Only who holds the plan can tell them from those being made.

        Raises NothingToUndo where one of them cannot be read.
        """
        found = (self._read(number, state) for number, state in self._entries() if state in _AFTER)
        return [step for step in found if step is not None]

    def _read_first(self, wanted: State, *, reverse: bool = False) -> Step | None:
        for number, state in sorted(self._entries(), reverse=reverse):
            if state == wanted and (step := self._read(number, state)) is not None:
                return step
        return None

    def _entries(self) -> list[tuple[int, State]]:
        found: list[tuple[int, State]] = []
        try:
            names = os.listdir(self.folder)
        except OSError:
            return []
        for name in names:
            number, _, rest = name.partition(".")
            state = rest.removesuffix(".json")
            if number.isdigit() and state in (*_AFTER, "done", "undone"):
                found.append((int(number), state))  # pyright: ignore[reportArgumentType]
        return sorted(found)

    def _path(self, number: int, state: State) -> str:
        return os.path.join(self.folder, f"{number:06}.{state}.json")

    def _write(self, step: Step) -> None:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        data = {
            "kedge": 1,
            "label": step.label,
            "files": [
                {"path": file.path, "before": _text(file.before), "after": _text(file.after)}
                for file in step.files
            ],
        }
        atomic.replace(self._path(step.number, step.state), json.dumps(data).encode())

    def _read(self, number: int, state: State) -> Step | None:
        """A step; None where another kedge has moved it on since it was listed. Raises NothingToUndo."""
        path = self._path(number, state)
        try:
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NothingToUndo(f"{path} cannot be read: {error.strerror}", "the plan is as it is") from error
        try:
            data = json.loads(content)
            files = tuple(
                FileStep(str(one["path"]), _bytes(one["before"]), _bytes(one["after"]))
                for one in data["files"]
            )
            label = str(data["label"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._forget(number, state)
            raise NothingToUndo(
                "the last step cannot be read and was forgotten", "the plan is as it is"
            ) from error
        # A path that no record can have was not written by kedge.
        if any(address_of(file.path) is None for file in files):
            self._forget(number, state)
            raise NothingToUndo("the last step names a file outside the plan and was forgotten")
        return Step(number, state, label, files)

    def _sweep(self) -> None:
        """Removes the temporary files of kedges that were killed while they wrote a step down."""
        with contextlib.suppress(OSError):
            for name in os.listdir(self.folder):
                if name.endswith(atomic.TEMPORARY):
                    os.unlink(os.path.join(self.folder, name))

    def _forget(self, number: int, state: State) -> None:
        try:
            os.unlink(self._path(number, state))
        except FileNotFoundError:
            return


def sides(step: Step) -> Iterator[tuple[str, bytes | None, bytes | None]]:
    """Path, content to start from and content to reach, in the direction in which the step is going."""
    backwards = step.state in ("undoing", "undone")
    for file in step.files:
        yield (file.path, file.after, file.before) if backwards else (file.path, file.before, file.after)


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "surrogateescape")


def _bytes(text: object) -> bytes | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise TypeError("a file's content is a text")
    return text.encode("utf-8", "surrogateescape")
