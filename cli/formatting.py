"""`fmt` lays files out canonically."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from ..model.text.visible import one_line
from ..storage.disk.errors import WriteRefused
from . import output
from .checking import as_text, below, file_of, open_plan, shown
from .command import Command
from .seen import staged_plan
from .settings import Settings

if TYPE_CHECKING:
    from ..storage.plan.source_file import SourceFile

MOST_LISTED = 1000
"""Files that `fmt --check` lists; a plan in which more would change has never been laid out."""


@click.command("fmt", cls=Command, reads=True, writes=True)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--check", "only_check", is_flag=True, help="List the files that are not laid out so; write nothing."
)
@click.option(
    "--staged", is_flag=True, help="With --check: the files that are staged, as they are in the index."
)
@click.option(
    "--migrate", is_flag=True, help="Write what older plans say in words as fields, and nothing else."
)
@click.pass_obj
def fmt(settings: Settings, paths: tuple[str, ...], *, only_check: bool, staged: bool, migrate: bool) -> int:
    """Lay out files canonically.

    What a file says does not change, and comments move with what they stand before. A value in a form of its own
    (a text for a list, tables without keys) is written in that of the format. PATHS narrow it to some files and
    folders of the plan. A file with a mistake in it is left alone and makes the exit code 1.
    """
    from ..storage.plan.file_steps import diff_of

    if migrate:
        from .migrating import migrate_plan

        return migrate_plan(settings, paths, only_check=only_check)
    most = MOST_LISTED if only_check and not settings.dry_run else None
    if staged:
        if not only_check:
            raise click.UsageError("--staged goes with --check: what is staged is not written")
        seen, names = staged_plan(settings)
        root, layout = seen.root, _laid_out(settings, seen.root, seen.files, lambda path: path in names, most)
    else:
        workspace = open_plan(settings)
        root = workspace.root
        layout = _laid_out(settings, root, workspace.files, below(settings, root, paths), most)
        if settings.dry_run:
            output.diff(diff_of(root, workspace.prepare_rewrite(layout.texts)))
        elif layout.texts and not only_check:
            workspace.rewrite(f"lay out {_files(len(layout.texts))}", layout.texts)
            output.RUN.has_written = True
    changed = [shown(settings, os.path.join(root, path)) for path in layout.texts]
    if settings.json:
        output.data(
            "layout",
            {
                "changed": changed,
                "unchanged": layout.same,
                "broken": layout.broken,
                "refused": layout.refused,
                "unchecked": layout.unchecked,
            },
        )
    elif not settings.dry_run:
        output.lines(map(one_line, changed))
    for line in (*layout.broken, *layout.refused):
        output.complain(line)
    for line in layout.remarks:
        output.say(settings, line)
    verb = "would be" if only_check or settings.dry_run else "are now"
    output.say(settings, f"{_files(len(changed))} {verb} laid out, {layout.same} as they should be")
    if layout.unchecked:
        rest = _files(layout.unchecked)
        output.say(settings, f"{rest} after these not looked at: kedge fmt lays out the whole plan")
    if layout.refused:
        return WriteRefused.exit_code
    return int(bool(layout.broken) or (only_check and bool(changed)))


@dataclass
class _Layout:
    """What laying out some files comes to."""

    texts: dict[str, str] = field(default_factory=dict)
    """New texts of files that change, by path below the plan."""
    same: int = 0
    """Files that are laid out as they should be."""
    broken: list[str] = field(default_factory=list)
    """A line for each file that cannot be read."""
    refused: list[str] = field(default_factory=list)
    """A line for each file that cannot be laid out without a loss."""
    unchecked: int = 0
    """Files that were not looked at, since enough others would change."""
    remarks: list[str] = field(default_factory=list)
    """A line for each value that is brought into the format's form."""


def _laid_out(
    settings: Settings,
    root: str,
    files: Mapping[str, SourceFile],
    wanted: Callable[[str], bool],
    most: int | None = None,
) -> _Layout:
    """Lays out files as far as that can be done; none beyond the first `most` that change."""
    from ..storage.plan.file_steps import in_plain_form, said_form
    from ..storage.plan.layouts import layout_of
    from ..storage.toml.emit import canonical
    from ..storage.toml.values import PatchRefused

    found = _Layout()
    for path, file in sorted(files.items()):
        if not wanted(path):
            continue
        if len(found.texts) == most:
            found.unchecked += 1
            continue
        if file.broken:
            first = file.findings[0]
            found.broken.append(as_text(file_of(settings, root, first), first)[0])
            continue
        text, layout = file.content.decode("utf-8"), layout_of(file.address.kind)
        try:
            laid_out = canonical(in_plain_form(text, file.plain_forms, layout), layout)
        except PatchRefused as error:
            named = shown(settings, os.path.join(root, path))
            found.refused.append(f"{named}: cannot be laid out safely: {error}")
            continue
        if laid_out == text:
            found.same += 1
        else:
            found.texts[path] = laid_out
            found.remarks += [said_form(path, form) for form in file.plain_forms]
    return found


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
