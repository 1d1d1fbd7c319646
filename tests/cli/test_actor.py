"""A person decides, a coding agent proposes: by whatever way the change is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.storage.disk.actor import OF_AGENTS
from kedge.tests.storage.repositories import commit, git

from .running import TODAY, Ran, kedge, snapshot

AGENT = {"KEDGE_ACTOR": "agent"}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    assert kedge("init", "--sample", cwd=tmp_path).code == 0
    return tmp_path


def run(plan: Path, *words: str, **env: str) -> Ran:
    return kedge(*words, "--today", TODAY, cwd=plan, env=env)


@pytest.mark.parametrize(
    "words",
    [
        ("gate", "churn", "recycle", "--by", "helen", "--because", "the list comes late every week"),
        ("set", "churn", "phase=iterate"),
        ("decision", "add", "Go on", "outcome=go", "by=helen"),
        ("risk", "set", "empty-list", "state=accepted"),
        ("metric", "set", "churn-recall", "target=0.2"),
        ("set", "feature-table-7k2m", "allow.P101=for now"),
        ("decision", "set", "annual-contracts-out", "why=the labels are late"),
        ("rename", "annual-contracts-out", "annual-contracts-in"),
        ("decision", "add", "Go on", "recorded_by=helen"),
        ("stage", "set", "mvp", "approved=500000"),
        ("project", "add", "Prices", "phase=execute"),
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_an_agent_is_refused_what_a_person_may_do(plan: Path, words: tuple[str, ...]) -> None:
    before = snapshot(plan)
    refused = run(plan, *words, **AGENT)
    assert refused.code == 3, refused
    assert refused.err.startswith("kedge: this needs a person: ")
    assert "KEDGE_ACTOR=agent" in refused.err
    assert snapshot(plan) == before
    proposed = run(plan, *words, "--dry-run", **AGENT)
    assert proposed.code == 0
    assert "+++ " in proposed.out
    assert snapshot(plan) == before
    assert run(plan, *words).code == 0
    # Neither may an agent take back what a person decided.
    decided = snapshot(plan)
    assert run(plan, "undo", **AGENT).code == 3
    assert snapshot(plan) == decided
    assert run(plan, "undo").code == 0
    assert run(plan, "redo", **AGENT).code == 3


def test_an_agent_writes_over_no_record_with_a_merge_or_a_report(plan: Path) -> None:
    project = plan / "plan" / "projects" / "churn" / "project.toml"
    theirs = plan / "theirs.toml"
    theirs.write_text(project.read_text().replace('phase = "execute"', 'phase = "iterate"'))
    before = snapshot(plan)
    place = str(project.relative_to(plan))
    words = ("merge-file", place, place, "theirs.toml", "-o")
    refused = kedge(*words, place, cwd=plan, env=AGENT)
    assert (refused.code, "this needs a person" in refused.err) == (3, True), refused
    assert snapshot(plan) == before
    assert kedge(*words, "merged.toml", cwd=plan, env=AGENT).code == 0
    assert 'phase = "iterate"' in (plan / "merged.toml").read_text()
    assert kedge(*words, place, cwd=plan).code == 0
    assert 'phase = "iterate"' in project.read_text()


def test_an_agent_does_not_choose_between_decisions_that_a_merge_left_in_question(plan: Path) -> None:
    folder = plan / "plan" / "projects" / "churn"
    card = folder / "cards" / "feature-table-7k2m.toml"
    goal = ("strategy.toml", "target = 0.3\n")

    def change(phase: str, target: str, estimate: str, subject: str) -> None:
        for path, old, new in (
            (folder / "project.toml", 'phase = "execute"', f'phase = "{phase}"'),
            (folder / goal[0], goal[1], f"target = {target}\n"),
            (card, "estimate = [2, 3, 8]", f"estimate = {estimate}"),
        ):
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, new, 1))
        commit(plan, subject)

    git(plan, "init", "-q", "-b", "main")
    commit(plan, "base")
    git(plan, "checkout", "-q", "-b", "side")
    change("iterate", "0.25", "[2, 3, 9]", "theirs")
    git(plan, "checkout", "-q", "main")
    change("plan", "0.35", "[3, 3, 8]", "ours")
    git(plan, "merge", "-q", "side", check=False)
    before = snapshot(plan / "plan")
    for words in (
        *(("churn", "phase", choice) for choice in ("ours", "theirs", "base", "=assess")),
        ("churn/strategy", "metrics.churn-recall.target", "theirs"),
        ("churn/strategy", "metrics.churn-recall.target", "=0.1"),
    ):
        refused = run(plan, "resolve", *words, **AGENT)
        assert (refused.code, "this needs a person" in refused.err) == (3, True), (words, refused)
        assert snapshot(plan / "plan") == before
    assert run(plan, "resolve", "7k2m", "theirs", **AGENT).code == 0
    assert "[2, 3, 9]" in card.read_text()
    assert run(plan, "resolve", "churn", "phase", "theirs").code == 0
    assert run(plan, "resolve", "churn/strategy", "ours").code == 0
    assert 'phase = "iterate"' in (folder / "project.toml").read_text()


@pytest.mark.parametrize("variable", OF_AGENTS)
def test_the_variables_of_common_agents_are_known(plan: Path, variable: str) -> None:
    refused = run(plan, "risk", "set", "empty-list", "state=accepted", **{variable: "1"})
    assert refused.code == 3
    assert f"{variable} is set" in refused.err
    assert run(plan, "tick", "feature-table-7k2m", "bdnt", **{variable: "1"}).code == 0


def test_in_the_shell_of_an_agent_a_person_says_so_at_a_terminal(plan: Path) -> None:
    # Without a terminal nothing shows that a person typed it.
    assert run(plan, "set", "churn", "phase=iterate", CLAUDECODE="1", KEDGE_ACTOR="person").code == 3
    assert run(plan, "set", "churn", "phase=iterate", CLAUDECODE="").code == 0


def test_an_actor_that_is_neither_is_said(plan: Path) -> None:
    wrong = run(plan, "done", "feature-table-7k2m", KEDGE_ACTOR="robot")
    assert (wrong.code, wrong.out) == (2, "")
    assert "KEDGE_ACTOR is 'robot'" in wrong.err


def test_a_decision_says_who_recorded_it(plan: Path) -> None:
    words = ("decision", "add", "Take the smaller model", "--id")
    assert run(plan, *words, "first", **AGENT).code == 0
    assert run(plan, *words, "second", KEDGE_ME="mira").code == 0
    folder = plan / "plan" / "projects" / "churn" / "decisions"
    assert 'recorded_by = "agent"' in (folder / "first.toml").read_text(encoding="utf-8")
    assert 'recorded_by = "mira"' in (folder / "second.toml").read_text(encoding="utf-8")
    # Who decides what an agent proposed takes its place.
    assert run(plan, "decision", "set", "first", "outcome=go", "by=helen", KEDGE_ME="sam").code == 0
    assert 'recorded_by = "sam"' in (folder / "first.toml").read_text(encoding="utf-8")
    assert run(plan, "decision", "set", "second", "by=helen", "recorded_by=jonas").code == 0
    assert 'recorded_by = "jonas"' in (folder / "second.toml").read_text(encoding="utf-8")
