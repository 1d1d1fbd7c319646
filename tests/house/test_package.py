"""The package: its list of modules, and a wheel with one name in it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "model", "storage", "tui", "samples")


def declared() -> set[str]:
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])


def test_the_declared_packages_are_those_of_the_tree() -> None:
    found = {"kedge"}
    for room in ROOMS:
        for path in (ROOT / room).rglob("__init__.py"):
            found.add(".".join(("kedge", *path.parent.relative_to(ROOT).parts)))
    assert declared() == found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    # The tree is copied first: a build writes beside its sources.
    source = folder / "source"
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_installs_one_name(wheel: zipfile.ZipFile) -> None:
    names = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"kedge"}


def test_the_wheel_has_all_packages_and_their_data(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    packages = {
        ".".join(name.split("/")[:-1])
        for name in names
        if name.endswith(".py") and not name.startswith("kedge/samples/churn/")
    }
    assert packages == declared()
    assert "kedge/py.typed" in names
    assert "kedge/samples/churn/plan/board.toml" in names
    shipped = {f"kedge/{path.relative_to(ROOT)}" for path in (ROOT / "model" / "playbook").glob("*.toml")}
    assert shipped
    assert shipped <= names
    for sample in ("churn", "portfolio", "tiny"):
        files = {path for path in (ROOT / "samples" / sample).rglob("*") if path.is_file()}
        assert {f"kedge/{path.relative_to(ROOT)}" for path in files} <= names
    assert not any(name.startswith(("kedge/tests", "kedge/bench", "kedge/docs")) for name in names)
