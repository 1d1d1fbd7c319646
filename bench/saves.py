"""Editors that save a card in the moment in which kedge writes it: `python bench/saves.py [--saves 4000]`.

Another process saves while this one makes a step on the same card, at a random time within it. It saves by a rename
(as vim and git do), in place (truncated, then written in two parts, as nano does), or appends a line (as `>>` does).
Each save has a mark of its own, which must be in the file afterwards, whether kedge made its step on top of it,
before it, or refused it. 1 where a save is lost. `--no-exchange` races as on a disk that cannot exchange two
files, where a mark may also be in a file beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from kedge.model.edit import edits
from kedge.storage.disk import exchange
from kedge.storage.disk.errors import WriteRefused
from kedge.storage.plan.workspace import Workspace

if __package__:
    from .plans import write_plan
else:
    from plans import write_plan

KINDS = ("rename", "in place", "append", "in place, slowly")
SLOWLY = 0.02
"""Seconds for which a slow editor leaves a file half written."""


def main() -> int:
    """Races as often as asked for; 1 where a save was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=4000, help="how many, of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-exchange", action="store_true", help="as on a disk that cannot exchange files")
    asked = parser.parse_args()
    if asked.no_exchange:
        exchange.system_exchange = lambda: None
    counts = {kind: Counter[str]() for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        race(Path(folder), asked.saves, Random(asked.seed), counts)
    columns = (
        "tried",
        "within the step",
        "lost without a word",
        "lost, and told",
        "refused",
        "both kept",
        "kept beside",
    )
    print(f"{'save':18}" + "".join(f"{name:>21}" for name in columns))
    for kind, count in counts.items():
        print(f"{kind:18}" + "".join(f"{count[name]:>21,}" for name in columns))
    lost = sum(count["lost without a word"] + count["lost, and told"] for count in counts.values())
    print(f"lost: {lost} of {asked.saves:,} saves")
    return 1 if lost else 0


def race(folder: Path, saves: int, random: Random, counts: dict[str, Counter[str]]) -> None:
    """Makes a plan, and a step of kedge's for each save of an editor."""
    root = write_plan(folder, cards=20)
    space = Workspace.open(str(root), {"KEDGE_STATE": str(folder / "state")})
    cards = sorted(space.plan.cards)
    orders, theirs = os.pipe(), os.pipe()
    editor = os.fork()
    if editor == 0:
        os.close(orders[1])
        edit(orders[0], theirs[1])
    os.close(theirs[1])
    took = 0.02
    for number in range(saves):
        kind = KINDS[number % len(KINDS)]
        path = next(root.glob(f"projects/*/cards/{cards[number % len(cards)]}.toml"))
        mark = f"# save {number}"
        card = space.plan.cards[path.stem]
        batch = edits.edit_all([card], {("blocked",): f"by {number}"}, "race")
        order = f"{kind}\t{path}\t{mark}\t{random.uniform(0, 1.3) * took}\n"
        os.write(orders[1], order.encode())
        began = time.monotonic()
        refused = False
        try:
            space.commit(batch)
        except WriteRefused:
            refused = True
        ended = time.monotonic()
        saved = float(os.read(theirs[0], 100))
        if kind != "in place, slowly" and not refused and saved > ended:
            took = 0.9 * took + 0.1 * (ended - began)
        beside = [one.read_text() for one in sorted(path.parent.glob(f"{path.name}.kept-*"))]
        text = "".join((*beside, path.read_text()))
        count = counts[kind]
        count["tried"] += 1
        count["within the step"] += began < saved < ended
        count["refused"] += refused
        if mark not in text or "title = " not in text:
            count["lost, and told" if refused else "lost without a word"] += 1
        elif f"by {number}" in text:
            count["both kept"] += 1
        count["kept beside"] += bool(beside)
        # The next race on this card begins with what a person would see.
        for one in path.parent.glob("*.kept-*"):
            one.unlink()
        lines = [line for line in (*beside, text)[0].splitlines() if not line.startswith("# save")]
        path.write_text("\n".join(lines) + "\n")
        os.utime(path, (number, number))
        space.refresh()
    os.close(orders[1])
    os.waitpid(editor, 0)


def edit(orders: int, done: int) -> None:
    """The editor: has read the file when it is told to save it, waits, saves, and says when."""
    with os.fdopen(orders) as lines:
        for order in iter(lines.readline, ""):
            kind, path, mark, pause = order.rstrip("\n").split("\t")
            text = Path(path).read_text() + f"{mark}\n"
            end = time.monotonic() + float(pause)
            while time.monotonic() < end:
                pass
            if kind == "rename":
                Path(f"{path}~").write_text(text)
                os.rename(f"{path}~", path)
            elif kind == "append":
                with open(path, "a") as file:
                    file.write(f"{mark}\n")
            else:
                with open(path, "w") as file:
                    time.sleep(SLOWLY if "slowly" in kind else 0.0005)
                    file.write(text[: len(text) // 2])
                    file.flush()
                    time.sleep(0.0005)
                    file.write(text[len(text) // 2 :])
            os.write(done, str(time.monotonic()).encode())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
