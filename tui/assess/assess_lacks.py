"""Why what can be done on the Assess screen cannot be done now."""

from __future__ import annotations

from collections.abc import Mapping

from .contract import ActsOnQuestions

_NO_PROJECT = "the plan has no project yet: 1 goes to the board, a adds one"
_ELSEWHERE = "a decision is taken at the gate of the phase where the project is: s goes there"


def lacks_of(screen: ActsOnQuestions) -> Mapping[str, str]:
    """What each action may need, by name: why it is not there; the empty text where it is."""
    asked = screen.asked
    if asked is None:
        names = ("project", "row", "question", "dataset", "offer", "gate", "decision")
        return dict.fromkeys(names, _NO_PROJECT)
    gate = "" if asked.playbook.gates_of(screen.phase) else f"no gate leads out of {screen.phase}"
    return {
        "project": "",
        "row": "" if screen.row else "nothing is focused: a adds a dataset",
        "question": "" if screen.question is not None else "no question is focused: Tab goes to the steps",
        "dataset": "" if screen.dataset is not None else "no dataset is focused: Tab goes to the datasets",
        "offer": asked.reason_against_card(screen.row),
        "gate": gate,
        "decision": gate if asked.project.phase == screen.phase else _ELSEWHERE,
    }
