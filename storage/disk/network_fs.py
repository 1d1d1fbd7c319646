"""Where a folder is: on a disk of this machine, or on one that others change without its system knowing."""

from __future__ import annotations

import os
import re
from pathlib import Path

_TABLE = "/proc/self/mountinfo"
_SHARED = frozenset(
    {
        *(
            "9p",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "coda",
            "drvfs",
            "fakeowner",
            "fhgfs",
            "glusterfs",
            "gpfs",
            "lustre",
        ),
        *("ncpfs", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
    }
)
"""File systems that other machines write to: the system reports only changes that were made on this one."""


def is_shared(folder: str, table: str = _TABLE) -> bool:
    """Whether a folder is on a disk where the system does not report changes by other machines.

    Known from the system's table of mounts (the text of `mountinfo`, see proc(5)); without one, such as on macOS and
    Windows, it is False.
    """
    try:
        rows = Path(table).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    path = os.path.realpath(folder) + "/"
    found, longest = "", -1
    for row in rows:
        own, separator, rest = row.partition(" - ")
        fields = own.split(" ")
        if not separator or len(fields) < 5:
            continue
        place = _unescaped(fields[4])
        # Of two mounts on one place the later one is seen.
        if path.startswith(place.rstrip("/") + "/") and len(place) >= longest:
            found, longest = rest.split(" ")[0], len(place)
    return found in _SHARED or found.startswith("fuse.")


def _unescaped(text: str) -> str:
    """A path of the table: blanks and backslashes stand in it as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
