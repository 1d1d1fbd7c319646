"""`check --since` and `check --staged`: what a range or a commit brought in, and goals that moved in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ..storage.repositories import commit, git, write
from .running import Ran, kedge

STRATEGY = "plan/projects/churn/strategy.toml"
CARD = "plan/projects/churn/cards/audit-9x4p.toml"
FILES = {
    "plan/board.toml": 'format = 1\ntitle = "Parcels"\n',
    "plan/people/mira.toml": 'name = "Mira"\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\nstage = "mvp"\n',
    STRATEGY: (
        '[metrics.recall]\ntitle = "Recall"\nbaseline = 0.14\ntarget = 0.3\nkill = 0.2\n\n[stages.mvp]\ncap = 100\n'
    ),
    CARD: 'title = "Audit"\nowner = "nobody"\n',
}
DECISION = 'title = "Lower it"\nchanges = ["metrics.recall.target"]\n'


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan with one mistake (R201) in its first commit."""
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "person.gitconfig"))
    (tmp_path / "person.gitconfig").write_text("[user]\nemail = mira@example.org\nname = Mira\n")
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "plan", FILES)
    return folder


def check(top: Path, *arguments: str) -> Ran:
    return kedge("check", "--select", "F,R,D", "--today", "2026-11-20", *arguments, cwd=top)


def codes(top: Path, *arguments: str) -> list[str]:
    return re.findall(r"\[([A-Z]\d+)\]", check(top, *arguments).out)


def change(top: Path, file: str, old: str, new: str) -> None:
    path = top / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_was_there_before_is_left_out(top: Path) -> None:
    assert codes(top) == ["R201"]
    assert (codes(top, "--since", "HEAD"), check(top, "--since", "HEAD").code) == ([], 0)
    change(top, CARD, "owner", "# a line more\nowner")
    assert codes(top, "--since", "HEAD") == []
    # Another mistake in the same field is another one.
    change(top, CARD, '"nobody"', '"nobody-else"')
    assert codes(top, "--since", "HEAD") == ["R201"]


def test_a_finding_follows_a_rename(top: Path) -> None:
    assert kedge("rename", "audit-9x4p", "label-audit-9x4p", "--plan", "plan", cwd=top).code == 0
    assert codes(top, "--since", "HEAD") == []


def test_a_range_begins_where_the_branch_left(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "branch")
    git(top, "checkout", "-q", "main")
    commit(top, "others fix it", {CARD: 'title = "Audit"\nowner = "mira"\n'})
    git(top, "checkout", "-q", "branch")
    commit(top, "mine", {"plan/projects/churn/cards/new-2b3c.toml": 'title = "New"\nowner = "sam"\n'})
    assert codes(top, "--since", "main") == ["R201"]
    assert "new-2b3c" in check(top, "--since", "main").out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("target = 0.3", "target = 0.25", '"Recall" (recall) target 0.3 → 0.25'),
        ("baseline = 0.14", "baseline = 0.2", '"Recall" (recall) baseline 0.14 → 0.2'),
        ("kill = 0.2\n", "", '"Recall" (recall) kill 0.2 → nothing'),
        ("cap = 100", "cap = 200", "stage mvp cap 100 → 200"),
        ("cap = 100", 'cap = 100\nexit_criteria = ["a", "b"]', "stage mvp exit criteria nothing → a; b"),
    ],
)
def test_goal_posts_that_move_are_found(top: Path, old: str, new: str, said: str) -> None:
    change(top, STRATEGY, old, new)
    ran = check(top, "--since", "HEAD")
    assert ran.code == 1
    assert f"warning[D101]: goal moved after work began: {said}; no decision names it" in ran.out


def test_a_goal_that_moves_is_said_at_once(top: Path) -> None:
    ran = kedge("metric", "set", "recall", "target=0.25", cwd=top)
    said = 'goal moves after work began: "Recall" (recall) target 0.3 → 0.25; say why: kedge decision add …'
    assert said in ran.err
    ran = kedge("metric", "set", "recall", "owner=mira", cwd=top)
    assert "goal moves" not in ran.err
    # With a metric its goal posts go.
    assert "goal moves" in kedge("remove", "recall", cwd=top).err


def test_a_plan_may_still_set_its_goals_before_work_begins(top: Path) -> None:
    commit(top, "back", {"plan/projects/churn/project.toml": 'title = "Churn"\nphase = "plan"\n'})
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    assert codes(top, "--since", "HEAD") == []


@pytest.mark.parametrize(
    ("first", "later", "found"),
    [("phase", "target", ["D101"]), ("target", "phase", [])],
    ids=["moved after work began", "agreed before it"],
)
@pytest.mark.parametrize("before", ['phase = "plan"', 'phase = "execute"\ncycle = 1'])
def test_work_that_begins_in_the_range_begins_there(
    top: Path, before: str, first: str, later: str, found: list[str]
) -> None:
    """Also that of the next cycle, with goals of its own."""
    cycle = 2 if "cycle" in before else 1
    project = "plan/projects/churn/project.toml"
    commit(top, "before", {project: f'title = "Churn"\n{before}\n'})
    git(top, "tag", "start")
    for what in (first, later):
        if what == "phase":
            begun = {project: f'title = "Churn"\nphase = "execute"\ncycle = {cycle}\n'}
            commit(top, "begin", begun)
        else:
            change(top, STRATEGY, "target = 0.3", "target = 0.25")
            commit(top, "move")
    assert codes(top, "--since", "start") == found


def decide(top: Path, author: str) -> None:
    write(top, {"plan/projects/churn/decisions/lower.toml": DECISION})
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "decide", author=author)


@pytest.mark.parametrize(("author", "found"), [("Helen", []), ("Mira", ["D103"])])
@pytest.mark.parametrize("is_committed", [True, False])
def test_who_decides_is_not_who_moves(top: Path, author: str, found: list[str], is_committed: bool) -> None:
    git(top, "tag", "start")
    decide(top, author)
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    if is_committed:
        commit(top, "move")
    assert codes(top, "--since", "start") == found


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_decision_that_comes_with_its_change_is_marked(top: Path, is_committed: bool) -> None:
    git(top, "tag", "start")
    write(top, {"plan/projects/churn/decisions/lower.toml": DECISION})
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    if is_committed:
        commit(top, "both")
    ran = check(top, "--since", "start")
    assert re.findall(r"\[(D\d+)\]", ran.out) == ["D102"]
    assert ran.code == 0


def test_a_later_decision_by_another_is_enough(top: Path) -> None:
    git(top, "tag", "start")
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    commit(top, "move")
    decide(top, "Helen")
    assert codes(top, "--since", "start") == []
    # A decision that was there already says nothing of what comes now.
    change(top, STRATEGY, "target = 0.25", "target = 0.2")
    assert codes(top, "--since", "HEAD") == ["D101"]


def merge_by_lines(top: Path) -> None:
    """Mixes a baseline of one side with a target of the other, as lines with one between them allow."""
    git(top, "checkout", "-q", "-b", "theirs")
    change(top, STRATEGY, "kill = 0.2", "kill = 0.1")
    commit(top, "theirs")
    git(top, "checkout", "-q", "main")
    change(top, STRATEGY, "baseline = 0.14", "baseline = 0.18")
    commit(top, "ours")
    git(top, "merge", "-q", "-m", "merge", "theirs")


def test_a_merge_by_lines_that_mixed_two_intents_is_found(top: Path) -> None:
    change(top, "plan/projects/churn/project.toml", "execute", "plan")
    start = commit(top, "plan phase")
    merge_by_lines(top)
    ran = check(top, "--since", start)
    assert re.findall(r"\[(D\d+)\]", ran.out) == ["D104"]
    assert "took metrics.recall.baseline from one side and metrics.recall.kill from the other" in ran.out
    # Once a person has set the fields together it is settled.
    change(top, STRATEGY, "kill = 0.1", "kill = 0.15")
    assert codes(top, "--since", start) == []


def test_the_board_chooses_these_rules_as_all_others(top: Path) -> None:
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    (top / "plan/board.toml").write_text('format = 1\n[rules.severity]\nD101 = "advice"\n')
    ran = check(top, "--since", "HEAD")
    assert (ran.code, "advice[D101]" in ran.out) == (0, True)
    assert codes(top, "--since", "HEAD", "--ignore", "D") == []


def test_what_cannot_be_compared_is_said(top: Path) -> None:
    ran = check(top, "--since", "no-such-branch")
    assert ran.code == 2
    assert "no-such-branch" in ran.err
    assert check(top, "--since", "HEAD", "--fix").code == 2
    git(top, "checkout", "-q", "--orphan", "other")
    commit(top, "unrelated")
    # Without a common commit the revision itself is where it begins.
    assert codes(top, "--since", "main") == []


def test_a_range_ends_where_the_plan_is_read(top: Path) -> None:
    git(top, "tag", "start")
    change(top, STRATEGY, "target = 0.3", "target = 0.25")
    commit(top, "move")
    decide(top, "Mira")
    assert codes(top, "--since", "start", "--at", "HEAD~1") == ["D101"]
    assert codes(top, "--since", "start", "--at", "start") == []
    assert codes(top, "--since", "start", "--at", "HEAD") == ["D103"]
    assert check(top, "--staged", "--at", "HEAD").code == 2


def test_a_plan_that_was_not_there_is_all_new(top: Path) -> None:
    git(top, "rm", "-rq", "plan")
    commit(top, "no plan")
    commit(top, "plan again", FILES)
    assert codes(top, "--since", "HEAD~1") == ["R201"]


# ---- staged


def test_what_is_staged_is_read_from_the_index(top: Path) -> None:
    assert check(top, "--staged").out == ""
    change(top, CARD, '"Audit"', '"Audit it"')
    assert codes(top, "--staged") == []
    git(top, "add", "-A")
    change(top, CARD, "owner", "own")
    assert codes(top, "--staged") == ["R201"]
    assert codes(top, "--staged", "--since", "HEAD") == []


def test_what_a_staged_removal_breaks_is_told(top: Path) -> None:
    commit(top, "mend", {CARD: 'title = "Audit"\nowner = "mira"\n'})
    git(top, "rm", "-q", "plan/people/mira.toml")
    ran = check(top, "--staged")
    assert (ran.code, re.findall(r"\[([A-Z]\d+)\]", ran.out)) == (1, ["R201"])
    assert ran.out.startswith(CARD)


def test_the_layout_of_what_is_staged(top: Path) -> None:
    git(top, "add", "-A")
    assert kedge("fmt", "--check", "--staged", cwd=top).code == 0
    change(top, CARD, "owner", "\n\nowner")
    git(top, "add", "-A")
    ran = kedge("fmt", "--check", "--staged", cwd=top)
    assert (ran.code, ran.out) == (1, f"{CARD}\n")
    assert kedge("fmt", "--staged", cwd=top).code == 2


def test_a_file_in_conflict_is_a_finding(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "theirs")
    commit(top, "theirs", {CARD: 'title = "Theirs"\nowner = "mira"\n'})
    git(top, "checkout", "-q", "main")
    commit(top, "ours", {CARD: 'title = "Ours"\nowner = "mira"\n'})
    with pytest.raises(Exception, match="merge"):
        git(top, "merge", "-q", "theirs")
    assert check(top, "--staged").code == 1


# ---- the shapes for other programs


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_report_is_json_on_stdout_alone(top: Path, form: str) -> None:
    from .consumers import GITLAB, SARIF, complaints

    report = json.loads(check(top, "--format", form).out)
    assert list(complaints(report, GITLAB if form == "gitlab" else SARIF)) == []
    entries = report if form == "gitlab" else report["runs"][0]["results"]
    assert len(entries) == 1
    assert "R201" in json.dumps(entries)
    change(top, CARD, "owner", "# a line more\nowner")
    again = json.loads(check(top, "--format", form).out)
    key = (
        (lambda one: one[0]["fingerprint"])
        if form == "gitlab"
        else (lambda one: one["runs"][0]["results"][0]["partialFingerprints"])
    )
    assert key(again) == key(report)
