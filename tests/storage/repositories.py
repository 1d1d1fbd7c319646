"""Repositories of every kind around one small plan, made by the real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

CARDS = "plan/projects/churn/cards"
FILES = {
    "plan/board.toml": 'format = 1\ntitle = "Test"\n',
    "plan/people/mira.toml": 'name = "Mira Test"\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\nrank = "a0"\n',
    f"{CARDS}/table-7k2m.toml": 'title = "Feature table"\nplace = "execute"\nrank = "a0"\nowner = "mira"\n',
    f"{CARDS}/train-4d5f.toml": 'title = "Train"\nplace = "execute"\nrank = "a1"\nneeds = ["table-7k2m"]\n',
    f"{CARDS}/Not An Id.toml": 'title = "x"\n',
    f"{CARDS}/broken-2b3c.toml": "title = \n",
    "plan/projects/churn/card/lost.toml": "title = 'x'\n",
    "code/caf\u00e9.py": "print()\n",
}


def git(
    folder: Path, *arguments: str, day: str = "2026-11-20", author: str = "Mira", check: bool = True
) -> str:
    """Runs git as a person does, and gives what it prints."""
    names = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", author),
            ("EMAIL", f"{author.lower()}@example.org"),
            ("DATE", f"{day}T10:00:00+0100"),
        )
    }
    command = ["git", "-c", "protocol.file.allow=always", "-C", str(folder), *arguments]
    done = subprocess.run(
        command, check=check, capture_output=True, text=True, env={**environment(), **names}
    )
    return done.stdout.strip()


def environment(**more: str) -> dict[str, str]:
    """What a person's shell tells a program, without settings of their own."""
    return {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}


def write(top: Path, files: dict[str, str]) -> None:
    """Writes files below a folder."""
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(top: Path, message: str, files: dict[str, str] | None = None) -> str:
    """Writes some files, commits everything, and gives the commit."""
    write(top, files or {})
    git(top, "add", "-A")
    git(top, "commit", "-q", "--allow-empty", "-m", message)
    return git(top, "rev-parse", "HEAD")


def repository(top: Path, *options: str) -> Path:
    """A repository with the plan in one commit; its top."""
    top.mkdir(parents=True)
    git(top, "init", "-q", "-b", "main", *options)
    commit(top, "plan", FILES)
    return top
