"""Two names that trade their files in one step of the system, so that neither file is ever without a name.

Linux has `renameat2`, macOS `renamex_np`; Python offers neither. Where the system or the disk has no such step, the
old file gets a second name and is then replaced: of what others save in the microseconds between, nothing is known.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import cache

_LINUX_EXCHANGE = 2
_MACOS_SWAP = 2
_HERE = -100
"""`AT_FDCWD`: paths are seen from the current folder."""
_NUMBERS = {"x86_64": 316, "aarch64": 276, "riscv64": 276}
"""Of `renameat2`, for C libraries that do not name it."""
_NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})
"""The kernel, the disk, or a sandbox has no exchange. Where it is the folder that forbids it, a rename says so too."""


def exchange(aside: str, target: str) -> None:
    """Trades the files of two names. Raises OSError, and then both are as before."""
    call = system_exchange()
    if call is not None:
        code = call(os.fsencode(aside), os.fsencode(target))
        if code == 0:
            return
        if code not in _NOT_OFFERED:
            raise OSError(code, os.strerror(code), target)
    kept = f"{aside}.old"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(kept)
    try:
        os.link(target, kept)
    except FileNotFoundError:
        raise
    except OSError:
        pass  # A disk without hard links.
    try:
        replace(aside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(kept)
        raise
    with contextlib.suppress(OSError):
        os.rename(kept, aside)


def replace(source: str, target: str) -> None:
    """Renames a file over another one. Raises OSError."""
    # On Windows a virus scanner or an editor may hold the file for a moment.
    for pause in (0.01, 0.05, 0.25, 1.0):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(pause)
    os.replace(source, target)


def give_name(source: str, target: str) -> None:
    """Renames a file to a name that nothing has. Raises FileExistsError, or another OSError."""
    if os.name == "nt":
        os.rename(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
        # A disk without hard links.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.rename(source, target)
        return
    os.unlink(source)


@cache
def system_exchange() -> Callable[[bytes, bytes], int] | None:
    """The system's own exchange, which gives 0 or the number of an error; None where it has none."""
    if sys.platform not in ("linux", "darwin"):
        return None
    try:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
    except (ImportError, OSError):
        return None
    text, number = ctypes.c_char_p, ctypes.c_int
    if sys.platform == "darwin":
        if not hasattr(library, "renamex_np"):
            return None
        swap = library.renamex_np
        swap.argtypes = (text, text, ctypes.c_uint)
        return lambda one, other: swap(one, other, _MACOS_SWAP) and ctypes.get_errno()
    if hasattr(library, "renameat2"):
        rename = library.renameat2
        rename.argtypes = (number, text, number, text, ctypes.c_uint)
        return lambda one, other: rename(_HERE, one, _HERE, other, _LINUX_EXCHANGE) and ctypes.get_errno()
    code = _NUMBERS.get(platform.machine())
    if code is None:
        return None
    system = library.syscall
    system.argtypes = (ctypes.c_long, number, text, number, text, ctypes.c_uint)
    system.restype = ctypes.c_long
    return lambda one, other: system(code, _HERE, one, _HERE, other, _LINUX_EXCHANGE) and ctypes.get_errno()
