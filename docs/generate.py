"""Writes the pages of the documentation that follow from the code: `python docs/generate.py`.

A page is a function without arguments that gives its text. A test compares every page with its file, so that the
pages never say what the program no longer does.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from kedge.model.plan.field_spec import Shape, shapes, write_text
from kedge.model.records.address import Address
from kedge.model.records.base import Entry, sections, tables
from kedge.model.records.kinds import ENTRIES, KINDS, record_model
from kedge.model.rules.catalog import RULES
from kedge.model.rules.rule import FAMILIES, Rule
from kedge.model.text.amounts import with_article
from kedge.model.text.named import noun
from kedge.storage.disk.paths import path_of

ROOT = Path(__file__).parents[1]
NOTE = "<!-- Written by docs/generate.py; change the code, not this page. -->\n"


def format_page() -> str:
    """The plan on disk: every kind with its fields and an example."""
    parts = [NOTE, FORMAT_INTRODUCTION.format(kinds="\n".join(map(_kind_row, KINDS)))]
    parts += [_kind_section(name) for name in KINDS]
    return "\n".join(parts)


FORMAT_INTRODUCTION = """\
# The plan on disk

A plan is a folder of TOML files, one for each record. The folder says the kind, the file's name is the id. Files are
read in any order and any style; what kedge writes itself looks like the examples below.

- **Ids** have lower-case letters, digits and single hyphens, at most 64. A card's id is made from its title and four
  random characters, so that two branches never make the same one; the title may change later, the id stays.
- **Not set** is a line such as `#due =`: it shows what can be set, and keeps two branches' insertions apart.
- **Lists** have an item on each line; sets are sorted. **Entries** that are added over time are tables keyed by a
  short id (`[checklist.k7f2]`), never arrays of tables.
- **Order** on the board is `rank`: texts that sort between their neighbours.
- Comments, unknown keys and the order that a person chose stay. `kedge fmt` brings a file into the layout below;
  comments move with the key or table they stand before.
- A value that does not fit its field is a finding, and the rest of the record works. Lists and screens say where
  something cannot be read. It is never written over: an edit that would touch it is refused with the line, until a
  person has mended it. So is a rename where the old name may stand in what cannot be read.
- What is plain is read: a text where a list belongs (`tags = "data, infra"`), tables without keys (`[[checklist]]`).
  The next edit of the field, or `kedge fmt`, writes it in the form above, with every word and comment, and says so.
- Nothing derived is ever in a file: no counters, no time of the last save, no dates of the schedule.

| kind | file | what it is |
|---|---|---|
{kinds}

Beside them `plan/playbook.toml` may change the method: see [playbook.md](playbook.md).
"""


def _kind_row(name: str) -> str:
    model = record_model(name)
    return f"| [{name}](#{name}) | `{_example_path(name)}` | {_first_line(model)} |"


def _example_path(name: str) -> str:
    kind = KINDS[name]
    record_id = ("PROJECT" if name == "project" else name) if kind.single else "ID"
    return "plan/" + path_of(Address(name, "PROJECT" if kind.in_project else "", record_id))


def _first_line(model: type[Entry]) -> str:
    return (model.__doc__ or "").partition("\n")[0].rstrip(".")


def _kind_section(name: str) -> str:
    model = record_model(name)
    example = (ROOT / "samples" / "kinds" / f"{name}.toml").read_text()
    lines = [
        f"## {name}",
        "",
        f"{_first_line(model)}. File: `{_example_path(name)}`.",
        "",
        *_field_table(model),
    ]
    for field, inner in {**tables(model), **sections(model)}.items():
        lines += ["", *_inner_section(name, model, field, inner, keyed=field in sections(model))]
    return "\n".join([*lines, "", "```toml", example.rstrip("\n"), "```", ""])


def _inner_section(
    kind: str, model: type[Entry], field: str, inner: type[Entry] | None, *, keyed: bool
) -> list[str]:
    said = model.model_fields[field].description or ""
    if inner is None:
        return [f"**`[{field}]`** {said}."]
    command = next((one.name for one in ENTRIES.values() if (one.record, one.section) == (kind, field)), "")
    heading = f"**`[{field}.KEY]`** {said}" if keyed else f"**`[{field}]`** {said}"
    also = f"; `kedge {command} …`" if command else ""
    lines = [f"{heading}{also}.", "", *_field_table(inner)]
    for name in tables(inner):
        lines += [
            "",
            f"**`[{field}.{'KEY.' if keyed else ''}{name}]`** {inner.model_fields[name].description}.",
        ]
    return lines


def _field_table(model: type[Entry]) -> list[str]:
    rows = [_field_row(shape, model.model_fields[name].default) for name, shape in shapes(model).items()]
    return ["| key | value | what it says |", "|---|---|---|", *rows] if rows else []


_VALUES = {
    "line": "text",
    "text": "text of several lines",
    "number": "number",
    "whole": "whole number",
    "flag": "true or false",
    "date": "date",
    "list": "list of words",
    "lines": "list of texts",
    "dates": "list of dates",
    "estimate": "number, or three",
    "verdict": "true, false, number, text or list",
    "figure": "number or text",
}


def _field_row(shape: Shape, default: object) -> str:
    value = " · ".join(f"`{choice}`" for choice in shape.choices) or _VALUES[shape.control]
    if shape.refers:
        what = noun(shape.refers)
        value = f"id of {with_article(what)}" if shape.control == "line" else f"ids of {what}s"
    unit = f" ({shape.unit})" if shape.unit and shape.unit not in shape.description else ""
    must = "" if shape.optional else "; must be there"
    usual = (
        f"; `{write_text(shape, default)}` if not set"
        if shape.optional and default not in (None, "", ())
        else ""
    )
    return f"| `{shape.name}` | {value} | {shape.description.replace('|', '/')}{unit}{must}{usual} |"


def rules_page() -> str:
    """Every rule of `check`: why, what to do, and what breaks it."""
    parts = [NOTE, RULES_INTRODUCTION]
    for letter, family in FAMILIES.items():
        rules = [rule for rule in RULES.values() if rule.code.startswith(letter)]
        if rules:
            rows = [
                f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity} |"
                for rule in rules
            ]
            parts += [f"## {letter}: {family}", "", "| code | name | severity |", "|---|---|---|", *rows, ""]
            parts += [_rule_section(rule) for rule in rules]
    return "\n".join(parts)


RULES_INTRODUCTION = """\
# Rules of check

`kedge check` looks at the whole plan, `kedge check PATHS` shows the findings in some of its files, `kedge explain CODE`
shows what is written here. Errors and warnings make the exit code 1, advice does not (`--severity` moves that line).
What has one safe answer is mended by `kedge check --fix`, as one step that `kedge undo` takes back.

A plan chooses its rules in `plan/board.toml`, by code or by the beginning of one:

```toml
[rules]
ignore = ["R210"]

[rules.severity]
R204 = "advice"
F117 = "off"
```

An exception for one card or one project is in its own file, with the reason. Without one it does not count.

```toml
[allow]
R207 = "the dropped card comes back in spring"
```

In continuous integration `kedge check --format github` puts each finding beside its line in the pull request, and
`--format json` gives them to programs.
"""


def _rule_section(rule: Rule) -> str:
    lines = [f"### {rule.code} {rule.name}", "", f"{rule.why} **Way out:** {rule.wayout}", ""]
    if rule.example:
        lines += ["```toml", rule.example, "```", ""]
    return "\n".join([*lines, f"{rule.severity.capitalize()}. Source: {rule.source}.", ""])


def commands_page() -> str:
    """Every command with its options, as `--help` says them."""
    import click

    from kedge.cli.group import FAMILIES, RECORDS
    from kedge.cli.group import kedge as whole
    from kedge.cli.records import MORE

    context = click.Context(whole, info_name="kedge")
    parts = [NOTE, COMMANDS_INTRODUCTION]
    parts += [f"| `{option}` | {text} |" for option, text in _options(whole, context, ())]
    shared = {name for one in whole.params for name in one.opts} - {"--ascii", "--version"}
    for title, family in FAMILIES.items():
        parts += ["", f"## {title}", ""]
        if family is RECORDS:
            parts += [
                RECORDS_INTRODUCTION,
                *(f"| `{name}` | {entry.help} |" for name, entry in family.items()),
            ]
            family = {name: entry for name, entry in family.items() if name in ("risk", "strategy")}
        for name in family:
            command = whole.get_command(context, name)
            assert command is not None
            parts += _command_section(f"kedge {name}", command, shared)
    for kind, verbs in MORE.items():
        group = whole.get_command(context, kind)
        assert isinstance(group, click.Group)
        for verb in verbs:
            command = group.get_command(context, verb)
            assert command is not None
            parts += _command_section(f"kedge {kind} {verb}", command, shared)
    return "\n".join(parts).rstrip() + "\n"


COMMANDS_INTRODUCTION = """\
# Commands

`kedge` alone opens the board. Every other command works without a terminal and offline, and says what it did in a
line. What it prints on stdout is data; talk goes to stderr.

An id may be shortened to any part that fits only one: `7k2m` for `feature-table-7k2m`. With several projects,
`--project`, `KEDGE_PROJECT` or `PROJECT/ID` says which is meant; else it is the board's `main_project`.

```console
$ kedge add "Feature table with daily snapshots @mira ~2/3/8 #data in:execute/data-pipeline"
$ kedge list owner:mira is:open
$ kedge set feature-table due=fri tags=+urgent,-later
$ kedge risk add "Labels leak the outcome" --id label-leak chance=3 impact=4
$ kedge undo
```

| exit code | means |
|---|---|
| 0 | fine |
| 1 | it ran, and found something to report |
| 2 | wrong usage or bad input; nothing was written |
| 3 | conflict or refused write; nothing was lost |
| 70 | an error in kedge itself; a report is where the message says |
| 130, 141 | stopped by Ctrl-C; no program reads the output any more |

With `--json` a command prints `{"kedge": 1, "kind": …, "data": …}`: keys are the same for every record of a kind,
dates are ISO 8601, and nothing else is on stdout. What to write in queries and in the line of `add` is in
[query.md](query.md).

## Options of every command

Before the command or after it. `--json` where a command reads, `--dry-run` where it writes.

| option | does |
|---|---|"""

RECORDS_INTRODUCTION = """\
Each has `list` and `show`, and `set` with `FIELD=VALUE…`; what there can be several of has `add`. The fields are in
[format.md](format.md). Options of `risk` and `strategy`, below, are those of all.

| command | for |
|---|---|"""


def _command_section(name: str, command: Any, shared: set[str]) -> list[str]:
    import click

    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    heading = "####" if name.count(" ") > 1 else "###"
    text = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    lines = ["", f"{heading} {name}", "", f"`{name} {usage}`", "", _escaped(text)]
    rows = [f"| `{option}` | {about} |" for option, about in _options(command, context, shared)]
    if rows:
        lines += ["", "| option | does |", "|---|---|", *rows]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            made = command.get_command(context, inner)
            assert made is not None
            lines += _command_section(f"{name} {inner}", made, shared)
    return lines


def _options(command: Any, context: Any, without: Collection[str]) -> list[tuple[str, str]]:
    """Names and help of a command's options, but for some."""
    import click

    # A command may use a shared name for something of its own: `init --project TITLE`.
    shared = getattr(command, "shared", command.params)
    options = [
        one
        for one in command.params
        if isinstance(one, click.Option) and not (one in shared and set(one.opts) & set(without))
    ]
    records = [record for one in options if (record := one.get_help_record(context))]
    return [(names.replace(", ", "`, `"), about) for names, about in records]


def _escaped(text: str) -> str:
    return re.sub(r"[<>*_#|]", lambda found: f"\\{found[0]}", text)


KEYS_INTRODUCTION = """\
# Keys

Every key of the board, of its dialogs and its forms, by what it is for. `?` shows the ones that work where you stand,
and why others do not; where one types F1 does. A mark `g g` means one key after the other; what can follow the first is
shown while it waits, and Escape cancels.

Keys are yours to change, in the settings file that `kedge config` names:

```toml
theme = "kedge-light"   # F9 on the board lists them; ansi-dark and ansi-light take the terminal's own colours
ascii = false           # true for ASCII signs only; without it, a locale that is not UTF-8 decides
density = "auto"        # lines of a card: auto as there is room, compact two, dense one; Z on the board changes it
me = "mira"             # your id among the people: what owner:me means

[keys]
"card.block" = "B"
"focus.down" = ["j", "down", "ctrl+n"]
```

A name that is no action, a key that no terminal can send, two actions of one place on one key, and a change that
leaves quit, help, undo, saving or leaving without a key are said when the board opens, and the shipped keys then stand.
Where one types (a line, a list that is narrowed, a form) no action can have a visible character or a key that moves in
the text. The letters before the answers of a question belong to that question, and stand beside them.
`kedge keys` prints the table with your changes in it.

Everything can be done with the mouse too: a click focuses, a second one opens, the wheel scrolls, a card can be
dragged to another column, and a click on a key in the lowest line presses it.
"""


def keys_page() -> str:
    """Keys of the board, by group, from the registry of actions."""
    from kedge.tui.keys.actions import ACTIONS, GROUPS, where
    from kedge.tui.keys.keymap import key_name

    parts = [NOTE, KEYS_INTRODUCTION]
    for group in GROUPS:
        parts += [f"## {group}", "", "| key | does | where | action |", "|---|---|---|---|"]
        for action in (one for one in ACTIONS if one.group == group):
            keys = ", ".join(f"`{key_name(key)}`" for key in action.keys).replace("|", "\\|")
            parts.append(f"| {keys} | {action.help} | {where(action)} | `{action.id}` |")
        parts.append("")
    return "\n".join(parts)


def messages_page() -> str:
    """What the program says to people, from its source."""
    # A folder of scripts is no package: the list has its own file, and no name to import it by.
    return f"{NOTE}\n{runpy.run_path(str(ROOT / 'docs' / 'message_list.py'))['messages_page']()}"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "format.md": format_page,
    "keys.md": keys_page,
    "messages.md": messages_page,
    "rules.md": rules_page,
}


def main() -> None:
    """Writes every page that differs from its file."""
    for name, page in PAGES.items():
        path, text = ROOT / "docs" / name, page()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            sys.stdout.write(f"wrote docs/{name}\n")


if __name__ == "__main__":
    main()
