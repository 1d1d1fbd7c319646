"""What all formats of a review share: both sides by name, the command that prints everything, causes in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..records.kinds import KINDS
from ..text.amounts import counted, counted_of
from ..text.figure import written
from .changes import Reordered
from .consequence import TOTAL, UNMOVED, Consequence, Row
from .memory import Note
from .named_cards import NO_CARDS, NamedCards
from .review import Review
from .words import Wording

MOST_CAUSES = 3
"""Changes that are named behind a consequence in a sentence; all are in the JSON."""

_MOST_UNCOMPARED = 5
_IN_TABLE = ("date", "budget", "scope")
"""Kinds of consequences with rows in the table."""
_OWN_CAUSE = ("goal", "risk")
"""Kinds of consequences that are what a change says, in other words."""


@dataclass(frozen=True)
class Report:
    """A review with what is around it."""

    review: Review
    before: str
    """The earlier side in words, with its commit."""
    after: str
    before_commit: str
    """Empty for the index and the work tree."""
    after_commit: str
    plan: str
    """The plan's folder from the top of the repository; forward slashes."""
    command: str
    """The command that prints all of it, without a format."""
    wording: Wording
    with_text: bool = True
    in_full: bool = False
    named: NamedCards = NO_CARDS
    """What the commits in between are about."""
    notes: tuple[tuple[Note, str], ...] = ()
    """A reader's notes, each with what has become of its change since; empty where it is the same."""

    @property
    def heading(self) -> str:
        """Both sides, and how much differs."""
        difference = self.review.difference
        count = sum(max(len(one.fields), 1) for one in difference.records) + len(difference.reordered)
        records = counted(len(difference.records), "record")
        return f"{self.before} … {self.after} · {counted(count, 'change')} in {records}"

    @property
    def uncompared(self) -> str:
        """What differs and cannot be read, by id; empty where there is nothing of the kind."""
        found = sorted(one.id for one in self.review.difference.uncompared)
        ids = found if self.in_full else found[:_MOST_UNCOMPARED]
        rest = len(found) - len(ids)
        more = f" and {rest:,} more" if rest else ""
        return f"Cannot be compared: {', '.join(ids)}{more} (kedge check says why)" if found else ""

    @cached_property
    def _titles(self) -> Mapping[tuple[str, str], str]:
        """Of what changed, by project and id; quoted, for a sentence."""
        titles = self.review.difference.titles
        records = [one.record for one in self.review.difference.records]
        return {(one.project, one.id): titles.record(one) for one in records}

    @cached_property
    def _by_id(self) -> Mapping[str, str]:
        return {name: title for (_, name), title in self._titles.items()}

    @property
    def commit_lines(self) -> list[str]:
        """The cards that the commits are about, a sentence each."""
        return list(self.named.lines(in_full=self.in_full))

    def said(self, one: Consequence) -> str:
        """A consequence in a sentence."""
        return one.whole if self.with_text else one.text

    def beside_table(self, one: Consequence) -> str:
        """The same in a report whose table has its figures already: in a few words."""
        is_in_table = one.kind in _IN_TABLE and one.brief and not one.is_dangerous and self.has_table
        return one.brief if is_in_table else self.said(one)

    @property
    def unmoved(self) -> str:
        """How many milestones have the same dates; empty where none was looked at."""
        count = self.review.unmoved
        return f"{counted(count, 'milestone')} {'does' if count == 1 else 'do'} not move" if count else ""

    @property
    def has_table(self) -> bool:
        """Whether the table says more than that the total is the same."""
        return len(self.review.table) > 1 or any(row.change != UNMOVED for row in self.review.table)

    @property
    def table(self) -> list[Row]:
        """The rows of the table, without what they say twice: a total of one row, a due date for each percentile."""
        found: list[Row] = []
        seen: set[tuple[str, str]] = set()
        for row in self.review.table:
            held = (row.subject, row.note)
            if not (found and row.subject == TOTAL and _figures(found[-1]) == _figures(row)):
                found.append(replace(row, note="") if held in seen else row)
            seen.add(held)
        return found

    def causes(self, one: Consequence, most: int | None = MOST_CAUSES) -> str:
        """The changes behind a consequence, by title: `because of "Feature table", "Label audit" and 2 more`.

        Nothing where the consequence says itself which change it is.
        """
        if not one.because or one.kind in _OWN_CAUSE or one.because == (one.about.id,):
            return ""
        ids = one.because if self.in_full or most is None else one.because[:most]
        rest = len(one.because) - len(ids)
        titles = (self._titles.get((one.about.project, each)) or self._by_id.get(each, each) for each in ids)
        return f"because of {', '.join(titles)}" + (f" and {rest} more" if rest else "")

    @property
    def coverage(self) -> str:
        """What could not be counted; the last line of every report."""
        if not self.review.has_consequences:
            return "What follows was not worked out (--no-consequences)"
        said = not_counted(self.review.not_counted)
        if not self.review.sampling_error:
            return said
        days, moved = map(written, (self.review.sampling_error, self.review.shift_error))
        return (
            f"{said}. P50 and P80 are from {self.review.runs} runs and may be off by {days} days, "
            f"their change by {moved} days (--runs N)"
        )


def _figures(row: Row) -> tuple[str, str, str]:
    return row.before, row.after, row.change


def not_counted(found: Sequence[tuple[str, int]]) -> str:
    """`Not counted: 11 cards without estimate, 2 files unreadable, no rate for 3 people`."""
    missed = [_missed(what, count) for what, count in found if count]
    return f"Not counted: {', '.join(missed)}" if missed else "Everything was counted"


def _missed(what: str, count: int) -> str:
    if what == "people without rate":
        return f"no rate for {counted_of(count, 'people')}"
    return counted_of(count, what)


def group_title(project: str, kind: str) -> str:
    """`churn: cards`."""
    return f"{project}: {KINDS[kind].plural}" if project else KINDS[kind].plural.capitalize()


def order_line(one: Reordered) -> str:
    """A column in another order, in a line."""
    return f"{one.where}: in another order ({counted(len(one.moved), 'place')} changed)"
