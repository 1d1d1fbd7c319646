"""Names of things in a plan.

A record is found by its address: its kind, the project it belongs to (empty for what belongs to the
whole plan) and its id. The address is the whole identity of a record; where its bytes lie is the
business of storage.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ID_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class Address(NamedTuple):
    """Kind, project (empty for plan-wide records) and id of a record or of an entry inside one."""

    kind: str
    project: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.project}/{self.id}" if self.project else f"{self.kind} {self.id}"


def is_id(text: str) -> bool:
    """Whether a text may be an id: lower-case letters, digits and inner hyphens, at most 64 characters.

    Checked on reading, so that no id can ever name a path.
    """
    return ID_PATTERN.fullmatch(text) is not None and "--" not in text
