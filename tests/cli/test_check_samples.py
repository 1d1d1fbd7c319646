"""Every rule has a small broken plan, and `kedge check` says of it exactly what stands beside it."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.cli.main import run
from kedge.model.rules.catalog import RULES
from kedge.storage.disk import scan

from ..storage.repositories import git

BROKEN = Path(__file__).parents[2] / "samples" / "broken"
SAMPLES = {folder.name.partition("-")[0]: folder for folder in sorted(BROKEN.iterdir()) if folder.is_dir()}
COMPARED = {code: folder for code, folder in SAMPLES.items() if (folder / "before").is_dir()}
"""Those of rules that need an earlier revision: each folder beside the plan is a commit."""
ALONE = [code for code in SAMPLES if code not in COMPARED]
MENDABLE = {"F124", "R201", "R205", "R206"}

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `kedge` in a folder: exit code and stdout."""
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    for name in ("KEDGE_PLAN", "KEDGE_PROJECT"):
        monkeypatch.delenv(name, raising=False)

    def runner(folder: Path, *arguments: str) -> tuple[int, str]:
        monkeypatch.chdir(folder)
        # A small plan that shows one slip answers no questions: rules of a phase are asked in their own samples.
        families = f"F,R,{folder.name[0]}" if folder.name[0] in "APEI" and folder.parent == BROKEN else "F,R"
        code = run(["check", "--today", "2026-11-21", "--select", families, "-q", *arguments])
        return code, capsys.readouterr().out

    return runner


@pytest.mark.parametrize("code", SAMPLES)
def test_the_sample_gives_what_stands_beside_it(code: str, check: Run, tmp_path: Path) -> None:
    if code in COMPARED:
        committed(SAMPLES[code], tmp_path / "clone")
        # Some need a revision to compare with; others only want to know how old files are.
        since = (
            ["--select", f"F,R,{code[0]}", "--since", "start"]
            if code[0] in "DP"
            else ["--select", f"F,R,{code}"]
        )
        exit_code, printed = check(tmp_path / "clone", *since)
        # The name of a commit depends on the version of git and of the file's bits.
        printed = re.sub(r"\b[0-9a-f]{8}\b", "COMMIT", printed)
    else:
        exit_code, printed = check(SAMPLES[code])
    assert printed == (SAMPLES[code] / "expected.txt").read_text()
    said = set(re.findall(r"(error|warning|advice)\[([A-Z]\d+)\]", printed))
    assert said == {(RULES[code].severity, code)}
    assert exit_code == (0 if RULES[code].severity == "advice" else 1)


@pytest.mark.parametrize("code", SAMPLES)
def test_the_example_of_a_rule_stands_in_its_sample(code: str) -> None:
    folder = SAMPLES[code]
    assert folder.name == f"{code}-{RULES[code].name}"
    texts = [path.read_text(errors="replace") for path in folder.rglob("*.toml")]
    assert any(RULES[code].example in text for text in texts)


@pytest.mark.parametrize("code", ALONE)
def test_mending_leaves_nothing_that_can_be_mended(code: str, check: Run, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(SAMPLES[code], folder)
    before = contents(folder)
    _, printed = check(folder)
    assert ("--fix would" in printed) == (code in MENDABLE)
    check(folder, "--fix")
    assert (contents(folder) != before) == (code in MENDABLE)
    assert "--fix would" not in check(folder)[1]
    if code in MENDABLE:
        assert all(tomllib.loads(text.decode()) is not None for text in contents(folder).values())
        assert run(["undo", "--plan", str(folder)]) == 0
        assert contents(folder) == before


def committed(sample: Path, top: Path) -> None:
    """The sample as a repository: `before` is tagged as the start, `ours` and `theirs` are merged into the plan,
    and what is `uncommitted` comes on top of it.

    What was before is weeks older than the rest, with the files around it: how old an estimate or a document is matters
    to some rules.
    """
    top.mkdir()

    def commit(state: str) -> None:
        source = sample if state == "plan" else sample / state
        # With a time of its own, or git takes a file of the same size for the one before.
        for folder in ("plan", "docs", "configs"):
            if (source / folder).is_dir():
                shutil.rmtree(top / folder, ignore_errors=True)
                shutil.copytree(source / folder, top / folder, copy_function=shutil.copyfile)
        git(top, "add", "-A")
        git(top, "commit", "-q", "-m", state, day="2026-10-01" if state == "before" else "2026-11-20")

    git(top, "init", "-q", "-b", "main")
    commit("before")
    git(top, "tag", "start")
    if (sample / "ours").is_dir():
        git(top, "checkout", "-q", "-b", "theirs")
        commit("theirs")
        git(top, "checkout", "-q", "main")
        commit("ours")
        git(top, "merge", "-q", "--no-commit", "-s", "ours", "theirs")
    elif (sample / "decided").is_dir():
        commit("decided")
    commit("plan")
    if (sample / "uncommitted").is_dir():
        shutil.copytree(sample / "uncommitted", top, dirs_exist_ok=True)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}


# ---- what a repository cannot hold


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan with one card, without findings."""
    cards = tmp_path / "plan" / "projects" / "churn" / "cards"
    cards.mkdir(parents=True)
    (tmp_path / "plan" / "board.toml").write_text("format = 1\n")
    (cards.parent / "project.toml").write_text('title = "Churn"\n')
    (cards / "label-audit-9x4p.toml").write_text('title = "Audit the labels"\n')
    return tmp_path


def large_file(plan: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    del monkeypatch
    path = plan / "plan/projects/churn/cards/notes-4h8c.toml"
    path.write_text(f'title = "Notes"\nnotes = "{"x" * 1_000_000}"\n')
    return "plan/projects/churn/cards/notes-4h8c.toml: error[F108]: larger than 1,000,000 bytes\n"


def many_files(plan: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    del plan
    monkeypatch.setattr(scan, "MAX_FILES", 2)
    return "plan: error[F109]: more than 2 files; the others are not read\n"


def unreadable_file(plan: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    del monkeypatch
    # A link to itself cannot be read by anybody, root included.
    link(plan / "plan/projects/churn/cards/loop-4h8c.toml", "loop-4h8c.toml")
    return "plan/projects/churn/cards/loop-4h8c.toml: error[F110]: a link in a circle, "


def leaving_symlink(plan: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    del monkeypatch
    (plan / "secret.toml").write_text('title = "Not for the board"\n')
    link(plan / "plan/people", str(plan))
    link(plan / "plan/projects/churn/cards/secret-4h8c.toml", str(plan / "secret.toml"))
    return "plan/people: error[F111]: a symlink that leaves the plan is not followed\n"


def link(path: Path, target: str) -> None:
    try:
        path.symlink_to(target)
    except (OSError, NotImplementedError):
        pytest.skip("this system makes no symlinks for us")


MADE_HERE = {
    "F108": large_file,  # a megabyte of nothing in everybody's clone
    "F109": many_files,  # a hundred thousand files, or a lower limit
    "F110": unreadable_file,  # permissions and broken links do not travel with git everywhere
    "F111": leaving_symlink,  # git on Windows writes symlinks as plain files
}


@pytest.mark.parametrize("code", MADE_HERE)
def test_what_a_repository_cannot_hold(
    code: str, plan: Path, check: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(plan) == (0, "")
    expected = MADE_HERE[code](plan, monkeypatch)
    exit_code, printed = check(plan, "--select", code)
    assert exit_code == 1
    assert expected in printed
    assert set(re.findall(r"\[([A-Z]\d+)\]", printed)) == {code}
    assert "Not for the board" not in printed


def test_every_rule_has_a_sample() -> None:
    assert {*SAMPLES, *MADE_HERE} == set(RULES)
    assert not set(SAMPLES) & set(MADE_HERE)


def test_no_rule_says_anything_of_the_other_samples(check: Run) -> None:
    plans = [path for path in sorted(BROKEN.parent.glob("*/plan")) if path.is_dir()]
    assert plans
    for path in plans:
        assert check(path.parent) == (0, ""), os.fspath(path)
