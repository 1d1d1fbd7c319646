"""What is named as evidence, and whether it counts: a file in the repository that holds something, or a whole link.

Evidence is what another person can look up. A link is not opened, so that it counts and is shown as not checked; a
file that is not committed yet counts while one works, and is shown as that. What no other person will ever find, on
one machine only or ignored by git, counts nowhere: a figure must be the same for everyone who has the plan. Anything
else is a claim like the one that it should speak for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ..records.values import is_list
from ..snapshot.repository_files import FileState, RepositoryFiles

State = (
    FileState
    | Literal[
        "not checked", "not a whole link", "a link of one machine only", "a link with a user name in it"
    ]
)
_UNSEEN: frozenset[State] = frozenset(("not checked", "not committed", "not fetched"))
"""What counts although no one else may have seen it."""

_SCHEME = re.compile(
    r"[a-z][a-z0-9+.-]*://|(mailto|javascript|data|file|ftp|https?|urn|about|tel|news):", re.I
)
_LINK = re.compile(
    r"https?://(localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-f:.]+\])\.?(:\d+)?/+[^\s/?#]\S*", re.IGNORECASE
)
_ONE_MACHINE = re.compile(
    r"(file:|https?://(([\w-]+\.)*localhost|127(\.\d+){1,3}|0\.0\.0\.0|\[::1?\])\.?(:\d+)?(/|$))",
    re.IGNORECASE,
)
_WITH_USER = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#]*@", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[/\\~]|[a-z]:[/\\]", re.IGNORECASE)
_PLACE = re.compile(r"#.*|:\d+([-:]\d+)?$", re.DOTALL)
"""A place in a file: an anchor, a line, or lines."""


@dataclass(frozen=True)
class Named:
    """One thing that is named as evidence."""

    text: str
    """As it is written down."""
    state: State

    @property
    def counts(self) -> bool:
        """Whether a claim may rest on it."""
        return self.state in ("there", "not looked up") or self.state in _UNSEEN

    @property
    def is_link(self) -> bool:
        """Whether it is an address rather than a path."""
        return is_address(self.text.strip())

    @property
    def words(self) -> str:
        """The same with what there is to say of it."""
        return self.text if self.state == "there" else f"{self.text} ({self.state})"


def named(files: RepositoryFiles, texts: Iterable[str]) -> tuple[Named, ...]:
    """What some texts lead to, each once; files are looked up."""
    return tuple(Named(text, _state(files, text.strip())) for text in dict.fromkeys(texts))


def unchecked(evidence: Iterable[Named]) -> str:
    """What a claim rests on that others may not find, in a line; empty where a file that was found carries it too."""
    counting = [one for one in evidence if one.counts]
    if not counting or any(one.state not in _UNSEEN for one in counting):
        return ""
    return f"rests on {', '.join(dict.fromkeys(one.words for one in counting))}"


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, rather than as a path in the repository."""
    return _SCHEME.match(text) is not None


def with_states(value: object) -> object:
    """Evidence as it is shown where no file is looked up: `https://example.org/report (not checked)`.

    A text, or several; anything else is left as it is.
    """
    if isinstance(value, str):
        return f"{value} ({_link_state(value)})" if is_address(value) else value
    return tuple(map(with_states, value)) if is_list(value) else value


def is_whole_link(text: str) -> bool:
    """Whether an address has a scheme of the web, a host and a path: others lead to no particular page."""
    return _LINK.fullmatch(text) is not None


def without_place(text: str) -> str:
    """A path without the place in the file that is named behind it."""
    return _PLACE.sub("", text)


def _state(files: RepositoryFiles, text: str) -> State:
    if is_address(text):
        return _link_state(text)
    found = _file(files, text)
    inside = without_place(text)
    return _file(files, inside) if found == "not there" and inside != text else found


def _link_state(text: str) -> State:
    if _ONE_MACHINE.match(text):
        return "a link of one machine only"
    if _WITH_USER.match(text):
        return "a link with a user name in it"
    return "not checked" if is_whole_link(text) else "not a whole link"


def _file(files: RepositoryFiles, text: str) -> FileState:
    """What a path leads to. `..` may lead out, and a path of one machine leads nowhere on another."""
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if _ELSEWHERE.match(text) or ".." in parts:
        return "outside the repository"
    # The repository as a whole says nothing in particular.
    return files.look("/".join(parts)) if parts else "not a file" if text else "not there"
