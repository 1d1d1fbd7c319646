"""What `check` reports: a value, never an exception.

A finding knows its place in the plan (record and field) and, once storage has looked, its place in a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..records.address import Address

Severity = Literal["error", "warning", "advice"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or worth a look, with a way out."""

    code: str
    severity: Severity
    message: str
    """What is wrong, with the facts in it, in one line."""
    address: Address | None = None
    field: tuple[str | int, ...] = ()
    hint: str = ""
    """What to do about it."""
    file: str = ""
    """Path below the plan, with forward slashes."""
    line: int = 0
    """From 1; 0 where no line is to blame."""
    column: int = 0
    """From 1, in code points."""
    fix: str = ""
    """Label of the change that `check --fix` would make; empty where there is none."""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """By place, then by code."""
        return (self.file, self.line, self.column, self.code, self.message)
