"""Which findings of a plan a range of commits has brought in, and which were there before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from ..plan.change import get_path
from ..plan.plan import Plan
from ..records.base import to_data
from ..records.findings import Finding
from ..records.values import same


def introduced(before: Iterable[Finding], after: Iterable[Finding], old: Plan, new: Plan) -> list[Finding]:
    """Those of `after` that were not there before.

    A finding is the same as long as it speaks of the same field, and the field says the same: a day that passes or a
    figure that follows from others changes the words, not the finding. Of a field that was changed only the same
    words are the same finding.
    """
    before = list(before)
    words, places = Counter(map(_words, before)), Counter(map(_place, before))
    found: list[Finding] = []
    for one in after:
        is_new = one.address is None or _is_changed(one, old, new)
        left, key = (words, _words(one)) if is_new else (places, _place(one))
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(one)
    return found


def _words(one: Finding) -> tuple[Hashable, ...]:
    return (*_place(one), one.message)


def _place(one: Finding) -> tuple[Hashable, ...]:
    return (one.code, one.address or one.file, one.field, one.count > 1)


def _is_changed(one: Finding, old: Plan, new: Plan) -> bool:
    """Whether what a finding speaks of says something else than before."""
    assert one.address is not None
    was, now = old.get(one.address), new.get(one.address)
    if was is now:
        return False
    if was is None or now is None:
        return True
    path = tuple(key for key in one.field if isinstance(key, str))
    return not same(get_path(to_data(was), path), get_path(to_data(now), path)) if path else was != now
