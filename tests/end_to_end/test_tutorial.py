"""The tutorial is one trip, replayed: each command on the day that the page names, each figure compared.

`KEDGE_GOLDEN=write` writes what was printed back into the page.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from ..cli.running import Ran, kedge

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
PARTS = re.compile(
    r"\*\*\w+, (?P<day>\d{4}-\d\d-\d\d)\.\*\*|```(?P<kind>sh|console)\n(?P<body>.*?)```", re.DOTALL
)
PHASES = ("assess", "plan", "execute", "execute", "iterate", "assess")
"""Where the project is at first, and after each decision."""


def ran(line: str, day: str, folder: Path) -> Ran:
    """Runs a line of the page; kedge in this process, its pipe and everything else in a shell."""
    command, _, pipe = line.partition(" | ")
    if not command.startswith("kedge "):
        done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)
    found = kedge(*shlex.split(command)[1:], "--today", day, cwd=folder, env={"NO_COLOR": "1"})
    if pipe:
        done = subprocess.run(pipe, shell=True, input=found.out, capture_output=True, text=True, check=True)
        found = Ran(found.code, done.stdout, found.err)
    return found


def project(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "plan/projects/late-parcels/project.toml").read_text())


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KEDGE_ACTOR", raising=False)
    folder = tmp_path / "parcels"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


def test_one_trip_from_an_empty_repository_to_the_second_cycle(repository: Path) -> None:
    page, day, phases, last = PAGE.read_text(), "", [], 0
    written: list[str] = []
    for part in PARTS.finditer(page):
        written.append(page[last : part.start()])
        last = part.end()
        if part["day"]:
            day = part["day"]
            written.append(part[0])
            continue
        shown: list[str] = []
        for line in part["body"].splitlines():
            if part["kind"] == "console" and not line.startswith("$ "):
                continue
            command = line.removeprefix("$ ")
            found = ran(command, day, repository)
            # A gate that is closed ends with 1.
            assert found.code in (0, 1 if part["kind"] == "console" else 0), f"{line}\n{found.out}{found.err}"
            shown.append(f"{line}\n{(found.out + found.err).rstrip()}\n")
            if "--by" in command:
                assert found.code == 0, found.err
                phases.append(project(repository)["phase"])
        body = "".join(shown) if part["kind"] == "console" else part["body"]
        written.append(f"```{part['kind']}\n{body}```")
    replayed = "".join(written) + page[last:]
    if os.environ.get("KEDGE_GOLDEN") == "write":
        PAGE.write_text(replayed)
    assert ("assess", *phases) == PHASES
    then = project(repository)
    assert (then["cycle"], then["stage"], str(then["started"])) == (2, "growth", day)
    review = tomllib.loads((repository / "plan/projects/late-parcels/reviews/cycle-1-mvp.toml").read_text())
    assert (review["decision"], review["next"]) == (f"gate-iterate-next-stage-{day}", "next stage")
    assert PAGE.read_text() == replayed
