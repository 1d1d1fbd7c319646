"""A review as Markdown for a pull request: the summary visible, details folded, never longer than a comment may be.

Line 1 is a marker by which an action finds its earlier comment again. Nothing that a plan says does anything there:
signs that Markdown knows are escaped, and what would call a person or link an issue, a commit or an address has a mark
without width in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ..text.amounts import counted
from ..text.visible import one_line
from .changes import RecordChange
from .consequence import KINDS, NAMES, Consequence, Row
from .memory import Note
from .report import Report, group_title, order_line

MOST_CHARACTERS = 60_000
"""A comment on GitHub holds 65,536; what comes before and after it in a job's summary has room too."""
_KEPT_FREE = 600
"""Characters for the end: folds that are closed, what is left out, what was not counted."""
_SIGNS = re.compile(r"[\\`*_{}\[\]()|$~^+=!#-]")
_BREAK = "\u200b"
_CALLING = re.compile(r"[@#!%&$~]|:(?=//)|[Ww](?=\.)|[A-Z](?=-\d)")
"""Signs after which a mark without width has to come."""
_HEX = re.compile(r"\b([0-9a-f]{3})(?=[0-9a-f]{4,61}\b)", re.IGNORECASE)
_WEIGHTS = {"error": "❌", "warning": "⚠️", "advice": "ℹ️"}


def safe(text: str) -> str:
    """Text from a plan that is text in Markdown too, in one line: no sign, link, mention or reference in it works."""
    text = _HEX.sub(rf"\1{_BREAK}", one_line(text))
    text = _CALLING.sub(rf"\g<0>{_BREAK}", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SIGNS.sub(r"\\\g<0>", text)


def code(name: str) -> str:
    """An id, which has no sign in it that could end its span."""
    return f"`{one_line(name).replace('`', '')}`"


def markdown(report: Report, *, always: bool = False) -> str:
    """The report; empty where nothing changed, or the marker with a line where it is wanted `always`."""
    review = report.review
    marker = _marker(report)
    if review.difference.is_same_plan and not review.consequences:
        return f"{marker}\n{safe(_sentence(review.verdict))}\n" if always else ""
    page = _Page(None if report.in_full else MOST_CHARACTERS - _KEPT_FREE)
    page.add(marker, f"### Plan: {safe(review.verdict)}", "", safe(report.heading), "")
    if report.uncompared:
        page.add(f"{_WEIGHTS['warning']} {safe(report.uncompared)}", "")
    page.entries(_consequence(report, one) for one in review.dangerous)
    if report.has_table:
        page.entries(_table(report.table))
        page.add("", *([f"{report.unmoved}.", ""] if report.unmoved else ()))
    if report.notes:
        page.add("#### Notes", "")
        page.entries(_note(note, state) for note, state in report.notes)
    rest = [one for one in review.consequences if not one.is_dangerous]
    if rest:
        with_kinds = (
            line for kind in KINDS for line in _kind(report, [one for one in rest if one.kind == kind])
        )
        page.folded(f"What else follows ({counted(len(rest), 'consequence')})", with_kinds)
    records = review.difference.records
    if records or review.difference.reordered:
        page.folded(f"Changes ({counted(len(records), 'record')})", _changes(report))
    lines = report.commit_lines
    if lines:
        page.entries(["\n".join(("**Commits**", "", *(f"- {safe(line)}" for line in lines), ""))])
    if page.left:
        command = f"{report.command} --format markdown --full"
        page.end(f"{counted(page.left, 'line')} left out; all of it: {code(command)}", "")
    page.end(safe(report.coverage))
    return page.text


def _marker(report: Report) -> str:
    """An HTML comment that names the plan first, and then the commits, which the next push changes."""
    plan = quote(report.plan or ".", errors="replace").replace("-", "%2D")
    before, after = report.before_commit or "index", report.after_commit or _kind_of(report.after)
    return f"<!-- kedge-diff plan={plan} from={before} to={after} -->"


def _kind_of(side: str) -> str:
    return "index" if side == "the index" else "worktree"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


class _Page:
    """Lines that are added as long as there is room for them; what is open is closed, what is left is counted."""

    def __init__(self, room: int | None) -> None:
        self._room = room
        self._lines: list[str] = []
        self._length = 0
        self.left = 0
        """Entries that found no room."""

    def add(self, *lines: str) -> bool:
        """Adds lines, all of them or none."""
        length = sum(len(line) + 1 for line in lines)
        if self._room is not None and self._length + length > self._room:
            return False
        self.end(*lines)
        return True

    def end(self, *lines: str) -> None:
        """Adds lines for which room was kept."""
        self._lines += lines
        self._length += sum(len(line) + 1 for line in lines)

    def entries(self, entries: Iterable[str]) -> None:
        """Adds entries until one finds no room; that one and those after it are left out."""
        is_full = False
        for entry in entries:
            is_full = is_full or not self.add(entry)
            self.left += is_full

    def folded(self, title: str, entries: Iterable[str]) -> None:
        """Adds a part that is folded, and closes it wherever it ends."""
        if self.add("<details>", f"<summary>{title}</summary>", ""):
            self.entries(entries)
            self.end("", "</details>", "")
        else:
            self.left += sum(1 for _ in entries)

    @property
    def text(self) -> str:
        """The page."""
        return "\n".join(self._lines) + "\n"


def _consequence(report: Report, one: Consequence) -> str:
    causes = report.causes(one, None if report.in_full else 5)
    because = f" — {safe(causes)}" if causes else ""
    return f"- {_WEIGHTS[one.severity]} {safe(report.beside_table(one))}{because}"


def _note(note: Note, state: str) -> str:
    """A reader's note below the change that it is on."""
    title = f"> **{safe(note.title)}**{f' ({state})' if state else ''}"
    return "\n".join((title, *(f"> {safe(line)}  " for line in note.quoted), "", safe(note.text), ""))


def _kind(report: Report, those: list[Consequence]) -> Iterator[str]:
    if those:
        yield f"\n**{NAMES[those[0].kind]}**\n"
        yield from (_consequence(report, one) for one in those)


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield "\n| | before | after | change | |\n|---|---|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(map(safe, (row.called, row.before, row.after, row.change, row.note)))} |"


def _changes(report: Report) -> Iterator[str]:
    heading = None
    for one in report.review.difference.records:
        here = (one.address.project, one.address.kind)
        if here != heading:
            heading = here
            yield f"\n**{safe(group_title(*here))}**\n"
        yield _record(report, one)
    if report.review.difference.reordered:
        yield "\n**Order**\n"
        for order in report.review.difference.reordered:
            yield f"- {safe(f'{order.project}: ' if order.project else '')}{safe(order_line(order))}"


def _record(report: Report, one: RecordChange) -> str:
    title = one.record.label
    what = f" ({one.what})" if one.what in ("added", "removed") else ""
    head = f"- {code(one.address.id)}{f' {safe(title)}' if title != one.address.id else ''}{what}"
    return "\n".join([head, *(f"  - {safe(line)}" for line in report.wording.lines(one))])
