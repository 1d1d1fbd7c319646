"""Two names that trade their files in one step of the system, so that neither file is ever without a name.

Linux has `renameat2`, macOS `renamex_np`; Python offers neither. Where the system or the disk has no such step, the
old file is first taken away, whatever it then is, and the new one gets the free name: for some microseconds there is no
file, but what others save in them is never overwritten.
"""

from __future__ import annotations

import errno
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import cache

_EXCHANGE = 2
"""The same on Linux and macOS."""
_ONLY_NEW = 4 if sys.platform == "darwin" else 1
TAKEN = ".taken"
"""How the names of files end that were taken away from their names."""
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
    _trade_by_turns(aside, target)


def taken_name(aside: str) -> str:
    """Where a file is while its name is free, on disks without an exchange."""
    return f"{aside}{TAKEN}"


def _trade_by_turns(aside: str, target: str) -> None:
    taken = taken_name(aside)
    os.rename(target, taken)
    try:
        give_name(aside, target, is_moved=False)
    except FileExistsError:
        raise  # Another program saved under the free name.
    except BaseException:
        give_name(taken, target)
        raise
    try:
        os.replace(taken, aside)
    except OSError:
        # The new file has the name by now; trade back, or leave that to the journal.
        os.replace(taken, target)
        raise


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


def give_name(source: str, target: str, *, is_moved: bool = True) -> None:
    """Renames a file to a name that nothing has. Raises FileExistsError, or another OSError.

    Where `is_moved` is not set it may keep its old name beside the new one.
    """
    if os.name == "nt":
        os.rename(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
    else:
        if is_moved:
            os.unlink(source)
        return
    # A disk without hard links.
    call = _system_rename()
    code = call(os.fsencode(source), os.fsencode(target), _ONLY_NEW) if call is not None else errno.ENOSYS
    if code in _NOT_OFFERED:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
        os.rename(source, target)
    elif code:
        raise OSError(code, os.strerror(code), target)


def system_exchange() -> Callable[[bytes, bytes], int] | None:
    """The system's own exchange, which gives 0 or the number of an error; None where it has none."""
    call = _system_rename()
    return None if call is None else lambda one, other: call(one, other, _EXCHANGE)


@cache
def _system_rename() -> Callable[[bytes, bytes, int], int] | None:
    """The system's rename with a flag, which gives 0 or the number of an error; None where it has none."""
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
        return lambda one, other, flag: swap(one, other, flag) and ctypes.get_errno()
    if hasattr(library, "renameat2"):
        rename = library.renameat2
        rename.argtypes = (number, text, number, text, ctypes.c_uint)
        return lambda one, other, flag: rename(_HERE, one, _HERE, other, flag) and ctypes.get_errno()
    code = _NUMBERS.get(platform.machine())
    if code is None:
        return None
    system = library.syscall
    system.argtypes = (ctypes.c_long, number, text, number, text, ctypes.c_uint)
    system.restype = ctypes.c_long
    return lambda one, other, flag: system(code, _HERE, one, _HERE, other, flag) and ctypes.get_errno()
