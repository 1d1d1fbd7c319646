"""The findings of a plan by what was looked at, so that after a change only its neighbourhood is looked at again.

An index never changes: the next snapshot gets one of its own, which shares whatever came out the same. What takes
long to find out and matters to a reader only (what was probably meant by a wrong name) is added when one looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..plan.change import Change
from ..records.address import Address
from ..records.base import Record
from ..records.findings import Finding, first_of_each, more
from ..snapshot.snapshot import Snapshot
from .catalog import RULES
from .rule import Check, Hit, Naming, Rule, View
from .selection import Selection, is_allowed
from .subjects import (
    BeforeAfter,
    Changed,
    Subject,
    all_subjects,
    kind_of,
    named_in,
    pairs_of,
    renamed,
    subject_named,
    touched,
    twins,
)

FindingsBySubject = Mapping[tuple[str, Subject], tuple[Finding, ...]]
"""Findings by rule and by what was looked at; only where there are some."""


@dataclass(frozen=True)
class FindingIndex:
    """What the rules find in a snapshot, as far as the plan wants to hear of it."""

    snapshot: Snapshot
    selection: Selection
    found: FindingsBySubject
    counts: Mapping[str, int]
    """How many there are of each severity."""
    looked: int
    """How often a rule looked at something to find this out: the whole plan, or what a change left to look at."""

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        *,
        is_scheduled: bool = False,
        progress: Callable[[str, float | None], None] = lambda _doing, _share: None,
    ) -> FindingIndex:
        """Looks at the whole plan. `select` takes the place of the board's selection, `ignore` is added to it.

        With `is_scheduled` the rules that look at the schedule are asked, too. `progress` hears of each rule how much
        has been looked at, and may raise what ends it.
        """
        selection = Selection.of(snapshot.plan, select, ignore)
        run = _Run(View(snapshot, rules=RULES), selection)
        checks = [pair for pair in _checks(selection) if is_scheduled or not pair[1].needs_schedule]
        for number, (rule, check) in enumerate(checks):
            progress("checking", number / len(checks))
            run.look(rule, check, all_subjects(check, snapshot.plan))
        return cls(snapshot, selection, run.found, _counted(run.found.values()), run.looked)

    def after(self, snapshot: Snapshot, changes: Sequence[Change]) -> FindingIndex:
        """The index of a later snapshot, which the changes led to."""
        pairs = pairs_of(changes)
        if not self.can_be_patched(snapshot, pairs):
            # What was chosen for a command only is not kept up: the board's own selection holds from here on.
            return FindingIndex.of(snapshot)
        naming = renamed(self.naming, pairs)
        run = _Run(View(snapshot, naming, RULES), self.selection, self.found)
        seen = Changed((*pairs, *((None, one) for one in twins(self.snapshot.plan, snapshot.plan, pairs))))
        for rule, check in _checks(self.selection):
            if check.needs_schedule:
                continue
            run.look(rule, check, touched(check, run.view, seen))
        gone = [findings for key in run.found if (findings := self.found.get(key))]
        found = {**self.found, **run.found}
        for key in [key for key, findings in run.found.items() if not findings]:
            del found[key]
        counts = Counter(self.counts)
        counts.subtract(_counted(gone))
        counts.update(_counted(run.found.values()))
        new = FindingIndex(snapshot, self.selection, found, counts, run.looked)
        vars(new)["naming"] = naming
        return new

    @cached_property
    def naming(self) -> Naming:
        """For each id, the records that name it, or something in another project of that name."""
        found: dict[str, list[Address]] = {}
        for address, record in self.snapshot.plan.records.items():
            for name in named_in(record):
                found.setdefault(name, []).append(address)
        return {name: tuple(places) for name, places in found.items()}

    def listed(self, wanted: Callable[[Address | None], bool] = lambda _: True) -> list[Finding]:
        """The findings about some records, or all, by record, then by code; with what to do about them."""
        found = [one for findings in self.found.values() for one in findings if wanted(one.address)]
        found.sort(key=lambda one: (one.address or ("",), one.code, one.count, one.message))
        view = View(self.snapshot)
        return [
            check.advise(one, view)
            if one.count == 1 and (check := RULES[one.code].check) and check.advise
            else one
            for one in found
        ]

    def can_be_patched(self, snapshot: Snapshot, pairs: Sequence[BeforeAfter]) -> bool:
        """Whether the changes leave alone what every rule reads, and what the plan wants to hear of."""
        old = self.snapshot
        return (
            old.read_method is snapshot.read_method
            and old.today == snapshot.today
            and old.unreadable == snapshot.unreadable
            and snapshot.files.agrees_with(old.files)
            and self.selection == Selection.of(snapshot.plan)
            and all(kind_of(pair) != "board" and _allow(pair[0]) == _allow(pair[1]) for pair in pairs)
        )


def findings_changed(
    before: Snapshot, after: Snapshot, changes: Sequence[Change]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that some changes brought, and those that they took away, by record; of rules without a schedule.

    Only what the changes may have to do with is looked at, on both sides.
    """
    pairs = pairs_of(changes)
    whole = FindingIndex(before, Selection.of(before.plan), {}, {}, 0)
    if whole.can_be_patched(after, pairs):
        old, new = _looked_at_both(whole, after, pairs)
    else:
        old, new = (FindingIndex.of(one).found for one in (before, after))
    sides = [{_about(one): one for those in found.values() for one in those} for found in (new, old)]
    came, went = (
        [one for about, one in side.items() if about not in other] for side, other in (sides, reversed(sides))
    )
    return _sorted(came), _sorted(went)


def _looked_at_both(
    whole: FindingIndex, after: Snapshot, pairs: Sequence[BeforeAfter]
) -> tuple[FindingsBySubject, FindingsBySubject]:
    """What the rules find around some changes, before them and after."""
    plans = (whole.snapshot.plan, after.plan)
    back = [(new, old) for old, new in pairs]
    old = _Run(View(whole.snapshot, whole.naming, RULES), whole.selection)
    new = _Run(View(after, renamed(whole.naming, pairs), RULES), whole.selection)
    seen = (
        (old, Changed((*back, *((None, one) for one in twins(plans[1], plans[0], back))))),
        (new, Changed((*pairs, *((None, one) for one in twins(*plans, pairs))))),
    )
    for rule, check in _checks(whole.selection):
        if check.needs_schedule:
            continue
        both = [dict(touched(check, run.view, those)) for run, those in seen]
        for (run, _), here, there in zip(seen, both, reversed(both), strict=True):
            run.look(rule, check, here.items())
            others = (name for name in there if name not in here)
            run.look(rule, check, ((name, subject_named(check, run.view.plan, name)) for name in others))
    return old.found, new.found


def _about(finding: Finding) -> tuple[object, ...]:
    """What a finding is about, whatever figures it says."""
    return finding.code, finding.address, finding.field, finding.count > 1


def _sorted(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (one.address or ("",), one.code, one.message))


class _Run:
    """One look of some rules at some subjects."""

    def __init__(self, view: View, selection: Selection, before: FindingsBySubject | None = None) -> None:
        self.view = view
        self.found: dict[tuple[str, Subject], tuple[Finding, ...]] = {}
        """Empty where nothing is found any more, so that what was found before goes."""
        self.looked = 0
        self._selection = selection
        self._before = before or {}

    def look(self, rule: Rule, check: Check, subjects: Iterable[tuple[Subject, Any]]) -> None:
        """Has a rule look at subjects by their names; at None nothing is found."""
        severity = self._selection.severity(rule.code, rule.severity)
        assert severity is not None
        plan = self.view.plan
        for name, subject in subjects:
            self.looked += 1
            hits, rest = [], []
            if subject is not None:
                hits, rest = first_of_each(check.find(subject, self.view), _place_of)
            if not hits and (not self._before or (rule.code, name) not in self._before):
                continue
            findings = [
                Finding(rule.code, severity, hit.message, hit.address, hit.field, hit.hint, fix=hit.fix)
                for hit in hits
            ]
            findings += (more(Finding(rule.code, severity, "", hit.address), count) for hit, count in rest)
            kept = tuple(one for one in findings if not is_allowed(one, plan))
            if kept or (rule.code, name) in self._before:
                self.found[rule.code, name] = kept


def _place_of(hit: Hit) -> Address:
    return hit.address


def _checks(selection: Selection) -> Iterator[tuple[Rule, Check]]:
    for rule in RULES.values():
        if rule.check is not None and selection.wants(rule):
            yield rule, rule.check


def _counted(found: Iterable[Sequence[Finding]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for findings in found:
        for one in findings:
            counts[one.severity] += one.count
    return counts


def _allow(record: Record | None) -> Mapping[str, str]:
    return getattr(record, "allow", {})
