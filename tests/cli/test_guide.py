"""The manual for scripts and coding agents: short, and each of its commands runs as an agent would run it."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from kedge.cli.agents_file import LINES
from kedge.cli.guide import FIRST, TOPICS, read_topic

from .running import TODAY, kedge

MOST_CHARACTERS = 2 * 1_500
"""Of the overview: 1,500 tokens, if one were no longer than two characters (in English most have three to five)."""
MEANT = {
    "PROJECT": "churn",
    "CARD": "feature-table-7k2m",
    "OTHER": "fill-the-ios-gap",
    "PERSON": "helen",
    "ITEM": "bdnt",
    "QUESTION": "disc-problem",
    "VERDICT": "Agents find out too late who is about to leave",
    "METRIC": "churn-recall",
    "MONITOR": "input-drift",
    "EXPERIMENT": "holdout-test",
    "ROLLOUT": "mvp-rollout",
    "TABLE": "analysis/gain.csv",
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
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Plan"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    for words in commands(topic):
        assert words[0] == "kedge"
        ran = kedge(*words[1:], "--today", TODAY, cwd=tmp_path, env={"KEDGE_ACTOR": "agent"})
        assert ran.code in (0, 1), (words, ran.err)
        assert not ran.err or ran.code == 0 or words[1] in ("check", "gate"), (words, ran.err)


# ---- AGENTS.md


def test_a_few_lines_tell_agents_of_the_plan(tmp_path: Path) -> None:
    assert len(LINES) <= 10
    shown = kedge("init", "--agents", cwd=tmp_path)
    assert shown.code == 2
    assert (tmp_path / "plan" / "board.toml").is_file()
    assert "\n+## Plan\n" in shown.out
    assert "--yes writes it" in shown.err
    assert not (tmp_path / "AGENTS.md").exists()
    assert kedge("init", "--agents", "--yes", cwd=tmp_path).code == 0
    assert (tmp_path / "AGENTS.md").read_text(encoding="utf-8").splitlines() == list(LINES)
    assert "has these lines already" in kedge("init", "--agents", cwd=tmp_path).err


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_the_team_wrote_stays(tmp_path: Path, end: str) -> None:
    file = tmp_path / "AGENTS.md"
    mine = f"# Rules{end}Be kind.{end}".encode()
    old = end.join(["<!-- kedge: begin -->", "old", "<!-- kedge: end -->", "After.", ""]).encode()
    file.write_bytes(mine + old)
    assert kedge("init", "--agents", "--yes", cwd=tmp_path).code == 0
    assert file.read_bytes() == mine + end.join((*LINES, "After.", "")).encode()
    file.write_bytes(mine.rstrip())
    assert kedge("init", "--agents", "--yes", cwd=tmp_path).code == 0
    assert file.read_bytes() == mine.rstrip() + (end * 2 + end.join((*LINES, ""))).encode()


def test_a_file_that_is_not_understood_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "AGENTS.md"
    file.write_text("<!-- kedge: begin -->\nno end\n")
    refused = kedge("init", "--agents", "--yes", cwd=tmp_path)
    assert refused.code == 2
    assert "are expected" in refused.err
    assert file.read_text() == "<!-- kedge: begin -->\nno end\n"
    file.unlink()
    outside = tmp_path / "outside.md"
    file.symlink_to(outside)
    assert "is a link" in kedge("init", "--agents", "--yes", cwd=tmp_path).err
    assert not outside.exists()


def test_a_file_that_is_too_large_is_left_alone_and_says_so(tmp_path: Path) -> None:
    kedge("init", cwd=tmp_path)
    file = tmp_path / "AGENTS.md"
    file.write_bytes(b"a" * 10_000_001)
    ran = kedge("init", "--agents", "--yes", cwd=tmp_path)
    assert ran.code == 2
    assert "is larger than 10,000,000 bytes" in ran.err
    assert file.stat().st_size == 10_000_001
