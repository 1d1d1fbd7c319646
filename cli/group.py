"""The table of commands. A command's module is imported when that command runs, and no other.

The short help is here too, so that `kedge --help` and the completion of command names import nothing; a test
holds it against the commands themselves.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import click

from .. import __version__
from .command import Group
from .settings import Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Entry(NamedTuple):
    """Where a command is, and what it does in a few words."""

    place: str
    """Module below `cli` and attribute: a command, or a function that makes one of the command's name."""
    help: str


DAILY = {
    "init": Entry("starting:init", "Make a plan here."),
    "demo": Entry("demo:demo", "Open a sample plan in a throw-away folder."),
    "add": Entry("editing:add", "Add a card."),
    "list": Entry("listing:list_cards", "List cards."),
    "ready": Entry("listing:ready", "List what can be started now, most urgent first."),
    "show": Entry("showing:show", "Show a card or any other record."),
    "set": Entry("editing:set_fields", "Set fields of cards or other records."),
    "move": Entry("editing:move", "Move cards to another phase or step."),
    "start": Entry("editing:start", "Mark cards as in progress."),
    "done": Entry("editing:done", "Mark cards as done."),
    "block": Entry("editing:block", "Mark cards as blocked, with the reason."),
    "unblock": Entry("editing:unblock", "Take the blocked mark from cards."),
    "drop": Entry("editing:drop", "Drop cards, with the reason."),
    "tick": Entry("editing:tick", "Tick an item of a checklist, or untick it."),
    "rename": Entry("editing:rename", "Give a record another id, and follow every reference."),
    "remove": Entry("editing:remove", "Remove records, with their files."),
    "edit": Entry("editor:edit", "Open a record's file in your editor."),
    "undo": Entry("editing:undo", "Take back the last change made by any kedge on this clone."),
    "redo": Entry("editing:redo", "Make the change again that was undone last."),
}
DECIDING = {
    "assess": Entry("assess:assess", "Show a project's questions, and what is answered."),
    "answer": Entry("answering:answer", "Answer a question of the playbook."),
    "gate": Entry("gates:gate", "Show what a project's next gate asks, or record a decision at it."),
    "calc": Entry("calculating:calc", "Run a calculator of the playbook."),
    "size": Entry("sizing:size", "Size a project's system from its business requirements."),
    "matrix": Entry("matrix:show_matrix", "Show a project's qualities and concerns."),
    "portfolio": Entry("portfolio:portfolio", "Rank the projects, and choose among them."),
}
RUNNING = {
    "tracks": Entry("tracks:tracks", "Show how ready a project's tracks are."),
    "documents": Entry(
        "documents:documents", "Show the documents of a project: whether they are there, and how old."
    ),
    "rubric": Entry("tracks:rubric", "Show the tests of production readiness, or mark them."),
}
PLANNING = {
    "schedule": Entry("schedule:schedule", "Show when each card is done, by whom, and why then."),
    "critical": Entry("schedule:critical", "Show what a milestone or a card waits for."),
    "load": Entry("load:load", "Show how much work people have in each week."),
    "handovers": Entry("load:handovers", "List the links that cross teams."),
    "forecast": Entry("forecast:forecast", "Show by when milestones are reached, with which chance."),
    "budget": Entry("budget:budget", "Show what projects cost, against caps and approvals."),
    "flow": Entry("flow:flow", "Show how long cards take, and how many are done a week."),
    "holidays": Entry("public_holidays:holidays", "Write holidays of a country into the calendar."),
}
CHECKING = {
    "check": Entry("checking:check", "Check the plan."),
    "explain": Entry("explaining:explain", "Explain a rule."),
    "fmt": Entry("formatting:fmt", "Lay out files canonically."),
    "data": Entry("data:data", "Measure data files: their quality, and how far they have moved."),
}
MERGING = {
    "diff": Entry("diff:diff", "Show what a change to the plan does, and what follows from it."),
    "scenarios": Entry("scenarios:scenarios", "Show the plan on several branches side by side."),
    "log": Entry("history:log", "Show what happened to a record, by whom and when."),
    "at": Entry("past:at", "Run a command that reads with the plan at a revision."),
    "resolve": Entry("resolving:resolve", "Settle what a merge left in conflict, field by field."),
    "merge-file": Entry("merging:merge_file", "Merge two versions of a plan file, field by field."),
    "git": Entry("git:git", "Set git up for the plan, and see what it merged."),
}
RECORDS = {
    name: Entry("records:group_of", about)
    for name, about in {
        "project": "Projects.",
        "person": "People.",
        "goal": "Goals of a project.",
        "stakeholder": "Stakeholders of a project.",
        "constraint": "Constraints of a project.",
        "method": "Candidate methods.",
        "unknown": "What is not known and could change a decision.",
        "dependency": "Dependencies on other projects and teams.",
        "dataset": "Datasets.",
        "business": "Business requirements.",
        "technical": "Technical requirements.",
        "quality": "Qualities, needed against reached.",
        "concern": "Concerns of going into production, needed against reached.",
        "stage": "What each stage must prove and may take.",
        "metric": "Measures of success.",
        "milestone": "Dated points that cards lead to.",
        "allocation": "Who works on a project, and with how much of their time.",
        "resource": "What must be bought or set up.",
        "risk": "Risks.",
        "decision": "Decisions.",
        "experiment": "Experiments.",
        "model": "Models.",
        "rollout": "Rollouts.",
        "monitor": "Monitors.",
        "debt": "Shortcuts to pay for.",
        "technique": "What is new in the field.",
        "lesson": "What was learned.",
        "drill": "Who read or ran a runbook, and when.",
        "waiver": "Questions set aside.",
        "review": "Reviews of cycles; review [PROJECT] looks back on the one that goes on.",
        "test": "Marks of the tests of production readiness.",
        "requirements": "The record that holds a project's requirements.",
        "strategy": "The record that holds a project's strategy.",
        "board": "The plan's settings.",
    }.items()
}
ABOUT = {
    "guide": Entry("guide:guide", "Print a short manual for scripts and coding agents."),
    "schema": Entry("schema:schema", "Print the JSON Schema of a kind of record."),
    "config": Entry("about:config", "Show where things are."),
    "keys": Entry("board:keys", "Print the keys of the board."),
    "completion": Entry("about:completion", "Print the completion script of a shell."),
    "version": Entry("about:version_command", "Print the version."),
}
FAMILIES = {
    "Daily work": DAILY,
    "Deciding": DECIDING,
    "Planning": PLANNING,
    "Running": RUNNING,
    "Checking": CHECKING,
    "Git": MERGING,
    "Other records": RECORDS,
    "About": ABOUT,
}
COMMANDS: dict[str, Entry] = {name: entry for family in FAMILIES.values() for name, entry in family.items()}


class Kedge(Group):
    """The whole command line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the module of one command."""
        del ctx
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.place.partition(":")
        found = getattr(import_module(f".{module}", __package__), attribute)
        return found if isinstance(found, click.Command) else found(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands by family, without importing any of them."""
        del ctx
        for title, family in FAMILIES.items():
            if family is RECORDS:
                with formatter.section(f"{title} (each with list and show, and most with add and set)"):
                    formatter.write_text(", ".join(family))
            else:
                with formatter.section(title):
                    formatter.write_dl([(name, entry.help) for name, entry in family.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Completes names of commands from the table alone."""
        from click.shell_completion import CompletionItem

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=entry.help)
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete)
        ]


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  click calls it
    if wanted and not context.resilient_parsing:
        from . import output

        output.lines([f"kedge {__version__}"])
        context.exit()


@click.command(
    cls=Kedge,
    name="kedge",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command kedge opens the board. Exit codes: 0 fine, 1 something to report, 2 wrong usage or"
    " bad input, 3 conflict or refused write.",
)
@click.option("--ascii", "plain", is_flag=True, help="Draw the board with ASCII characters only.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def kedge(context: click.Context, *, plain: bool) -> int | None:
    """A planning board for machine-learning projects, in plain TOML files beside the code."""
    settings = context.ensure_object(Settings)
    settings.ascii = plain
    if context.invoked_subcommand is None:
        from .opening import open_board

        return open_board(settings)
    return None
