"""A short manual for scripts and for coding agents, which read a page of text sooner than a screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ..storage.disk.errors import UnknownId
from . import output
from .command import Command

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guides")
FIRST = "overview"
TOPICS = (FIRST, "cards", "assess", "dates", "running", "records")


def _complete(_context: click.Context, _parameter: click.Parameter, text: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(one) for one in TOPICS if one.startswith(text)]


@click.command(cls=Command)
@click.argument("topic", metavar="[TOPIC]", default=FIRST, shell_complete=_complete)
def guide(topic: str) -> None:
    """Print a short manual for scripts and coding agents; TOPIC is cards, assess, dates, running or records."""
    if topic not in TOPICS:
        raise UnknownId(topic, "topic", TOPICS)
    output.write(read_topic(topic))


def read_topic(topic: str) -> str:
    """The Markdown of a topic."""
    with open(os.path.join(_FOLDER, f"{topic}.md"), encoding="utf-8") as file:
        return file.read()
