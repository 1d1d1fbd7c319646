"""How git is told to merge plan files with kedge, and what it does where kedge cannot.

Git takes a driver that is missing, or dies, for one that has found a conflict, and leaves ours as it was, without a
marker: theirs would be lost with the next `git add`. Therefore the line that git runs merges by lines itself then.
"""

from __future__ import annotations

import shlex

NAME = "kedge"
"""The name of the driver in `.gitattributes`: `*.toml merge=kedge`."""
_ANCESTOR = f"{NAME}-ancestor"
_BY_LINES = "git merge-file -L ours -L base -L theirs --marker-size=%L %A %O %B"


def driver_line(program: str = "kedge", *, ancestor: bool = False) -> str:
    """The shell line that git runs: %O %A %B are files with base, ours and theirs, %L the size of markers, %P the path.

    %S %X %Y are labels of the three, which say under which names the sides have a file that git takes for renamed; git
    before 2.44 does not know them, and hands them over as they are here.
    Kedge leaves 0 (merged) or 1 (conflicts), and anything else where ours is untouched: then git merges by lines.
    `ancestor`: the line for two common ancestors of the sides, which git merges first; it never leaves markers.
    """
    called = shlex.quote(program).replace("%", "%%")
    option = " --ancestor" if ancestor else ""
    return (
        f"{called} git merge-driver{option} -- %O %A %B %L %P %S %X %Y; code=$?; "
        f"if [ $code -gt 1 ]; then {_BY_LINES}; code=$?; fi; exit $code"
    )


def driver_settings(program: str = "kedge") -> dict[str, str]:
    """The settings of git that make kedge the driver, by name."""
    return {
        f"merge.{NAME}.name": "kedge: plan files, field by field",
        f"merge.{NAME}.driver": driver_line(program),
        f"merge.{NAME}.recursive": _ANCESTOR,
        f"merge.{_ANCESTOR}.name": "kedge: plan files of common ancestors",
        f"merge.{_ANCESTOR}.driver": driver_line(program, ancestor=True),
    }
