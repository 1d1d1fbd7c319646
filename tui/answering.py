"""Answering a question with the control that its kind wants; what is typed means what `model.answers` makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from ..model import answers
from ..model.address import Address
from ..model.answers import Fields
from ..model.assess import Standing
from ..model.dates import DateError
from ..model.kinds import ENTRIES
from ..model.playbook.conditions import Count
from ..model.playbook.models import Figure, Item
from ..model.shape import TextRefused, write_plain
from ..model.visible import one_line
from .dialogs import Ask, Pick, PickItem, Prompt
from .dialogs.figures import Figures, Named
from .dialogs.ticks import Ticks

if TYPE_CHECKING:
    from .assess_screen import AssessScreen
