"""The linter: `check` finds what is wrong in a plan, in the work tree, in the index, or since a revision."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from ..model.records.findings import MOST_OF_RULE, SEVERITIES, Finding, shortened
from ..model.text.visible import one_line
from ..storage.disk.errors import BadValue
from . import output
from .command import Command
from .context import commit, open_workspace
from .revision import REVISION
from .seen import Seen, staged_plan
from .settings import Settings

if TYPE_CHECKING:
    from ..storage.plan.workspace import Workspace

CUT = ("text", "json")
"""Formats that list the first findings of each rule."""
FORMATS = (*CUT, "github", "gitlab", "sarif")
_COLORS = {"error": "31", "warning": "33", "advice": "36"}


@click.command("check", cls=Command, reads=True, writes=True)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="How findings are printed."
)
@click.option(
    "--staged", is_flag=True, help="The plan in the index: what is staged, and what that breaks elsewhere."
)
@click.option(
    "--since",
    metavar="REV",
    type=REVISION,
    help="Only what came in since the merge base with REV, and goals that moved without a decision.",
)
@click.option(
    "--history", is_flag=True, help="Also what only git knows: estimates much older than the card (P129)."
)
@click.option(
    "--fix", "mend", is_flag=True, help="Fix what can be fixed safely, as one step; undo takes it back."
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
    staged: bool,
    since: str | None,
    history: bool,
    mend: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: str,
    in_full: bool,
) -> int:
    """Check the plan.

    PATHS narrow the findings to some files and folders of the plan. `kedge explain CODE` says why a finding matters
    and what to do about it. With --since the rules of family D compare the plan with what it was, and estimates
    that the range has left behind are among the findings.
    """
    is_cut = not (in_full or paths) and form in CUT
    codes = _codes(select, "--select"), _codes(ignore, "--ignore")
    asked = _Asked(since or "", *codes, with_history=history, most=MOST_OF_RULE if is_cut else None)
    if mend and (staged or since):
        raise click.UsageError("--fix changes the files on disk: it goes with neither --staged nor --since")
    if staged and history:
        raise click.UsageError("--history looks at commits: it does not go with --staged")
    if staged and settings.at:
        raise click.UsageError("--staged and --at are two states of the plan: choose one")
    if staged:
        seen, found = _staged(settings, asked)
        wanted = below(settings, seen.root, paths)
    else:
        workspace = open_plan(settings)
        wanted = below(settings, workspace.root, paths)
        seen = Seen.of_workspace(settings, workspace)
        found = asked.findings(settings, seen)
        if mend:
            is_changed = _mend(settings, workspace, seen, [one for one in found if wanted(one.file)])
            if settings.dry_run:
                return 0
            if is_changed:
                seen = Seen.of_workspace(settings, workspace)
                found = asked.findings(settings, seen)
    found = [finding for finding in found if wanted(finding.file)]
    _print(settings, seen.root, found, "json" if settings.json else form, in_full=in_full)
    output.say(settings, _summary(seen, found, asked.since))
    _say_driver(settings, seen.root)
    least = SEVERITIES.index(severity)  # pyright: ignore[reportArgumentType]  click has checked it
    return int(any(SEVERITIES.index(finding.severity) <= least for finding in found))


@dataclass(frozen=True)
class _Asked:
    """Which findings a person wants."""

    since: str
    """A revision; empty where all are wanted."""
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    with_history: bool = False
    """Whether what only git knows counts, too."""
    most: int | None = None
    """How many of each rule are listed; None where all are, or those of some files only."""

    def findings(self, settings: Settings, seen: Seen) -> list[Finding]:
        """Those of a plan."""
        if not self.since:
            found = [
                *seen.findings(self.select, self.ignore, self.most),
                *_lost(settings, seen, self.select, self.ignore),
            ]
            if self.with_history:
                from .check_history import outgrown_findings

                found += outgrown_findings(settings, seen, self.select, self.ignore)
            return sorted(found, key=lambda finding: finding.sort_key)
        from .check_range import findings_since

        return findings_since(settings, seen, self.since, self.select, self.ignore)


def _mend(settings: Settings, workspace: Workspace, seen: Seen, found: Sequence[Finding]) -> bool:
    """Mends what can be mended, or prints the diff of that; whether files were changed."""
    from ..model.rules.fixes import fixed

    batch = fixed(seen.snapshot, found)
    if batch.changes or settings.dry_run:
        commit(settings, workspace, batch)
    else:
        output.say(settings, "nothing here can be fixed without you")
    return bool(batch.changes) and not settings.dry_run


def _staged(settings: Settings, asked: _Asked) -> tuple[Seen, list[Finding]]:
    """The plan in the index, with the findings of the files that are staged, and those that they cause elsewhere."""
    from .check_range import introduced_findings, last_commit

    seen, names = staged_plan(settings)
    if not names:
        return seen, []
    found = asked.findings(settings, seen)
    if asked.since:
        return seen, found
    before = last_commit(settings, seen.root)
    caused = introduced_findings(before, seen, asked.select, asked.ignore)
    return seen, [one for one in found if one.file in names or one in caused]


def open_plan(settings: Settings) -> Workspace:
    """The plan; what cannot be read is among the findings, so that nothing is said of it here."""
    return open_workspace(settings, warns=False)


def _lost(settings: Settings, seen: Seen, select: Sequence[str], ignore: Sequence[str]) -> list[Finding]:
    """What the last commit has lost, where it is a merge."""
    from ..model.rules.selection import chosen
    from ..storage.plan.places import located
    from .lost_edits import lost_in_last_merge

    plan = seen.snapshot.plan
    found = lost_in_last_merge(settings, seen.root, lambda: plan)
    return list(located(seen.files, chosen(found, plan, select, ignore)))


def _say_driver(settings: Settings, root: str) -> None:
    """Says where this clone merges the plan's files as text, though it should not."""
    from ..storage.disk.repository import GitProblem
    from ..storage.git.clone import LACKING, clone_of

    clone = clone_of(root, settings.environment)
    if not isinstance(clone, GitProblem) and clone.lacks_driver:
        output.say(settings, f"kedge: {LACKING}; kedge git install --merge sets it up")


def _codes(texts: Iterable[str], option: str) -> tuple[str, ...]:
    """Codes from texts such as `R,F104`; names of rules do too. Raises BadParameter for what no rule has."""
    from ..model.rules.catalog import RULES
    from ..model.rules.settings import code_of

    codes: list[str] = []
    for text in " ".join(texts).replace(",", " ").split():
        code = code_of(text, RULES)
        if not code:
            raise click.BadParameter(
                f"no rule has the code {text!r}; kedge explain lists all of them", param_hint=option
            )
        codes.append(code)
    return tuple(codes)


def below(settings: Settings, plan: str, paths: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file of the plan is at or below one of some paths; without paths, whether it is there at all.

    Raises BadValue for a path that is not there, or not in the plan.
    """
    if not paths:
        return lambda _: True
    root = os.path.realpath(plan)
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
            raise BadValue(f"{path} is not in the plan", f"the plan is {shown(settings, plan)}")
        starts.append(full[len(root) + 1 :].replace(os.sep, "/"))
    return lambda file: any(file == start or file.startswith(f"{start}/") for start in starts)


def shown(settings: Settings, path: str) -> str:
    """A path as a person in the current folder would write it."""
    return os.path.relpath(path, settings.folder).replace(os.sep, "/")


def file_of(settings: Settings, root: str, finding: Finding) -> str:
    """The path of what a finding is about; what counts findings in several files names the plan."""
    return shown(settings, os.path.join(root, finding.file))


def _print(settings: Settings, root: str, found: Sequence[Finding], form: str, *, in_full: bool) -> None:
    if form in ("gitlab", "sarif", "github"):
        output.write(_report(settings, root, found, form, in_full=in_full))
        return
    listed, rest = (list(found), []) if in_full else shortened(found)
    listed += rest
    if form == "json":
        output.data("findings", [_as_data(file_of(settings, root, one), one) for one in listed])
        return
    color = settings.color and sys.stdout.isatty()
    for one in listed:
        rows = [row for text in as_text(file_of(settings, root, one), one) for row in output.fitted(text)]
        output.write("".join(f"{row}\n" for row in (_coloured(rows, one) if color else rows)))


def _report(settings: Settings, root: str, found: Sequence[Finding], form: str, *, in_full: bool) -> str:
    """Findings as another program reads them."""
    import json

    from .. import __version__
    from ..model.rules.catalog import RULES
    from .report_formats import MOST_ANNOTATIONS, Described, Reported, github, gitlab, sarif

    reported = [Reported.of(one, file_of(settings, root, one)) for one in found]
    if form == "github":
        titles = {code: f"{code} {rule.name}" for code, rule in RULES.items()}
        return github(reported, titles, "kedge check", None if in_full else MOST_ANNOTATIONS)
    described = map(Described.of, RULES.values())
    report = gitlab(reported) if form == "gitlab" else sarif(reported, described, __version__)
    return json.dumps(report, indent=2) + "\n"


def as_text(file: str, finding: Finding) -> list[str]:
    """`path:line:column: severity[code]: message`, and what to do about it on a line of its own."""
    where = f"{file}:{finding.line}:{finding.column}" if finding.line else file
    lines = [f"{one_line(where)}: {_weight(finding)}: {one_line(finding.message)}"]
    if finding.hint:
        lines.append(f"  {one_line(finding.hint)}")
    if finding.fix:
        lines.append(f"  --fix would: {one_line(finding.fix)}")
    return lines


def _weight(finding: Finding) -> str:
    return f"{finding.severity}[{finding.code}]"


def _coloured(rows: Sequence[str], finding: Finding) -> list[str]:
    """The rows of a finding, its severity and code in their colour; they are one word, and so in one row."""
    weight, colour = _weight(finding), _COLORS[finding.severity]
    at = next((number for number, row in enumerate(rows) if weight in row), -1)
    painted = f"\x1b[{colour}m{weight}\x1b[0m"
    return [row.replace(weight, painted, 1) if number == at else row for number, row in enumerate(rows)]


def _as_data(file: str, finding: Finding) -> dict[str, object]:
    from ..model.rules.catalog import RULES

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


def _summary(seen: Seen, found: Sequence[Finding], since: str) -> str:
    if not seen.files:
        return "no files of the plan to check"
    files = f"{len(seen.files)} file{'s' * (len(seen.files) != 1)}"
    came = f" that came in since {one_line(since)}" if since else ""
    if not found:
        return f"no findings{came} in {files}"
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
    more = f"; --fix would fix {mendable}" if mendable else ""
    return f"{', '.join(parts)}{came} in {files}{more}"
