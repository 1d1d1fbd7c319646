"""Calls of the system that fail, and kills, at every point of a step: `python bench/faults.py [--quick]`.

For each of some representative steps: the first call that kedge makes of the system fails, then the second, and so on
until none is left, with each of some errors; and the process is ended before and after each call. Afterwards the plan
must be wholly before or wholly after the step, as was said, now or at the next start; `git add -A` must take no
temporary file at any moment; and the next start leaves none. 1 where anything of that is wrong. `--no-exchange` does so
as on a disk that cannot exchange two files.
"""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from kedge.model.edit import edits, renames
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.storage.disk import exchange, staging
from kedge.storage.disk.errors import LeftHalfDone, WriteRefused
from kedge.storage.plan.workspace import Workspace

CALLS = (
    *(
        "open",
        "write",
        "fsync",
        "replace",
        "rename",
        "link",
        "unlink",
        "mkdir",
        "rmdir",
        "listdir",
        "makedirs",
    ),
    *("stat", "scandir"),
)
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.ENOENT)
FILES = {
    "board.toml": "format = 1\n",
    "projects/p/project.toml": 'title = "P"\nphase = "execute"\n',
    "projects/p/cards/one-2222.toml": 'title = "One"\nplace = "execute"\nrank = "a1"\n',
    "projects/p/cards/two-3333.toml": (
        'title = "Two"\nplace = "execute"\nrank = "a2"\nneeds = [\n  "one-2222",\n]\n'
    ),
}
ONE = Address("card", "p", "one-2222")
KILLED = 9
Act = Callable[[Workspace], object]


def _retitle(space: Workspace) -> Batch:
    return edits.edit(space.plan, ONE, {("title",): "Another"})


STEPS: dict[str, tuple[Act, Act]] = {
    "change": (lambda _: None, lambda space: space.commit(_retitle(space))),
    "add": (
        lambda _: None,
        lambda space: space.commit(edits.add_card(space.plan, "p", "New", {}, Random(1))),
    ),
    "remove": (
        lambda _: None,
        lambda space: space.commit(edits.remove(space.plan, [Address("card", "p", "two-3333")])),
    ),
    "rename": (lambda _: None, lambda space: space.commit(renames.rename(space.plan, ONE, "uno-2222"))),
    "undo": (
        lambda space: space.commit(renames.rename(space.plan, ONE, "uno-2222")),
        lambda space: space.undo(),
    ),
    "redo": (
        lambda space: (space.commit(renames.rename(space.plan, ONE, "uno-2222")), space.undo()),
        lambda space: space.redo(),
    ),
}


class Fault:
    """Does something at the n-th call of the system."""

    def __init__(self, nth: int, act: Callable[[str], None], *, after: bool = False) -> None:
        self.left = nth
        self.act = act
        self.after = after
        self.fired = ""

    def around(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """The call, with the fault in it."""

        def call(*arguments: Any, **options: Any) -> Any:
            self.left -= 1
            if self.left:
                return real(*arguments, **options)
            self.fired = name
            if self.after:
                try:
                    return real(*arguments, **options)
                finally:
                    self.act(name)
            self.act(name)
            return real(*arguments, **options)

        return call


@contextmanager
def injected(fault: Fault) -> Iterator[None]:
    """Puts a fault into all calls of the system that writing makes."""
    kept = {name: getattr(os, name) for name in CALLS}
    trade = exchange.system_exchange
    traded = trade()
    try:
        for name, real in kept.items():
            setattr(os, name, fault.around(name, real))
        if traded is not None:
            wrapped = fault.around("exchange", traded)

            def offered() -> Callable[[bytes, bytes], int]:
                def call(one: bytes, other: bytes) -> int:
                    try:
                        return wrapped(one, other)
                    except OSError as error:
                        return error.errno or errno.EIO

                return call

            exchange.system_exchange = offered
        yield
    finally:
        for name, real in kept.items():
            setattr(os, name, real)
        exchange.system_exchange = trade


def texts(root: Path) -> dict[str, str]:
    """The files that git would see, by path."""
    found = {str(one.relative_to(root)): one.read_text() for one in root.rglob("*") if one.is_file()}
    ignored = f"{staging.NAME}/"
    if found.get(f"{ignored}.gitignore") == "*\n":
        found = {path: text for path, text in found.items() if not path.startswith(ignored)}
    return found


class Trial:
    """One step in a fresh plan, with a fault in it."""

    def __init__(self, folder: Path, step: str) -> None:
        self.prepare, self.act = STEPS[step]
        self.folder = folder
        self.root = folder / "plan"
        for path, text in FILES.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        self.environment = {"KEDGE_STATE": str(folder / "state")}
        self.space = self.open()
        self.prepare(self.space)
        self.before = texts(self.root)

    def open(self) -> Workspace:
        """The plan as the next start finds it."""
        return Workspace.open(str(self.root), self.environment)

    def wrong(self, goal: dict[str, str], *, was_made: bool | None) -> str:
        """What is wrong after the fault; `was_made` is what was said of the step, None where nothing could be."""
        known = {**self.before, **goal}
        seen = texts(self.root)
        if stray := [path for path in seen if path not in known]:
            return f"git would take {stray[0]}"
        if any(text not in (self.before.get(path), goal.get(path)) for path, text in seen.items()):
            return "a file is neither old nor new"
        if was_made is not None and seen != (goal if was_made else self.before):
            return "half done, or not as was said"
        try:
            self.open()
        except WriteRefused as error:
            return f"the next start fails: {error}"
        after = texts(self.root)
        if after not in (self.before, goal) or (was_made is not None and after != seen):
            return "half done after the next start, or not as was said"
        if (self.root / staging.NAME).exists():
            return "temporary files stay"
        return ""


def goal_of(step: str) -> dict[str, str]:
    """The files as a step without faults leaves them."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), step)
        trial.act(trial.space)
        return texts(trial.root)


def failing(step: str, code: int, goal: dict[str, str], folder: Path, nth: int) -> tuple[str, str]:
    """The call that failed (empty where there are fewer), and what is wrong then."""

    def fail(_: str) -> None:
        raise OSError(code, os.strerror(code))

    trial = Trial(folder, step)
    fault = Fault(nth, fail)
    said: bool | None = True
    with injected(fault):
        try:
            trial.act(trial.space)
        except LeftHalfDone:
            said = None
        except WriteRefused:
            said = False
        except OSError as error:
            return fault.fired, f"a traceback: {error}"
    return fault.fired, trial.wrong(goal, was_made=said)


def killed(step: str, goal: dict[str, str], folder: Path, nth: int, *, after: bool) -> tuple[str, str]:
    """The same with the process ended before or after a call."""
    trial = Trial(folder, step)
    child = os.fork()
    if child == 0:
        with injected(Fault(nth, lambda _: os._exit(KILLED), after=after)):
            trial.act(trial.space)
            os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ("killed" if status == KILLED else ""), trial.wrong(goal, was_made=None if status else True)


def main() -> int:
    """Tries them all; 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one error instead of six")
    parser.add_argument("--no-exchange", action="store_true", help="with a file taken away first")
    options = parser.parse_args()
    errors = ERRORS[:1] if options.quick else ERRORS
    if options.no_exchange:
        exchange.system_exchange = lambda: None
    wrongs: Counter[str] = Counter()
    print(f"{'step':10}{'errors tried':>14}{'wrong':>8}{'kills tried':>14}{'wrong':>8}")
    for step in STEPS:
        goal = goal_of(step)
        figures: list[int] = []
        faults: list[list[Callable[[Path, int], tuple[str, str]]]] = [
            [partial(failing, step, code, goal) for code in errors],
            [partial(killed, step, goal, after=after) for after in (False, True)],
        ]
        for kinds in faults:
            tried = wrong = 0
            for kind in kinds:
                nth = 0
                while True:
                    nth += 1
                    folder = Path(tempfile.mkdtemp())
                    fired, problem = kind(folder, nth)
                    shutil.rmtree(folder)
                    if not fired:
                        break
                    tried += 1
                    if problem:
                        wrong += 1
                        wrongs[f"{step}, call {nth} ({fired}): {problem}"] += 1
            figures += [tried, wrong]
        print(f"{step:10}{figures[0]:>14}{figures[1]:>8}{figures[2]:>14}{figures[3]:>8}", flush=True)
    for text, count in wrongs.most_common(20):
        print(f"  {count} x {text}")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
