"""Plans on disk for tests of storage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kedge.model.records.findings import Finding
from kedge.storage.plan.workspace import Workspace

CARD = "projects/churn/cards/feature-table-7k2m.toml"
OTHER = "projects/churn/cards/label-audit-9x4p.toml"

FILES = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira"\n',
    "projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
    CARD: """\
# Asked for by finance, do not drop.
title = "Build the feature table"

place = "execute/data-pipeline"
rank = "a1"

status = "todo"   # since Monday
owner = "mira"
#due =

needs = [
  "label-audit-9x4p SS+2d",
]
odd-key = 0x2a
""",
    OTHER: 'title = "Audit the labels"\nplace = "execute"\nrank = "a2"\n',
}


def make(root: Path, files: dict[str, str] | None = None) -> Path:
    """Writes a plan below a folder; its own folder."""
    for name, content in (files or FILES).items():
        path = root / "plan" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return root / "plan"


def opened(root: Path) -> Workspace:
    """The plan with its journal beside it."""
    return Workspace.open(str(root), {"KEDGE_STATE": str(root.parent / "state")})


def reading_findings(space: Workspace) -> list[Finding]:
    """What was wrong with files and values."""
    return list(space.snapshot(dt.date(2026, 11, 20)).reading)


def texts(root: Path) -> dict[str, str]:
    """All files of a plan, by path below it; temporary ones too."""
    return {
        str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()
    }
