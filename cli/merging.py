"""Merging files of the plan: as git's merge driver, for other tools, and what the driver settled by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..storage.disk.errors import KedgeError
from . import output
from .command import Command
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model.edit.identity import Side as IdentitySide
    from ..model.edit.merge import Settled
    from ..model.plan.change import Path
    from ..storage.git.merge_log import LoggedField, LoggedFile
    from ..storage.plan.merging import Choice, FileMerge

TROUBLE = 129
"""Exit code where nothing was merged: ours is as it was, and another tool has to merge."""

_file = click.Path()


class _NotMerged(KedgeError):
    """The versions of a file could not be merged; nothing was written."""

    exit_code = TROUBLE


@click.command(cls=Command, name="merge-file")
@click.argument("versions", metavar="BASE OURS THEIRS", nargs=3, type=_file)
@click.option("-o", "--out", type=_file, help="Write the result to this file, not to stdout.")
@click.option(
    "--path",
    metavar="PATH",
    help="The file's place in the plan, which says what kind of record it is; else it is seen from its keys.",
)
@click.option(
    "--marker-size", type=click.IntRange(7, 100), default=7, show_default=True, help="Length of markers."
)
@click.pass_obj
def merge_file(
    settings: Settings,
    *,
    versions: tuple[str, str, str],
    out: str | None,
    path: str | None,
    marker_size: int,
) -> int:
    """Merge two versions of a plan file that came from a common one, field by field.

    Exit codes: 0 all is merged; 1 some fields are in conflict, with markers around them; 129 and above nothing was
    merged or written, because a version cannot be read. An empty file stands for one that is not there.
    """
    from ..storage.plan.merging import NotMerged, kind_at, kind_like

    contents = [_read(one) for one in versions]
    places = [path] if path else [out or "", *versions]
    kind = next((kind for place in places if (kind := kind_at(place))), "")
    if not path and not kind:
        kind = kind_like(*contents)
    try:
        merged = _merged(contents, kind)
        content = merged.content(marker_size)
    except NotMerged as error:
        raise _NotMerged(str(error), "nothing was merged; git merge-file merges by lines") from None
    if out:
        _refuse_agent(settings, out)
        _write(out, content)
    else:
        output.write(content.decode())
    return int(bool(merged.conflicts))


def _refuse_agent(settings: Settings, out: str) -> None:
    """Raises NeedsPerson where an agent would write over a record, whatever it decides."""
    from ..storage.disk.actor import actor_of
    from ..storage.disk.errors import NeedsPerson
    from ..storage.disk.locate import plan_around

    actor = actor_of(settings.environment)
    if actor.is_agent and plan_around(os.path.join(settings.folder, out)):
        raise NeedsPerson([f"{out} is a file of a plan, which merge-file writes over"], actor.because)


@click.command(cls=Command, name="merge-driver", hidden=True)
@click.argument("versions", metavar="BASE OURS THEIRS", nargs=3, type=_file)
@click.argument("size", type=int)
@click.argument("path", type=_file)
@click.argument("labels", nargs=-1)
@click.option("--ancestor", is_flag=True, help="Merge common ancestors: what is in conflict stays as it was.")
@click.pass_obj
def merge_driver(
    settings: Settings,
    *,
    versions: tuple[str, str, str],
    size: int,
    path: str,
    labels: tuple[str, ...],
    ancestor: bool,
) -> int:
    """Merge a file for git, into OURS. Git runs this with %O %A %B %L %P, and in later versions with the labels of the
    three; `git install --merge` tells it to."""
    from ..model.edit.identity import OTHER
    from ..storage.plan.merging import NotMerged, kind_at

    if settings.environment.get("KEDGE_MERGE", "").lower() in ("off", "0", "no", "false"):
        return TROUBLE
    contents = [_read(one) for one in versions]
    try:
        merged = _merged(contents, kind_at(path))
        crossed = _crossed(settings, merged, path, labels)
        as_before: dict[Path, Choice] = {one.path: "base" for one in merged.conflicts}
        if crossed is not None:
            content = merged.version(OTHER[crossed]) if ancestor else merged.apart(size)
        else:
            content = merged.resolved(as_before) if ancestor else merged.content(size)
    except NotMerged as error:
        raise _NotMerged(f"{path}: {error}", "git merges it by lines") from None
    if content != contents[1]:
        _write(versions[1], content)
    if ancestor:
        return 0
    _log(settings, path, merged, is_whole=crossed is not None)
    return int(bool(merged.conflicts) or crossed is not None)


@click.command(cls=Command, reads=True)
@click.pass_obj
def merges(settings: Settings) -> None:
    """List what the merge driver settled by itself in the last merge, field by field.

    Before that come edits that the last commit has lost, where it is a merge: D107 of `kedge check`.
    """
    from ..storage.disk.repository import GitProblem, find_repository
    from ..storage.git.merge_log import last_merge
    from .lost_edits import lost_here

    repository = find_repository(settings.folder, settings.environment)
    if isinstance(repository, GitProblem):
        raise KedgeError(repository.message, "kedge git merges lists the merges of a repository")
    merge, lost = last_merge(repository), lost_here(settings)
    if settings.json:
        files = [_file_data(file) for file in merge.files] if merge else []
        facts = {"head": merge.head, "merged": list(merge.others), "at": merge.at} if merge else None
        messages = [one.message for one in lost]
        output.data("merges", {"merge": facts, "files": files, "lost": messages})
        return
    for one in lost:
        output.lines([one.message, f"  {one.hint}"])
    if merge is None:
        output.lines(["the merge driver has merged nothing in this clone yet"])
        return
    names = ", ".join(name[:10] for name in merge.others) or "another commit"
    output.lines([f"{names} merged into {merge.head[:10] or 'this branch'}, {merge.at.replace('T', ' ')}"])
    for file in merge.files:
        output.lines(_file_lines(file))


# ---- reading, merging, writing


def _merged(contents: list[bytes], kind: str) -> FileMerge:
    from ..storage.plan.merging import FileMerge, Versions

    return FileMerge(Versions(contents[0], contents[1], contents[2], kind))


def _read(path: str) -> bytes:
    from ..storage.disk.fetch import read_bytes

    try:
        return b"" if path == os.devnull else read_bytes(path)[1]
    except OSError as error:
        raise _NotMerged(f"{path} cannot be read: {error.strerror}") from None


def _write(path: str, content: bytes) -> None:
    from ..storage.disk.atomic import replace

    try:
        replace(os.path.realpath(path), content)
    except OSError as error:
        raise _NotMerged(f"{path} cannot be written: {error.strerror}") from None


def _crossed(settings: Settings, merged: FileMerge, path: str, labels: Sequence[str]) -> IdentitySide | None:
    """The side whose record git took for another one that looks alike, which the file is; None for one record."""
    from ..model.edit.identity import Triple
    from ..storage.plan.merging import kind_at

    triple = Triple(kind_at(path), merged.data["base"], merged.data["ours"], merged.data["theirs"])
    if not triple.doubtful:
        return None
    from ..storage.disk.repository import GitProblem, find_repository
    from ..storage.git.crossed import crossed, folder_of, has_renamed, labelled, picked_commits, places
    from ..storage.git.git import git_at

    repository = find_repository(settings.folder, settings.environment)
    if isinstance(repository, GitProblem):
        return crossed(triple, path, lambda side: labelled(labels, side, path), lambda _side, _old: False)
    with git_at(repository, settings.environment) as git:
        if isinstance(git, GitProblem):
            return None
        others, folder = picked_commits(repository, settings.environment), folder_of(path)
        return crossed(
            triple,
            path,
            lambda side: (
                labelled(labels, side, path) or places(git, side, others, folder, merged.version(side))
            ),
            lambda side, old: has_renamed(git, side, others, folder, old, path),
        )


def _log(settings: Settings, path: str, merged: FileMerge, *, is_whole: bool) -> None:
    """Notes what was settled. A merge never fails because it could not be noted."""
    import datetime as dt
    from contextlib import suppress

    from ..storage.disk.repository import GitProblem, find_repository
    from ..storage.git.merge_log import LoggedFile, add_to_log

    repository = find_repository(settings.folder, settings.environment)
    if isinstance(repository, GitProblem):
        return
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    settled = () if is_whole else tuple(map(_logged, merged.settled))
    file = LoggedFile(path, settled, asked=1 if is_whole else len(merged.conflicts))
    with suppress(OSError):
        add_to_log(repository, settings.environment, now, file)


def _logged(one: Settled) -> LoggedField:
    from ..storage.git.merge_log import LoggedField
    from ..storage.toml.values import show

    by = {"mine": "ours"}.get(one.by, one.by)
    values = [_value(value) for value in (one.base, one.mine, one.theirs, one.merged)]
    return LoggedField(show(one.path), values[0], values[1], values[2], values[3], by)


def _value(value: object) -> str | None:
    """A value as TOML, cut short; None where it is not set."""
    from ..model.plan.change import MISSING
    from ..storage.git.merge_log import cut
    from ..storage.toml.values import line_text, plain

    return None if value is MISSING else cut(line_text(plain(value)))


# ---- showing


def _file_data(file: LoggedFile) -> dict[str, Any]:
    fields = [
        {"field": one.field, "base": one.base, "ours": one.ours}
        | {"theirs": one.theirs, "merged": one.merged, "by": one.by}
        for one in file.fields
    ]
    return {"path": file.path, "fields": fields, "more": file.more, "asked": file.asked}


def _file_lines(file: LoggedFile) -> Iterator[str]:
    from ..model.text.amounts import counted

    asked = f"; {counted(file.asked, 'field')} left to you" if file.asked else ""
    yield ""
    yield f"{file.path}{asked}"
    for one in file.fields:
        yield f"  {one.field}: {_in_words(one)}"
    if file.more:
        yield f"  and {counted(file.more, 'more field')}"


def _in_words(one: LoggedField) -> str:
    base, ours, theirs, merged = (
        "not set" if value is None else value for value in (one.base, one.ours, one.theirs, one.merged)
    )
    if one.by == "both":
        return f"{base} → {merged}, of ours {ours} and theirs {theirs}"
    whose = {"ours": "ours", "theirs": "theirs", "alike": "the same on both sides"}[one.by]
    return f"{base} → {merged} ({whose})"
