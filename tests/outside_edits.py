"""What other programs do to a plan's files between two runs of kedge, at random, and whether a run notices.

Used by the tests of the cache, and by `bench/cache.py` for thousands of edits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from kedge.model.records.base import to_data
from kedge.storage.disk import cache as cache_file
from kedge.storage.disk import fetch, scan, source
from kedge.storage.disk.source import Disk
from kedge.storage.plan.read import Loaded, read_plan
from kedge.storage.plan.record_cache import cache_of, remember
from kedge.tests.storage.repositories import commit, git

CARDS = 40
"""Cards of the plan."""
TICK = 10_000_000
"""Nanoseconds between two stamps, as on older kernels: what happens within one tick cannot be seen in a stamp."""
GRAIN = 2 * TICK
"""Real runs wait longer, for file systems whose stamps are seconds apart."""
_ODD = (
    b"title = \n",
    b"",
    b'title = "caf\xe9"\n',
    b'title = "x"\ndue = "soon"\n',
    b'title = "x"\nestimat = 3\n',
    b'title = "x"\ntags = "data, infra"\n',
    b'title = "x"\nnotes = """\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n"""\n',
    b'\xef\xbb\xbftitle = "x"\r\nplace = "plan"\r\n',
    b'title = "x"\nodd = { a = 1, }\n',
)


class Outside:
    """A plan in a repository, and a hand that is not kedge's."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.top = folder
        self.root = folder / "plan"
        self.random = random
        self.done: Counter[str] = Counter()
        self.number = 0
        self.cards = self.root / "projects" / "churn" / "cards"
        files = {"plan/board.toml": "format = 1\n", "plan/people/mira.toml": 'name = "Mira"\n'}
        files |= {"plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n'}
        for number in range(CARDS):
            files[f"plan/projects/churn/cards/card-{number}.toml"] = self.text()
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "-b", "main")
        commit(folder, "one", files)
        git(folder, "checkout", "-q", "-b", "other")
        for path in self.files()[:10]:
            path.write_text(self.text())
        commit(folder, "two")

    def text(self) -> str:
        """A card; all of them have the same size."""
        due = f"2026-{self.random.randint(10, 12)}-{self.random.randint(10, 28)}"
        need = self.random.randint(10, CARDS - 1)
        return (
            f'title = "Card {self.random.randint(1000, 9999)}"\nplace = "execute"\ndue = {due}\n'
            f'needs = [\n  "card-{need}",\n]\nestimate = [1, {self.random.randint(2, 9)}, 9]\n'
        )

    def files(self) -> list[Path]:
        """The cards that are files, in the order of their names."""
        return sorted(one for one in self.cards.glob("*.toml") if one.is_file() and not one.is_symlink())

    def one(self) -> Path:
        """A card; a new one where there is none left."""
        found = self.files()
        if len(found) < CARDS // 2:
            for _ in range(CARDS // 2):
                path = self.fresh()
                path.write_text(self.text())
                found.append(path)
        return self.random.choice(found)

    def fresh(self) -> Path:
        """The path of a card that is not there."""
        self.number += 1
        self.cards.mkdir(parents=True, exist_ok=True)
        return self.cards / f"fresh-{self.number}.toml"

    def edit(self) -> str:
        """Does something; its name."""
        edits = [name for name in vars(Outside) if name.startswith("do_")]
        name = self.random.choice(edits)
        # What another edit has taken away the ground from is done in part.
        with suppress(OSError, shutil.Error):
            getattr(self, name)()
        self.done[name] += 1
        return name

    # ---- one file

    def do_same_size(self) -> None:
        self.one().write_text(self.text())

    def do_same_size_and_date(self) -> None:
        path = self.one()
        was = path.stat()
        path.write_text(self.text())
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))

    def do_replace_with_same_date(self) -> None:
        path = self.one()
        was = path.stat()
        other = path.with_suffix(".new")
        other.write_text(self.text())
        os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
        other.replace(path)

    def do_one_byte(self) -> None:
        path = self.one()
        with path.open("r+b") as file:
            content = file.read()
            at = content.find(b"Card ")
            if at >= 0:
                file.seek(at + 5)
                file.write(bytes([self.random.choice(b"123456789")]))

    def do_odd(self) -> None:
        self.one().write_bytes(self.random.choice(_ODD))

    def do_grow_and_shrink(self) -> None:
        path = self.one()
        path.write_text(path.read_text("utf-8", "replace") + "# more\n")
        if self.random.random() < 0.5:
            path.write_text(self.text())

    def do_date(self) -> None:
        when = self.random.choice((0, 1_000_000_000, 2_000_000_000, 4_000_000_000))
        os.utime(self.one(), (when, when))

    # ---- names

    def do_remove(self) -> None:
        self.one().unlink()

    def do_new(self) -> None:
        self.fresh().write_text(self.text())

    def do_rename(self) -> None:
        self.one().rename(self.fresh())

    def do_swap(self) -> None:
        one, other = self.one(), self.one()
        if one != other:
            between = one.with_suffix(".aside")
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def do_over(self) -> None:
        self.one().replace(self.one())

    def do_hard_link(self) -> None:
        path, target = self.one(), self.fresh()
        os.link(path, target)
        if self.random.random() < 0.5:
            target.write_text(self.text())

    def do_link(self) -> None:
        path, target = self.one(), self.one()
        aims = (target.name, "nowhere.toml", "/etc/hostname", path.name, "../project.toml")
        path.unlink()
        path.symlink_to(self.random.choice(aims))

    def do_aim_elsewhere(self) -> None:
        for path in self.cards.glob("*.toml"):
            if path.is_symlink():
                path.unlink()
                path.symlink_to(self.one().name)
                return

    # ---- folders

    def do_folder(self) -> None:
        path = self.one()
        path.unlink()
        path.mkdir()

    def do_move_folder(self) -> None:
        other = self.cards.with_name(self.random.choice(("risks", "cards-2", ".cards")))
        if self.cards.is_dir():
            shutil.rmtree(other, ignore_errors=True)
            self.cards.rename(other)
            if self.random.random() < 0.8:
                other.rename(self.cards)

    def do_copy_folder(self) -> None:
        other = self.cards.with_name("cards-copy")
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.cards, other, symlinks=True)
        shutil.rmtree(self.cards)
        other.rename(self.cards)

    def do_other_project(self) -> None:
        other = self.root / "projects" / "copy"
        if other.exists():
            shutil.rmtree(other)
        else:
            shutil.copytree(self.root / "projects" / "churn", other, symlinks=True)

    # ---- git

    def do_checkout(self) -> None:
        self.git("checkout", "-q", "-f", self.random.choice(("main", "other", "main~1")))

    def do_clean(self) -> None:
        self.git("reset", "-q", "--hard")
        self.git("clean", "-q", "-f", "-d")

    def do_stash(self) -> None:
        self.git("stash", "-q", "-u")
        if self.random.random() < 0.7:
            self.git("stash", "pop", "-q")

    def do_commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "edits")

    def git(self, *arguments: str) -> None:
        """Runs git; what it refuses because of other edits is not done."""
        with suppress(subprocess.CalledProcessError):
            git(self.top, *arguments)


class Racing:
    """Writes a file just before and just after it is read: in one tick of the clock, so that its stamp is the same."""

    def __init__(self, outside: Outside) -> None:
        self.outside = outside
        self.waits = False
        self._raced = False
        self._read = fetch.read_bytes

    def read_bytes(self, path: str) -> object:
        """Reads a file, and now and then is not alone with it."""
        if not self.waits or Path(path).parent != self.outside.cards or os.path.islink(path):
            return self._read(path)
        self.waits, self._raced = False, True
        self.outside.done["race"] += 1
        Path(path).write_text(self.outside.text())
        found = self._read(path)
        Path(path).write_text(self.outside.text())
        return found

    def has_raced(self) -> bool:
        """Whether that has happened since this was asked last."""
        raced, self._raced = self._raced, False
        return raced


def read(root: Path, environment: dict[str, str]) -> Loaded:
    """Reads a plan with what is known of it, and keeps what is known now."""
    cache = cache_of(str(root), environment)
    assert cache is not None
    loaded = read_plan(Disk(str(root), cache))
    remember(cache, loaded.files, loaded.plan)
    return loaded


def differences(found: Loaded, fresh: Loaded) -> Iterator[str]:
    """What differs between two readings: nothing may."""
    for path in sorted({*found.files, *fresh.files}):
        one, other = found.files.get(path), fresh.files.get(path)
        if one is None or other is None or one._replace(text=b"") != other._replace(text=b""):
            yield f"{path}: {one} is not {other}"
        elif one.content != other.content:
            yield f"{path}: {one.content!r} is not {other.content!r}"
    for address in sorted({*found.plan.records, *fresh.plan.records}):
        one, other = found.plan.get(address), fresh.plan.get(address)
        if one is None or other is None or one != other or to_data(one) != to_data(other):
            yield f"{address}: {one!r} is not {other!r}"
        elif one.unfit != other.unfit:
            yield f"{address}: {one.unfit} is not {other.unfit}"
    if found.strays != fresh.strays:
        yield f"{found.strays} is not {fresh.strays}"


def coarse_stamp(status: os.stat_result) -> scan.Stamp:
    """The stamp that a kernel with a slow clock gives."""
    mtime, ctime = (ns - ns % TICK for ns in (status.st_mtime_ns, status.st_ctime_ns))
    return (mtime, status.st_size, status.st_ino, ctime)


def stale_answers(
    folder: Path, edits: int, seed: int, patch: Callable[[object, str, object], object]
) -> tuple[list[str], Counter[str], int]:
    """What was stale after some edits, and after which; how often each was made; how many files came from the cache."""
    patch(cache_file, "GRAIN", GRAIN)
    patch(cache_file, "WORTH", 1)
    patch(source, "WORTH", 1)
    patch(scan, "_FIELDS", coarse_stamp)
    outside = Outside(folder / "work", Random(seed))
    racing = Racing(outside)
    patch(fetch, "read_bytes", racing.read_bytes)
    environment = {"KEDGE_STATE": str(folder / "state")}
    wrong: list[str] = []
    taken = 0
    for number in range(edits):
        name = outside.edit()
        racing.waits = outside.random.random() < 0.2
        found = read(outside.root, environment)
        racing.waits = False
        if racing.has_raced():
            continue  # what was read is no longer so; the next run has to notice
        fresh = read_plan(str(outside.root))
        taken += sum(not isinstance(file.text, bytes) for file in found.files.values())
        wrong += [f"{number} {name}: {one}" for one in differences(found, fresh)]
    return wrong, outside.done, taken
