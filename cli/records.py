"""The other records: one implementation of add, list, show and set for every kind, made from the models.

kedge risk add "Labels leak the outcome" --id label-leak chance=3 impact=4
kedge metric set churn-recall target=0.7
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from ..model.records.address import Address
from ..model.text.amounts import with_article
from ..model.text.named import noun
from ..storage.disk.errors import BadValue
from . import context, fields, naming, output
from .command import Command, Group
from .completing import assignments_of, ids_of
from .settings import Settings

if TYPE_CHECKING:
    from ..model.records.base import Entry

MORE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "experiment": MappingProxyType({"size": "experiments:size", "read": "experiments:read"}),
        "metric": MappingProxyType(
            {"record": "observing:record_metric", "refresh": "observing:refresh_metrics"}
        ),
        "monitor": MappingProxyType(
            {
                "record": "observing:record_monitor",
                "objective": "observing:monitor_objective",
                "status": "monitors:status",
            }
        ),
        "review": MappingProxyType({"cycle": "reviewing:cycle", "record": "reviewing:record"}),
        "rollout": MappingProxyType({"steps": "rollouts:steps", "read": "rollouts:read"}),
    }
)
"""Verbs that a kind has besides those of all kinds: module below `cli` and the command in it."""
USUAL: Mapping[str, str] = MappingProxyType({"review": "cycle"})
"""The verb of a kind that is meant where none is said: `kedge review churn`."""
_COLUMNS = 6
"""Most columns of a table of records; `show` and `--json` have all fields."""


class RecordGroup(Group):
    """The commands for one kind of record; each is made when it is asked for."""

    def __init__(self, kind: str) -> None:
        from .group import RECORDS

        super().__init__(name=kind, help=RECORDS[kind].help)
        self.kind = kind

    @property
    def verbs(self) -> dict[str, Callable[[str], click.Command]]:
        """What can be done; of what a project has once, nothing is added."""
        from ..model.records.kinds import KINDS

        kind = KINDS.get(self.kind)
        if kind is None or not kind.single or kind.name == "project":
            return {"add": _add, "list": _list, "show": _show, "set": _set}
        return {"list": _list, "show": _show, "set": _set}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the usual verb first, where the kind has one and none is said."""
        usual = USUAL.get(self.kind)
        if usual is not None and not {*self.list_commands(ctx), "-h", "--help"}.intersection(args):
            args = [usual, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the verbs."""
        del ctx
        return [*self.verbs, *MORE.get(self.kind, {})]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Makes the command of one verb."""
        del ctx
        place = MORE.get(self.kind, {}).get(cmd_name)
        if place is not None:
            module, _, name = place.partition(":")
            return getattr(import_module(f".{module}", __package__), name)
        make = self.verbs.get(cmd_name)
        return make(self.kind) if make else None


def group_of(kind: str) -> RecordGroup:
    """The commands for a kind of record or entry."""
    return RecordGroup(kind)


def _model(kind: str) -> type[Entry]:
    from ..model.records.kinds import KINDS, entry_model, record_model

    return record_model(kind) if kind in KINDS else entry_model(kind)


def _holder(kind: str) -> str:
    from ..model.records.kinds import ENTRIES

    return ENTRIES[kind].record if kind in ENTRIES else kind


def _is_plan_wide(kind: str) -> bool:
    from ..model.records.kinds import KINDS

    return kind == "project" or (kind in KINDS and not KINDS[kind].in_project)


def _add(kind: str) -> click.Command:
    from ..model.plan.validate import required_fields

    model = _model(kind)
    by_title = model.LABEL in required_fields(model)
    words = f"{model.LABEL.upper()} [FIELD=VALUE…]" if by_title else "ID [FIELD=VALUE…]"

    @click.command(cls=Command, name="add", writes=True, help=_add_help(kind, model, by_title=by_title))
    @click.argument("words", metavar=words, nargs=-1, required=True, shell_complete=assignments_of(kind))
    @click.option("--id", "new_id", metavar="ID", help="Its id; made from the words where it is not given.")
    @click.pass_obj
    def add(settings: Settings, words: tuple[str, ...], new_id: str | None) -> None:
        first, assignments = fields.split(words)
        if not first and not new_id:
            raise click.UsageError(f"{model.LABEL if by_title else 'an id'} is missing")
        add_record(settings, kind, " ".join(first), new_id, assignments, by_title=by_title)

    return add


def _add_help(kind: str, model: type[Entry], *, by_title: bool) -> str:
    from ..model.plan.field_spec import shapes

    doc = (model.__doc__ or "").strip().split("\n")[0]
    names = ", ".join(name for name in shapes(model) if name != model.LABEL or not by_title)
    return f"Add {with_article(noun(kind))}, and print its id. {doc}\n\nFields: {names}."


def add_record(
    settings: Settings,
    kind: str,
    title: str,
    new_id: str | None,
    assignments: list[fields.Assignment],
    *,
    by_title: bool,
) -> None:
    """Adds a record or entry of any kind, and prints its id. Raises KedgeError."""
    from ..model.edit import edits
    from ..model.plan.change import MISSING, set_path
    from ..model.records.kinds import KINDS
    from ..model.text.slug import slug

    workspace = context.open_workspace(settings)
    plan = workspace.plan
    model = _model(kind)
    project = "" if _is_plan_wide(kind) else context.need_project(settings, plan)
    chosen = new_id or (slug(title, kind) if by_title else title)
    reader = fields.Reader(plan, settings.today, context.places(workspace.files))
    values = reader.values(kind, model, {}, project, assignments)
    data: dict[str, Any] = {model.LABEL: title} if by_title and title else {}
    for path, value in values.items():
        if value is not MISSING:
            set_path(data, path, value)
    if kind == "project":
        data.setdefault("started", settings.today)
    batch = edits.add_record(plan, kind, project, chosen, data)
    where = f" to {project}" if project else ""
    # Ids of people and stages are keys that stand for the things themselves.
    assert kind in KINDS or batch.changes
    context.commit(
        settings, workspace, batch, f"added {noun(kind)} {chosen}{where}: {title}".removesuffix(": ")
    )
    if not settings.dry_run:
        output.lines([chosen])


def _list(kind: str) -> click.Command:
    @click.command(
        cls=Command, name="list", reads=True, help=f"List every {noun(kind)}, of one project or of all."
    )
    @click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values with a line of names.")
    @click.pass_obj
    def list_records(settings: Settings, *, as_csv: bool) -> None:
        from ..model.plan.unfit import entries_unread, unreadable
        from .showing import entry_at, entry_data, unread_data

        plan = context.read(settings, {_holder(kind), "project"}).plan
        project = None if _is_plan_wide(kind) else context.named_project(settings, plan.projects)
        found = [one for one in naming.addresses(plan, kind) if project in (None, one.project)]
        entries = [(one, entry_at(plan, one)) for one in found]
        hidden = entries_unread(plan, kind, project)
        for one in hidden:
            output.complain(f"kedge: {kind}: {unreadable(one)}")
        if settings.json:
            data = [
                {"id": one.id, "project": one.project, **entry_data(entry), **unread_data(plan, one)}
                for one, entry in entries
            ]
            output.data(kind, data)
            return
        if not found and hidden:
            return
        if not found and not as_csv:
            output.say(settings, f"there is no {noun(kind)} yet")
            return
        names, rows = _rows(plan, kind, entries, everything=as_csv)
        if as_csv:
            output.csv(names, rows)
        else:
            output.table([name.upper() for name in names], rows, settings, elastic=_model(kind).LABEL.upper())

    return list_records


def _rows(
    plan: context.Plan, kind: str, entries: list[tuple[Address, Entry]], *, everything: bool
) -> tuple[list[str], list[list[str]]]:
    """Names of columns and texts of cells: all fields, or the first of those that are set."""
    from ..model.plan.field_spec import said_text, shapes
    from ..model.plan.unfit import at as unread_at

    model = _model(kind)
    known = shapes(model)
    texts = [
        {name: said_text(shape, getattr(one, name)) for name, shape in known.items()}
        | dict.fromkeys(unread_at(plan, address), output.UNREADABLE)
        for address, one in entries
    ]
    names = list(known)
    if not everything:
        short = [name for name, shape in known.items() if shape.control not in ("text", "dates")]
        used = [name for name in short if name != model.LABEL and any(one[name] for one in texts)]
        names = [name for name in (model.LABEL, *used[: _COLUMNS - 1]) if name in known]
    several = len({one.project for one, _ in entries}) > 1 and not _is_plan_wide(kind)
    place = ["id", "project"] if several or (everything and not _is_plan_wide(kind)) else ["id"]
    rows = [
        [*[getattr(address, name) for name in place], *(one[name] for name in names)]
        for (address, _), one in zip(entries, texts, strict=True)
    ]
    return [*place, *names], rows


def _show(kind: str) -> click.Command:
    @click.command(
        cls=Command, name="show", reads=True, help=f"Show {with_article(noun(kind))}: every field."
    )
    @click.argument("ids", metavar="ID…", nargs=-1, required=not _is_clear(kind), shell_complete=ids_of(kind))
    @click.pass_obj
    def show(settings: Settings, ids: tuple[str, ...]) -> None:
        from .showing import show_addresses

        plan = context.read(settings).plan
        show_addresses(settings, plan, _found(settings, plan, kind, ids))

    return show


def _set(kind: str) -> click.Command:
    ids = "" if _is_single(kind) else "[ID…] " if _is_clear(kind) else "ID… "
    words = f"{ids}FIELD=VALUE…"

    @click.command(cls=Command, name="set", writes=True, help=_set_help(kind))
    @click.argument("words", metavar=words, nargs=-1, required=True, shell_complete=assignments_of(kind))
    @click.pass_obj
    def set_fields(settings: Settings, words: tuple[str, ...]) -> None:
        from .editing import assigned

        ids, assignments = fields.split(words)
        if not assignments or not (ids or _is_clear(kind)):
            raise click.UsageError("an id and then FIELD=VALUE are needed")
        workspace = context.open_workspace(settings)
        found = _found(settings, workspace.plan, kind, ids, new=True)
        context.commit(settings, workspace, assigned(settings, workspace, found, assignments))

    return set_fields


def _set_help(kind: str) -> str:
    from ..model.plan.field_spec import shapes
    from ..model.records.base import sections, tables

    model = _model(kind)
    inner = [f"{name}.ID.…" for name in sections(model)] + [f"{name}.NAME" for name in tables(model)]
    names = ", ".join((*shapes(model), *inner))
    return f"Set fields of {with_article(noun(kind))}; FIELD= clears one.\n\nFields: {names}."


def _is_single(kind: str) -> bool:
    """Whether the project, or the plan, has one of these at most, so that no id need be said."""
    from ..model.records.kinds import KINDS

    return kind in KINDS and KINDS[kind].single and kind != "project"


def _is_clear(kind: str) -> bool:
    """Whether no id need be said: of projects the one that every command means is meant."""
    return _is_single(kind) or kind == "project"


def _found(
    settings: Settings, plan: context.Plan, kind: str, ids: Iterable[str], *, new: bool = False
) -> list[Address]:
    """The records that are meant; of a kind with one record, that of the project, with `new` also one not made yet."""
    texts = list(ids) or ([context.need_project(settings, plan)] if kind == "project" else [])
    if not texts and _is_single(kind):
        known = naming.addresses(plan, kind)
        project = "" if _is_plan_wide(kind) else context.need_project(settings, plan)
        texts = [f"{one.project}/{one.id}" for one in known if one.project == project]
        if not texts and new:
            from ..model.plan.plan import holder_id

            return [Address(kind, project, holder_id(kind, project))]
        if not texts:
            raise BadValue(
                f"the project {project} has no {kind} yet", "it is made when you add the first thing to it"
            )
    return list(dict.fromkeys(context.find_of_kind(settings, plan, kind, text) for text in texts))
