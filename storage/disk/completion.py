"""Paths that begin as what is being typed, for forms and prompts that take one."""

from __future__ import annotations

import os
from itertools import islice

_LOOKED_AT = 2000
"""Names of a folder that are looked at."""
_FOUND = 5


def paths_beginning(top: str, typed: str) -> tuple[str, ...]:
    """The first few paths that begin as what is typed and go on, folders with a slash at their end.

    Relative ones are below `top`. Hidden names are left out unless their dot is typed. Nothing is found in a folder
    that cannot be read.
    """
    folder, _, name = typed.rpartition("/")
    shown = f"{folder}/" if "/" in typed else ""
    where = os.path.join(top, os.path.expanduser(shown))
    try:
        with os.scandir(where) as entries:
            found = [
                f"{shown}{one.name}{'/' if one.is_dir() else ''}"
                for one in islice(entries, _LOOKED_AT)
                if one.name.startswith(name) and (name.startswith(".") or not one.name.startswith("."))
            ]
    except (OSError, ValueError):
        return ()
    return tuple(one for one in sorted(found) if one != typed)[:_FOUND]
