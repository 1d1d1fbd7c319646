"""What a change costs in processor time, on the board and from outside, with a hundred cards and with ten thousand.

    python bench/changes.py

No terminal is needed. All figures are of one run, so that their ratios hold on any machine.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

SIZES = (100, 10_000)
STEPS = 40
TODAY = dt.date(2026, 11, 21)


def cost(work: Callable[[], object]) -> float:
    """Milliseconds of this thread's processor time."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def measure(cards: int, folder: Path) -> dict[str, float]:
    """Medians for one size of plan, by what was done."""
    from plans import write_plan

    from kedge.model.edit.edits import set_status
    from kedge.model.plan.change import Batch
    from kedge.storage.disk.paths import path_of
    from kedge.storage.plan.workspace import Workspace
    from kedge.tui.session.session import Session

    root = write_plan(folder / str(cards), cards)
    workspace = Workspace.open(str(root), {"KEDGE_STATE": str(folder / "state")})
    session = Session(workspace, TODAY, lambda _: None)
    found: dict[str, list[float]] = {}

    def took(name: str, work: Callable[[], object]) -> None:
        found.setdefault(name, []).append(cost(work))

    def indexes() -> object:
        plan = workspace.plan
        return plan.cards, plan.cards_of, plan.needed_by, plan.projects, plan.people, plan.by_ending

    def step(card: str, status: str) -> Batch:
        return set_status([workspace.plan.cards[card]], status)

    indexes()
    took("first look of all rules", session.derived.findings)
    # What is made once, at the first step.
    workspace.stage(step(next(iter(workspace.plan.cards)), "dropped"))
    session.derived.findings()
    for card in list(workspace.plan.cards)[1 : STEPS + 1]:
        batch = step(card, "doing" if workspace.plan.cards[card].status != "doing" else "todo")
        took("a step with its indexes", partial(_then, partial(workspace.stage, batch), indexes))
        took("its findings and counts", lambda: session.derived.findings().counts)
        workspace.write(batch)
        path = path_of(workspace.plan.cards[card].address)
        file = root / path
        file.write_text(file.read_text(encoding="utf-8").replace('title = "', 'title = "X'), encoding="utf-8")
        took("a file changed outside", partial(_then, partial(workspace.reread, [path]), indexes))
        session.derived.findings()
    session.close()
    return {name: statistics.median(values) for name, values in found.items()}


def _then(first: Callable[[], object], then: Callable[[], object]) -> None:
    first()
    then()


def main() -> None:
    """Measures both sizes, and prints figures and ratios."""
    sys.path.insert(0, str(Path(__file__).parent))
    with tempfile.TemporaryDirectory(prefix="kedge-bench-") as folder:
        small, large = (measure(size, Path(folder)) for size in SIZES)
    for name in small:
        print(
            f"{name:26} {small[name]:8.2f} ms {large[name]:8.2f} ms   {large[name] / small[name]:6.1f} times"
        )
    outside = large["a file changed outside"] / large["a step with its indexes"]
    print(f"a file changed outside, in steps on the board: {outside:.1f}")


if __name__ == "__main__":
    main()
