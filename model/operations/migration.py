"""Limits that are only sentences, turned into figures in one step: what `kedge fmt --migrate` does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from ..edit.edits import edit_each
from ..plan.change import Batch, Path
from ..plan.plan import Plan
from ..records.address import Address
from ..records.delivery import Guardrail, Monitor, Rollout
from .limits import limit_of, limit_text, unread_limit
from .sentences import read_sentence


def meaning(record: Monitor | Guardrail) -> str:
    """What a limit says, the same for a sentence and for the figures that it was read as; empty without a limit."""
    if limit_of(record) is not None or not record.limit:
        return limit_text(record)
    read = read_sentence(record.limit)
    if not read.fields:
        return record.limit
    return limit_text(
        record.model_copy(update={**read.fields, "limit": None if read.is_whole else record.limit})
    )


class Sentence(NamedTuple):
    """A limit of the plan that is only a sentence."""

    address: Address
    """The monitor or the rollout."""
    path: Path
    """Where its limit is: `limit`, or `guardrails`, its id, `limit`."""
    text: str
    blocked: str = ""
    """What is wrong in the record's file, so that nothing is written to it before that is mended."""

    @property
    def name(self) -> str:
        """What a person calls it: `sunday-run`, `mvp-rollout.complaints`."""
        return ".".join((self.address.id, *self.path[1:-1]))

    @property
    def command(self) -> str:
        """The command that says it as figures."""
        prefix = "".join(f"{part}." for part in self.path[:-1])
        return f"kedge {self.address.kind} set {self.address.id} {prefix}operator='>' {prefix}value=NUMBER"


def only_sentences(record: Monitor | Rollout) -> Iterator[Sentence]:
    """The limits of a monitor or a rollout that no program can judge."""
    for path, one in limits_in(record):
        if one.limit and limit_of(one) is None:
            yield Sentence(record.address, (*path, "limit"), one.limit)


def limits_in(record: Monitor | Rollout) -> Iterator[tuple[Path, Monitor | Guardrail]]:
    """What carries a limit in a record, with its path there."""
    if isinstance(record, Monitor):
        yield (), record
        return
    for key, one in record.guardrails.items():
        yield ("guardrails", key), one


def migration(plan: Plan) -> tuple[Batch, tuple[Sentence, ...]]:
    """The step that reads every limit that can be read, and the sentences that a person has to say as figures.

    A sentence that is said in full by the figures goes; another one stays beside them.
    """
    fields: dict[Address, dict[Path, object]] = {}
    left: list[Sentence] = []
    count = 0
    for kind in ("monitor", "rollout"):
        for record in sorted(plan.of_kind(kind), key=lambda one: (one.project, one.id)):
            for one in only_sentences(cast("Monitor | Rollout", record)):
                read = read_sentence(one.text)
                wrong = unread_limit(record, one.path[:-1])
                if wrong or not read.fields:
                    left.append(one._replace(blocked=wrong))
                    continue
                count += 1
                values = fields.setdefault(one.address, {})
                values.update({(*one.path[:-1], name): value for name, value in read.fields.items()})
                if read.is_whole:
                    values[one.path] = None
    label = "write 1 limit as figures" if count == 1 else f"write {count} limits as figures"
    return edit_each(plan, fields, label), tuple(left)
