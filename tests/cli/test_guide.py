"""The manual for scripts and coding agents: short, and each of its commands runs as an agent would run it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from kedge.cli.guide import FIRST, TOPICS, read_topic

from .running import TODAY, kedge

MOST_CHARACTERS = 4 * 1_500
"""Of the overview: about 1,500 tokens of four characters."""
MEANT = {
    "PROJECT": "churn",
    "CARD": "feature-table-7k2m",
    "OTHER": "fill-the-ios-gap",
    "PERSON": "helen",
    "ITEM": "bdnt",
    "QUESTION": "disc-problem",
    "VERDICT": "Agents find out too late who is about to leave",
    "FILE": "docs/research/2026-08-agents.md",
}
_PLACE = re.compile(rf"\b({'|'.join(MEANT)})\b")


def commands(topic: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", read_topic(topic), flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    return [
        [_PLACE.sub(lambda found: MEANT[found[0]], word) for word in shlex.split(line, comments=True)]
        for line in lines
    ]


def test_the_overview_is_short() -> None:
    assert len(read_topic(FIRST)) < MOST_CHARACTERS


def test_it_is_printed_and_an_unknown_topic_names_the_others() -> None:
    assert kedge("guide").out == read_topic(FIRST)
    assert kedge("guide", "dates").out == read_topic("dates")
    wrong = kedge("guide", "nope")
    assert wrong.code == 2
    assert all(topic in wrong.err for topic in TOPICS)
    for topic in TOPICS[1:]:
        assert f"kedge guide {topic}" in read_topic(FIRST)


@pytest.mark.parametrize("topic", TOPICS)
def test_each_of_its_commands_runs_for_an_agent(topic: str, tmp_path: Path) -> None:
    assert kedge("init", "--sample", cwd=tmp_path).code == 0
    for words in commands(topic):
        assert words[0] == "kedge"
        ran = kedge(*words[1:], "--today", TODAY, cwd=tmp_path, env={"KEDGE_ACTOR": "agent"})
        assert ran.code in (0, 1), (words, ran.err)
        assert not ran.err or ran.code == 0 or words[1] in ("check", "gate"), (words, ran.err)
