"""Two states of a plan read and compared, for every front end that shows what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ...model.review.changes import Difference, difference_of
from ...model.review.named_cards import NO_CARDS, NamedCards, named_cards
from ...model.review.report import Report
from ...model.review.review import Review
from ...model.review.words import Wording
from ..disk.repository import GitProblem, Repository, find_repository
from ..plan.snapshot import snapshot_of
from .code_commits import cards_named
from .pair import Pair, read_pair
from .revision import Tree
from .sides import Side


@dataclass(frozen=True)
class Compared:
    """Both states, and what differs."""

    before: Side
    after: Side
    pair: Pair
    difference: Difference
    place: str
    """The plan's folder from the top of the repository; forward slashes."""
    named: NamedCards = NO_CARDS
    """The cards that the commits between them name; none where only the cards that differ were read."""

    def report(
        self, review: Review, command: str, *, with_text: bool = True, in_full: bool = False
    ) -> Report:
        """What is said of it; `command` prints all of it."""
        now = self.difference.after
        return Report(
            review,
            self.before.title,
            self.after.title,
            self.before.commit,
            self.after.commit,
            self.place,
            command,
            Wording(now.today, now.plan.board.currency, with_text=with_text, in_full=in_full),
            with_text=with_text,
            in_full=in_full,
            named=self.named,
        )


def compared(
    root: str | Repository,
    before: Side,
    after: Side,
    today: dt.date,
    environment: Mapping[str, str],
    *,
    is_whole: bool = True,
) -> Compared:
    """Reads and compares two states of the plan in a folder, seen on the same day.

    Without `is_whole` of cards only those are read whose files differ.
    """
    pair = read_pair(before.source, after.source, is_whole=is_whole)
    old, new = (
        snapshot_of(loaded, today, revision=one.commit or one.name)
        for loaded, one in ((pair.before, before), (pair.after, after))
    )
    differing = {
        loaded.files[path].address
        for loaded in (pair.before, pair.after)
        for path in pair.differing & loaded.files.keys()
    }
    difference = difference_of(
        old, new, is_relaid=bool(pair.differing), is_whole=pair.is_whole, differing=differing
    )
    named = _named(root, environment, before, after, difference) if is_whole else NO_CARDS
    return Compared(before, after, pair, difference, _place(root, after, environment), named)


def _named(
    root: str | Repository,
    environment: Mapping[str, str],
    before: Side,
    after: Side,
    difference: Difference,
) -> NamedCards:
    """The cards that the commits from one side to the other name; those up to HEAD where the later one is none."""
    if not before.commit:
        return NO_CARDS
    ids = difference.before.plan.cards.keys() | difference.after.plan.cards.keys()
    # Its name says which card a branch is for; one that git could take for an option is not given to it.
    head = (after.commit if after.name.startswith("-") else after.name) if after.commit else "HEAD"
    found = cards_named(root, environment, ids, before.commit, head)
    return NO_CARDS if isinstance(found, GitProblem) else named_cards(difference, found)


def _place(root: str | Repository, after: Side, environment: Mapping[str, str]) -> str:
    """The plan's folder from the top of the repository."""
    if isinstance(root, Repository):
        return after.source.place if isinstance(after.source, Tree) else ""
    repository = find_repository(root, environment)
    return "" if isinstance(repository, GitProblem) else repository.place(root)
