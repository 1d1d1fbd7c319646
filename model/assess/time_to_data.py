"""How long an idea waited until a person looked at data: the earlier, the less is built on hope (rule-data-early)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from ..records.dataset import Dataset
from ..snapshot.snapshot import Snapshot
from ..text.dates import say_date


@dataclass(frozen=True)
class FirstLook:
    """The days from the start of a project's first cycle to the first dataset that was explored."""

    started: dt.date
    dataset: str
    """The one that was looked at first; empty where none was yet."""
    on: dt.date | None
    days: int
    """Until that day; until today where there is none yet."""
    label: str = ""
    """What that dataset is called."""

    def words(self, today: dt.date) -> str:
        """The same in a sentence."""
        count = abs(self.days)
        days = f"{count} day{'' if count == 1 else 's'} {'before' if self.days < 0 else 'after'} the start"
        if self.on is None:
            return f"no data have been looked at yet, {days}"
        return f"data were looked at {days} ({self.label}, {say_date(self.on, today)})"


def first_look(snapshot: Snapshot, project: str) -> FirstLook | None:
    """What the records of a project say of it.

    None without a day on which it `started`, and from the second cycle on, where that day is a later one.
    """
    record = snapshot.plan.projects.get(project)
    if record is None or record.started is None or record.cycle > 1:
        return None
    datasets = (cast("Dataset", one) for one in snapshot.plan.of_kind("dataset", project))
    looked = [(one.checked_on, one.id, one.label) for one in datasets if one.checked_on is not None]
    on, dataset, label = min(looked, default=(None, "", ""))
    return FirstLook(record.started, dataset, on, ((on or snapshot.today) - record.started).days, label)
