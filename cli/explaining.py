"""`explain` says why a finding of `check` matters, and what to do about it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from ..storage.disk.errors import KedgeError
from . import output
from .command import Command
from .settings import Settings
from .text import wrapped

if TYPE_CHECKING:
    from ..model.rules.rule import Rule


@click.command("explain", cls=Command, reads=True, past=False)
@click.argument("code", required=False)
@click.pass_obj
def explain(settings: Settings, code: str | None) -> None:
    """Explain a rule.

    CODE is a rule's code or name; without one all rules are listed.
    """
    from ..model.rules.catalog import RULES

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
    from ..model.rules.catalog import RULES
    from ..model.rules.settings import code_of

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
