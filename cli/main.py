"""The `kedge` command: the only place where a run ends, with one clear line for everything that can go wrong.

Exit codes: 0 fine; 1 something to report; 2 wrong usage or bad input; 3 conflict or refused write; 70 an error in
kedge itself; 130 stopped by Ctrl-C; 141 the output was closed.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False  # importing it takes longer than all of this module: nothing would answer Ctrl-C
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

STOPPED = 130
REFUSED = 3


def main() -> NoReturn:
    """Runs the command line and leaves with its exit code."""
    try:
        sys.unraisablehook = _not_raised
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        # What is imported and read first is no garbage; `context` starts the collector once the plan is built.
        gc.disable()
        _open_streams()
        held: list[object] = []
        code = run(sys.argv[1:], held)
        try:
            sys.stdout.flush()
        except (OSError, ValueError):
            code = code or REFUSED
        # Nothing is left to be tidied up: taking ten thousand records apart would cost more than reading one.
        os._exit(code)
    except KeyboardInterrupt:
        _stop()


def _stop() -> NoReturn:
    """Leaves after Ctrl-C, however often it is pressed."""
    try:
        _last_words("kedge: stopped; no file is half written")
    finally:
        os._exit(STOPPED)


def _not_raised(error: sys.UnraisableHookArgs) -> None:
    """Raises Ctrl-C once more at the next call, where it came inside a callback of Python's own and went nowhere."""
    if issubclass(error.exc_type, KeyboardInterrupt):
        # A thread or a signal could come too late: a short command would end as if nothing had been pressed.
        sys.setprofile(_raise_at_call)
    else:
        sys.__unraisablehook__(error)


def _raise_at_call(_frame: object, event: str, _argument: object) -> None:
    if event == "call":
        sys.setprofile(None)
        raise KeyboardInterrupt


def _open_streams() -> None:
    """Gives a stream that was closed (`>&-`, under cron) the null device, as git does.

    The next file that is opened would take its number, and what is printed would be written into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:
                continue
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  as long as we run


def run(args: Sequence[str], held: list[object] | None = None) -> int:
    """Runs the command line; its exit code. Raises nothing but KeyboardInterrupt.

    What the run has read lives on in `held`.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its escape, not an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]
    try:
        from .group import kedge
        from .settings import Settings

        settings = Settings(environment=os.environ, folder=_folder())
        if held is not None:
            held.append(settings)
        if "_KEDGE_COMPLETE" in os.environ:
            from click.shell_completion import shell_complete

            from .completing import register
            from .output import guarded as output_guarded

            register()
            with output_guarded():
                return shell_complete(
                    kedge, {"obj": settings}, "kedge", "_KEDGE_COMPLETE", os.environ["_KEDGE_COMPLETE"]
                )
        with kedge.make_context("kedge", list(args), obj=settings) as context:
            result = kedge.invoke(context)
        return result if isinstance(result, int) else 0
    except Exception as error:  # noqa: BLE001  the last station: everything becomes a line and a code
        if isinstance(error.__cause__, KeyboardInterrupt):  # Python 3.11 wraps it where a class is being made
            raise error.__cause__ from None
        from .failures import report

        return report(error, os.environ)


def _folder() -> str:
    """The current folder. Raises NotReadable if it was removed meanwhile."""
    try:
        return os.getcwd()
    except OSError as error:
        from ..storage.disk.errors import NotReadable

        message = f"the folder that you are in cannot be read: {error.strerror}"
        raise NotReadable(message, "go to another one with cd; it may have been removed") from None


def _last_words(text: str) -> None:
    try:
        sys.stderr.write(f"\n{text}\n")
    except OSError:
        return


if __name__ == "__main__":
    main()
