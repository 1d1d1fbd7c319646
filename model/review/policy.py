"""What a change to a plan may not do: `--fail-on`, or what the board keeps as its policy.

`goal,date:3d,budget:5%,gate,scope,overload`: a word alone allows nothing, with a tolerance that much. Tolerances are
working days (`3d`), a share of what was there before (`5%`), or a figure: money for `budget`, days of work for `scope`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .consequence import Consequence

WORDS = ("goal", "date", "budget", "gate", "scope", "overload")
_WITH_TOLERANCE = {"date": "d", "budget": "%", "scope": "d%"}
"""Words that may have a tolerance, with the units that it may be in."""
_RULE = re.compile(r"([a-z]+)(?::([0-9]{1,9}(?:\.[0-9]{1,3})?)([d%]?))?")


class PolicyRefused(ValueError):
    """A policy has a word or a tolerance that is none; it says which."""


@dataclass(frozen=True)
class Limit:
    """One word of a policy."""

    word: str
    tolerance: float = 0.0
    is_share: bool = False
    """Whether the tolerance is a share, in percent."""

    def is_broken_by(self, one: Consequence) -> bool:
        """Whether a consequence is more than it allows."""
        if one.kind != self.word:
            return False
        match self.word:
            case "goal":
                return one.is_dangerous
            case "gate":
                return one.severity != "advice"
            case "overload":
                return True
            case "date":
                return one.later > self.tolerance or (one.is_dangerous and one.later <= 0)
            case _:
                size = 100 * one.share if self.is_share else one.grows
                return one.grows > 0 and (size > self.tolerance or one.is_dangerous)


def policy_of(texts: Iterable[str]) -> tuple[Limit, ...]:
    """The policy that some texts are, each with one or more words. Raises PolicyRefused."""
    return tuple(_limit(word) for text in texts for word in re.split(r"[,\s]+", text.strip()) if word)


def _limit(text: str) -> Limit:
    match = _RULE.fullmatch(text)
    if match is None or match[1] not in WORDS:
        raise PolicyRefused(
            f"{text!r} is none of {', '.join(WORDS)}, with a tolerance such as date:3d or budget:5%"
        )
    word, figure, unit = match.groups()
    if figure is not None and word not in _WITH_TOLERANCE:
        raise PolicyRefused(f"{word} has no tolerance: {text!r}")
    if unit and unit not in _WITH_TOLERANCE[word]:
        units = " or ".join(_WITH_TOLERANCE[word])
        raise PolicyRefused(f"the tolerance of {word} is in {units}, not {text!r}")
    return Limit(word, float(figure or 0), unit == "%")


def broken_by(policy: Sequence[Limit], found: Iterable[Consequence]) -> list[Consequence]:
    """The consequences that a policy does not allow."""
    return [one for one in found if any(limit.is_broken_by(one) for limit in policy)]
