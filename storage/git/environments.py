"""The environments of a call of git: whose settings it reads, and whether it may ask another machine."""

from __future__ import annotations

import os
from collections.abc import Mapping

_CLOSED = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
}
_PERSONAL = frozenset(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"))
_OF_TRANSPORT = frozenset(
    ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
)


def closed(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """An environment in which git reads no settings of a person or a machine."""
    return {**_without_git(environment), **_CLOSED, "HOME": home, "XDG_CONFIG_HOME": home}


def personal(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which git reads the settings of the person and the machine."""
    return {**_without_git(environment), **_kept(environment, _PERSONAL)}


def signed_in(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which git may use the network with this person's settings; it never prompts for a password."""
    return {
        **_without_git(environment),
        **_kept(environment, _PERSONAL | _OF_TRANSPORT),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file",
    }


def _kept(environment: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name in names}


def _without_git(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without what a hook, or a person, tells git: it is meant for another call."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("GIT_") or name == "GIT_EXEC_PATH"
    }
