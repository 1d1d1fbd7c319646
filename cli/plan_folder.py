"""Where the plan is that a run is about, and whether it may be changed from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..storage.disk.errors import OtherCheckout, PlanLeftOut, PlanNotFound
from ..storage.disk.locate import find_plan, other_checkout, plan_at
from ..storage.disk.repository import work_tree
from . import output
from .settings import Settings

if TYPE_CHECKING:
    from ..storage.disk.repository import Repository


def plan_root(settings: Settings) -> str:
    """The plan's folder. Raises PlanNotFound."""
    try:
        if settings.plan:
            return plan_at(settings.plan)
        return find_plan(settings.folder, settings.environment)
    except PlanNotFound:
        # At another revision it may still be in the repository.
        top = work_tree(settings.plan or settings.folder)
        if not top:
            raise
        if settings.at:
            return top
        from ..storage.git.revision import tracked_places

        places = tracked_places(top, settings.environment)
        if not places:
            raise
        raise PlanLeftOut(top, places[0]) from None


def place_at(settings: Settings, *, in_work_tree: bool = True) -> str | Repository:
    """The plan's folder, or the repository without a work tree that `--plan` names. Raises KedgeError.

    `in_work_tree`: whether the folder has to be there.
    """
    from ..storage.disk.repository import Repository, bare_repository

    bare = bare_repository(settings.plan) if settings.plan else None
    if isinstance(bare, Repository):
        return bare
    try:
        return plan_root(settings)
    except PlanLeftOut as error:
        if in_work_tree:
            raise
        return error.root


def barred(settings: Settings, root: str) -> OtherCheckout | None:
    """Why a plan that was found may only be read from here: it belongs to another checkout, and was not named."""
    if settings.plan or settings.environment.get("KEDGE_PLAN"):
        return None
    top = other_checkout(settings.folder, root)
    return OtherCheckout(root, top) if top else None


def say_whose(settings: Settings, root: str) -> OtherCheckout | None:
    """Says where a plan is that belongs to another checkout."""
    reason = barred(settings, root)
    if reason is not None:
        output.say(settings, f"kedge: {reason.message}")
    return reason
