"""What law and contract ask of a project: a risk class that was judged, and a duty that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..snapshot.snapshot import Snapshot
from ..text.wording import lacks_words

if TYPE_CHECKING:
    from ..records.assessment import Answer
    from ..records.dataset import Dataset
    from ..records.project import Project

LOW_RISK = ("minimal risk", "outside these laws")
SERIOUS = "affects people's rights or chances"
"""The part of the profile that is seldom of low risk."""


def choices(answer: Answer | None) -> tuple[object, ...]:
    """What an answer chooses, one or several."""
    if answer is None or answer.state is not None or answer.verdict is None:
        return ()
    return answer.verdict if isinstance(answer.verdict, tuple) else (answer.verdict,)


def rights_at_low_risk(snapshot: Snapshot, project: str) -> list[str]:
    """Why the risk class is too low for what the other answers and the datasets say; nothing where it may be right."""
    answers = snapshot.plan.answers(project)
    risk, profile = answers.get("disc-risk-class"), answers.get("disc-profile")
    if risk is None or risk.state is not None or risk.verdict not in LOW_RISK:
        return []
    said = choices(profile)
    lines = (
        [
            f"the profile says “{SERIOUS}” (disc-profile), and the legal risk class “{risk.verdict}” (disc-risk-class)"
        ]
        if SERIOUS in said
        else []
    )
    personal = [
        record.id
        for record in snapshot.plan.of_kind("dataset", project)
        if cast("Dataset", record).personal_data
    ]
    if personal and risk.verdict == "outside these laws":
        lines.append(
            f"{sorted(personal)[0]} holds personal data, and the legal risk class is “{risk.verdict}” (disc-risk-class)"
        )
    return lines


def lacks_of_class(risk: Answer | None) -> list[tuple[str, str]]:
    """What a risk class lacks to be a judgement: the field, and what is missing; nothing where it lacks none."""
    if risk is None or risk.state is not None or risk.verdict in (None, "not checked", "prohibited"):
        return []
    wanted = {
        ("because", "who judged it"): not lacks_words(risk.because or ""),
        ("evidence", "a paper that says so"): bool(risk.evidence),
        ("valid_until", "a day on which it is judged again"): risk.valid_until is not None,
    }
    return [lack for lack, is_there in wanted.items() if not is_there]


def lacks_duty(project: Project) -> str:
    """What is missing where law or contract is said to demand a project; empty where the duty is named, or none is."""
    duties = [one for one in project.constraints.values() if one.kind == "regulation"]
    if not project.mandatory or any(not lacks_words(one.limit) for one in duties):
        return ""
    return "no constraint of the kind regulation names the law or contract that demands it"
