"""From the options of a run to the plan, the project and the records that a person means."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from ..model.records.address import Address
from ..storage.disk.errors import KedgeError, UnknownId
from ..storage.disk.locate import need_readable
from ..storage.disk.paths import STAGING
from . import output
from .at_revision import side_at
from .naming import addresses, all_addresses, bare_id, found_in, name_of, one_of, part_of, readable
from .plan_folder import barred, plan_root, say_whose
from .settings import Settings

if TYPE_CHECKING:
    from ..model.derived.derived import Derived
    from ..model.plan.change import Batch
    from ..model.plan.plan import Plan
    from ..model.records.card import Card
    from ..model.snapshot.snapshot import Snapshot
    from ..storage.disk.source import Disk
    from ..storage.plan.read import Loaded
    from ..storage.plan.snapshot import Source
    from ..storage.plan.source_file import SourceFile
    from ..storage.plan.workspace import Workspace

State = TypeVar("State")


def read(settings: Settings, kinds: Iterable[str] | None = None) -> Loaded:
    """Reads the plan, or only some kinds of it, and says which files could not be read. Raises KedgeError."""
    from ..storage.plan.read import read_plan
    from ..storage.plan.record_cache import remember

    if settings.at:
        loaded = read_plan(side_at(settings).source, kinds)
    else:
        disk = _disk(settings)
        loaded = _read_disk(settings, disk, kinds)
        if disk.cache is not None:
            remember(disk.cache, loaded.files, loaded.plan)
    settings.held = loaded
    settle()
    _warn(settings, [path for path, file in loaded.files.items() if file.broken])
    return loaded


def read_on_demand(settings: Settings) -> Plan:
    """The plan, of which only so much is read as is looked at. Raises KedgeError."""
    from ..storage.disk.repository import is_sparse

    if settings.at or is_sparse(plan_root(settings), settings.environment):
        return read(settings).plan
    from ..storage.plan.on_demand import read_on_demand

    loaded = read_on_demand(_disk(settings), _warning(settings))
    settings.held = loaded
    return loaded.plan


def _disk(settings: Settings) -> Disk:
    """The plan's folder, to be read only. Raises KedgeError."""
    from ..storage.disk.source import Disk
    from ..storage.plan.record_cache import cache_of

    root = plan_root(settings)
    need_readable(root)
    others = say_whose(settings, root)
    if others is None and os.path.lexists(os.path.join(root, STAGING)):
        # A kedge was killed in the middle of a step, or is in it now: half of one is nothing to be shown.
        from ..storage.disk.locate import state_folder
        from ..storage.plan.transaction import get_ready

        get_ready(root, state_folder(root, settings.environment))
    return Disk(root, cache_of(root, settings.environment))


def _read_disk(settings: Settings, disk: Disk, kinds: Iterable[str] | None) -> Loaded:
    """The plan in a folder, with what a sparse checkout leaves out of it as it is in the index."""
    from ..storage.disk.repository import is_sparse
    from ..storage.plan.read import read_plan

    if not is_sparse(disk.root, settings.environment):
        return read_plan(disk, kinds)
    from ..storage.git.sparse import whole

    return read_plan(whole(disk, settings.environment), kinds)


def open_on_demand(settings: Settings) -> Workspace:
    """Opens the plan for writing; only so much of it is read as is looked at. Raises KedgeError."""
    from ..storage.plan.workspace import Workspace

    root = _root_to_write(settings)
    workspace = Workspace.open_on_demand(
        root, settings.environment, _warning(settings), barred=say_whose(settings, root)
    )
    settings.held = workspace
    return workspace


def _root_to_write(settings: Settings) -> str:
    root = plan_root(settings)
    if settings.only_writes and (reason := barred(settings, root)) is not None:
        raise reason
    return root


def _warning(settings: Settings) -> Callable[[str], None]:
    """Names the first file that turns out unreadable: it may be the one that is meant."""
    said: list[str] = []

    def warn(path: str) -> None:
        if not said:
            _warn(settings, [path])
        said.append(path)

    return warn


def open_workspace(
    settings: Settings, kinds: Iterable[str] | None = None, *, warns: bool = True
) -> Workspace:
    """Opens the plan for writing; `kinds` where less than all of it is enough. Raises KedgeError.

    `warns`: whether files are named that cannot be read.
    """
    from ..storage.plan.workspace import Workspace

    root = _root_to_write(settings)
    if settings.at:
        from ..storage.plan.read import read_plan

        past = KedgeError("the plan at another revision can only be read", "leave out --at to change it")
        found = read_plan(side_at(settings).source, kinds)
        workspace = Workspace(root, settings.environment, found, barred=past)
    else:
        workspace = Workspace.open(root, settings.environment, kinds, barred=say_whose(settings, root))
        _say_left_out(settings, root)
    settings.held = workspace
    settle()
    if warns:
        _warn(settings, [path for path, file in workspace.files.items() if file.broken])
    return workspace


def settle() -> None:
    """Tells the collector that all there is so far will stay, and lets it look at what comes, but not so often.

    What a command works out is mostly kept until it ends.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def _say_left_out(settings: Settings, root: str) -> None:
    """Says how much of the plan a sparse checkout leaves out: what refers to it seems to lead nowhere."""
    from ..storage.disk.repository import is_sparse

    if not is_sparse(root, settings.environment):
        return
    from ..model.text.amounts import counted
    from ..storage.git.sparse import left_out

    if count := len(left_out(root, settings.environment)):
        output.say(
            settings,
            f"kedge: {counted(count, 'file')} of the plan {'is' if count == 1 else 'are'} left out by this sparse "
            "checkout: git sparse-checkout add gets them",
        )


def _warn(settings: Settings, broken: list[str]) -> None:
    if broken:
        first = min(broken)
        others = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        check = f"kedge check --at {settings.at}" if settings.at else "kedge check"
        output.say(settings, f"kedge: cannot be read: {first}{others}; {check} says why")


def snapshot(settings: Settings, source: Source) -> Snapshot:
    """What figures and rules are worked out from: the plan that was read, as it is seen today."""
    from ..storage.plan.snapshot import snapshot_of

    found = snapshot_of(source, settings.today, revision=settings.at or "")
    if settings.at:
        return found
    from ..storage.git.ages import dated

    return dated(found, plan_root(settings), settings.environment)


def derived(settings: Settings, source: Source) -> Derived:
    """What follows from the plan that was read."""
    return derived_of(snapshot(settings, source))


def derived_of(snapshot: Snapshot) -> Derived:
    """What follows from a snapshot."""
    from ..model.derived.derived import Derived

    return Derived(snapshot)


def commit(settings: Settings, workspace: Workspace, batch: Batch, said: str = "") -> None:
    """Makes a step and says so in a line; with `--dry-run` prints its diff and makes nothing. Raises KedgeError."""
    from ..model.edit.signing import signed
    from ..model.plan.change import NO_CHANGE

    batch = signed(batch, lambda: workspace.actor.name)
    if any(change.address.kind in ("project", "assessment", "decision") for change in batch.changes):
        from ..model.edit.waivers import refuse_step

        refuse_step(lambda: snapshot(settings, workspace), batch)
    remarks = workspace.remarks(batch)
    if settings.dry_run:
        output.diff(workspace.preview(batch))
        _remark(settings, remarks)
        return
    if not batch.changes:
        output.say(settings, NO_CHANGE)
        return
    workspace.commit(batch)
    output.RUN.has_written = True
    if said:
        output.say(settings, said)
    else:
        output.say_step(settings, batch.label)
    _remark(settings, remarks)
    if settings.verbose:
        from ..storage.disk.paths import path_of

        for address in sorted(batch.touched):
            output.complain(f"  {path_of(address)}")


def _remark(settings: Settings, remarks: Iterable[str]) -> None:
    for one in remarks:
        output.say(settings, f"  {one}")


def places(files: Mapping[str, SourceFile]) -> tuple[str, ...]:
    """Where cards of this plan may be, in the order of the board."""
    from ..storage.plan.card_places import card_places

    return card_places(files)


# ---- projects


def named_project(settings: Settings, projects: Iterable[str]) -> str | None:
    """The project that an option or the environment names; None where none is named. Raises UnknownId."""
    text = settings.project or settings.environment.get("KEDGE_PROJECT")
    return one_of(text, "project", projects) if text else None


def project_ids(settings: Settings) -> Iterator[str]:
    """Ids of all projects, from the names of their folders; no file is read."""
    from ..storage.disk.scan import scan

    for found in scan(plan_root(settings), {"project"})[0]:
        yield found.address.project


def need_project(settings: Settings, plan: Plan) -> str:
    """The project that a command is about. Raises KedgeError with the choices where that is not clear."""
    named = named_project(settings, plan.projects)
    if named:
        return named
    if len(plan.projects) == 1:
        return next(iter(plan.projects))
    if not plan.projects:
        raise KedgeError("the plan has no project yet", 'make one: kedge project add "TITLE"')
    if plan.board.main_project in plan.projects:
        return str(plan.board.main_project)
    raise KedgeError(
        f"which project? there are {', '.join(plan.projects)}", "say it with --project SLUG or KEDGE_PROJECT"
    )


# ---- ids


def find_card(settings: Settings, plan: Plan, text: str) -> Card:
    """The card that is meant, in the named project where one is named. Raises UnknownId or AmbiguousId.

    What is the whole id of something else is no part of a card's: a card of that name would be hit by chance.
    """
    project = named_project(settings, plan.projects)
    part = part_of(text)
    fitting = (plan.cards.get(one) for one in {one.id for one in plan.names("card") if part in one.id})
    names = [
        f"{one.project}/{one.id}" for one in fitting if one is not None and project in (None, one.project)
    ]
    if not any(bare_id(name) == part or name.endswith(f"-{part}") for name in names):
        _refuse_other_kind(plan, text)
    try:
        return plan.cards[bare_id(readable(text, "card", names))]
    except UnknownId:
        # None fits; the nearest of all are named.
        others = (one for one in plan.names("card") if project in (None, one.project) and part not in one.id)
        return plan.cards[bare_id(readable(text, "card", [*names, *map(name_of, others)]))]


def _refuse_other_kind(plan: Plan, text: str) -> None:
    """Raises KedgeError where a record of another kind has this id; names of files tell, and none is read."""
    from ..model.text.amounts import with_article
    from ..model.text.named import noun

    wanted = text.strip().lower()
    other = next(
        (one for one in plan.names() if one.kind != "card" and wanted in (one.id, name_of(one))), None
    )
    if other is not None:
        raise KedgeError(
            f"{other.id} is {with_article(noun(other.kind))}, not a card",
            f"kedge show {other.id} shows it; kedge list shows the ids of cards",
        )


def find_cards(settings: Settings, plan: Plan, texts: Sequence[str]) -> list[Card]:
    """The cards that are meant, each once, in the order given."""
    return list({card.id: card for card in (find_card(settings, plan, text) for text in texts)}.values())


def find(settings: Settings, plan: Plan, text: str) -> Address:
    """The record or entry of any kind that is meant.

    A whole id counts before a part of one, and a card before other kinds. Raises UnknownId or AmbiguousId.
    """
    from ..model.records.kinds import KINDS

    project = named_project(settings, plan.projects)
    part = part_of(text)
    everything = [
        one
        for one in all_addresses(plan)
        if (project in (None, "", one.project) or not one.project)
        # What may be meant has to be there; what has another name need not be read to know that.
        and (part not in one.id or one.kind not in KINDS or plan.get(one) is not None)
    ]
    try:
        return found_in(text, [one for one in everything if part in one.id])
    except UnknownId:
        return found_in(text, everything)


def find_of_kind(settings: Settings, plan: Plan, kind: str, text: str) -> Address:
    """The record or entry of one kind that is meant. Raises UnknownId or AmbiguousId."""
    project = named_project(settings, plan.projects) if kind != "project" else None
    known = [one for one in addresses(plan, kind) if project in (None, one.project) or not one.project]
    names = {f"{one.project}/{one.id}": one for one in known}
    try:
        return names[readable(text, kind, names)]
    except UnknownId as error:
        from ..model.plan.unfit import entries_unread, unreadable

        for one in entries_unread(plan, kind, project):
            error.hint = unreadable(one)
        raise
