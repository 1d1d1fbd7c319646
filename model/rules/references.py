"""R2: what records name, and whether it is there."""

from __future__ import annotations

from collections.abc import Iterator

from ..address import Address
from ..ids import ending, slug
from ..kinds import KINDS
from ..plan import Plan
from ..records.governance import Decision
from ..records.project import Project
from ..references import references
from .naming import Names, closest
from .rule import Context, Hit, Rule
