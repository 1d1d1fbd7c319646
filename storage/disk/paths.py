"""Where each record is: addresses to paths below the plan's folder, and back. No file is touched here."""

from __future__ import annotations

from ...model.records.address import Address, is_id
from ...model.records.kinds import KINDS

STAGING = ".kedge"
"""The folder in a plan that is there while files are written."""
SUFFIX = ".toml"
PLAYBOOK = Address("playbook", "", "playbook")
"""The team's changes to the playbook: a file of the plan, but not a record."""

FOLDERS = {kind.plural: kind.name for kind in KINDS.values() if kind.in_project and not kind.single}
"""Folders of a project, and the kind of the records in them."""
SINGLES = {f"{kind.name}{SUFFIX}": kind.name for kind in KINDS.values() if kind.in_project and kind.single}
"""Files of a project of which there is one each."""


def path_of(address: Address) -> str:
    """The path of a record's file below the plan, with forward slashes."""
    if address == PLAYBOOK:
        return "playbook.toml"
    kind = KINDS[address.kind]
    if not kind.in_project:
        return "board.toml" if kind.single else f"{kind.plural}/{address.id}{SUFFIX}"
    folder = f"projects/{address.project}"
    return f"{folder}/{kind.name}{SUFFIX}" if kind.single else f"{folder}/{kind.plural}/{address.id}{SUFFIX}"


def address_of(path: str) -> Address | None:
    """The address that a path below the plan stands for; None where no record belongs there."""
    parts = path.split("/")
    stem = parts[-1].removesuffix(SUFFIX)
    if stem == parts[-1]:
        return None
    match parts:
        case ["board.toml"]:
            return Address("board", "", "board")
        case ["playbook.toml"]:
            return PLAYBOOK
        case ["people", _] if is_id(stem):
            return Address("person", "", stem)
        case ["projects", project, name] if is_id(project) and name in SINGLES:
            return Address(SINGLES[name], project, project if stem == "project" else stem)
        case ["projects", project, folder, _] if is_id(project) and folder in FOLDERS and is_id(stem):
            return Address(FOLDERS[folder], project, stem)
        case _:
            return None


def kind_of(path: str) -> str:
    """The kind of record that a path below the plan stands for; empty where no record belongs there."""
    address = address_of(path)
    return address.kind if address is not None else ""
