"""Several people with clones of one plan: random edits, pulls and pushes through the real git, and what may not happen.

Shared by the tests and by `bench/clones.py`. A question that a merge leaves is settled at random, field by field, from
the stages of the index. Whether an edit was lost is judged by the files alone: each merge is held against what both
sides had changed since they parted.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import tomli

from kedge.model.edit import edits
from kedge.model.edit.refusal import EditRefused
from kedge.model.edit.renames import rename
from kedge.model.plan.change import Batch
from kedge.model.records.address import Address
from kedge.model.records.card import Card
from kedge.storage.disk.paths import path_of
from kedge.storage.disk.repository import GitProblem
from kedge.storage.git.merge_driver import NAME, driver_settings
from kedge.storage.git.merge_results import lossy_merge_at
from kedge.storage.git.unmerged import mark_settled, unmerged
from kedge.storage.plan.read import read_plan
from kedge.storage.plan.resolving import Question, questions, save, save_both
from kedge.storage.plan.workspace import Workspace
from kedge.tests.program import put_kedge

HOT = 15
"""Cards that half of the edits are about."""
_PLACES = ("assess", "plan/breakdown", "execute", "execute/data-pipeline", "iterate")
_PEOPLE = ("mira", "sam", "jonas")
_LINES = ("Asked for by finance.", "Daily snapshot.", "Without the holidays.", "See the data sheet.")


@dataclass(frozen=True)
class Lost:
    """An edit that a merge has neither kept nor asked about."""

    paths: frozenset[str]
    """The record's file, as it was and as the sides have it."""
    what: str


@dataclass
class Team:
    """A shared repository and clones of it."""

    top: Path
    clones: int
    cards: int
    rng: Random
    with_driver: bool
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """New paths of renamed records with their old ones, below the plan: git keeps no names, and may guess wrong."""

    def __post_init__(self) -> None:
        """Makes the plan, the shared repository and the clones."""
        self.environment = {
            "PATH": f"{self.top / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "KEDGE_STATE": str(self.top / "state"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "Team" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "team@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        put_kedge(self.top / "bin")
        first = self.folder(0)
        plan = first / "plan"
        (plan / "people").mkdir(parents=True)
        (plan / "projects" / "churn").mkdir(parents=True)
        (plan / "board.toml").write_text("format = 1\n")
        (plan / ".gitattributes").write_text(f"*.toml merge={NAME}\n")
        for person in _PEOPLE:
            (plan / "people" / f"{person}.toml").write_text(f'name = "{person.title()}"\n')
        (plan / "projects" / "churn" / "project.toml").write_text('title = "Churn"\nphase = "execute"\n')
        self.git(0, "init", "-q", "-b", "main")
        workspace = self.opened(0)
        for number in range(self.cards):
            fields = {
                "place": self.rng.choice(_PLACES),
                "notes": "\n".join(self.rng.sample(_LINES, 3)) + "\n",
            }
            workspace.commit(edits.add_card(workspace.plan, "churn", f"Card {number}", fields, self.rng))
        self.git(0, "add", "-A")
        self.git(0, "commit", "-q", "-m", "the plan")
        self.git(0, "clone", "-q", "--bare", ".", str(self.top / "shared.git"))
        self.git(0, "remote", "add", "origin", str(self.top / "shared.git"))
        for number in range(1, self.clones):
            self.git(0, "clone", "-q", str(self.top / "shared.git"), str(self.folder(number)))
        if self.with_driver:
            for number in range(self.clones):
                for name, value in driver_settings().items():
                    self.git(number, "config", name, value)

    def folder(self, number: int) -> Path:
        return self.top / f"clone-{number}"

    def opened(self, number: int) -> Workspace:
        return Workspace.open(str(self.folder(number) / "plan"), self.environment)

    def git(self, number: int, *arguments: str, may_fail: bool = False) -> str:
        """What git says; with `may_fail` an empty text where it fails."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder(number),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not may_fail:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout if not done.returncode else ""

    # ---- what people do

    def work(self, number: int, count: int) -> None:
        """So many random edits in a clone, in commits of a few."""
        while count:
            workspace = self.opened(number)
            # One commit or many makes no difference to a merge.
            for _ in range(min(count, self.rng.randint(1, 10))):
                count -= 1
                with suppress(EditRefused):
                    batch = self._edit(workspace)
                    workspace.commit(batch)
                    self.counts["edits"] += 1
            self.git(number, "add", "-A")
            self.git(number, "commit", "-q", "--allow-empty", "-m", "work")

    def _edit(self, workspace: Workspace) -> Batch:
        rng, plan = self.rng, workspace.plan
        cards = sorted(plan.cards.values(), key=lambda card: card.id)
        among = cards[:HOT] if rng.random() < 0.5 else cards
        card = rng.choice(among)
        what = rng.choices(
            ["field", "status", "move", "note", "tags", "check", "tick", "add", "rename", "remove"],
            [26, 10, 16, 10, 10, 10, 8, 6, 2, 2],
        )[0]
        match what:
            case "field":
                return edits.edit(plan, card.address, self._field())
            case "status":
                done = rng.choice(["todo", "doing", "done"])
                return edits.set_status([card], done) if rng.random() < 0.7 else edits.block([card], "access")
            case "move":
                return edits.move([card], rng.choice(_PLACES))
            case "note":
                return edits.edit(plan, card.address, {("notes",): self._noted(card)})
            case "tags":
                tags = set(card.tags) ^ {rng.choice(["data", "urgent", "model", "finance", "demo"])}
                return edits.edit(plan, card.address, {("tags",): tuple(sorted(tags))})
            case "check":
                return edits.add_item(card, f"Step {rng.randrange(1000)}", rng)
            case "tick":
                if not card.checklist:
                    raise EditRefused("nothing to tick")
                return edits.tick(card, rng.choice(sorted(card.checklist)))
            case "add":
                return edits.add_card(plan, "churn", f"New {rng.randrange(10**6)}", {}, rng)
            case "rename":
                new_id = f"renamed-{rng.randrange(10**9)}"
                self.renamed[path_of(Address("card", card.project, new_id))] = path_of(card.address)
                return rename(plan, card.address, new_id)
        return edits.remove(plan, [card.address])

    def _field(self) -> Mapping[tuple[str, ...], object]:
        rng = self.rng
        return rng.choice(
            [
                {("owner",): rng.choice([*_PEOPLE, None])},
                {("estimate",): (1, rng.randint(1, 5), rng.randint(5, 9))},
                {("title",): f"Card called {rng.randrange(1000)}"},
                {("stage",): rng.choice(["mvp", "growth", None])},
                {("remaining",): rng.choice([1, 2.5, None])},
            ]
        )

    def _noted(self, card: Card) -> str:
        lines = card.notes.splitlines()
        at = self.rng.randint(0, len(lines))
        lines[at : at + self.rng.randint(0, 1)] = [f"{self.rng.choice(_LINES)} {self.rng.randrange(1000)}"]
        return "\n".join(lines) + "\n"

    # ---- pulling and pushing

    def sync(self, number: int) -> None:
        """Pulls, settles what is in question, looks at the result, and pushes."""
        self.git(number, "fetch", "-q")
        sides = [self.git(number, "rev-parse", name).strip() for name in ("HEAD", "origin/main")]
        base = self.git(number, "merge-base", *sides).strip()
        if base == sides[0]:
            self.git(number, "merge", "-q", "--ff-only", "origin/main")
        elif base != sides[1]:
            self._merge(number, base, sides)
        self.git(number, "push", "-q", "origin", "HEAD:main")
        self._look(number)

    def _merge(self, number: int, base: str, sides: list[str]) -> None:
        self.counts["merges"] += 1
        is_clean = bool(self.git(number, "merge", "-m", "merge", "origin/main", may_fail=True))
        self.counts["merges in conflict"] += not is_clean
        asked: dict[str, Question] = {}
        if not is_clean:
            asked = self._settle(number)
            self.git(number, "commit", "-q", "--no-edit")
        self._count(number, list(self._lost(number, [base, *sides], asked)))

    def _count(self, number: int, lost: Sequence[Lost]) -> None:
        """Holds what a merge has lost against what `check` finds: no edit is lost in silence, and no alarm is false."""
        root = str(self.folder(number) / "plan")
        merge = lossy_merge_at(root, "HEAD", self.environment)
        assert not isinstance(merge, GitProblem), merge
        edits = [edit for edit, _ in merge.edits] if merge else []
        named = [{path_of(one) for one in (edit.address, edit.at, edit.landed) if one} for edit in edits]
        for one in lost:
            is_found = any(one.paths & paths for paths in named)
            self.counts["edits lost, and found by check"] += is_found
            if not is_found:
                self.faults.append(one.what)
        for edit, paths in zip(edits, named, strict=True):
            if not any(one.paths & paths for one in lost):
                self.faults.append(
                    f"nothing was lost, but D107 names {edit.address}: {edit.what}, {edit.landed}"
                )

    def _settle(self, number: int) -> dict[str, Question]:
        """Settles all questions of a merge at random; the questions by path."""
        root = str(self.folder(number) / "plan")
        stages = unmerged(root, self.environment)
        assert isinstance(stages, list), stages
        found = list(questions(root, stages, self.environment))
        is_true = any(question.conflicts for question in found)
        self.counts["merges with a question of their own"] += is_true
        for question in found:
            self.counts["files in conflict"] += 1
            self.counts["files with a question of their own"] += bool(question.conflicts)
            if question.both_can_stay:
                taken = {path.stem for path in (Path(root) / question.path).parent.iterdir()}
                paths = save_both(root, question, taken, self.rng)
            else:
                while question.open:
                    question.choose(question.open[0].path, self.rng.choice(["ours", "theirs"]))
                paths = save(root, question, self.environment)
            problem = mark_settled(root, self.environment, question.stages, paths)
            assert problem is None, problem
        return {question.path: question for question in found}

    def _look(self, number: int) -> None:
        loaded = read_plan(str(self.folder(number) / "plan"))
        for path, file in loaded.files.items():
            if file.broken or file.unfit:
                self.faults.append(f"clone {number}: {path} is not valid: {file.findings[0].message}")

    # ---- what may not happen

    def _lost(self, number: int, commits: list[str], asked: Mapping[str, Question]) -> Iterator[Lost]:
        """Edits of either side that a merge has neither kept nor asked about."""
        base, ours, theirs, merged = (self._files(number, commit) for commit in (*commits, "HEAD"))
        moved = [self._moved(base, side) for side in (ours, theirs)]
        for path in base:
            names = [one.get(path, path) for one in moved]
            if len({*names, path}) > 2 or (
                set(names) - {path} and any(name in asked for name in (path, *names))
            ):
                continue  # renamed by both, or asked about as a whole
            place = next((name for name in names if name != path), path)
            sides = [base[path], ours.get(names[0]), theirs.get(names[1])]
            question = asked.get(place) or asked.get(path)
            for what in _edits_lost(f"{commits[0][:7]} {place}", sides, merged.get(place), question):
                yield Lost(frozenset({path, *names}), what)
        for name in {*ours, *theirs} - base.keys() - {*moved[0].values(), *moved[1].values()}:
            if name not in asked and merged.get(name) not in (ours.get(name), theirs.get(name)):
                yield Lost(frozenset({name}), f"{name} is new, and not in the merged plan as it was made")

    def _files(self, number: int, commit: str) -> dict[str, dict[str, Any]]:
        """What the plan's files say at a commit, by path below the plan."""
        names = self.git(number, "ls-tree", "-r", "-z", "--name-only", commit, "plan").split("\0")
        wanted = [name for name in names if name.endswith(".toml")]
        given = "".join(f"{commit}:{name}\n" for name in wanted)
        output = subprocess.run(
            ["git", "cat-file", "--batch"], cwd=self.folder(number), env=self.environment, input=given.encode(),
            capture_output=True, check=True,
        ).stdout  # fmt: skip
        found: dict[str, dict[str, Any]] = {}
        for name in wanted:
            head, _, output = output.partition(b"\n")
            size = int(head.split()[2])
            with suppress(tomli.TOMLDecodeError):
                found[name.removeprefix("plan/")] = tomli.loads(output[:size].decode())
            output = output[size + 1 :]
        return found

    def _moved(self, base: Collection[str], side: Collection[str]) -> dict[str, str]:
        """Where a side has moved files to."""
        made = {self._origin(path): path for path in side if path not in base}
        origins = {path: self._origin(path) for path in base if path not in side}
        return {path: made[origin] for path, origin in origins.items() if origin in made}

    def _origin(self, path: str) -> str:
        """The first path that the record of a file had: it may have got several names on several sides."""
        while path in self.renamed:
            path = self.renamed[path]
        return path

    def end(self) -> None:
        """Everyone pulls and pushes until all have the same, and that is looked at."""
        for _ in range(2):
            for number in range(self.clones):
                self.sync(number)
        heads = {self.git(number, "rev-parse", "HEAD") for number in range(self.clones)}
        trees = {self.git(number, "rev-parse", "HEAD^{tree}") for number in range(self.clones)}
        if len(heads) != 1 or len(trees) != 1:
            self.faults.append(f"{len(trees)} different plans at the end")
        for number in range(self.clones):
            if self.git(number, "status", "--porcelain"):
                self.faults.append(f"clone {number} is not clean at the end")


def _edits_lost(
    name: str, sides: list[dict[str, Any] | None], merged: dict[str, Any] | None, question: Question | None
) -> Iterator[str]:
    base, ours, theirs = sides
    if ours is None or theirs is None:
        kept = ours or theirs
        if question is None and merged is not None and kept == base:
            yield f"{name}: removed by one side, and there again"
        if question is None and merged is None and kept is not None and kept != base:
            yield f"{name}: changed by one side, and removed without a question"
        return
    if merged is None:
        yield f"{name}: gone, or not valid, although both sides have it"
        return
    asked = {one.path for one in question.conflicts} if question else set()
    for path in {*_leaves(base), *_leaves(ours), *_leaves(theirs)}:
        if any(path[: len(one)] == one for one in asked):
            continue
        b, m, t, now = (_at(side, path) for side in (base, ours, theirs, merged))
        if not _is_kept(b, m, t, now, path[-1]):
            yield f"{name} {'.'.join(path)}: {b!r} became {m!r} and {t!r}, and is {now!r}"


def _is_kept(base: Any, ours: Any, theirs: Any, now: Any, key: str) -> bool:
    """Whether a merged value has what both sides changed."""
    if ours == theirs or base == ours:
        return now == theirs
    if base == theirs:
        return now == ours
    if key == "rank":
        return now in (ours, theirs)
    if key != "estimate" and all(isinstance(one, list) for one in (ours, theirs, now)):
        start = set(base or [])
        return set(now) == (start & set(ours) & set(theirs)) | ((set(ours) | set(theirs)) - start)
    if all(isinstance(one, str) and "\n" in one for one in (ours, theirs, now)):
        lines = [set(one.split("\n")) for one in (base or "", ours, theirs, now)]
        return (lines[1] | lines[2]) - lines[0] <= lines[3]
    return False


def _leaves(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key)


def _at(table: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def play_pairs(team: Team, rounds: int, edits_each: int) -> None:
    """Two people who each edit, and then merge, again and again: so many edits on either side of each merge."""
    for _ in range(rounds):
        for number in (0, 1):
            team.work(number, edits_each)
        team.sync(0)
        team.sync(1)
        team.sync(0)
    team.end()


def play(team: Team, rounds: int, edits_each: int) -> None:
    """Rounds in which everyone edits and some pull and push, in any order; at the end all do."""
    for _ in range(rounds):
        numbers = list(range(team.clones))
        team.rng.shuffle(numbers)
        for number in numbers:
            team.work(number, edits_each)
            if team.rng.random() < 0.7:
                team.sync(number)
    team.end()
