"""Small questions in front of a screen. All of them are answered from the keyboard, at 40x10 as at 200x60.

May use widgets and the rooms below them.
"""

from .ask import Ask, Confirm, limits_passed
from .date_prompt import DatePrompt, date_echo, full_date
from .message import Growing, HelpOverlay, Message
from .palette import Palette
from .pick import Pick, PickItem
from .prompt import Prompt, refusal_of
from .tour import Tour
from .views import PickView

__all__ = [
    "Ask",
    "Confirm",
    "DatePrompt",
    "Growing",
    "HelpOverlay",
    "Message",
    "Palette",
    "Pick",
    "PickItem",
    "PickView",
    "Prompt",
    "Tour",
    "date_echo",
    "full_date",
    "limits_passed",
    "refusal_of",
]
