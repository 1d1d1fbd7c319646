"""Commands that write, under kills, failing calls and outside saves: `python bench/writers.py [--only PATTERN]`.

Each command runs in a copy of a prepared repository. At its first call that changes something on the disk, or that
starts git, one fault happens, then at the second, and so on until none is left: the process is ended before or after
the call, the call fails, an editor saves the file that is about to be written (by a rename, or by appending a line),
another kedge begins to write into the plan. Once, all calls fail that would write into the person's home folder, where
the steps to undo are kept. Afterwards:

* every file is whole: as before, or as the command leaves it; a word that the editor saved is in it, or beside it;
* a refusal (exit code 3) has changed nothing, and no fault ends in a traceback;
* the same command, run once more, does its work;
* of two kedges each has done its work or refused, and the files say what came of it, in one order or the other.

1 where anything of that is wrong.
"""

from __future__ import annotations

import argparse
import builtins
import datetime
import errno
import io
import os
import random
import re
import select
import shutil
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from kedge.cli import git_setup
from kedge.storage.disk import exchange, staging

ROOT = Path(__file__).resolve().parents[1]
CARDS = "plan/projects/churn/cards"
CARD = f"{CARDS}/pre-mortem-with-retention-data-nm9k.toml"
CALLS = ("write", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "chmod")
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES)
KILLED, CRASHED = 9, 70
MARK = "# saved by an editor"
TODAY = ("--today", "2026-11-20")


class Seeded(random.Random):
    """In the place of the system's randomness, so that a command writes the same each time."""

    def __init__(self) -> None:
        super().__init__(1)


@dataclass(frozen=True)
class Writer:
    """A command that writes."""

    arguments: tuple[str, ...]
    edited: str = ""
    """A file that an editor saves meanwhile; empty where no person writes to what the command writes."""
    prepare: Callable[[Path], None] = lambda _: None
    is_one_step: bool = True
    """Whether a refusal leaves all as it was; a setup of several parts may have made some of them."""
    answers: set[int] = field(default_factory=lambda: {0})
    other: tuple[str, ...] = ("set", "feature-table-7k2m", "tags=+two")
    """What another kedge does at the same time."""


def git(top: Path, *words: str, given: str = "") -> str:
    """Runs git as a person who has no settings."""
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@kedge.invalid", "-c", "gc.auto=0")
    done = subprocess.run(
        ["git", *who, *words], cwd=top, check=True, capture_output=True, text=True, input=given
    )
    return done.stdout


def in_conflict(top: Path) -> None:
    """A card with a title in question, as a merge leaves it."""
    text, rows, version = (top / CARD).read_text(), "", ""
    for stage, owner in enumerate(("base", "mira", "sam"), 1):
        version = text.replace('title = "', f'title = "{owner} ', 1)
        rows += f"100644 {git(top, 'hash-object', '-w', '--stdin', given=version).strip()} {stage}\t{CARD}\n"
    (top / CARD).write_text(version)
    git(top, "update-index", "--index-info", given=f"0 {'0' * 40}\t{CARD}\n{rows}")
    (top / ".git" / "MERGE_HEAD").write_text(git(top, "rev-parse", "HEAD"))


def with_a_sentence(top: Path) -> None:
    """A monitor of an older kedge, which says its limit in words."""
    path = top / "plan/projects/churn/monitors/input-drift.toml"
    path.write_text('title = "Drift"\nwatches = "input drift"\nlimit = "PSI > 0.12 for 2 runs in a row"\n')


def with_a_lost_edit(top: Path) -> None:
    """A merge commit that has dropped what the other side wrote."""
    git(top, "checkout", "-q", "-b", "side")
    _commit(top, re.sub(r"^#?owner =.*$", 'owner = "jonas"', (top / CARD).read_text(), flags=re.MULTILINE))
    git(top, "checkout", "-q", "main")
    _commit(top, (top / CARD).read_text() + "# ours\n")
    git(top, "merge", "-q", "-s", "ours", "-m", "merge", "side")


def _commit(top: Path, text: str) -> None:
    (top / CARD).write_text(text)
    git(top, "commit", "-q", "-a", "-m", "change")


def _files(top: Path) -> None:
    (top / "metrics.json").write_text('{"recall": 0.5}')
    strategy = top / "plan/projects/churn/strategy.toml"
    text = strategy.read_text()
    assert "[metrics.churn-recall]" in text
    linked = '[metrics.churn-recall]\nmeasured_in = "metrics.json"\nmeasured_key = "recall"'
    strategy.write_text(
        re.sub(r"^measured_(in|key) = .*\n", "", text, flags=re.MULTILINE).replace(
            "[metrics.churn-recall]", linked, 1
        )
    )


MONITOR, STRATEGY = "plan/projects/churn/monitors/input-drift.toml", "plan/projects/churn/strategy.toml"
COUNTS = ("contact=2406/11912", "hold-out=2636/11874")
ON_CARD, ON_METRIC = (
    ("set", Path(CARD).stem, "tags=+two"),
    ("metric", "set", "churn-recall", "title=Two"),
)
WRITERS: dict[str, Writer] = {
    "resolve a field": Writer(("resolve", Path(CARD).stem, "title", "theirs"), CARD, in_conflict),
    "resolve, typed": Writer(("resolve", Path(CARD).stem, "title", "=Another"), CARD, in_conflict),
    "fmt --migrate": Writer(("fmt", "--migrate"), MONITOR, with_a_sentence),
    "fmt": Writer(("fmt",), MONITOR, with_a_sentence),
    "metric refresh": Writer(("metric", "refresh"), STRATEGY, _files, answers={0, 1}, other=ON_METRIC),
    "metric record": Writer(("metric", "record", "churn-recall", "0.5"), STRATEGY, other=ON_METRIC),
    "monitor record": Writer(("monitor", "record", "input-drift", "0.05"), MONITOR, answers={0, 1}),
    "experiment read": Writer(("experiment", "read", "holdout-test", *COUNTS), answers={0, 1}),
    "review record": Writer(("review", "record", "--well", "It ran")),
    "git recover": Writer(("git", "recover", "HEAD"), CARD, with_a_lost_edit, other=ON_CARD),
    "holidays add": Writer(("holidays", "add", "DE", "2027"), "plan/board.toml"),
    "init --agents": Writer(("init", "--agents", "--yes"), "AGENTS.md"),
    "git install": Writer(("git", "install"), "plan/.gitattributes", is_one_step=False, answers={0, 1}),
    "start --branch": Writer(("start", Path(CARD).stem, "--branch"), CARD, other=ON_CARD),
    "card trailer": Writer(("git", "card-trailer", "message"), "message"),
    "remembered note": Writer(("note",)),
}


def note() -> int:
    """Writes a note as the review screen does, without the screen."""
    from kedge.model.review.memory import Note
    from kedge.storage.disk.errors import WriteRefused
    from kedge.storage.plan.review_memory import ReviewMemory

    one = Note("a word", "0" * 32, "A title", ("changed",))
    try:
        ReviewMemory("plan", os.environ).change(lambda memory: memory.with_note("key", one))
    except WriteRefused as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


class Fault:
    """Does something at the n-th call that changes the disk."""

    def __init__(self, nth: int, act: Callable[[str], None], *, after: bool) -> None:
        self.left, self.act, self.after = nth, act, after

    def around(
        self, name: str, real: Callable[..., Any], counts: Callable[..., bool] = lambda *_, **__: True
    ) -> Any:
        """The call, with the fault in it."""

        def call(*arguments: Any, **options: Any) -> Any:
            if not counts(*arguments, **options):
                return real(*arguments, **options)
            self.left -= 1
            if not self.left and not self.after:
                self.act(name)
            done = real(*arguments, **options)
            if not self.left and self.after:
                self.act(name)
            return done

        return call

    def install(self) -> None:
        """Puts it into this process, which is a child and ends soon."""
        for name in CALLS:
            setattr(os, name, self.around(name, getattr(os, name)))
        is_writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT
        os.open = self.around("open", os.open, lambda _, flags, *__, **___: bool(flags & is_writing))
        opened = self.around("open", builtins.open, _for_writing)
        builtins.open = io.open = opened
        subprocess.Popen.__init__ = self.around("start of git", subprocess.Popen.__init__)  # type: ignore[method-assign]
        traded = exchange.system_exchange()
        if traded is not None:
            wrapped = self.around("exchange", traded)

            def call(one: bytes, other: bytes) -> int:
                try:
                    return wrapped(one, other)
                except OSError as error:
                    return error.errno or errno.EIO

            exchange.system_exchange = lambda: call


class ReadOnly(Fault):
    """Lets every call fail that would change what is below a folder, but for what is below another one in it."""

    def __init__(self, folder: Path, but: Path, act: Callable[[str], None]) -> None:
        super().__init__(0, act, after=False)
        self.folder, self.but, self.is_acting = f"{folder}{os.sep}", f"{but}{os.sep}", False

    def around(
        self, name: str, real: Callable[..., Any], counts: Callable[..., bool] = lambda *_, **__: True
    ) -> Any:
        """The call, refused where it writes into the folder."""

        def call(*arguments: Any, **options: Any) -> Any:
            if not self.is_acting and counts(*arguments, **options) and any(map(self._is_inside, arguments)):
                self.is_acting = True
                try:
                    self.act(name)
                finally:
                    self.is_acting = False
            return real(*arguments, **options)

        return call

    def _is_inside(self, argument: object) -> bool:
        if not isinstance(argument, str | bytes | os.PathLike):
            return False
        path = os.path.abspath(os.fsdecode(argument))
        return path.startswith(self.folder) and not f"{path}{os.sep}".startswith(self.but)


def _for_writing(_: object, mode: str = "r", *__: object, **___: object) -> bool:
    return any(letter in mode for letter in "wax+")


def ran(top: Path, arguments: tuple[str, ...], fault: Fault | None = None) -> tuple[int, str, bool]:
    """Exit code of a command, what it said, and whether the fault happened."""
    said, fired = top.parent / "said", top.parent / "fired"
    fired.unlink(missing_ok=True)

    def with_fault() -> bool:
        if fault is not None:
            act = fault.act

            def acted(name: str) -> None:
                os.close(os.open(f"{fired}", os.O_RDONLY | os.O_CREAT))
                act(name)

            fault.act = acted
            fault.install()
        return True

    code = _ended(_started(top, arguments, said, with_fault))
    return code, said.read_text(errors="replace"), fired.exists()


def ran_beside(top: Path, writer: Writer, nth: int) -> tuple[int, str, bool, int]:
    """As `ran`, where another kedge begins at the n-th call; with the exit code of that one.

    The other is given a moment to end in between, which it does where it need not wait for the first.
    """
    go, begin = os.pipe()
    over, end = os.pipe()
    other = _started(top, writer.other, top.parent / "said-other", lambda: os.read(go, 1) == b"x", begin)
    for handle in (go, end):
        os.close(handle)

    def act(_: str, write: Callable[[int, bytes], int] = os.write) -> None:
        write(begin, b"x")
        select.select([over], [], [], 0.3)

    # Without an n-th call nothing is written to the other: it finds its pipe closed, and ends without running.
    code, said, has_fired = ran(top, writer.arguments, Fault(nth, act, after=False))
    for handle in (begin, over):
        os.close(handle)
    return code, said, has_fired, _ended(other)


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _started(
    top: Path, arguments: tuple[str, ...], said: Path, is_ready: Callable[[], bool], *close: int
) -> int:
    """Starts a process that runs a command once `is_ready` has said so; the process's number."""
    child = os.fork()
    if child:
        return child
    code = CRASHED
    try:
        for one in close:
            os.close(one)
        handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        os.chdir(top)
        os.environ.update(KEDGE_STATE=str(top.parent / "state"), HOME=str(top.parent), KEDGE_PROJECT="churn")
        # What a killed one leaves among temporary files goes with the bench's own folder.
        tempfile.tempdir = str(top.parent.parent)
        random.SystemRandom = Seeded  # type: ignore[misc,assignment]
        sys.modules["holidays"] = _holidays()
        # What is set up is tried out in a repository of kedge's own: slow, and none of it is the person's.
        git_setup._examined = lambda *_: []
        code = _did(arguments) if is_ready() else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _did(arguments: tuple[str, ...]) -> int:
    from kedge.cli.main import run

    if arguments == ("note",):
        return note()
    return run(arguments if arguments[0] == "git" else [*TODAY, *arguments])


def _holidays() -> types.ModuleType:
    """The package that knows holidays, which need not be installed."""
    made = types.ModuleType("holidays")
    days = {datetime.date(2027, 1, 1): "New Year", datetime.date(2027, 5, 17): "Whit Monday"}
    made.country_holidays = lambda *_, **__: days  # type: ignore[attr-defined]
    return made


_LOCK = ".git/HEAD.lock"
_COMMIT = re.compile(r'^measured_commit = ".*"$', re.MULTILINE)
"""It is left out where git cannot be asked, also because of a fault: the reading counts without it."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT?\d?\d?:?\d?\d?:?\d?\d?(\.\d+)?Z?")


def texts(top: Path) -> dict[str, str]:
    """The files that git would see, what the index says of them, and the parts of the git folder that kedge writes."""
    found: dict[str, str] = {}
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        own = re.fullmatch(r"\.git/(config|HEAD|hooks/[\w-]+|info/attributes|refs/heads/.*|.*\.lock)", name)
        if path.is_file() and (not name.startswith(".git/") or own) and f"{staging.NAME}/" not in name:
            found[name] = _COMMIT.sub("#measured_commit =", _MOMENT.sub("MOMENT", path.read_text()))
    found["index"] = git(top, "ls-files", "-s")
    for path in (top.parent / "state").rglob("review.*"):
        found[f"state/{path.name}"] = path.read_text()
    return found


def _take_lock_away(top: Path, arguments: tuple[str, ...]) -> None:
    """Removes the lock that a killed run left beside HEAD, as a person would, but only where a message names it.

    A killed git leaves the same one: neither can know whether another process is still at work.
    """
    if (top / _LOCK).exists() and _LOCK in ran(top, arguments)[1]:
        (top / _LOCK).unlink()


def wrong(  # noqa: PLR0913
    writer: Writer,
    top: Path,
    before: dict[str, str],
    goal: dict[str, str],
    code: int,
    said: str,
    *,
    is_saved: bool,
) -> str:
    """What is wrong after a fault; empty where nothing is."""
    if code not in (KILLED, 0, 1, 2, 3) or "Traceback" in said:
        return f"exit code {code}: {said.strip().splitlines()[-1:]}"
    if code == KILLED:
        ran(top, ("list",))
        _take_lock_away(top, writer.arguments)
    seen = texts(top)
    kept = {name: text for name, text in seen.items() if ".kept-" in name}
    for name, text in seen.items():
        if name in kept or name == "index" or name.endswith(".tmp"):
            continue
        plain = text.replace(f"{MARK}\n", "") if is_saved else text
        if plain not in (before.get(name), goal.get(name)):
            return (
                f"{name} is neither old nor new: {plain[:60]!r}"
                if name in {**before, **goal}
                else f"{name} is left"
            )
    if stray := [name for name in seen if name.endswith(".tmp")]:
        return f"{stray[0]} is left"
    if is_saved and not any(MARK in text for text in (seen.get(writer.edited, ""), *kept.values())):
        return f"what was saved is lost (exit code {code}: {said.strip()[:80]})"
    if code == 3 and not is_saved and writer.is_one_step and seen != before:
        differs = [name for name in {**seen, **before} if seen.get(name) != before.get(name)]
        return f"refused, and yet changed: {differs}"
    if code in writer.answers and not is_saved and seen != goal:
        return f"said to be done (exit code {code}), and is not: {said.strip()[:80]}"
    if code != KILLED or seen == goal:
        return ""
    again, told, _ = ran(top, writer.arguments)
    after = texts(top)
    return "" if after == goal else f"the next run does not do it (exit code {again}): {told.strip()[:90]}"


def faults(writer: Writer, top: Path) -> Iterator[tuple[str, Callable[[int], Fault], bool]]:
    """Each kind of fault by its name, as made for the n-th call, and whether an editor saves."""

    def fail(code: int) -> Callable[[str], None]:
        def act(_: str) -> None:
            raise OSError(code, os.strerror(code))

        return act

    yield "kill before", lambda nth: Fault(nth, lambda _: os._exit(KILLED), after=False), False
    yield "kill after", lambda nth: Fault(nth, lambda _: os._exit(KILLED), after=True), False
    for code in ERRORS:
        yield (
            f"error {errno.errorcode[code]}",
            lambda nth, code=code: Fault(nth, fail(code), after=False),
            False,
        )
    home = top.parent
    yield (
        "read-only home",
        lambda nth: (
            ReadOnly(home, top, fail(errno.EROFS)) if nth == 1 else Fault(0, lambda _: None, after=False)
        ),
        False,
    )
    if writer.edited:
        path = str(top / writer.edited)

        def append(_: str) -> None:
            with io.FileIO(path, "a") as file:
                file.write(f"{MARK}\n".encode())

        def save(_: str) -> None:
            with suppress(FileNotFoundError), io.FileIO(path) as file:
                text = file.read()
                with io.FileIO(f"{path}~", "w") as made:
                    made.write(text + f"{MARK}\n".encode())
                import posix

                posix.rename(f"{path}~", path)

        yield "save by append", lambda nth: Fault(nth, append, after=False), True
        yield "save by rename", lambda nth: Fault(nth, save, after=False), True


def main() -> int:
    """Tries them all; 1 where something was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", default="", metavar="PATTERN", help="commands whose name this pattern matches"
    )
    parser.add_argument(
        "--faults", default="", metavar="PATTERN", help="faults whose name this pattern matches"
    )
    options = parser.parse_args()
    # Loaded once, for all children.
    for room in ("model", "storage", "cli"):
        for path in sorted((ROOT / room).rglob("*.py")):
            import_module(".".join(("kedge", *path.relative_to(ROOT).with_suffix("").parts)))
    wrongs = 0
    print(f"{'command':18}{'faults tried':>14}{'wrong':>8}")
    for name, writer in WRITERS.items():
        if not re.search(options.only, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            tried, wrong_of = _tried(name, writer, Path(folder), options.faults)
        wrongs += len(wrong_of)
        print(
            f"{name:18}{tried:>14}{len(wrong_of):>8}",
            *(f"  {one}" for one in wrong_of[:20]),
            sep="\n",
            flush=True,
        )
    return 1 if wrongs else 0


def _tried(name: str, writer: Writer, folder: Path, pattern: str) -> tuple[int, list[str]]:
    """How many faults were tried on a command, and what was wrong."""
    ready = folder / "ready" / "top"
    shutil.copytree(ROOT / "samples" / "churn" / "plan", ready / "plan")
    (ready / "message").write_text("Work\n")
    (ready / "AGENTS.md").write_text("# Rules\n")
    (ready / "plan" / ".gitattributes").write_text("*.md text\n")
    git(ready, "init", "-q", "-b", "churn/" + Path(CARD).stem if name == "card trailer" else "main")
    git(ready, "add", "-A")
    git(ready, "commit", "-q", "-m", "plan")
    writer.prepare(ready)
    top = folder / "run" / "top"

    def fresh() -> None:
        shutil.rmtree(top.parent, ignore_errors=True)
        shutil.copytree(ready.parent, top.parent, symlinks=True)

    fresh()
    before = texts(top)
    code, said, _ = ran(top, writer.arguments)
    goal = texts(top)
    if code not in writer.answers or goal == before:
        raise SystemExit(f"{name} does nothing to be tried (exit code {code}): {said}")
    tried, found = 0, list[str]()
    for kind, made, is_saved in faults(writer, top):
        if not re.search(pattern, kind):
            continue
        nth = 0
        while True:
            nth += 1
            fresh()
            code, said, has_fired = ran(top, writer.arguments, made(nth))
            if not has_fired:
                break
            tried += 1
            problem = wrong(writer, top, before, goal, code, said, is_saved=is_saved)
            if problem:
                found.append(f"{kind} at call {nth}: {problem}")
    if re.search(pattern, "two kedges"):
        beside = _wrong_beside(writer, top, fresh, before, goal)
        tried += len(beside)
        found += [f"two kedges at call {nth}: {problem}" for nth, problem in enumerate(beside, 1) if problem]
    return tried, found


def _wrong_beside(
    writer: Writer, top: Path, fresh: Callable[[], None], before: dict[str, str], goal: dict[str, str]
) -> list[str]:
    """What is wrong, at each call, after another kedge wrote meanwhile."""

    def after(*commands: tuple[str, ...]) -> dict[str, str]:
        fresh()
        for one in commands:
            ran(top, one)
        return texts(top)

    both = [after(writer.arguments, writer.other), after(writer.other, writer.arguments)]
    right = {
        (True, True): both,
        (True, False): [goal],
        (False, True): [after(writer.other)],
        (False, False): [before],
    }
    found: list[str] = []
    while True:
        fresh()
        code, said, has_fired, other = ran_beside(top, writer, len(found) + 1)
        if not has_fired:
            return found
        seen = texts(top)
        if {code, other} - {0, 1, 2, 3}:
            found.append(f"exit codes {code} and {other}: {said.strip()[-200:]}")
        elif seen not in right[code in writer.answers, other == 0]:
            differs = [name for name in {**seen, **goal} if seen.get(name) != goal.get(name)]
            found.append(
                f"exit codes {code} and {other}, and it is something else in {differs}: {said[:120]}"
            )
        else:
            found.append("")


if __name__ == "__main__":
    sys.exit(main())
