"""`kedge fmt --migrate`: what older plans say in words, written as fields that can be judged."""

from __future__ import annotations

import click

from . import context, output
from .settings import Settings


def migrate_plan(settings: Settings, paths: tuple[str, ...], *, only_check: bool) -> int:
    """Reads limits that are sentences, as one step; names those that a person has to say. The exit code."""
    from ..model.operations.migration import migration

    if paths:
        raise click.UsageError("--migrate is for the plan as a whole: leave the paths out")
    workspace = context.open_workspace(settings)
    batch, left = migration(workspace.plan)
    found = [
        {"project": change.address.project, "kind": change.address.kind, "id": change.address.id}
        for change in batch.changes
    ]
    if settings.json:
        unread = [{"project": one.address.project, "name": one.name, "sentence": one.text} for one in left]
        output.data("migration", {"changed": found, "not_read": unread})
    if batch.changes and not only_check:
        context.commit(settings, workspace, batch)
    for one in left:
        if one.blocked:
            output.complain(f"kedge: {one.name}: {one.blocked}")
            continue
        output.complain(
            f"kedge: {one.name}: cannot read {one.text!r} as a limit; say it yourself: {one.command}"
        )
    if not batch.changes and not left:
        output.say(settings, "every limit can be judged already")
    elif only_check:
        output.say(settings, f"{len(found)} records would change: kedge fmt --migrate --dry-run shows how")
    return int(bool(left) or (only_check and bool(found)))
