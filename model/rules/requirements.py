"""P130, P131: whether technical requirements still follow from the business ones, and serve them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.address import Address
from ..records.project import Project
from ..requirements.proposals import deviations, said
from ..requirements.tracing import serving_nothing, unserved
from .rule import PLAYBOOK, Hit, Rule, View, per_active


def does_not_follow(project: Project, view: View) -> Iterator[Hit]:
    """A technical requirement that holds another figure than sizing gives now."""
    for one in deviations(view.snapshot, project.id):
        way_out = (
            f"bring it up to date: kedge size {project.id} --write; kedge size has the arithmetic"
            if one.found is not None
            else f"put it out of scope: kedge technical set {one.id} in_scope=false"
        )
        yield Hit(
            Address("requirements", project.id, "requirements"),
            f"{one.id} is {said(one)}",
            ("technical", one.id, "figure"),
            way_out,
        )


def serves_nothing(project: Project, view: View) -> Iterator[Hit]:
    """A technical requirement in scope that serves none, and a business one that none serves, after Assess."""
    record = view.plan.requirements(project.id)
    if record is None or project.phase == "assess":
        return
    for key in serving_nothing(record):
        yield Hit(
            record.address,
            f"{key} serves no business requirement: {record.technical[key].title}",
            ("technical", key, "serves"),
            f"say which one: kedge technical set {key} serves=ID (kedge business add makes one), "
            "or put it out of scope: in_scope=false",
        )
    for key in unserved(record):
        yield Hit(
            record.address,
            f"no technical requirement serves {key}: {record.business[key].title}",
            ("business", key, "title"),
            f"say what the system must do for it: kedge technical add TITLE serves={key}; kedge size proposes some",
        )


RULES = (
    Rule(
        "P130",
        "size-does-not-follow",
        "warning",
        "A size that was worked out for another load is too small on the first busy day, or paid for without need.",
        "Run `kedge size --write`, or put the figure out of scope where it is meant to differ.",
        PLAYBOOK + "arch-load",
        'sized = "servers"\nfigure = 3',
        per_active(does_not_follow, "requirements", "assessment"),
    ),
    Rule(
        "P131",
        "requirement-without-service",
        "advice",
        "A technical requirement that serves nothing is a preference, and a business one that nothing serves will be "
        "missing at the end.",
        "Say what it serves, or put it out of scope.",
        PLAYBOOK + "arch-requirements",
        '[technical.gpu]\ntitle = "Two GPUs"',
        per_active(serves_nothing, "requirements"),
    ),
)
