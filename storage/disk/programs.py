"""Finding a program without ever taking one from the current folder, which may come from anyone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def find_program(name: str, environment: Mapping[str, str]) -> str:
    """The path of a program on the search path; empty where there is none.

    Only absolute folders of the path count. Windows, and `shutil.which` there, would look in the current folder first.
    """
    file = f"{name.removesuffix('.exe')}.exe" if sys.platform == "win32" else name
    for folder in environment.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, file)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return ""
