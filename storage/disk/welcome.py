"""Whether the board has been opened on this machine before: the tour comes by itself only once."""

from __future__ import annotations

import os
from collections.abc import Mapping

from .locate import state_base


def first_time(environment: Mapping[str, str]) -> bool:
    """Whether this is the first time; it is so once. Where nothing can be remembered it never is."""
    path = os.path.join(state_base(environment), "welcomed")
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        return False
    return True
