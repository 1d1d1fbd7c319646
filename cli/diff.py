"""`kedge diff`: the plan at two revisions, what changed in words, and what follows from it."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from .. import __version__
from ..storage.disk.errors import BadValue, KedgeError, WriteRefused
from ..storage.disk.locate import plan_around
from ..storage.disk.repository import GitProblem
from . import context, output
from .at_revision import say_not_fetched
from .command import Command
from .plan_folder import place_at, plan_root
from .revision import REVISION
from .settings import Settings
from .telling import PATIENCE, told

if TYPE_CHECKING:
    from ..model.review.changes import Difference
    from ..model.review.consequence import Consequence
    from ..model.review.policy import Limit
    from ..model.review.report import Report
    from ..model.review.review import Review
    from ..storage.git.compared import Compared
    from ..storage.git.pair import Pair
    from ..storage.git.sides import Side

FORMATS = ("text", "markdown", "json", "github", "gitlab", "sarif")


@click.command("diff", cls=Command, reads=True)
@click.argument("first", metavar="[A]", required=False, type=REVISION)
@click.argument("second", metavar="[B]", required=False, type=REVISION)
@click.option("--staged", is_flag=True, help="What is staged, against HEAD or A.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How it is written.")
@click.option("--out", metavar="FILE", type=click.Path(), help="Write it into a file.")
@click.option("--exit-code", "tells", is_flag=True, help="End with 1 where the plan differs.")
@click.option(
    "--fail-on",
    multiple=True,
    metavar="WORDS",
    help="End with 1 for goal, date, budget, gate, scope, overload; with tolerances as in date:3d,budget:5%. "
    "Without it the board's policy counts.",
)
@click.option(
    "--no-text", "hides_text", is_flag=True, help="Ids, titles and figures only: no notes, no reasons."
)
@click.option("--notes", "has_notes", is_flag=True, help="With your notes from the board's Review screen.")
@click.option("--full", "in_full", is_flag=True, help="All of it, however long.")
@click.option(
    "--always",
    is_flag=True,
    help="Markdown also where nothing changed, for a comment that is kept up to date.",
)
@click.option("--no-consequences", "is_plain", is_flag=True, help="The changes only; nothing is worked out.")
@click.option(
    "--runs", type=click.IntRange(20, 100_000), metavar="N", help="Runs for P50 and P80, however many cards."
)
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="Seed of the random numbers for P50 and P80."
)
@click.pass_obj
def diff(settings: Settings, first: str | None, second: str | None, **options: Any) -> int:
    """Show what a change to the plan does: to goals, dates, money, gates and scope.

    Without A the work tree is compared with the merge base of the main branch, so that what others have done there is
    never shown as yours. A alone is compared with the work tree; A B and A..B are two revisions; A...B is B against
    the merge base of both. The exit code is 0; 1 with --exit-code where the plan differs, or where --fail-on or the
    board's policy is broken.
    """
    policy = _policy(options["fail_on"])
    form = "json" if settings.json else options["form"]
    names = (first or "", second or "")
    sides = _sides(settings, *names, staged=options["staged"])
    found = _compared(settings, sides, is_whole=not options["is_plain"])
    difference = found.difference
    is_quiet = form in ("json", "gitlab", "sarif")
    with told(settings, after=PATIENCE) if not is_quiet else nullcontext(lambda *_: None) as tell:
        review = _review(difference, options, tell)
    report = _report(settings, found, review, names, options)
    _write(settings, report, form, found.pair, options)
    return _exit_code(review, policy if policy is not None else _of_board(difference), tells=options["tells"])


# ---- both sides


def _sides(settings: Settings, first: str, second: str, *, staged: bool) -> tuple[Side, Side]:
    """The states that are meant. Raises KedgeError."""
    from ..storage.git.sides import sides

    if staged and second:
        raise click.UsageError("--staged compares the index with one revision, not with two")
    is_past = bool(second) or ".." in first or staged
    found = sides(
        place_at(settings, in_work_tree=not is_past),
        first,
        second,
        settings.environment,
        staged=staged,
    )
    if isinstance(found, GitProblem):
        raise _trouble(found)
    return found


def _trouble(problem: GitProblem) -> KedgeError:
    from ..storage.disk.repository import Reason

    hint = {
        Reason.NO_MAIN_BRANCH: "name what to compare with: kedge diff REVISION",
        Reason.NO_MERGE_BASE: "name what to compare with: kedge diff REVISION",
        Reason.BAD_REVISION: "git log --oneline and git branch --all list revisions",
        Reason.NO_GIT: "kedge diff compares what git has kept; install git",
    }.get(problem.reason, "")
    return (
        BadValue(problem.message, hint)
        if problem.reason is Reason.BAD_REVISION
        else KedgeError(problem.message, hint)
    )


def _compared(settings: Settings, sides: tuple[Side, Side], *, is_whole: bool) -> Compared:
    from ..storage.git.compared import compared

    say_not_fetched(settings, *sides)
    place = place_at(settings, in_work_tree=False)
    found = compared(place, *sides, settings.today, settings.environment, is_whole=is_whole)
    settings.held = found.pair
    context.settle()
    return found


def _review(difference: Difference, options: dict[str, Any], tell: Any) -> Review:
    from ..model.review.review import changes_only, review

    if options["is_plain"]:
        return changes_only(difference)
    return review(difference, runs=options["runs"], seed=options["seed"], progress=tell)


# ---- the report


def _report(
    settings: Settings, found: Compared, review: Review, names: tuple[str, str], options: dict[str, Any]
) -> Report:
    words = ["kedge", "diff", *filter(None, names), *(["--staged"] if options["staged"] else [])]
    report = found.report(
        review, shlex.join(words), with_text=not options["hides_text"], in_full=options["in_full"]
    )
    if not options["has_notes"]:
        return report
    from ..model.review.items import items_of, notes_on
    from ..storage.plan.review_memory import ReviewMemory

    memory = ReviewMemory(plan_root(settings), settings.environment).load()
    return replace(report, notes=notes_on(memory, items_of(found.difference)))


def _write(settings: Settings, report: Report, form: str, pair: Pair, options: dict[str, Any]) -> None:
    """Writes the report to stdout, or into a file."""
    text = _text(report, form, pair, always=options["always"])
    if not options["out"]:
        output.write(text)
        return
    path = os.path.join(settings.folder, options["out"])
    if plan := plan_around(path):
        raise WriteRefused(
            f"{options['out']} is in the plan's folder {plan}: nothing is written over a record",
            "give a file outside of it",
        )
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise KedgeError(f"cannot write {options['out']}: {error.strerror}") from None
    output.say(settings, f"wrote {options['out']}: {report.review.verdict}")


def _text(report: Report, form: str, pair: Pair, *, always: bool) -> str:
    if form == "text":
        from .diff_text import text_lines

        return "".join(f"{line}\n" for line in text_lines(report))
    if form == "markdown":
        from ..model.review.markdown import markdown

        return markdown(report, always=always)
    from . import report_formats as formats
    from .diff_data import RULES, TITLES, diff_data, reported

    if form == "json":
        return output.envelope("diff", diff_data(report))
    places = {
        file.address: path for loaded in (pair.before, pair.after) for path, file in loaded.files.items()
    }
    found = reported(report, places)
    if form == "github":
        return formats.github(found, TITLES, report.command)
    data = formats.gitlab(found) if form == "gitlab" else formats.sarif(found, RULES, __version__)
    return json.dumps(data, indent=2) + "\n"


# ---- what may not be


def _policy(texts: Sequence[str]) -> tuple[Limit, ...] | None:
    """What `--fail-on` says; None where it says nothing. Raises BadParameter."""
    from ..model.review.policy import PolicyRefused, policy_of

    try:
        return policy_of(texts) if texts else None
    except PolicyRefused as error:
        raise click.BadParameter(str(error), param_hint="--fail-on") from None


def _of_board(difference: Difference) -> tuple[Limit, ...]:
    """The board's policy: that of the earlier side, so that no change lifts what it is held against."""
    from ..model.review.policy import PolicyRefused, policy_of

    sides = (difference.before.plan.board, difference.after.plan.board)
    texts = next((board.review.fail_on for board in sides if board.review.fail_on), ())
    try:
        return policy_of(texts)
    except PolicyRefused as error:
        raise BadValue(f"review.fail_on in board.toml: {error}") from None


def _exit_code(review: Review, policy: Sequence[Limit], *, tells: bool) -> int:
    from ..model.review.policy import broken_by
    from ..model.text.amounts import counted

    broken: list[Consequence] = broken_by(policy, review.consequences)
    if broken:
        words = ", ".join(dict.fromkeys(one.kind for one in broken))
        output.complain(f"kedge: not allowed by the policy: {words}")
        for one in broken[:10]:
            output.complain(f"  {one.text}")
    hidden = len(review.difference.uncompared) if policy else 0
    if hidden:
        output.complain(f"kedge: the policy cannot be judged: {counted(hidden, 'file')} cannot be compared")
    return int(bool(broken or hidden) or (tells and not review.difference.is_same_plan))
