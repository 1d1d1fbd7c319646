"""Repositories and answers that several tests of git use."""

from __future__ import annotations

from pathlib import Path

from .repositories import git, repository

CARD = "projects/churn/cards/table-7k2m.toml"
ASSESSMENT = "plan/projects/churn/assessment.toml"
ANSWER = "[answers.disc-fit]\nverdict = 3\n"


def plain(top: Path) -> Path:
    return repository(top / "plain")


def packed(top: Path) -> Path:
    made = repository(top / "packed")
    git(made, "pack-refs", "--all")
    git(made, "-c", "gc.writeCommitGraph=true", "gc", "-q")
    return made
