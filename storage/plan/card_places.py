"""Where cards of a plan may stand. The playbook is only loaded where a team has changed it: that takes a while."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...model.playbook.outline import PLACES
from ..disk.paths import PLAYBOOK, path_of

if TYPE_CHECKING:
    from .source_file import SourceFile


def card_places(files: Mapping[str, SourceFile]) -> tuple[str, ...]:
    """The places of the plan's playbook, in the order of the board: `phase`, and `phase/step`."""
    if path_of(PLAYBOOK) not in files:
        return PLACES
    from .playbook import playbook_of

    return playbook_of(files)[0].places()
