"""What a project says of itself that its legal risk class denies."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from ..records.assessment import Answer
    from ..records.dataset import Dataset

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
        [f"disc-profile says “{SERIOUS}”, and disc-risk-class “{risk.verdict}”"] if SERIOUS in said else []
    )
    personal = [
        record.id
        for record in snapshot.plan.of_kind("dataset", project)
        if cast("Dataset", record).personal_data
    ]
    if personal and risk.verdict == "outside these laws":
        lines.append(f"{sorted(personal)[0]} holds personal data, and disc-risk-class says “{risk.verdict}”")
    return lines
