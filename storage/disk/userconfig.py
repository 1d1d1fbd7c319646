"""A person's own settings: keys, theme, signs. They belong to the machine, never to the plan."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .regular import read_regular

_MAX_SIZE = 100_000
_KNOWN: Mapping[str, tuple[type, str]] = {
    "keys": (dict, "a table of keys"),
    "theme": (str, "the name of a theme"),
    "ascii": (bool, "true or false"),
    "density": (str, "auto, compact or dense"),
    "me": (str, "your id among the people of a plan"),
}


@dataclass(frozen=True)
class UserConfig:
    """What the settings file says; defaults where there is none."""

    path: str
    keys: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Keys of actions that a person has changed, as they stand there."""
    theme: str = ""
    ascii: bool = False
    density: str = ""
    """How many lines cards have on the board."""
    me: str = ""
    problems: tuple[str, ...] = ()
    """What could not be read, a line each, with the file's name."""


def config_path(environment: Mapping[str, str]) -> str:
    """The settings file: `KEDGE_CONFIG`, else `kedge/config.toml` in the system's folder for settings."""
    named = environment.get("KEDGE_CONFIG")
    if named:
        return named
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = environment.get("APPDATA", home)
    else:
        base = environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return os.path.join(base, "kedge", "config.toml")


def read_config(environment: Mapping[str, str]) -> UserConfig:
    """Reads the settings. It never raises: a setting that cannot be used is left out, with a problem."""
    path = config_path(environment)
    try:
        content = read_regular(path, _MAX_SIZE + 1)
    except FileNotFoundError:
        return UserConfig(path)
    except OSError as error:
        return UserConfig(path, problems=(f"{path} cannot be read: {error.strerror}",))
    if len(content) > _MAX_SIZE:
        return UserConfig(path, problems=(f"{path} is larger than {_MAX_SIZE} bytes and was not read",))
    import tomli

    try:
        data = tomli.loads(content.decode("utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        return UserConfig(path, problems=(f"{path}: {error}",))
    used: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in data.items():
        known = _KNOWN.get(name)
        if known is None:
            problems.append(f"{path}: there is no setting {name!r}; there are {', '.join(_KNOWN)}")
        elif not isinstance(value, known[0]):
            problems.append(f"{path}: {name}: expected {known[1]}")
        else:
            used[name] = value
    return UserConfig(path, problems=tuple(problems), **used)


def write_setting(environment: Mapping[str, str], name: str, value: str) -> str:
    """Sets one setting in the file, which is made where there is none; everything else in it stays. Its path.

    Raises KedgeError where the file cannot be read as TOML, or not be written.
    """
    from ..toml.layout import Layout
    from ..toml.patch import PatchRefused, patch
    from .errors import BrokenFile
    from .saving import patiently
    from .swap import swap_file

    path = config_path(environment)

    def write() -> str:
        content: bytes | None
        try:
            content = read_regular(path, _MAX_SIZE)
            made = patch(content.decode("utf-8"), {(name,): value}, Layout())
        except FileNotFoundError:
            content, made = None, patch("", {(name,): value}, Layout())
        except (OSError, UnicodeDecodeError, PatchRefused) as error:
            raise BrokenFile(f"{path} was not changed: {error}") from error
        swap_file(path, content, made.encode("utf-8"))
        return path

    return patiently(write)
