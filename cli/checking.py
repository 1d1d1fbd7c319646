"""The linter: `check` finds what is wrong in a plan, `explain` says why that matters, `fmt` lays files out."""

from __future__ import annotations

import os
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from ..model.records.findings import SEVERITIES, Finding, shortened
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue, KedgeError, WriteRefused
from . import output
from .command import Command
from .context import commit, open_workspace
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.rules import Rule
    from ..model.snapshot.snapshot import Snapshot
    from ..storage.plan.workspace import Workspace

FORMATS = ("text", "json", "github")
_COLORS = {"error": "31", "warning": "33", "advice": "36"}
_GITHUB = {"error": "error", "warning": "warning", "advice": "notice"}


@click.command("check", cls=Command, reads=True, writes=True)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="How findings are printed."
)
@click.option(
    "--fix", "mend", is_flag=True, help="Mend what can be mended safely, as one step; undo takes it back."
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Only these rules, by code or the beginning of one: R,F104. Counts instead of the board's choice.",
)
@click.option(
    "--ignore", multiple=True, metavar="CODES", help="Not these rules, besides those the board ignores."
)
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="warning",
    show_default=True,
    help="The least that makes the exit code 1.",
)
@click.option("--all", "in_full", is_flag=True, help="List all findings, not the first 200 of each rule.")
@click.pass_obj
def check(  # noqa: PLR0913  an argument for each option
    settings: Settings,
    paths: tuple[str, ...],
    form: str,
    *,
    mend: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str,
    in_full: bool,
) -> int:
    """Check the plan.

    PATHS narrow the findings to some files and folders of the plan. `kedge explain CODE` says why a finding matters
    and what to do about it.
    """
    from ..model.rules import fixed

    workspace = _open(settings)
    wanted = _below(settings, workspace, paths)
    chosen = _codes(select, "--select"), _codes(ignore, "--ignore")
    snapshot, found = _findings(settings, workspace, *chosen)
    found = [finding for finding in found if wanted(finding.file)]
    if mend:
        batch = fixed(snapshot, found)
        if settings.dry_run:
            commit(settings, workspace, batch)
            return 0
        if batch.changes:
            commit(settings, workspace, batch)
            found = [one for one in _findings(settings, workspace, *chosen)[1] if wanted(one.file)]
        else:
            output.say(settings, "nothing here can be mended without you")
    listed, rest = (found, []) if in_full else shortened(found)
    _print(settings, workspace, [*listed, *rest], "json" if settings.json else form)
    output.say(settings, _summary(workspace, found))
    least = SEVERITIES.index(severity)  # pyright: ignore[reportArgumentType]  click has checked it
    return int(any(SEVERITIES.index(finding.severity) <= least for finding in found))


def _open(settings: Settings) -> Workspace:
    """The plan; what cannot be read is among the findings, so that nothing is said of it here."""
    return open_workspace(settings, warns=False)


def _findings(
    settings: Settings, workspace: Workspace, select: Sequence[str], ignore: Sequence[str]
) -> tuple[Snapshot, list[Finding]]:
    """What the rules looked at, and all findings of reading, of the playbook and of the rules, by place."""
    from ..model.rules import check as check_plan
    from ..model.rules import chosen

    snapshot = workspace.snapshot(settings.today)
    reading = chosen(snapshot.findings, snapshot.plan, select, ignore)
    found = workspace.located((*reading, *check_plan(snapshot, select, ignore)))
    return snapshot, sorted(found, key=lambda finding: finding.sort_key)


def _codes(texts: Iterable[str], option: str) -> tuple[str, ...]:
    """Codes from texts such as `R,F104`; names of rules do too. Raises BadParameter for what no rule has."""
    from ..model.rules import RULES, code_of

    codes: list[str] = []
    for text in " ".join(texts).replace(",", " ").split():
        code = code_of(text, RULES)
        if not code:
            raise click.BadParameter(
                f"no rule has the code {text!r}; kedge explain lists all of them", param_hint=option
            )
        codes.append(code)
    return tuple(codes)


def _below(settings: Settings, workspace: Workspace, paths: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file of the plan is at or below one of some paths; without paths, whether it is there at all.

    Raises BadValue for a path that is not there, or not in the plan.
    """
    if not paths:
        return lambda _: True
    root = os.path.realpath(workspace.root)
    starts: list[str] = []
    for path in paths:
        full = os.path.abspath(os.path.join(settings.folder, path))
        if not os.path.lexists(full):
            raise BadValue(f"there is no {path}")
        # The folders may be reached through a symlink; a file that is one itself goes by its own name.
        full = os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full))
        if full == root or root.startswith(full.rstrip(os.sep) + os.sep):
            return lambda _: True
        if not full.startswith(root + os.sep):
            raise BadValue(f"{path} is not in the plan", f"the plan is {_shown(settings, workspace.root)}")
        starts.append(full[len(root) + 1 :].replace(os.sep, "/"))
    return lambda file: any(file == start or file.startswith(f"{start}/") for start in starts)


def _shown(settings: Settings, path: str) -> str:
    """A path as a person in the current folder would write it."""
    return os.path.relpath(path, settings.folder).replace(os.sep, "/")


def _file(settings: Settings, workspace: Workspace, finding: Finding) -> str:
    # What stands for findings in several files names the plan.
    return _shown(settings, os.path.join(workspace.root, finding.file))


def _print(settings: Settings, workspace: Workspace, found: Sequence[Finding], form: str) -> None:
    if form == "json":
        output.data("findings", [_as_data(_file(settings, workspace, one), one) for one in found])
        return
    color = settings.color and sys.stdout.isatty()
    for one in found:
        file = _file(settings, workspace, one)
        output.write(_as_github(file, one) if form == "github" else _as_text(file, one, color=color))


def _as_text(file: str, finding: Finding, *, color: bool = False) -> str:
    """`path:line:column: severity[code]: message`, and what to do about it on a line of its own."""
    where = f"{file}:{finding.line}:{finding.column}" if finding.line else file
    weight = f"{finding.severity}[{finding.code}]"
    if color:
        weight = f"\x1b[{_COLORS[finding.severity]}m{weight}\x1b[0m"
    text = f"{one_line(where)}: {weight}: {one_line(finding.message)}\n"
    if finding.hint:
        text += f"  {one_line(finding.hint)}\n"
    if finding.fix:
        text += f"  --fix would: {one_line(finding.fix)}\n"
    return text


def _as_data(file: str, finding: Finding) -> dict[str, object]:
    from ..model.rules import RULES

    rule, address = RULES.get(finding.code), finding.address
    return {
        "code": finding.code,
        "name": rule.name if rule else "",
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "fix": finding.fix,
        "file": file,
        "line": finding.line,
        "column": finding.column,
        "record": {"kind": address.kind, "project": address.project, "id": address.id} if address else None,
        "field": list(finding.field),
        "count": finding.count,
    }


def _as_github(file: str, finding: Finding) -> str:
    """A workflow command, which GitHub shows beside the line in a pull request."""
    from ..model.rules import RULES

    rule = RULES.get(finding.code)
    place = f",line={finding.line},col={finding.column}" if finding.line else ""
    title = f"{finding.code} {rule.name}" if rule else finding.code
    said = one_line(finding.message) + (f"\n{one_line(finding.hint)}" if finding.hint else "")
    return (
        f"::{_GITHUB[finding.severity]} file={_escaped(one_line(file), ':,')}{place},title={_escaped(title, ':,')}"
        f"::{_escaped(said)}\n"
    )


def _escaped(text: str, also: str = "") -> str:
    """Text for a workflow command: what would end it, or one of its properties, as percent codes."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _summary(workspace: Workspace, found: Sequence[Finding]) -> str:
    files = f"{len(workspace.files)} file{'s' * (len(workspace.files) != 1)}"
    if not found:
        return f"no findings in {files}"
    counts: Counter[str] = Counter()
    for finding in found:
        counts[finding.severity] += finding.count
    plural = {"error": "errors", "warning": "warnings", "advice": "advice"}
    parts = [
        f"{counts[severity]:,} {severity if counts[severity] == 1 else plural[severity]}"
        for severity in SEVERITIES
        if counts[severity]
    ]
    mendable = sum(1 for finding in found if finding.fix)
    more = f"; --fix would mend {mendable}" if mendable else ""
    return f"{', '.join(parts)} in {files}{more}"


# ---- explain


@click.command("explain", cls=Command, reads=True)
@click.argument("code", required=False)
@click.pass_obj
def explain(settings: Settings, code: str | None) -> None:
    """Explain a rule.

    CODE is a rule's code or name; without one all rules are listed.
    """
    from ..model.rules import RULES

    if code is None:
        if settings.json:
            output.data("rules", [_rule_as_data(rule) for rule in RULES.values()])
        else:
            rows = [(rule.code, rule.severity, rule.name, rule.why) for rule in RULES.values()]
            output.table(("code", "severity", "name", "why"), rows, settings, elastic="why")
        return
    rule = _rule(code)
    if settings.json:
        output.data("rule", _rule_as_data(rule))
    else:
        output.lines(_explained(rule))


def _rule(text: str) -> Rule:
    """The rule of a code or a name. Raises KedgeError with the nearest."""
    from ..model.plan.validate import nearest
    from ..model.rules import RULES, code_of

    rule = RULES.get(code_of(text, RULES))
    if rule is None:
        close = nearest(text.lower(), [rule.name for rule in RULES.values()])
        hint = f"did you mean {close}?" if close else "kedge explain lists all of them"
        raise KedgeError(f"no rule has the code or name {text!r}", hint)
    return rule


def _explained(rule: Rule) -> list[str]:
    lines = [f"{rule.code} {rule.name} ({rule.severity}; {rule.family})"]
    for label, text in (("why", rule.why), ("way out", rule.wayout), ("source", rule.source)):
        lines += ["", *wrapped(text, " " * 9, f"{label:<9}")]
    if rule.example:
        lines += ["", "breaks it:", *textwrap.indent(rule.example, "    ").split("\n")]
    return [*lines, "", f'allow it somewhere: under [allow] of a card or project, {rule.code} = "the reason"']


def _rule_as_data(rule: Rule) -> dict[str, object]:
    names = ("code", "name", "severity", "family", "why", "wayout", "source", "example")
    return {name: getattr(rule, name) for name in names}


# ---- fmt


@click.command("fmt", cls=Command, reads=True, writes=True)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--check", "only_check", is_flag=True, help="Name files that are laid out otherwise; write nothing."
)
@click.option(
    "--migrate", is_flag=True, help="Write what older plans say in words as fields, and nothing else."
)
@click.pass_obj
def fmt(settings: Settings, paths: tuple[str, ...], *, only_check: bool, migrate: bool) -> int:
    """Lay out files canonically.

    What a file says does not change, and comments move with what they stand before. A value in a form of its own
    (a text for a list, tables without keys) is written in that of the format. PATHS narrow it to some files and
    folders of the plan. A file with a mistake in it is left alone and makes the exit code 1.
    """
    from ..storage.plan.file_steps import diff_of

    if migrate:
        from .migrating import migrate_plan

        return migrate_plan(settings, paths, only_check=only_check)
    workspace = _open(settings)
    layout = _laid_out(settings, workspace, _below(settings, workspace, paths))
    if settings.dry_run:
        output.diff(diff_of(workspace.root, workspace.prepare_rewrite(layout.texts)))
    elif layout.texts and not only_check:
        workspace.rewrite(f"lay out {_files(len(layout.texts))}", layout.texts)
        output.RUN.has_written = True
    changed = [_shown(settings, os.path.join(workspace.root, path)) for path in layout.texts]
    if settings.json:
        output.data(
            "layout",
            {
                "changed": changed,
                "unchanged": layout.same,
                "broken": layout.broken,
                "refused": layout.refused,
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
    remarks: list[str] = field(default_factory=list)
    """A line for each value that is brought into the format's form."""


def _laid_out(settings: Settings, workspace: Workspace, wanted: Callable[[str], bool]) -> _Layout:
    from ..storage.plan.file_steps import in_plain_form, said_form
    from ..storage.plan.layouts import layout_of
    from ..storage.toml.emit import canonical
    from ..storage.toml.values import PatchRefused

    found = _Layout()
    for path, file in sorted(workspace.files.items()):
        if not wanted(path):
            continue
        if file.broken:
            first = file.findings[0]
            found.broken.append(_as_text(_file(settings, workspace, first), first).partition("\n")[0])
            continue
        text, layout = file.content.decode("utf-8"), layout_of(file.address.kind)
        try:
            laid_out = canonical(in_plain_form(text, file.plain_forms, layout), layout)
        except PatchRefused as error:
            shown = _shown(settings, os.path.join(workspace.root, path))
            found.refused.append(f"{shown}: cannot be laid out safely: {error}")
            continue
        if laid_out == text:
            found.same += 1
        else:
            found.texts[path] = laid_out
            found.remarks += [said_form(path, form) for form in file.plain_forms]
    return found


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
