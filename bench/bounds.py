"""What hostile plans of some megabytes cost every command: fails where one passes the promised bounds.

    python bench/bounds.py [--megabytes 10] [--only KIND] [--commands check,list]

Each plan has files of one kind that costs a reader much: deep keys, long lists, many findings … For every
command it prints processor time, the peak of memory and the size of the output. Bounds: 5 s, 500 MB, and 2 MB of
report; a command may say no, but never end with a crash.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS, MEGABYTES, REPORT = 5.0, 500, 2_000_000
FILE = 990_000
"""Bytes of a file, a little below what is read of one."""
HEAD = 'title = "x"\nplace = "plan"\n'

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
    "size": ["size"],
    "schedule": ["schedule"],
    "load": ["load"],
    "forecast": ["forecast"],
    "budget": ["budget"],
    "project list": ["project", "list"],
    "fmt --check": ["fmt", "--check"],
    "set": ["set", "ordinary", "owner=mira", "--dry-run"],
    "add": ["add", "Another card", "--dry-run"],
    "rename": ["rename", "ordinary", "other", "--dry-run"],
    "board": [],
}
BOARD = """
import asyncio, os, sys
from concurrent.futures import Future
from kedge.storage.plan.workspace import Workspace
from kedge.tui.app.app import KedgeApp
import datetime as dt
async def main():
    loading = Future()
    app = KedgeApp(loading, today=dt.date(2026, 11, 20), environment=os.environ)
    async with app.run_test(size=(120, 40)) as pilot:
        loading.set_result(Workspace.open(sys.argv[1], os.environ))
        await pilot.pause(); await pilot.press("down", "right", "down"); await pilot.pause()
    app.close()
asyncio.run(main())
"""


def repeated(line: Callable[[int], str], size: int, before: str = HEAD, after: str = "") -> str:
    """A text of lines by number, of about so many bytes."""
    parts, length, number = [before], len(before), 0
    while length < size:
        parts.append(line(number))
        length += len(parts[-1])
        number += 1
    return "".join(parts) + after


def listed(item: Callable[[int], str], name: str = "needs", most: int = 10**9) -> Callable[[int], str]:
    """A file whose list has as many items as fit, or so many."""

    def made(size: int) -> str:
        parts, length = [], 0
        while length < size and len(parts) < most:
            parts.append(item(len(parts)))
            length += len(parts[-1]) + 1
        return f"{HEAD}{name}=[{','.join(parts)}]\n"

    return made


Kind = tuple[Callable[[int], str], int]
"""A file's text by its size, and the size of each file."""
KINDS: dict[str, Kind] = {
    "deep dotted keys": (lambda size: repeated(lambda at: "a." * 400 + f"b{at}=1\n", size), FILE),
    "deep dotted keys, small files": (lambda size: repeated(lambda at: "a." * 900 + f"b{at}=1\n", size), 4_000),
    "dotted keys at the limit": (lambda size: repeated(lambda at: "a." * 6 + f"b{at}=1\n", size), 250_000),
    "deep headers": (lambda size: repeated(lambda at: "[" + "a." * 400 + f"b{at}]\n", size), FILE),
    "quoted dotted keys": (lambda size: repeated(lambda at: '"a" . ' * 200 + f"b{at}=1\n", size), FILE),
    "dotted keys inside a table": (lambda size: repeated(lambda at: f"x{at}={{{'a.' * 300}b=1}}\n", size), FILE),
    "deep arrays": (lambda size: f"{HEAD}x={'[' * (size // 2)}{']' * (size // 2)}\n", FILE),
    "arrays of 300 levels": (lambda size: repeated(lambda at: f"x{at}={'[' * 300}{']' * 300}\n", size), FILE),
    "arrays of 6 levels": (lambda size: repeated(lambda at: f"x{at}={'[' * 6}{']' * 6}\n", size), 20_000),
    "deep inline tables": (lambda size: repeated(lambda at: f"x{at}={'{a=' * 200}1{'}' * 200}\n", size), FILE),
    "many needs": (listed(lambda at: f'"n{at}"'), FILE),
    "needs at the limit": (listed(lambda at: f'"n{at}"', most=500), 4_500),
    "needs that are none": (listed(lambda at: f'"No {at}"', most=500), 5_000),
    "needs of others": (listed(lambda at: f'"c-{at % 500}"', most=500), 4_500),
    "equal needs": (listed(lambda at: '"c-1"', most=500), 3_500),
    "small figures": (listed(lambda at: "1", "x"), FILE),
    "small figures at the limit": (listed(lambda at: "1", "x", most=2_000), 4_000),
    "many tags": (listed(lambda at: f'"t{at}"', "tags", most=500), 4_500),
    "many links": (listed(lambda at: f'"docs/{at}.md"', "links", most=500), 8_000),
    "many unknown keys": (lambda size: repeated(lambda at: f"k{at}=1\n", size), FILE),
    "unknown keys at the limit": (lambda size: repeated(lambda at: f"ownr-{at}=1\n", size), 250_000),
    "few unknown keys, many files": (lambda size: repeated(lambda at: f"ownr-{at}=1\n", size), 1_000),
    "many tables": (lambda size: repeated(lambda at: f"[t{at}]\na=1\n", size), FILE),
    "arrays of tables": (lambda size: repeated(lambda at: "[[a]]\n", size), FILE),
    "huge checklists": (lambda size: repeated(lambda at: f'[checklist.k{at}]\ntext="a"\n', size), FILE),
    "checklists at the limit": (lambda size: repeated(lambda at: f'[checklist.k{at}]\ntext="a"\n', size), 280_000),
    "checklists that do not fit": (lambda size: repeated(lambda at: f"[checklist.k{at}]\ntext=1\nrank=1\n", size), 200_000),  # noqa: E501
    "long notes": (lambda size: f'{HEAD}notes = """{"word " * (size // 5)}"""\n', FILE),
    "many lines of notes": (lambda size: repeated(lambda at: "a\n", size, f'{HEAD}notes = """', '"""\n'), FILE),
    "escapes": (lambda size: f'{HEAD}notes = "{chr(92)}n{chr(92) + "u00e9"}{(chr(92) + "n") * (size // 2)}"\n', FILE),
    "wide letters": (lambda size: f'{HEAD}notes = "{"界👩‍🔬" * (size // 14)}"\n', FILE),
    "one long title": (lambda size: f'title = "{"x" * size}"\n', FILE),
    "one long key": (lambda size: f"{HEAD}{'k' * size} = 1\n", FILE),
    "many comments": (lambda size: repeated(lambda at: "#\n", size), FILE),
    "blank lines": (lambda size: repeated(lambda at: "\r\n", size), FILE),
    "carriage returns": (lambda size: HEAD + "\r" * size, FILE),
    "open quotes": (lambda size: HEAD + 'a = "' + "\\" * size, FILE),
    "quotes": (lambda size: HEAD + "x = '" + '"' * size + "'\n", FILE),
    "dots": (lambda size: HEAD + "notes = '" + "." * size + "'\n", FILE),
    "keys that stand twice": (lambda size: repeated(lambda at: f"k{at}=1\n", size, after="k5=1\n"), 150_000),
    "conflict markers": (lambda size: repeated(lambda at: "<<<<<<< a\n=======\n>>>>>>> b\n", size), FILE),
    "newer syntax": (lambda size: repeated(lambda at: f'k{at}="\\e"\n', size), 200_000),
    "ordinary cards": (lambda size: HEAD.replace("plan", "plan") + f'notes = "{"word " * (size // 5)}"\n', 1_000),
}  # fmt: skip
SHAPES = (
    "chain of needs", "dense needs", "one id in many projects", "strays", "goals", "one loop", "places", "answers",
    "dependencies",
)  # fmt: skip


SECTIONS: dict[str, tuple[Callable[[int], str], int]] = {
    "goals": (lambda at: f'[goals.g{at}]\nowner="person{at}"\nmetric="none{at}"\n', 400_000),
    "dependencies": (lambda at: f'[dependencies.d{at}]\ngiver="team-{at}"\ntaker="crew-{at}"\n', 200_000),
}
"""Sections of a project that is full of their entries, and the size of each project."""


def plan_of(root: Path, kind: str, size: int) -> None:
    """Writes a plan of a kind with so many bytes."""
    cards = root / "projects/p/cards"
    cards.mkdir(parents=True)
    (root / "board.toml").write_text("format = 1\n")
    (root / "projects/p/project.toml").write_text('title = "P"\n')
    (cards / "ordinary.toml").write_text(HEAD)
    if kind in KINDS:
        text, each = KINDS[kind]
        for number in range(size // each):
            (cards / f"c-{number}.toml").write_bytes(text(each).encode())
        return
    for path, text in _shape(kind, size):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def _shape(kind: str, size: int) -> Iterator[tuple[str, str]]:
    if kind == "strays":
        for number in range(size // 500):
            yield f"projects/p/cards/Not An Id {number}.toml", "x"
            yield f"projects/q{number % 50}/crads{number}/x.toml", "x"
        return
    if kind in SECTIONS:
        line, each = SECTIONS[kind]
        text = repeated(line, min(size, each), 'title="P"\n')
        for number in range(size // each):
            yield f"projects/p{number}/project.toml", text
        return
    if kind == "answers":
        text = repeated(lambda at: f'[answers.question-{at}]\nstatus="{"x" * 20}"\n', min(size, 200_000))
        for number in range(size // 200_000):
            yield f"projects/p{number}/project.toml", 'title="P"\n'
            yield f"projects/p{number}/assessment.toml", text
        return
    if kind == "places":
        for number in range(size // 1_000):
            place = f'title = "x"\nplace = "somewhere-{number}"\nnotes = "{"x" * 800}"\n'
            yield f"projects/p/cards/c-{number}.toml", place
        return
    for number in range(size // 1_000):
        needs = {
            "chain of needs": [f"c-{number - 1}"] if number else [],
            "dense needs": [f"c-{at}" for at in range(max(0, number - 100), number)],
            "one id in many projects": [],
            "one loop": [f"c-{(number or size // 1_000) - 1}"],
        }[kind]
        project, name = (
            (f"p{number % 1000}", f"c-{number // 1000}")
            if kind.startswith("one id")
            else ("p", f"c-{number}")
        )
        listed = ", ".join(f'"{need}"' for need in needs)
        yield f"projects/{project}/cards/{name}.toml", f'{HEAD}needs = [{listed}]\nnotes = "{"x" * 800}"\n'


def cost(command: str, root: Path, home: Path) -> tuple[float, float, int, int]:
    """Seconds of processor, megabytes at the peak, bytes of output, exit code of a command on a plan."""
    environment = {**os.environ, "HOME": str(home), "KEDGE_STATE": str(home / "state"), "KEDGE_PROJECT": "p"}
    if command == "board":
        arguments = [sys.executable, "-c", BOARD, str(root)]
    else:
        arguments = [
            sys.executable,
            "-m",
            "kedge",
            "--plan",
            str(root),
            "--today",
            "2026-11-20",
            *COMMANDS[command],
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
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def main() -> int:
    """Runs every command on every kind of plan; 1 where a bound was passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="commands, separated by commas")
    options = parser.parse_args()
    commands = options.commands.split(",")
    tried = over = 0
    for kind in (*KINDS, *SHAPES):
        if options.only not in kind:
            continue
        with tempfile.TemporaryDirectory() as folder:
            home, root = Path(folder), Path(folder) / "plan"
            plan_of(root, kind, options.megabytes * 1_000_000)
            worst: list[str] = []
            highest = (0.0, "")
            for command in commands:
                seconds, megabytes, size, code = cost(command, root, home)
                tried += 1
                highest = max(highest, (seconds, f"{seconds:.1f} s {megabytes:.0f} MB in {command}"))
                bounded = command.startswith("check") and size > REPORT
                if seconds > SECONDS or megabytes > MEGABYTES or bounded or code not in (0, 1, 2, 3):
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
