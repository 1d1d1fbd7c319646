"""How much an answer counts: what claims more than an opinion counts only with evidence behind it.

The playbook says which answers claim so much, which kinds of evidence each takes, and what counts without any. What
speaks against a project needs no proof: a missing file must never make its chance better.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..playbook.conditions import Verdict
from ..playbook.fit import fitting
from ..playbook.item import Item
from ..playbook.playbook import Playbook
from ..records.assessment import Answer
from ..snapshot.snapshot import Snapshot
from .proof import Named, is_address, named, unchecked


@dataclass(frozen=True)
class Counted:
    """An answer, and what it counts as."""

    said: Verdict | None = None
    counts_as: Verdict | None = None
    """None where it counts as not answered."""
    why: str = ""
    """Why it counts as less than was said; empty where it does not."""
    evidence: tuple[Named, ...] = ()
    is_current: bool = True
    """Whether the day until which it is valid has not passed."""
    unchecked: str = ""
    """What it rests on that was not opened; empty where it rests on nothing, or on a file as well."""

    @property
    def words(self) -> str:
        """What it counts as, and why; empty where it counts as it was said."""
        return f"{self.less}: {self.why}" if self.why else ""

    @property
    def less(self) -> str:
        """What it counts as; empty where it counts as it was said."""
        if not self.why:
            return ""
        match self.counts_as:
            case None:
                return "counts as not answered"
            case bool():
                return f"counts as {'yes' if self.counts_as else 'no'}"
            case _:
                return f"counts as {self.counts_as}"


AS_SAID = Counted()
"""Of what is not answered."""


def counted(snapshot: Snapshot, item: Item, answer: Answer) -> Counted:
    """What an answer to a question counts as today; what cannot be meant counts as nothing."""
    answer = fitting(item, answer)
    evidence, is_current = named(snapshot.files, answer.evidence), answer.is_current(snapshot.today)
    needed = _needed(snapshot.playbook, item, answer)
    if needed is None:
        return Counted(answer.verdict, answer.verdict, "", evidence, is_current)
    kinds, otherwise = needed
    why = lacking(evidence, kinds) if is_current else f"it was valid until {answer.valid_until}"
    if why and not evidence and answer.because and _is_reference(answer.because):
        why += f" ({answer.because} is the reason: name it as evidence)"
    rests_on = "" if why else unchecked(evidence)
    return Counted(answer.verdict, otherwise if why else answer.verdict, why, evidence, is_current, rests_on)


def counted_answer(snapshot: Snapshot, project: str, question: str) -> Counted:
    """The same of a project's answer; of nothing where it says nothing."""
    answer, item = snapshot.plan.answers(project).get(question), snapshot.playbook.item(question)
    if answer is None or answer.state is not None or item is None:
        return AS_SAID
    return counted(snapshot, item, answer)


def level_counts(playbook: Playbook, level: object) -> tuple[Collection[str], str]:
    """The kinds of evidence that a level takes, and the level that counts without any; nothing where it takes none."""
    found = next((one for one in playbook.scoring.evidence if one.id == level), None)
    return (found.needs, found.otherwise) if found is not None else ((), "")


def sure(playbook: Playbook, answer: Answer, evidence: Sequence[Named]) -> tuple[str, str]:
    """How sure an answer is said to be (`confidence`): the level that counts, and why it is less than was said."""
    said = answer.confidence or ""
    kinds, otherwise = level_counts(playbook, said)
    why = lacking(evidence, kinds) if kinds else ""
    return (otherwise if why else said), why


def lacking(evidence: Sequence[Named], kinds: Collection[str]) -> str:
    """Why evidence does not carry what takes some kinds of it; empty where it does."""
    if not evidence:
        return "no evidence is named"
    counting = [one for one in evidence if one.counts]
    if not counting:
        return "; ".join(f"{one.text} is {one.state}" for one in evidence)
    if not any(("link" if one.is_link else "file") in kinds for one in counting):
        return f"only a {' or a '.join(kinds)} counts here"
    return ""


def _needed(playbook: Playbook, item: Item, answer: Answer) -> tuple[Collection[str], Verdict | None] | None:
    """The kinds of evidence that an answer takes, and what counts without any; None where it takes none."""
    if answer.result == "against":
        return None
    levels = {one.id for one in playbook.scoring.evidence}
    if item.choices and levels.issuperset(item.choices):
        kinds, otherwise = level_counts(playbook, answer.verdict)
        return (kinds, otherwise) if kinds else None
    if item.evidence_when is None or not item.evidence_when.met(item.reply(answer.verdict)):
        return None
    return ("file", "link"), item.without_evidence


def _is_reference(text: str) -> bool:
    """Whether a reason is a path or an address rather than words."""
    return is_address(text) or ("/" in text and " " not in text)
