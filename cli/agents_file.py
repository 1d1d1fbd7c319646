"""The few lines that tell coding agents of the plan, in the AGENTS.md of a repository.

The file is the team's: only what is between the two markers is ours, and it is shown and asked about first.
"""

from __future__ import annotations

import os

from ..storage.disk.errors import BadValue, KedgeError
from ..storage.disk.regular import read_regular
from . import output
from .settings import Settings

NAME = "AGENTS.md"
BEGIN, END = "<!-- kedge: begin -->", "<!-- kedge: end -->"
LINES = (
    BEGIN,
    "## Plan",
    "The plan of this project is in `plan/`, written with `kedge`. Run `kedge guide` once before you work with it.",
    "- `kedge ready` lists what can be started; `kedge start CARD` and `kedge done CARD` keep it true.",
    "- Change the plan by commands; after an edit by hand run `kedge fmt` and `kedge check`.",
    "- Gates, approvals, exceptions and goals are decided by a person: propose them.",
    "- Put `Card: ID` into the trailer of commits that work on a card.",
    END,
)
_MOST = 10_000_000


def add_to_agents_file(settings: Settings, folder: str, *, yes: bool) -> None:
    """Adds the lines to AGENTS.md in a folder, or brings them up to date, once a person has agreed.

    Raises KedgeError, and then nothing was written.
    """
    from ..storage.disk.swap import swap_file
    from ..storage.plan.file_steps import diff_of
    from ..storage.plan.journal import FileStep

    path = os.path.join(folder, NAME)
    before = _content(path)
    after = with_section(before)
    if after == before:
        output.say(settings, f"{NAME} has these lines already")
        return
    output.diff(diff_of(folder, [FileStep(NAME, before, after)]))
    if settings.dry_run:
        return
    if not yes:
        if not output.on_terminal():
            raise KedgeError(
                f"{NAME} was not written: there is no terminal to ask on",
                "--yes writes it, --dry-run only shows it",
            )
        if output.ask(f"Write {path}?", {"y": "yes", "n": "no"}, "n") == "no":
            output.say(settings, "not written")
            return
    swap_file(path, before, after)
    output.RUN.has_written = True
    output.say(settings, f"wrote {path}")


def _content(path: str) -> bytes | None:
    if os.path.islink(path):
        raise BadValue(f"{path} is a link", f"add the lines yourself: {LINES[2]}")
    try:
        content = read_regular(path, _MOST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadValue(f"cannot read {path}: {error.strerror}") from None
    if len(content) > _MOST:
        raise BadValue(f"{path} is larger than {_MOST:,} bytes", f"add the lines yourself: {LINES[2]}")
    return content


def with_section(content: bytes | None) -> bytes:
    """The file with our lines in place of the earlier ones, else at its end. Raises BadValue where a marker is lost."""
    end = b"\r\n" if content is not None and b"\r\n" in content else b"\n"
    section = end.join(line.encode() for line in LINES) + end
    if not content:
        return section
    begin, stop = content.find(BEGIN.encode()), content.find(END.encode())
    if begin < 0 and stop < 0:
        gap = end if content.endswith(b"\n") else end * 2
        return content + gap + section
    if not 0 <= begin < stop or content.count(BEGIN.encode()) > 1 or content.count(END.encode()) > 1:
        raise BadValue(
            f"{NAME}: one {BEGIN} and one {END} after it are expected",
            "correct or remove the markers by hand",
        )
    rest = content[stop + len(END) :]
    return content[:begin] + section.removesuffix(end) + rest
