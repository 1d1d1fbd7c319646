"""What a person reads when something went wrong: one line, a way out, and the exit code.

An error that was not expected leaves a report in the state folder and a paragraph that says so; its traceback is
printed only where KEDGE_DEBUG asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from .. import __version__
from ..model.text.visible import one_line
from . import output

BUG = 70
REFUSED = 3
WRONG = 2
REPORTED = 1


def report(error: Exception, environment: Mapping[str, str]) -> int:
    """Says what went wrong; the exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, output.ClosedPipe | BrokenPipeError):
        return 0 if output.RUN.has_written else 141
    if isinstance(error, output.OutputFailed) and output.RUN.has_written:
        output.complain(f"kedge: the change was made, but kedge {error}; do not repeat it")
        return REPORTED
    if isinstance(error, click.Abort):
        output.complain("\nkedge: stopped; no file is half written")
        return 130
    found = _expected(error)
    if found is None:
        return _crashed(error, environment)
    code, message, hint = found
    output.complain(f"kedge: {one_line(message)}" + (f"\n  {one_line(hint)}" if hint else ""))
    return code


def _expected(error: Exception) -> tuple[int, str, str] | None:
    """Exit code, message and hint of an error that a person can do something about."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        assert error.ctx is not None
        return WRONG, "a command is missing", f"{error.ctx.command_path} --help lists the commands"
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "kedge"
        if isinstance(error, click.NoSuchOption):
            advice = f"put what begins with a dash and is not an option behind --: {path} -- …"
            return WRONG, _lower(error.format_message()), f"{path} --help shows the options; {advice}"
        return WRONG, _lower(error.format_message()), f"{path} --help shows how it is used"
    if isinstance(error, click.ClickException):
        return WRONG, _lower(error.format_message()), ""
    if isinstance(error, output.OutputFailed):
        return REFUSED, str(error), ""
    from ..storage.disk.errors import KedgeError

    if isinstance(error, KedgeError):
        return error.exit_code, error.message, error.hint
    if not isinstance(error, ValueError):
        return None
    from ..model.edit.refusal import EditRefused, Unreadable
    from ..model.plan.change import ChangeRefused
    from ..model.plan.field_spec import TextRefused
    from ..model.plan.unfit import HINT
    from ..model.query.syntax import QueryError
    from ..model.text.dates import DateError

    if isinstance(error, ChangeRefused):
        return REFUSED, str(error), "nothing was written; try again"
    if isinstance(error, Unreadable):
        return REFUSED, str(error), HINT
    if isinstance(error, QueryError):
        return WRONG, f"the query cannot be read: {error}", ""
    if isinstance(error, EditRefused | TextRefused | DateError):
        return WRONG, str(error), ""
    return None


def _lower(message: str) -> str:
    """Click's sentences in the form of ours: no capital, no full stop."""
    message = message.strip().removesuffix(".")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _crashed(error: Exception, environment: Mapping[str, str]) -> int:
    import platform
    import time
    import traceback

    from ..storage.disk.locate import state_base

    if environment.get("KEDGE_DEBUG"):
        traceback.print_exception(error)
    folder = os.path.join(state_base(environment), "crashes")
    path = os.path.join(folder, f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.txt")

    text = "".join(traceback.format_exception(error))
    head = f"kedge {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(head + text)
        where = f"A report is in {path}; please send it with what you did."
    except OSError as failure:
        where = f"No report could be written ({failure.strerror}); KEDGE_DEBUG=1 shows the details."
    output.complain(
        f"kedge: an error in kedge itself: {type(error).__name__}: {one_line(str(error))}\n"
        f"  Your files are as they were before this command, or as its last step left them; kedge undo takes that"
        f" back. {where}"
    )
    return BUG
