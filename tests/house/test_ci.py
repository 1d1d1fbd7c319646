"""What docs/ci.md tells others to copy: its shell parts are run here, with the programs of the runner played."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from kedge.tests.program import put_kedge

from ..storage.repositories import commit, git

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text()
GITHUB, GITLAB = (
    next(block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if name in block)
    for name in ("# .github/workflows", "# .gitlab-ci.yml")
)
STRATEGY = "plan/projects/churn/strategy.toml"
FILES = {
    "plan/board.toml": 'format = 1\n[rules]\nselect = ["F", "R", "D"]\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\nstage = "mvp"\n',
    STRATEGY: '[metrics.recall]\ntitle = "Recall"\ntarget = 0.3\n',
}
NASTY = "```</details>`$(touch ran)`@mira ::error::x"

needs = pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("bash")), reason="jq and bash are not here"
)


def script(block: str, start: str) -> str:
    """The shell lines after the first `run: |` (or `- |`) behind a line of a workflow."""
    _, _, rest = block.partition(start)
    assert rest, start
    match = re.search(r"\n( *)(?:run: |- )\|\n((?:\1  .*\n|\n)+)", rest)
    assert match is not None, start
    return textwrap.dedent(match[2])


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a branch that moved a goal, with `gh` and `curl` that keep what they were asked."""
    programs = tmp_path / "programs"
    programs.mkdir()
    asked = tmp_path / "asked"
    played = {
        "gh": f"""printf '%s\\n' "$@" >> {asked}; case "$*" in *--jq*) cat {tmp_path}/known;; esac""",
        "curl": f"""printf '%s\\n' "$@" >> {asked}; case "$*" in *per_page*) cat {tmp_path}/known;; esac""",
    }
    for name, line in played.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    put_kedge(programs)
    (tmp_path / "known").write_text("")
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI_", "KEDGE_"))]:
        monkeypatch.delenv(name)
    values = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "KEDGE_STATE": str(tmp_path / "state"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "REPOSITORY": "team/plan",
        "NUMBER": "7",
        "CI_API_V4_URL": "https://gitlab.example.org/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "9",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    top = tmp_path / "checkout"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    monkeypatch.setenv("BASE", commit(top, "base", FILES))
    moved = FILES[STRATEGY].replace("0.3", "0.25").replace("Recall", NASTY)
    commit(top, "branch", {STRATEGY: moved, "plan/people/x.toml": f'name = "{NASTY}"\nteam = 3\n'})
    return top


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a step as a runner does."""
    return subprocess.run(["bash", "-e", "-c", text], cwd=folder, capture_output=True, text=True, check=False)


@needs
def test_github_gets_annotations_and_a_summary(runner: Path) -> None:
    done = run(script(GITHUB, "name: Check"), runner)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines
    assert all(
        line.startswith(("::error file=plan/", "::warning file=plan/", "::notice file=plan/"))
        for line in lines
    )
    assert any("D101" in line for line in lines)
    summary = (runner.parent / "summary.md").read_text()
    assert summary.startswith("### kedge check\n\n    plan/")
    # Nothing of the plan can leave the block of code, which is made by its indent.
    assert all(line.startswith("    ") for line in summary.splitlines()[2:] if line)


@needs
def test_github_is_told_of_the_whole_plan_after_a_push(runner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", "")
    done = run(script(GITHUB, "name: Check"), runner)
    assert "D101" not in done.stdout
    assert done.returncode == 1
    assert "F104" in done.stdout


@needs
@pytest.mark.parametrize("known", ["", "41\n"])
def test_github_has_one_comment_kept_up_to_date(runner: Path, known: str) -> None:
    (runner.parent / "known").write_text(known)
    diff = run(script(GITHUB, "name: Diff"), runner)
    assert diff.returncode == 0, diff.stderr
    body = (runner.parent / "plan-diff.md").read_text()
    assert body.startswith("<!-- kedge")
    assert (runner.parent / "summary.md").read_text() == body
    done = run(script(GITHUB, "name: Comment"), runner)
    assert done.returncode == 0, done.stderr
    asked = (runner.parent / "asked").read_text()
    assert ("PATCH\nrepos/team/plan/issues/comments/41\n" in asked) == bool(known)
    assert ("POST\nrepos/team/plan/issues/7/comments\n" in asked) != bool(known)
    # The text reaches GitHub by a file: no argument has it.
    assert "Recall" not in asked
    assert json.loads((runner.parent / "comment.json").read_text()) == {"body": body}
    assert not (runner / "ran").exists()


@needs
@pytest.mark.parametrize(
    ("known", "method"), [("[]", "POST"), ('[{"id": 5, "body": "<!-- kedge x"}]', "PUT")]
)
def test_gitlab_gets_a_report_a_log_and_a_note(
    runner: Path, monkeypatch: pytest.MonkeyPatch, known: str, method: str
) -> None:
    (runner.parent / "known").write_text(known)
    monkeypatch.setenv("PLAN_TOKEN", "secret-token")
    done = run(script(GITLAB, "script:"), runner)
    assert done.returncode == 1, done.stderr
    assert "warning[D101]" in done.stdout
    entries = json.loads((runner / "gl-code-quality-report.json").read_text())
    assert "D101" in {entry["check_name"] for entry in entries}
    asked = (runner.parent / "asked").read_text()
    assert f"--request\n{method}\n" in asked
    assert "--data-urlencode\nbody@plan-diff.md\n" in asked
    assert asked.endswith("/merge_requests/9/notes" + ("/5\n" if method == "PUT" else "\n"))
    assert not (runner / "ran").exists()


@needs
@pytest.mark.parametrize("change", [{"PLAN_TOKEN": ""}, {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}])
def test_gitlab_comments_only_where_it_may(
    runner: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    for name, value in {"PLAN_TOKEN": "secret-token", **change}.items():
        monkeypatch.setenv(name, value)
    done = run(script(GITLAB, "script:"), runner)
    assert (runner / "plan-diff.md").is_file()
    assert not (runner.parent / "asked").exists()
    assert "secret-token" not in done.stdout + done.stderr


# ---- what holds without running it


def test_no_job_checks_out_a_fork_with_secrets() -> None:
    assert "pull_request_target" not in GITHUB
    assert "persist-credentials: false" in GITHUB
    # Kedge is there before any file of the branch is, so that none can pass for a module or a program.
    assert GITHUB.index("pip install") < GITHUB.index("actions/checkout")
    assert "secrets." not in GITHUB
    assert GITHUB.count("github.token") == 1
    guard = "github.event.pull_request.head.repo.full_name == github.repository"
    assert guard in GITHUB.partition("name: Comment")[2].partition("run:")[0]


def test_nothing_of_an_event_is_put_into_a_command() -> None:
    for block in (GITHUB, GITLAB):
        commands = "".join(re.findall(r"(?:run: |- )\|\n((?:        .*\n|\n)+)", block))
        assert "${{" not in commands


HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text()


@pytest.mark.parametrize("entry", re.findall(r"entry: (.*)", HOOKS))
def test_the_hooks_for_pre_commit_refuse_what_they_should(runner: Path, entry: str) -> None:
    commit(runner, "good", {"plan/people/x.toml": 'name = "X"\n', STRATEGY: FILES[STRATEGY]})
    (runner / "plan/people/x.toml").write_text("name = \n")
    git(runner, "add", "-A")
    assert run(entry, runner).returncode == 1
    (runner / "plan/people/x.toml").write_text('name = "Y"\n')
    assert run("kedge fmt -q", runner).returncode == 0
    git(runner, "add", "-A")
    assert run(entry, runner).returncode == 0


def test_the_hooks_for_pre_commit_are_shaped_as_it_asks() -> None:
    hooks = [dict(re.findall(r"^[- ] (\w+): (.*)$", hook, re.MULTILINE)) for hook in HOOKS.split("\n- ")[1:]]
    ids = re.findall(r"^- id: (.*)$", HOOKS, re.MULTILINE)
    assert ids == ["kedge-check", "kedge-fmt"]
    for hook in hooks:
        assert {"name", "entry", "language", "files"} <= hook.keys()
        assert re.search(hook["files"], "docs/plan/projects/churn/project.toml")
        assert re.search(hook["files"], "plan/board.toml")
        assert not re.search(hook["files"], "pyproject.toml")
