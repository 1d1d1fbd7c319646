"""Making a plan: a folder with its settings and a first project, all of it or nothing."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Mapping
from typing import Any

import click

from ..storage.disk.errors import BadValue, KedgeError
from . import output
from .command import Command
from .settings import Settings

SAMPLE = "churn"
_SCHEMAS = ".schema"


@click.command(cls=Command, writes=True)
@click.option(
    "--project", "title", metavar="TITLE", help="The first project; the folder's name where it is not given."
)
@click.option("--sample", is_flag=True, help="Copy the sample plan instead, and its documents beside it.")
@click.option("--playbook", metavar="FILE", help="A team's playbook to start with.")
@click.option("--schema", is_flag=True, help="Add JSON Schemas under plan/.schema/, for editors.")
@click.option(
    "--agents", is_flag=True, help="Tell coding agents of the plan in AGENTS.md; alone where one exists."
)
@click.option("--yes", is_flag=True, help="With --agents: write it without asking.")
@click.pass_obj
def init(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    title: str | None,
    *,
    sample: bool,
    playbook: str | None,
    schema: bool,
    agents: bool,
    yes: bool,
) -> None:
    """Make a plan here, in the folder plan/, with a first project.

    Nothing is asked, except before AGENTS.md is written. With --plan DIR it goes there. A plan that exists is never
    touched.
    """
    if agents:
        from .agents_file import add_to_agents_file

        root = os.path.abspath(settings.plan or os.path.join(settings.folder, "plan"))
        if not os.path.isfile(os.path.join(root, "board.toml")):
            make_plan(
                settings, title=title or settings.project, sample=sample, playbook=playbook, schema=schema
            )
        add_to_agents_file(settings, os.path.dirname(root), yes=yes)
        return
    make_plan(settings, title=title or settings.project, sample=sample, playbook=playbook, schema=schema)


def make_plan(
    settings: Settings,
    title: str | None = None,
    *,
    sample: bool = False,
    playbook: str | None = None,
    schema: bool = False,
) -> str:
    """Makes a plan where the person is; its folder. Raises KedgeError, and then nothing was made."""
    root = os.path.abspath(settings.plan or os.path.join(settings.folder, "plan"))
    if os.path.lexists(root) and (not os.path.isdir(root) or os.listdir(root)):
        exists = os.path.isfile(os.path.join(root, "board.toml"))
        raise KedgeError(
            f"{root} {'is a plan already' if exists else 'exists and is not empty'}",
            "kedge project add makes another project in it"
            if exists
            else "kedge init --plan DIR makes one elsewhere",
        )
    files = (
        _sample_files()
        if sample
        else _first_files(title or os.path.basename(os.path.dirname(root)), settings.today)
    )
    if playbook:
        files["playbook.toml"] = _playbook(playbook)
    if schema:
        files = {**{path: _with_schema(path, content) for path, content in files.items()}, **_schemas()}
    if settings.dry_run:
        from ..storage.plan.file_steps import diff_of
        from ..storage.plan.journal import FileStep

        output.diff(diff_of(root, (FileStep(path, None, content) for path, content in files.items())))
        return root
    _write(root, files)
    if sample:
        _write_beside(os.path.dirname(root), _documents())
    names = [path.split("/")[1] for path in files if path.endswith("/project.toml")]
    output.say(
        settings, f"made {root} with the project {', '.join(names)}; kedge assess asks what to know first"
    )
    return root


def _first_files(title: str, today: dt.date) -> dict[str, bytes]:
    """Settings, and one project in its first phase."""
    from ..model.text.slug import slug

    name = slug(title, "project")
    return {
        "board.toml": _emitted("board", {"format": 1, "title": title, "main_project": name}),
        f"projects/{name}/project.toml": _emitted(
            "project", {"title": title, "phase": "assess", "stage": "mvp", "started": today}
        ),
    }


def _emitted(kind: str, data: Mapping[str, Any]) -> bytes:
    from ..model.records.kinds import record_model
    from ..storage.plan.layouts import layout_of
    from ..storage.toml.emit import emit

    known = record_model(kind).model_fields
    return emit({name: value for name, value in data.items() if name in known}, layout_of(kind)).encode()


def sample_folder(name: str) -> str:
    """The folder of a shipped sample plan."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "samples", name, "plan")


def _sample_files() -> dict[str, bytes]:
    return _files_below(sample_folder(SAMPLE))


def _documents() -> dict[str, bytes]:
    """What the sample names as evidence is beside its plan: documents in folders of their own."""
    beside = _files_below(os.path.dirname(sample_folder(SAMPLE)))
    return {path: content for path, content in beside.items() if "/" in path and not path.startswith("plan/")}


def _files_below(root: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, root).replace(os.sep, "/")] = file.read()
    return files


def _playbook(path: str) -> bytes:
    """A team's playbook, which must hold nothing that cannot be used. Raises BadValue."""
    from ..storage.disk.paths import PLAYBOOK
    from ..storage.disk.scan import NO_STAMP
    from ..storage.plan.playbook import playbook_of
    from ..storage.plan.read import understand

    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise BadValue(f"cannot read {path}: {error.strerror}") from None
    source, _ = understand("playbook.toml", PLAYBOOK, NO_STAMP, content)
    findings = [*source.findings, *playbook_of({"playbook.toml": source})[1]]
    if findings:
        first = findings[0]
        raise BadValue(f"{path}:{first.line}:{first.column}: {first.message}", first.hint)
    return content


def _schemas() -> dict[str, bytes]:
    import json

    from ..model.records.kinds import KINDS
    from .schema import schema_of

    return {
        f"{_SCHEMAS}/{name}.json": json.dumps(schema_of(name), indent=2).encode() + b"\n" for name in KINDS
    }


def _with_schema(path: str, content: bytes) -> bytes:
    """A file whose first line names its schema, for editors."""
    from ..storage.disk.paths import PLAYBOOK, address_of

    address = address_of(path)
    if address is None or address == PLAYBOOK:
        return content
    up = "../" * path.count("/")
    return f"#:schema {up}{_SCHEMAS}/{address.kind}.json\n\n".encode() + content


def _write_beside(folder: str, files: Mapping[str, bytes]) -> None:
    """Writes the files that are not there yet; the repository's own stay as they are."""
    from ..storage.disk.atomic import refusals

    with refusals(folder):
        for path, content in files.items():
            full = os.path.join(folder, *path.split("/"))
            os.makedirs(os.path.dirname(full), exist_ok=True)
            try:
                with open(full, "xb") as file:
                    file.write(content)
            except FileExistsError:
                continue


def _write(root: str, files: Mapping[str, bytes]) -> None:
    """Writes all files, or none: a folder beside the plan's place is filled and then given its name."""
    from ..storage.disk.atomic import refusals, sync_folder
    from ..storage.disk.staging import staging, sweep

    parent = os.path.dirname(root)
    with refusals(root):
        os.makedirs(parent, exist_ok=True)
        sweep(parent, is_alone=False)
    with refusals(root), staging(parent) as place:
        temporary = os.path.join(place, secrets.token_hex(4))
        try:
            for path, content in files.items():
                full = os.path.join(temporary, *path.split("/"))
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            if os.path.isdir(root):
                os.rmdir(root)
            os.rename(temporary, root)
            sync_folder(parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
