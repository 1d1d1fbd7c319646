"""`git install` and `git doctor` in real clones: what they set up, what they leave alone, and what they prove."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from kedge.storage.git import proof, setup
from kedge.storage.git.working_tree import WorkingTree, working_tree
from kedge.tests.program import put_kedge

from .running import Ran, kedge, snapshot

CARD = "projects/churn/cards/audit-9x4p.toml"
LINE = "[ ! -f plan/board.toml ] || { kedge check -q --staged --severity error --plan plan"


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The search path with this kedge in front, by the name that git starts it by."""
    programs = put_kedge(tmp_path / "programs").parent
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "person.gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Mira")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "mira@example.org")
    for name in ("KEDGE_PLAN", "KEDGE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    return programs


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def git_says(folder: Path, *arguments: str) -> str:
    done = git(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def made(top: Path, place: str = "plan") -> Path:
    """A repository with a laid out plan in one commit."""
    if not (top / ".git").exists():
        top.mkdir(parents=True, exist_ok=True)
        git_says(top, "init", "-q", "-b", "main")
    plan = top / place
    (plan / CARD).parent.mkdir(parents=True, exist_ok=True)
    (plan / "board.toml").write_text('format = 1\ntitle = "Test"\n')
    (plan / "projects/churn/project.toml").write_text('title = "Churn"\n')
    (plan / CARD).write_text('title = "Audit the labels"\nowner = "mira"\n')
    (plan / "people").mkdir(exist_ok=True)
    (plan / "people/mira.toml").write_text('name = "Mira"\n')
    assert kedge("fmt", "-q", "--plan", str(plan)).code == 0
    git_says(top, "add", "-A")
    git_says(top, "commit", "-q", "--no-verify", "-m", "plan")
    return top


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return made(tmp_path / "clone")


def set_up(folder: Path, *options: str) -> None:
    """`git install` without the proof at its end: that takes five processes, and is not what every test is about."""
    with mock.patch.object(proof, "examine", return_value=[]):
        assert kedge("git", "install", *options, cwd=folder).code == 0


def states(folder: Path) -> dict[str, str]:
    return {
        one["name"]: one["state"]
        for one in json.loads(kedge("git", "doctor", "--json", cwd=folder).out)["data"]
    }


ALL = {
    "merge driver": "works",
    "hunk headers": "works",
    "pre-commit hook": "works",
    "prepare-commit-msg hook": "works",
}


def test_everything_is_set_up_and_proved_once(top: Path) -> None:
    assert states(top) == dict.fromkeys(ALL, "not set up")
    ran = kedge("git", "install", cwd=top)
    assert ran.code == 0, ran.err
    assert "commit it, so that every clone asks for the driver" in ran.err
    assert states(top) == ALL
    before = snapshot(top)
    again = kedge("git", "install", cwd=top)
    assert (again.code, again.err.count("set up already")) == (0, 5)
    assert snapshot(top) == before
    assert git_says(top, "status", "--porcelain") == "?? plan/.gitattributes\n"


def test_a_dry_run_writes_nothing_and_shows_everything(top: Path) -> None:
    before = snapshot(top)
    ran = kedge("git", "install", "--dry-run", cwd=top)
    assert (ran.code, snapshot(top)) == (0, before)
    assert "git config --file .git/config merge.kedge.driver 'kedge git merge-driver" in ran.out
    assert "+*.toml merge=kedge diff=kedge" in ran.out
    assert f"+{LINE}" in ran.out


@pytest.mark.parametrize(
    ("option", "left"),
    [
        ("--hook", {"merge driver", "hunk headers"}),
        ("--merge", {"pre-commit hook", "prepare-commit-msg hook"}),
    ],
)
def test_one_part_alone(top: Path, option: str, left: set[str]) -> None:
    assert kedge("git", "install", option, cwd=top).code == 0
    assert {name for name, state in states(top).items() if state == "not set up"} == left


# ---- the hook


def committed(folder: Path, message: str = "x") -> bool:
    git_says(folder, "add", "-A")
    return git(folder, "commit", "-q", "-m", message).returncode == 0


def test_the_hook_looks_at_what_is_staged(top: Path) -> None:
    set_up(top, "--hook")
    good = (top / "plan" / CARD).read_text()
    (top / "plan" / CARD).write_text(good.replace('"mira"', '"nobody"'))
    git_says(top, "add", "-A")
    (top / "plan" / CARD).write_text(good)
    refused = git(top, "commit", "-q", "-m", "x")
    assert refused.returncode == 1
    assert "error[R201]" in refused.stdout + refused.stderr
    # The mistake in the work tree alone holds nothing up.
    git_says(top, "add", "-A")
    (top / "plan" / CARD).write_text("title = ")
    (top / "code.py").write_text("print()\n")
    git_says(top, "add", "code.py")
    done = git(top, "commit", "-q", "-m", "x")
    # Where nothing is wrong, nothing is said.
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_hook_asks_for_the_layout(top: Path) -> None:
    set_up(top, "--hook")
    card = top / "plan" / CARD
    card.write_text("# mine\n" + card.read_text().replace("\n\n", "\n"))
    assert not committed(top)
    assert kedge("fmt", "-q", cwd=top).code == 0
    assert committed(top)


def test_the_hook_sees_what_a_removal_breaks_elsewhere(top: Path) -> None:
    set_up(top, "--hook")
    git_says(top, "rm", "-q", "plan/people/mira.toml")
    refused = git(top, "commit", "-q", "-m", "x")
    assert refused.returncode == 1
    assert CARD in refused.stdout + refused.stderr


def test_the_first_commit_is_looked_at(tmp_path: Path) -> None:
    top = made(tmp_path / "first")
    git_says(top, "update-ref", "-d", "HEAD")
    set_up(top, "--hook")
    (top / "plan" / CARD).write_text("title = ")
    assert not committed(top)


def test_a_hook_of_others_is_left_alone(top: Path) -> None:
    hook = top / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    ran = kedge("git", "install", cwd=top)
    assert (ran.code, hook.read_text()) == (1, "#!/bin/sh\nexit 0\n")
    assert f"add this line to it: {LINE}" in ran.err
    line = ran.err.partition("add this line to it: ")[2].partition("\n")[0]
    hook.write_text(f"#!/bin/sh\n{line}\nexit 0\n")
    assert kedge("git", "install", "--hook", cwd=top).code == 0
    assert states(top)["pre-commit hook"] == "yours"
    (top / "plan" / CARD).write_text("title = ")
    assert not committed(top)


def test_a_hook_that_is_a_link_is_not_written_through(top: Path, tmp_path: Path) -> None:
    other = tmp_path / "shared-hook"
    other.write_text("")
    hook = top / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(other)
    assert kedge("git", "install", "--hook", cwd=top).code == 1
    assert other.read_text() == ""


@pytest.mark.parametrize("name", ["config", "info", "hooks"])
def test_nothing_is_written_through_a_link_out_of_the_repository(
    top: Path, tmp_path: Path, name: str
) -> None:
    outside, inside = tmp_path / "outside", top / ".git" / name
    inside.parent.mkdir(exist_ok=True)
    if inside.exists():
        inside.rename(outside)
    else:
        outside.mkdir()
    inside.symlink_to(outside)
    before = snapshot(tmp_path / "outside") if outside.is_dir() else outside.read_bytes()
    ran = kedge("git", "install", *(["--ci"] if name == "info" else []), cwd=top)
    assert ran.code == 1
    assert "out of this repository" in ran.err
    assert (snapshot(outside) if outside.is_dir() else outside.read_bytes()) == before


def test_hooks_go_where_git_looks_for_them(top: Path, tmp_path: Path) -> None:
    git_says(top, "config", "core.hooksPath", ".husky")
    set_up(top, "--hook")
    assert (top / ".husky/pre-commit").is_file()
    (top / "plan" / CARD).write_text("title = ")
    assert not committed(top)
    # Where they are shared with other repositories they are not ours to write.
    git_says(top, "config", "core.hooksPath", str(tmp_path / "everywhere"))
    ran = kedge("git", "install", "--hook", cwd=top)
    assert ran.code == 1
    assert "core.hooksPath leads out of this repository" in ran.err
    assert not (tmp_path / "everywhere").exists()


def test_hooks_path_of_the_person_counts(top: Path, tmp_path: Path) -> None:
    git_says(top, "config", "--global", "core.hooksPath", str(tmp_path / "mine"))
    assert "core.hooksPath leads out" in kedge("git", "install", "--hook", cwd=top).err


def test_worktrees_share_what_is_set_up(top: Path) -> None:
    other = top.parent / "other tree"
    git_says(top, "worktree", "add", "-q", str(other), "-b", "other")
    assert kedge("git", "install", cwd=other).code == 0
    assert (states(other), states(top)["pre-commit hook"]) == (ALL, "works")
    (other / "plan" / CARD).write_text("title = ")
    assert not committed(other)


def test_a_branch_without_the_plan_and_a_clone_without_kedge_can_commit(
    top: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(top, "--hook")
    git_says(top, "checkout", "-q", "--orphan", "pages")
    git_says(top, "rm", "-rqf", ".")
    (top / "index.html").write_text("<p>\n")
    assert committed(top)
    git_says(top, "checkout", "-q", "main")
    (path / "kedge").unlink()
    without = [one for one in os.environ["PATH"].split(os.pathsep) if not os.path.exists(f"{one}/kedge")]
    monkeypatch.setenv("PATH", os.pathsep.join(without))
    (top / "plan" / CARD).write_text("title = ")
    git_says(top, "add", "-A")
    done = git(top, "commit", "-q", "-m", "x")
    assert done.returncode == 0
    assert "kedge is not on PATH: the plan is not checked\n" in done.stderr


@pytest.mark.parametrize("odd", ["other plan", "it's", "-x", "a;b$(c)"])
def test_several_plans_are_each_checked(top: Path, odd: str) -> None:
    made(top, odd)
    set_up(top, "--plan", "./plan")
    assert kedge("git", "install", "--plan", f"./{odd}", cwd=top).code == 0
    set_up(top, "--hook", "--plan", "./plan")
    for place in ("plan", odd):
        card = top / place / CARD
        good = card.read_text()
        card.write_text("title = ")
        assert not committed(top), place
        card.write_text(good)
    assert committed(top)


# ---- the merge driver


def merged(folder: Path) -> Ran | subprocess.CompletedProcess[str]:
    """Merges two edits of neighbouring fields, which lines cannot."""
    card = folder / "plan" / CARD
    base = card.read_text()
    git_says(folder, "checkout", "-q", "-b", "theirs")
    card.write_text(base.replace("#stage =", 'stage = "mvp"'))
    git_says(folder, "commit", "-qam", "theirs", "--no-verify")
    git_says(folder, "checkout", "-q", "-")
    card.write_text(
        base.replace("#milestone =", 'milestone = "live"').replace("#status =", 'status = "doing"')
    )
    git_says(folder, "commit", "-qam", "ours", "--no-verify")
    return git(folder, "merge", "-q", "-m", "merge", "theirs")


def test_git_merges_with_the_driver_that_was_installed(top: Path) -> None:
    set_up(top, "--merge")
    git_says(top, "add", "-A")
    git_says(top, "commit", "-qm", "attributes")
    assert merged(top).returncode == 0
    text = (top / "plan" / CARD).read_text()
    assert 'stage = "mvp"\nmilestone = "live"\n' in text


@pytest.mark.parametrize("name", ["plan", "my plan", "p[1]*", 'say "plan"', "!plan", "#plan", "back\\slash"])
def test_a_runner_is_set_up_without_a_change_of_files(tmp_path: Path, name: str) -> None:
    top = made(tmp_path / "runner", name)
    made(top, "else/where")
    ran = kedge("git", "install", "--ci", "--plan", str(top / name), cwd=top)
    assert ran.code == 0, ran.err
    assert git_says(top, "status", "--porcelain") == ""
    for file, driver in (
        (f"{name}/{CARD}", "kedge"),
        (f"{name}/board.toml", "kedge"),
        (f"else/where/{CARD}", "unspecified"),
    ):
        assert git_says(top, "check-attr", "-z", "merge", "--", file).split("\0")[2] == driver
    assert not (top / ".git/hooks/pre-commit").exists()
    before = snapshot(top)
    assert kedge("git", "install", "--ci", "--plan", str(top / name), cwd=top).code == 0
    assert snapshot(top) == before


def test_a_clone_that_lacks_the_driver_is_told_of(top: Path, tmp_path: Path) -> None:
    set_up(top, "--merge")
    git_says(top, "add", "-A")
    git_says(top, "commit", "-qm", "attributes")
    other = tmp_path / "another"
    git_says(tmp_path, "clone", "-q", str(top), str(other))
    assert "no merge driver in this clone" in kedge("check", cwd=other).err
    tree = working_tree(str(other / "plan"), os.environ)
    assert isinstance(tree, WorkingTree)
    assert tree.lacks_driver
    assert states(other)["merge driver"] == "missing"
    assert kedge("git", "doctor", cwd=other).code == 1
    assert kedge("git", "install", "--merge", cwd=other).code == 0
    assert "merge driver" not in kedge("check", cwd=other).err
    # A driver that the person has in their own settings is as good.
    git_says(other, "config", "--remove-section", "merge.kedge")
    git_says(other, "config", "--global", "merge.kedge.driver", "kedge git merge-driver %O %A %B %L %P")
    assert "merge driver" not in kedge("check", cwd=other).err


def test_a_command_in_the_settings_that_is_not_ours_is_never_run(top: Path, tmp_path: Path) -> None:
    set_up(top)
    mark = tmp_path / "ran"
    git_says(top, "config", "merge.kedge.driver", f"touch {mark}; exit 0")
    hook = top / ".git/hooks/pre-commit"
    hook.write_text(hook.read_text() + f"touch {mark}\n")
    found = states(top)
    assert (found["merge driver"], found["pre-commit hook"]) == ("broken", "yours")
    assert not mark.exists()


def test_doctor_says_what_keeps_it_from_working(top: Path, path: Path) -> None:
    set_up(top)
    (top / ".git/hooks/pre-commit").chmod(0o644)
    (top / "plan/.gitattributes").write_text("*.toml merge=kedge\n*.toml merge=union\n")
    found = {one["name"]: one for one in json.loads(kedge("git", "doctor", "--json", cwd=top).out)["data"]}
    assert "may not be executed" in found["pre-commit hook"]["text"]
    assert found["merge driver"]["text"] == "set up, but attributes give plan files to 'union'"
    (top / "plan/.gitattributes").write_text("*.toml merge=kedge diff=kedge\n")
    (path / "kedge").write_text("#!/bin/sh\nexit 70\n")
    found = {one["name"]: one for one in json.loads(kedge("git", "doctor", "--json", cwd=top).out)["data"]}
    assert found["merge driver"]["state"] == "broken"


def test_attributes_that_are_there_are_kept(top: Path) -> None:
    attributes = top / "plan/.gitattributes"
    attributes.write_bytes(b"*.toml text eol=lf\r\n*.md diff=markdown")
    set_up(top, "--merge")
    assert (
        attributes.read_bytes()
        == b"*.toml text eol=lf\r\n*.md diff=markdown\r\n*.toml merge=kedge diff=kedge\r\n"
    )
    attributes.unlink()
    (top / ".gitattributes").write_text("plan/**/*.toml merge=kedge diff=kedge\n")
    set_up(top, "--merge")
    assert not attributes.exists()


def test_hunks_are_headed_by_table_or_title(top: Path) -> None:
    set_up(top, "--merge")
    card = top / "plan" / CARD
    card.write_text(
        card.read_text() + "\n[checklist.k7f2]\ndone = false\nrank = 'a0'\ntext = 'Ask'\n#\n#\n#\n# end\n"
    )
    git_says(top, "add", "-A")
    card.write_text(card.read_text().replace('owner = "mira"', 'owner = "sam"').replace("# end", "# the end"))
    heads = [line for line in git_says(top, "diff").splitlines() if line.startswith("@@")]
    assert [head.rpartition("@@ ")[2] for head in heads] == ['title = "Audit the labels"', "[checklist.k7f2]"]


# ---- where it cannot be


def test_a_plan_without_git_needs_nothing(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan/board.toml").write_text("format = 1\n")
    for command in ("install", "doctor"):
        ran = kedge("git", command, cwd=tmp_path, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
        assert ran.code == 2
        assert "not in a git repository" in ran.err


def test_a_plan_of_another_checkout_is_not_set_up_from_here(top: Path) -> None:
    inner = top / "inner"
    inner.mkdir()
    git_says(inner, "init", "-q")
    before = snapshot(top)
    ran = kedge("git", "install", cwd=inner)
    assert ran.code == 2
    assert snapshot(top) == before


@pytest.mark.parametrize("content", [b"", b"*.csv binary\n"])
def test_attributes_that_an_editor_saves_meanwhile_are_kept(
    top: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    attributes = top / "plan" / ".gitattributes"
    if content:
        attributes.write_bytes(content)
    real = setup.swap_file

    def saved_meanwhile(path: str, start: bytes | None, goal: bytes | None) -> None:
        with Path(path).open("ab") as file:
            file.write(b"*.png binary\n")
        real(path, start, goal)

    monkeypatch.setattr(setup, "swap_file", saved_meanwhile)
    assert kedge("git", "install", "--merge", cwd=top).code == 3
    assert attributes.read_bytes() == content + b"*.png binary\n"


def test_attributes_that_are_too_large_are_left_alone(top: Path) -> None:
    attributes = top / "plan" / ".gitattributes"
    attributes.write_text("*.csv binary\n" * 100_000)
    before = attributes.read_bytes()
    ran = kedge("git", "install", "--merge", cwd=top)
    assert ran.code == 1
    assert "add this line to it: *.toml merge=kedge diff=kedge" in ran.err + ran.out
    assert attributes.read_bytes() == before


def test_a_hook_that_a_killed_run_left_without_its_mode_becomes_a_program(top: Path) -> None:
    set_up(top, "--hook")
    hook = top / ".git" / "hooks" / "pre-commit"
    hook.chmod(0o644)
    assert kedge("git", "install", "--hook", cwd=top).code == 0
    assert os.access(hook, os.X_OK)
