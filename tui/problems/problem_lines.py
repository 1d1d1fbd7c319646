"""Findings as lines: below their rule or their file, each with what it is about and where that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from ...model.records.findings import SEVERITIES, Finding
from ...model.text.visible import one_line
from ..draw.spans import SEVERITY_LOOKS, Line, Span, line
from ..draw.text import clip

_LEAST = 16
"""Cells that the message of a row keeps, whatever is beside it."""


class Row(NamedTuple):
    """The key of a finding's row: what it says, so that the cursor stays on it while others come and go."""

    code: str
    file: str
    line: int
    message: str

    @classmethod
    def of(cls, one: Finding) -> Row:
        """The key of a finding."""
        return cls(one.code, one.file, one.line, one.message)


@dataclass(frozen=True)
class Listed:
    """Findings in the order in which they are listed, by group."""

    groups: tuple[tuple[str, tuple[Finding, ...]], ...]
    rules: Mapping[str, str]
    """What each rule is called, by its code."""
    title_of: Callable[[Finding], str]
    """The title of the record that a finding is about; empty where there is none."""
    by_file: bool = False

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        rules: Mapping[str, str],
        title_of: Callable[[Finding], str],
        *,
        by_file: bool,
    ) -> Listed:
        """Findings by file, or by rule with the errors first."""
        found: dict[str, list[Finding]] = {}
        ordered = sorted(
            findings,
            key=lambda one: (
                one.sort_key if by_file else (SEVERITIES.index(one.severity), one.code, *one.sort_key)
            ),
        )
        for one in ordered:
            found.setdefault((one.file or "the whole plan") if by_file else one.code, []).append(one)
        return cls(tuple((name, tuple(some)) for name, some in found.items()), rules, title_of, by_file)

    def lines(self, width: int) -> list[Line]:
        """A row for each finding below the name of its group."""
        return [row for name, findings in self.groups for row in self._group(name, findings, width)]

    def _group(self, name: str, findings: tuple[Finding, ...], width: int) -> list[Line]:
        if self.by_file:
            title = self.title_of(findings[0])
            heading, note = title or name, f"  {name}" if title else ""
            shared = ""
        else:
            heading, note = self.rules.get(name, name), f"  {name}"
            # What all of them say is said once.
            first = findings[0]
            is_shared = all(self.title_of(one) and one.message == first.message for one in findings)
            shared = first.message if is_shared and len(findings) > 1 else ""
        heading = clip(one_line(heading), width - 8)
        count = clip(f"{one_line(note)}  {len(findings)}", width - cell_len(heading))
        rows = [line((heading, "heading"), (count, "quiet"))]
        if shared:
            rows.append(line(("  ", ""), (clip(one_line(shared), width - 2), "label")))
        return rows + [self._row(one, width, shared=bool(shared)) for one in findings]

    def _row(self, one: Finding, width: int, *, shared: bool) -> Line:
        fix = "  F fixes it" if one.fix else ""
        place = _place(one, by_file=self.by_file)
        about = "" if self.by_file else one_line(self.title_of(one))
        said = "" if shared else one_line(one.message)
        spans: list[Span] = [(f"{one.severity[:1].upper()} ", SEVERITY_LOOKS[one.severity])]
        room = max(_LEAST, width - len(fix) - 4 - min(len(place), width // (4 if about else 3)))
        if about and about not in said:
            # Beside a message a title takes what is left, but at least a third.
            most = room if not said else max(room // 3, room - cell_len(said) - 2)
            spans.append((clip(about, most), ""))
            room -= cell_len(spans[-1][0]) + 2
            spans += [("  ", ""), (clip(said, room), "label")] if said else []
        else:
            spans.append((clip(said, room), ""))
        left = width - Line(tuple(spans)).cells - len(fix) - 2
        place = place if len(place) <= left else f"…{place[len(place) - left + 1 :]}" if left > 6 else ""
        return line(*spans, (f"  {place}", "quiet"), (fix, "key"), key=Row.of(one))


def _place(one: Finding, *, by_file: bool) -> str:
    if by_file:
        return one_line(f"{one.line}:{one.column} {one.code}" if one.line else one.code)
    return one_line(f"{one.file}:{one.line}" if one.line else one.file)
