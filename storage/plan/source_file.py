"""A file of the plan as it was read: what it is compared with before it is written, and what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...model.records.address import Address
from ...model.records.findings import Finding
from ..disk.scan import Stamp

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm


class SourceFile(NamedTuple):
    """A file as it was read."""

    address: Address
    stamp: Stamp
    text: bytes | memoryview
    """What was in it; a part of the cache where it was taken from there with its record."""
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    """Whether nothing could be read from it; it is then never written to."""
    plain_forms: tuple[PlainForm, ...] = ()
    """Fields written in another form than the format's, and read for what they plainly mean; outermost first."""
    unfit: tuple[Finding, ...] = ()
    """All values that could not be understood: they are written over by nothing."""

    @property
    def content(self) -> bytes:
        """What was in it."""
        return bytes(self.text)
