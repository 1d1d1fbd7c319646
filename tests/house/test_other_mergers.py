"""What docs/git.md says to other programs that merge: run here as they would run it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from kedge.tests.program import put_kedge

from ..storage.repositories import commit, git

PAGE = (Path(__file__).parents[2] / "docs" / "git.md").read_text()
CARD = "plan/projects/churn/cards/table-7k2m.toml"
BASE = 'title = "Table"\nplace = "execute"\nowner = "mira"\nestimate = [2, 3, 8]\n'
OURS = BASE.replace("mira", "sam")
THEIRS = BASE.replace("[2, 3, 8]", "[3, 5, 9]")
BOTH = OURS.replace("[2, 3, 8]", "[3, 5, 9]")
CONTESTED = BASE.replace("mira", "jonas")


def block(kind: str, word: str) -> str:
    """The block of the page that has a word in it."""
    return next(one for one in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if word in one)


@pytest.mark.parametrize(("theirs", "code"), [(THEIRS, 0), (CONTESTED, 1), ("not = [toml", 129)])
def test_the_merge_tool_of_jujutsu(tmp_path: Path, theirs: str, code: int) -> None:
    tool = tomli.loads(block("toml", "merge-tools"))["merge-tools"]["kedge"]
    values = {"$output": str(tmp_path / "out"), "$marker_length": "9", "$path": CARD}
    for name, text in {"$base": BASE, "$left": OURS, "$right": theirs}.items():
        values[name] = str(tmp_path / name.removeprefix("$"))
        Path(values[name]).write_text(text)
    # Jujutsu makes the file before it starts a tool.
    (tmp_path / "out").write_text("")
    arguments = [values.get(one, one) for one in tool["merge-args"]]
    ran = subprocess.run(
        [sys.executable, "-m", tool["program"], *arguments], capture_output=True, check=False
    )
    assert ran.returncode == code
    assert (code in tool["merge-conflict-exit-codes"]) == (code == 1)
    merged = (tmp_path / "out").read_text()
    if code == 1:
        assert f'{"<" * 9} ours\nowner = "sam"\n{"=" * 9}\nowner = "jonas"\n{">" * 9} theirs\n' in merged
    else:
        assert merged == ("" if code else BOTH)


def test_a_commit_that_gitbutler_keeps_in_conflict(tmp_path: Path) -> None:
    top = tmp_path / "work"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    program = put_kedge(tmp_path / "bin")
    versions = {"base-0": BASE, "side-0": OURS, "side-1": THEIRS}
    files = {f".conflict-{side}/{CARD}": text for side, text in versions.items()}
    conflicted = commit(top, "in conflict", {CARD: OURS, **files})
    script = tmp_path / "merge.sh"
    script.write_text(block("sh", ".conflict-"))
    path = f"{program.parent}:/usr/local/bin:/usr/bin:/bin"
    subprocess.run(["sh", "-e", str(script), conflicted, CARD], cwd=top, env={"PATH": path}, check=True)
    assert (top / CARD).read_text() == BOTH
