"""The README's tour is replayed, word for word, and its pages exist."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kedge.tests.program import put_kedge

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def tour(page: str = README) -> list[str]:
    return [
        line.removeprefix("$ ")
        for block in CONSOLE.findall(page)
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    folder = put_kedge(tmp_path / "bin").parent
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "KEDGE_STATE": str(tmp_path / "state"),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        **{f"GIT_{who}_{what}": "tour" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }


def test_the_tour_works_word_for_word(tmp_path: Path, shell: dict[str, str]) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True, env=shell)
    said = {}
    lines = tour()
    assert len(lines) > 12
    for line in lines:
        done = subprocess.run(
            line, shell=True, cwd=repository, env=shell, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        said[line] = done.stdout
    assert "feature-table" in said["kedge list"]
    ready = said["kedge ready"]
    assert "billing" in ready
    assert "feature-table-with" not in ready
    diff = said["git diff --unified=0 plan"].splitlines()
    changed = [line for line in diff if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]
    assert changed == ['-place = "execute/data-pipeline"', '+place = "plan/tactics"']


def test_the_tour_of_the_sample_works_word_for_word(tmp_path: Path, shell: dict[str, str]) -> None:
    lines = tour((ROOT / "docs" / "tour.md").read_text())
    assert len(lines) > 12
    script = "\n".join(("set -e", *(f"echo '$ {line}'\n{line}" for line in lines if "'" not in line)))
    assert script.count("\n") == 2 * len(lines)
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=shell, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    said = dict(part.partition("\n")[::2] for part in done.stdout.split("$ ")[1:])
    assert "Build the churn feature table" in said["kedge list is:open owner:mira --today 2026-11-20"]
    assert "1 file changed" in said["git diff --stat"]
    assert '+status = "doing"' in said["git diff --unified=0 plan"]
    assert "ticket-routing" in said["kedge portfolio --today 2026-11-20"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_page_that_is_named_is_there(target: str) -> None:
    assert (ROOT / target).is_file()


def test_the_commands_that_a_person_runs_first_are_in_the_readme() -> None:
    assert ".venv/bin/pip install --quiet . && .venv/bin/kedge demo" in README
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("./check")


def test_the_second_command_works_after_the_first(tmp_path: Path) -> None:
    """README's first line makes `.venv` without the tools; `./check` gets them, once."""
    shutil.copy(ROOT / "check", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    said = tmp_path / "said"
    stub = f'#!/bin/sh\necho "$(basename "$0") $*" >> "{said}"\n'
    tools = ("ruff", "basedpyright", "lint-imports")
    install = "\n".join(f'cp "$0" "$(dirname "$0")/{tool}"' for tool in tools)
    (bin_folder / "python").write_text(f'{stub}case "$*" in *"--group dev") {install};; esac\n')
    (bin_folder / "python").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for _ in range(2):
        subprocess.run([tmp_path / "check", "-k", "board"], env=environment, check=True, capture_output=True)
    lines = said.read_text().splitlines()
    assert sum(line.endswith("--group dev") for line in lines) == 1
    assert sum(line == "lint-imports " for line in lines) == 2
    assert sum(line.startswith("python -m pytest") and line.endswith("-k board") for line in lines) == 2
