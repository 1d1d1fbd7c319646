"""What hostile plans of some megabytes cost every command: fails where one passes the promised bounds.

    python bench/bounds.py [--megabytes 10] [--only KIND] [--commands check,list]

Each plan has files of one kind that costs a reader much: deep keys, long lists, many findings … For every
command it prints processor time, the peak of memory and the size of the output. Bounds: 5 s, 500 MB, and 2 MB of
report; a command may say no, but never end with a crash.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from hostile_plans import BOARDS, KINDS, RECORDS, SHAPES, WORKS, plan_of

SECONDS, MEGABYTES, REPORT = 5.0, 500, 2_000_000
SARIF = 20_000_000
"""Bytes of the 25,000 results that GitHub takes, which `check --format sarif` has at most."""
SCREENS = 9
"""All of them are opened in one run, so that it may take the time of as many commands."""
COMMANDS = {
    "list": ["list"],
    "list --json": ["list", "--json"],
    "ready": ["ready"],
    "show": ["show", "c-0"],
    "show --json": ["show", "c-0", "--json"],
    "check": ["check"],
    "check --json": ["check", "--json"],
    "check github": ["check", "--format", "github"],
    "check --fix": ["check", "--fix", "--dry-run"],
    "assess": ["assess"],
    "gate": ["gate"],
    "portfolio": ["portfolio"],
    "check sarif": ["check", "--format", "sarif"],
    "check --since": ["check", "--since", "HEAD~1"],
    "matrix": ["matrix"],
    "size": ["size"],
    "schedule": ["schedule"],
    "schedule --explain": ["schedule", "--explain"],
    "schedule --mermaid": ["schedule", "--mermaid"],
    "critical": ["critical"],
    "load": ["load", "--all"],
    "handovers": ["handovers"],
    "forecast": ["forecast"],
    "forecast --explain": ["forecast", "--explain"],
    "forecast --throughput": ["forecast", "--throughput"],
    "budget": ["budget", "--explain"],
    "flow": ["flow"],
    "tracks": ["tracks"],
    "documents": ["documents"],
    "rubric": ["rubric"],
    "monitor status": ["monitor", "status"],
    "metric refresh": ["metric", "refresh", "--dry-run"],
    "experiment size": ["experiment", "size", "c-0"],
    "experiment read": ["experiment", "read", "c-0"],
    "rollout steps": ["rollout", "steps", "c-0"],
    "review cycle": ["review", "cycle"],
    "diff": ["diff", "HEAD~1"],
    "diff back": ["diff", "HEAD", "HEAD~1"],
    "diff markdown": ["diff", "HEAD~1", "--format", "markdown"],
    "log": ["log"],
    "log of a record": ["log", "c-0"],
    "scenarios": ["scenarios", "HEAD~1", "HEAD"],
    "at": ["at", "HEAD", "list"],
    "resolve": ["resolve"],
    "merge-file": ["merge-file", "plan/projects/p/cards/ordinary.toml", "FIRST", "SECOND"],
    "fmt --migrate": ["fmt", "--migrate", "--dry-run"],
    "project list": ["project", "list"],
    "fmt --check": ["fmt", "--check"],
    "set": ["set", "ordinary", "owner=mira", "--dry-run"],
    "add": ["add", "Another card", "--dry-run"],
    "rename": ["rename", "ordinary", "other", "--dry-run"],
    "board": [],
    "screens": [],
}
_COMMIT = (
    "-c",
    "user.name=Bench",
    "-c",
    "user.email=bench@kedge.invalid",
    "commit",
    "-q",
    "--allow-empty",
    "-m",
    "x",
)
BOARD = """
import asyncio, os, sys
from concurrent.futures import Future
from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp
from kedge.tui.keys.actions import ACTIONS
import datetime as dt
async def main():
    loading = Future()
    app = KedgeApp(loading, today=dt.date(2026, 11, 20), environment=os.environ)
    async with app.run_test(size=(120, 40)) as pilot:
        loading.set_result(Workspace.open(sys.argv[1], os.environ))
        await pilot.pause(); await pilot.press("down", "right", "down"); await pilot.pause()
        for action in ACTIONS if sys.argv[2] == "screens" else ():
            if action.id.startswith("screen."):
                await pilot.press(*app.host.keys.keys_of(action.id)[0].split(" ")); await pilot.pause()
                app.session.worker.wait(); await pilot.pause()
                if app.screen is not app.board:
                    await pilot.press("down", "escape"); await pilot.pause()
    app.close()
asyncio.run(main())
"""


def commit(root: Path, home: Path) -> None:
    """Puts the plan into a repository: a board alone, then all of it; in another index every file is in conflict."""
    git = ("git", "-C", str(home))

    def run(*words: str, given: str = "", **more: str) -> str:
        done = subprocess.run(
            [*git, *words],
            check=True,
            capture_output=True,
            text=True,
            input=given,
            env={**os.environ, **more},
        )
        return done.stdout

    run("init", "-q", "-b", "main")
    run("add", "-f", str(root / "board.toml"))
    run(*_COMMIT)
    run("add", "-A", "-f", str(root))
    run(*_COMMIT)
    listed = [line.split(maxsplit=3) for line in run("ls-files", "-s", "-z").split("\0") if line]
    one = next(row[1] for row in listed if row[3].endswith("ordinary.toml"))
    stages = [f"100644 {(one, row[1], one)[at - 1]} {at}\t{row[3]}\n" for row in listed for at in (1, 2, 3)]
    run("update-index", "--index-info", given="".join(stages), GIT_INDEX_FILE=str(home / ".git" / "unmerged"))


def _words(command: str, root: Path) -> list[str]:
    """The arguments of a command; files of the plan in the place of FIRST and SECOND."""
    files = iter(sorted(str(one) for one in root.glob("projects/*/*/c-*.toml"))[:2] * 2)
    ordinary = str(root / "projects/p/cards/ordinary.toml")
    return [
        next(files, ordinary) if word in ("FIRST", "SECOND") else word.replace("plan/", f"{root}/")
        for word in COMMANDS[command]
    ]


def cost(command: str, root: Path, home: Path) -> tuple[float, float, int, int]:
    """Seconds of processor, megabytes at the peak, bytes of output, exit code of a command on a plan."""
    environment = {**os.environ, "HOME": str(home), "KEDGE_STATE": str(home / "state"), "KEDGE_PROJECT": "p"}
    if command == "resolve":
        environment["GIT_INDEX_FILE"] = str(home / ".git" / "unmerged")
    if command in ("board", "screens"):
        arguments = [sys.executable, "-c", BOARD, str(root), command]
    else:
        arguments = [
            sys.executable,
            "-m",
            "kedge",
            "--plan",
            str(root),
            "--today",
            "2026-11-20",
            *_words(command, root),
        ]
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(
            arguments,
            stdout=out,
            stderr=out,
            env=environment,
            cwd=home,
            preexec_fn=_limited,  # noqa: PLW1509
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    size = (home / "out").stat().st_size
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, size, process.returncode


def _limited() -> None:
    """No command of the bench may take the machine down."""
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def main() -> int:
    """Runs every command on every kind of plan; 1 where a bound was passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--only", default="", metavar="PATTERN", help="kinds whose name this pattern matches")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="commands, separated by commas")
    options = parser.parse_args()
    commands = options.commands.split(",")
    tried = over = 0
    for kind in (*KINDS, *SHAPES, *RECORDS, *WORKS, *BOARDS):
        if not re.search(options.only, kind):
            continue
        with tempfile.TemporaryDirectory() as folder:
            home, root = Path(folder), Path(folder) / "plan"
            plan_of(root, kind, options.megabytes * 1_000_000)
            commit(root, home)
            worst: list[str] = []
            highest = (0.0, "")
            for command in commands:
                seconds, megabytes, size, code = cost(command, root, home)
                tried += 1
                highest = max(highest, (seconds, f"{seconds:.1f} s {megabytes:.0f} MB in {command}"))
                most = SARIF if command == "check sarif" else REPORT
                is_long = command.startswith(("check", "diff")) and size > most
                allowed = SECONDS * SCREENS if command == "screens" else SECONDS
                if seconds > allowed or megabytes > MEGABYTES or is_long or code not in (0, 1, 2, 3):
                    over += 1
                    worst.append(
                        f"{command}: {seconds:.1f} s, {megabytes:.0f} MB, {size:,} bytes, exit {code}"
                    )
            print(
                f"{'OVER' if worst else 'ok':<5}{kind:<32}{highest[1]}",
                *(f"       {one}" for one in worst),
                sep="\n",
                flush=True,
            )
    print(f"{tried} tried, {over} over {SECONDS:.0f} s, {MEGABYTES} MB or a bounded report")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
