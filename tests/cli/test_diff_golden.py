"""`kedge diff` of branches of the sample plans, in every format, to the letter."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kedge.model.review import review as review_module
from kedge.model.review.changes import Difference
from kedge.model.review.review import Review, review

from .running import ROOT, TODAY, check_golden, kedge

CARDS = "plan/projects/churn/cards"
FORMATS = {
    "text": "txt",
    "markdown": "md",
    "json": "json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "sarif": "sarif.json",
}
ANA = (
    'name = "Ana Sousa"\n\nrole = "data-engineer"\nteam = "data"\n\n'
    'skills = [\n  "data-engineering",\n]\n\nshare = 0.5\n'
)


def _replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(top: Path) -> None:
        text = (top / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (top / path).write_text(text.replace(old, new), encoding="utf-8")

    return change


def _add_ana(top: Path) -> None:
    (top / "plan/people/ana.toml").write_text(ANA, encoding="utf-8")
    _replace(f"{CARDS}/fill-the-ios-gap-of-march-2026-from-the-crm4.toml", 'owner = "sam"', 'owner = "ana"')(
        top
    )


def _need(top: Path) -> None:
    path = f"{CARDS}/drift-of-twelve-inputs-against-the-4zs6.toml"
    need = '  "features-from-masked-tickets-topics-of-q9qt",\n'
    text = (top / path).read_text(encoding="utf-8")
    new = (
        text.replace("needs = [\n", f"needs = [\n{need}")
        if "needs = [" in text
        else text.replace("#needs =", f"needs = [\n{need}]")
    )
    assert new != text
    (top / path).write_text(new, encoding="utf-8")


def _relay(top: Path) -> None:
    path = top / CARDS / "feature-table-7k2m.toml"
    path.write_text(f"# read again in May\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def _nothing(_: Path) -> None:
    return


BRANCHES: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "slipped-estimate": (
        "churn",
        _replace(f"{CARDS}/sunday-scoring-run-in-the-orchestrator-26qg.toml", "[3, 4, 7]", "[6, 12, 25]"),
    ),
    "lowered-target": (
        "churn",
        _replace("plan/projects/churn/strategy.toml", "target = 0.3\nkill", "target = 0.25\nkill"),
    ),
    "new-dependency": ("churn", _need),
    "added-person": ("churn", _add_ana),
    "dropped-project": (
        "portfolio",
        _replace("plan/projects/fresh-demand/project.toml", 'state = "active"', 'state = "dropped"'),
    ),
    "reformatted-file": ("churn", _relay),
    "nothing": ("churn", _nothing),
}


def branch(top: Path, name: str) -> Path:
    """A repository with a sample plan in one commit, and the change of a branch in its work tree."""
    sample, change = BRANCHES[name]
    shutil.copytree(ROOT / "samples" / sample, top)
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("-c", "user.name=M", "-c", "user.email=m@example.org", "commit", "-q", "-m", "plan"),
    ):
        subprocess.run(["git", *words], cwd=top, check=True)
    change(top)
    return top


@pytest.fixture(scope="module", params=list(BRANCHES))
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The name of a branch, and its repository; what follows from the change is worked out once for all formats."""
    worked_out: list[Review] = []

    def once(difference: Difference, **more: Any) -> Review:
        if not worked_out:
            worked_out.append(review(difference, **more))
        return worked_out[0]

    top = branch(tmp_path_factory.mktemp("diff") / "repository", request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_module, "review", once)
        yield request.param, top


@pytest.mark.parametrize("form", FORMATS)
def test_a_diff_is_as_it_was_agreed(case: tuple[str, Path], form: str) -> None:
    name, top = case
    ran = kedge("diff", "--format", form, "--today", TODAY, cwd=top)
    assert (ran.code, ran.err) == (0, "")
    commit = re.compile(
        r"\b[0-9a-f]{40}\b|(?<=\()[0-9a-f]{8}(?=\))|(?<=\()[0-9a-f]{3}\u200b[0-9a-f]{5}(?=\\?\))"
    )
    said = commit.sub("COMMIT", ran.out)
    check_golden(f"diff-{name}.{FORMATS[form]}", re.sub(r'(?<="version": ")0\.[^"]+', "VERSION", said))
