"""Plans of any size, made from a seed: what the benchmarks run on."""

from __future__ import annotations

from pathlib import Path
from random import Random

from kedge.model.plan.ids import card_id, ending
from kedge.model.plan.ranks import between
from kedge.model.plan.validate import parse
from kedge.model.playbook.outline import STEPS
from kedge.model.records.base import Record, to_data
from kedge.storage.disk.paths import path_of
from kedge.storage.plan.file_steps import plain
from kedge.storage.plan.layouts import layout_of
from kedge.storage.toml.emit import emit

PEOPLE = ("mira", "sam", "ines", "tomasz", "aiko", "ben", "lena", "omar")
WORDS = (
    "feature",
    "table",
    "label",
    "audit",
    "drift",
    "monitor",
    "latency",
    "budget",
    "canary",
    "baseline",
    "recall",
)
TAGS = ("data", "infra", "model", "legal", "cost")


def write_plan(folder: Path, cards: int, seed: int = 1) -> Path:
    """A plan with one project and so many cards below a folder; the plan's folder."""
    random = Random(seed)
    root = folder / "plan"
    _write(root, "board", "", "board", {"format": 1, "title": "Benchmark"})
    _write(root, "project", "big", "big", {"title": "Benchmark project", "phase": "execute"})
    for person in PEOPLE:
        _write(root, "person", "", person, {"name": person.title()})
    taken: set[str] = set()
    ids: list[str] = []
    rank = None
    for number in range(cards):
        title = f"{' '.join(random.sample(WORDS, 3)).capitalize()} {number}"
        new = card_id(title, taken, random)
        taken.add(ending(new))
        rank = between(rank, None)
        step = random.choice(STEPS)
        status = random.choice(("todo", "todo", "doing", "done"))
        data = {
            "title": title,
            "place": f"{step.phase}/{step.id}",
            "rank": rank,
            "status": status,
            "stage": "mvp",
            "owner": random.choice(PEOPLE),
            "estimate": sorted(random.sample(range(1, 15), 3)),
            "tags": sorted(random.sample(TAGS, 2)),
            "links": [f"pipelines/{random.choice(WORDS)}/"],
            "notes": "Daily snapshot, 14 months back. See the data sheet for the columns that may not be used.\n",
            "checklist": {
                "k7f2": {"done": True, "rank": "a0", "text": "Columns agreed with legal"},
                "m4wq": {"done": False, "rank": "a1", "text": "Backfill runs in one night"},
            },
        }
        if ids and random.random() < 0.5:
            data["needs"] = random.sample(ids[-50:], min(2, len(ids)))
        _write(root, "card", "big", new, data)
        ids.append(new)
    return root


def _write(root: Path, kind: str, project: str, name: str, data: dict[str, object]) -> None:
    write_record(root, parse(kind, project, name, data))


def write_record(root: Path, record: Record) -> None:
    """The file of a record below a plan's folder."""
    path = root / path_of(record.address)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(emit(plain(to_data(record)), layout_of(record.KIND)))
