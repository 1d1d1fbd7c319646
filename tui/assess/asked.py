"""Where a project is with its questions: worked out once for each plan, drawn for any width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from ...model.assess.lessons import LessonElsewhere, lessons_for
from ...model.assess.standing import (
    Progress,
    Standing,
    asking_order,
    next_open,
    offered_cards,
    progress,
    wanted_score,
)
from ...model.assess.time_to_data import first_look
from ...model.derived.derived import Derived
from ...model.plan.plan import Plan
from ...model.playbook.item import Item
from ...model.playbook.playbook import Playbook
from ...model.records.dataset import Dataset
from ...model.records.project import Project

DATASETS = "datasets"
"""The key of the tab that is no step."""
Offer = tuple[str, str, str]
"""Source, title and step of a card that is offered."""


@dataclass(frozen=True)
class Asked:
    """Where a project is with the questions, in one plan."""

    derived: Derived
    project: Project
    standing: Mapping[str, Standing]
    offers: tuple[Offer, ...]
    """Cards that are offered, and were never made."""
    looked: str
    """How long it took until data was looked at; empty where that is not known."""
    lessons: tuple[LessonElsewhere, ...]
    """What other projects have learned, where this one begins."""
    made: Mapping[str, str]
    """By what offered it, the id of each card that was made from an offer."""

    @classmethod
    def of(cls, derived: Derived, project: Project) -> Asked:
        """Puts it together, once for each plan."""
        plan, standing = derived.plan, derived.standings(project.id)
        made = {card.offered_by: card.id for card in plan.cards_of.get(project.id, ()) if card.offered_by}
        offers = tuple(offered_cards(plan, project.id, standing))
        looked = first_look(derived.snapshot, project.id)
        words = looked.words(derived.snapshot.today) if looked else ""
        return cls(derived, project, standing, offers, words, lessons_for(plan, project.id), made)

    @property
    def plan(self) -> Plan:
        """The plan that it is in."""
        return self.derived.plan

    @property
    def playbook(self) -> Playbook:
        """The playbook that the plan follows."""
        return self.derived.snapshot.playbook

    @property
    def datasets(self) -> list[Dataset]:
        """The project's datasets, by id."""
        found = cast("list[Dataset]", self.plan.of_kind("dataset", self.project.id))
        return sorted(found, key=lambda one: one.id)

    def steps(self, phase: str) -> list[str]:
        """Ids of a phase's steps."""
        return [one.id for one in self.playbook.steps_of(phase)]

    def order(self, phase: str) -> list[Item]:
        """A phase's questions in the order of asking."""
        return asking_order(self.playbook, self.steps(phase))

    def next_open(self, phase: str, after: str = "") -> Item | None:
        """The question to ask next."""
        wanted = wanted_score(self.playbook, self.project.stage, self.steps(phase))
        return next_open(self.standing, self.order(phase), after, wanted)

    def of_step(self, step: str, *, only_open: bool = False) -> list[Standing]:
        """Questions of a step that are asked, in the order of asking."""
        found = (self.standing[item.id] for item in asking_order(self.playbook, [step]))
        return [one for one in found if (one.is_open if only_open else one.applies)]

    def progress(self, steps: Iterable[str]) -> Progress:
        """How far some steps are."""
        items = (item for step in steps for item in self.playbook.items_of(step))
        return progress(self.standing[item.id] for item in items)

    def offers_of(self, key: str) -> list[Offer]:
        """What a question, or a dataset, offers."""
        sources = (key, f"proxy:{key}")
        return [one for one in self.offers if one[0] in sources or one[0].startswith(f"gap:{key}:")]

    def reason_against_card(self, key: str) -> str:
        """Why no card can be made from an offer; empty where one can."""
        offers = self.offers_of(key) if key else ()
        if not offers and key in self.made:
            return f"{key} was made into a card already: {self.made[key]}"
        return "" if offers or self.offers else "no card is offered"
