"""Who may load what, proved in a fresh interpreter: import contracts cannot see an import inside a function."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAN = str(ROOT / "samples" / "churn" / "plan")

LOADED = """
import json, sys
from kedge.cli.main import run
run(json.loads(sys.argv[1]))
sys.stderr.write("\\nLOADED " + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(*arguments: str, home: Path) -> set[str]:
    environment = {
        "HOME": str(home),
        "KEDGE_STATE": str(home),
        "PATH": os.environ["PATH"],
        "KEDGE_PLAN": PLAN,
    }
    done = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(arguments)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        cwd=home,
    )
    return set(json.loads(done.stderr.rpartition("LOADED ")[2]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("list", "owner:mira", "--json"),
        ("ready",),
        ("show", "churn"),
        ("check",),
        ("explain", "F101"),
        ("fmt", "--check"),
        ("schema", "card"),
        ("config",),
    ],
    ids=" ".join,
)
def test_commands_that_read_load_neither_textual_nor_numpy(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    loaded = loaded_by(*arguments, home=tmp_path)
    assert "tomli" in loaded or arguments[0] in ("explain", "schema", "config")
    assert not loaded & {"textual", "numpy"}


def test_the_version_costs_next_to_nothing(tmp_path: Path) -> None:
    loaded = loaded_by("version", home=tmp_path)
    assert "click" in loaded
    assert not loaded & {"textual", "numpy", "pydantic", "rich", "tomli", "dateutil"}


@pytest.mark.parametrize(
    "module", ["kedge.model.plan.plan", "kedge.model.edit.edits", "kedge.storage.plan.workspace"]
)
def test_the_core_loads_no_front_end(module: str) -> None:
    code = f"import sys, {module}; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = {name.partition(".")[0] for name in done.stdout.split()}
    assert not names & {"textual", "rich", "click", "numpy"}


def test_every_call_of_git_is_built_in_one_place() -> None:
    starts = re.compile(
        r"^\s*(import subprocess|from subprocess|import multiprocessing)|os\.(system|popen|exec|spawn)", re.M
    )
    files = [path for room in ("model", "storage", "cli", "tui") for path in (ROOT / room).rglob("*.py")]
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files}
    starting = {name for name, text in texts.items() if starts.search(text)}
    # The other one starts the person's editor.
    assert {name for name in starting if name.startswith("storage/")} == {
        "storage/disk/editor.py",
        "storage/git/process.py",
    }
    finding = {name for name, text in texts.items() if 'find_program("git", environment)' in text}
    running = {
        name for name, text in texts.items() if re.search(r"^from \.+(git\.)?process import", text, re.M)
    }
    assert finding == running == {"storage/git/git.py"}
