"""Conditions of the gates in and after Execute, each made to hold and to fail by the commands that people have."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kedge.tests.storage.repositories import commit, git

from .running import TODAY, kedge

TRAFFIC, EXECUTE, ITERATE = "gate-traffic", "gate-execute", "gate-iterate"
MEASURED = (
    "answer it-actual 'gain per year measured={}' 'cost spent=61400' 'weeks taken=12' "
    "'cost per 1000 predictions=0.12' 'hours of upkeep per week=5'"
)
VERDICT = "answer tp-verdict '{}' --because 'the hold-out test'"
NEXT = (
    "answer it-next 'further gain: low={0}' 'further gain: likely={0}' 'further gain: high={0}' "
    "'cost: low=20000' 'cost: likely=30000' 'cost: high=40000'"
)
DECIDED = "answer it-decision '{}'"
GROUPS = "answer disc-profile \"affects people's rights or chances\" --because 'offers depend on it'"
RATIO = (
    "answer tr-bias 'lowest group rate divided by highest={}' 'largest gap in error rate=0.01' "
    "'what was done about it=nothing yet'"
)
LOAD = (
    "answer arch-load 'requests per day=864000' 'peak factor=2'",
    "answer arch-limits 'p95 latency=200'",
    "answer pr-load 'requests per second tried={}' 'p95 latency at that load={}'",
)
MONITORS = (
    "input-drift",
    "list-import",
    "matured-recall",
    "snapshot-arrival",
    "sunday-run",
    "warehouse-bill",
)
RUN_SINCE = tuple(f"monitor set {one} runs_since={{}}" for one in MONITORS)
TESTED = tuple(f"monitor set {one} last_tested=2026-11-10" for one in MONITORS)
ALIVE = tuple(f"monitor record {one} 0 --at {TODAY}" for one in MONITORS)
_BASICS = ("wiki or docs folder updated", "code and API commented", "data sources described")
_MORE = ("preprocessing described", "model architecture described")
DOCUMENTED = (
    *(f"answer doc-basics '{one}' --evidence docs/design/churn.md" for one in (*_BASICS, *_MORE)),
    "answer doc-runbook 'tried by someone who did not write it' --evidence docs/design/churn.md",
)


def filled(lines: tuple[str, ...], *values: str) -> tuple[str, ...]:
    return tuple(line.format(*values) for line in lines)


CASES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (TRAFFIC, "good-enough", "met", ()),
    (TRAFFIC, "good-enough", "not met", ("answer tr-quality 'lower bound=0.25'",)),
    (TRAFFIC, "way-back", "unknown", ()),
    (TRAFFIC, "way-back", "met", ("rollout set mvp-rollout rehearsed_on=2026-11-10",)),
    (TRAFFIC, "way-back", "not met", ("rollout set mvp-rollout rehearsed_on=2026-10-01",)),
    (TRAFFIC, "monitors-work", "met", TESTED),
    (TRAFFIC, "monitors-work", "not met", (*TESTED, "monitor set input-drift owner=")),
    (TRAFFIC, "monitors-work", "not met", (*TESTED, "monitor set input-drift last_tested=")),
    (TRAFFIC, "bears-the-load", "met", filled(LOAD, "25", "180")),
    (TRAFFIC, "bears-the-load", "not met", filled(LOAD, "15", "180")),
    (TRAFFIC, "bears-the-load", "not met", filled(LOAD, "25", "220")),
    (
        TRAFFIC,
        "bears-the-load",
        "not met",
        (*filled(LOAD, "25", "180"), "answer arch-limits 'cost per 1000 predictions=0.2'"),
    ),
    (TRAFFIC, "groups-alike", "met", ()),
    (TRAFFIC, "groups-alike", "unknown", (GROUPS,)),
    (TRAFFIC, "groups-alike", "met", (GROUPS, RATIO.format("0.8"))),
    (TRAFFIC, "groups-alike", "not met", (GROUPS, RATIO.format("0.79"))),
    (
        TRAFFIC,
        "groups-alike",
        "met",
        (
            GROUPS,
            RATIO.format("0.79"),
            "decision add 'Groups differ for a known reason' changes=+tr-bias by=helen "
            "why='seniors call less often, checked by legal'",
        ),
    ),
    (EXECUTE, "verdict-is-in", "not met", ()),
    (EXECUTE, "verdict-is-in", "met", (VERDICT.format("worse"),)),
    (EXECUTE, "verdict-is-in", "not met", (VERDICT.format("still running"),)),
    (EXECUTE, "guardrails-held", "unknown", ()),
    (EXECUTE, "guardrails-held", "met", ("metric record contact-gap 0.8",)),
    (EXECUTE, "guardrails-held", "not met", ("metric record contact-gap 0.79",)),
    (EXECUTE, "monitors-alive", "met", (*filled(RUN_SINCE, "2026-11-01"), *ALIVE)),
    (EXECUTE, "monitors-alive", "not met", (*filled(RUN_SINCE, "2026-11-15"), *ALIVE)),
    (EXECUTE, "monitors-alive", "unknown", ()),
    (EXECUTE, "documents-there", "not met", ()),
    (EXECUTE, "documents-there", "met", DOCUMENTED),
    (
        EXECUTE,
        "documents-there",
        "not met",
        (*DOCUMENTED, "answer doc-basics 'data sources described' --evidence docs/nowhere.md"),
    ),
    (ITERATE, "another-cycle", "unknown", ()),
    (ITERATE, "another-cycle", "met", (DECIDED.format("next stage"), NEXT.format("400000"))),
    (ITERATE, "another-cycle", "not met", (DECIDED.format("next stage"), NEXT.format("100"))),
    (ITERATE, "another-cycle", "met", (DECIDED.format("keep running"),)),
    (ITERATE, "keeps-paying", "met", (DECIDED.format("keep running"), MEASURED.format("500000"))),
    (ITERATE, "keeps-paying", "not met", (DECIDED.format("keep running"), MEASURED.format("100"))),
    (ITERATE, "keeps-paying", "unknown", (DECIDED.format("keep running"),)),
    (ITERATE, "may-end", "met", (DECIDED.format("retire"),)),
    (
        ITERATE,
        "may-end",
        "unknown",
        (
            DECIDED.format("retire"),
            "project add Prices --id prices",
            "dependency add churn what='the score' giver=churn --project prices",
        ),
    ),
    (ITERATE, "learned", "not met", ()),
    (
        ITERATE,
        "learned",
        "met",
        (
            MEASURED.format("500000"),
            VERDICT.format("better"),
            "answer pri-ev-value proven --result supports --evidence reports/backtest_2026-11.html",
        ),
    ),
    (
        ITERATE,
        "learned",
        "not met",
        (MEASURED.format("500000"), VERDICT.format("worse")),
    ),
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gates")
    assert kedge("init", "--sample", cwd=folder).code == 0
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "Plan")
    return folder


@pytest.fixture
def plan(sample: Path) -> Iterator[Path]:
    yield sample
    git(sample, "checkout", "-q", ".")
    git(sample, "clean", "-fdq")


@pytest.mark.parametrize(
    ("gate", "condition", "verdict", "steps"), CASES, ids=[f"{one[1]}: {one[2]}" for one in CASES]
)
def test_a_condition_follows_what_commands_say(
    plan: Path, gate: str, condition: str, verdict: str, steps: tuple[str, ...]
) -> None:
    for line in steps:
        done = kedge(*shlex.split(line), "--today", TODAY, cwd=plan)
        assert done.code in (0, 1), (line, done)
    shown = kedge("gate", "churn", "--gate", gate, "--json", "--today", TODAY, cwd=plan)
    found = {one["id"]: one for one in json.loads(shown.out)["data"]["conditions"]}
    assert found[condition]["verdict"] == verdict, found[condition]
    assert found[condition]["because"]
