"""Commands of Execute: migrating limits, sizing and reading live tests, rollouts, monitors, tracks, the rubric."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ..storage.repositories import git
from .running import CHURN, ROOT, TODAY, Ran, kedge, snapshot

PORTFOLIO = ROOT / "samples" / "portfolio" / "plan"
COUNTS = (
    "contact=2406/11912",
    "hold-out=2636/11874",
    "contact.complaint-rate=24",
    "hold-out.complaint-rate=19",
    "contact.offer-cost=21680",
    "hold-out.offer-cost=22010",
    "contact.contact-gap=11500",
    "hold-out.contact-gap=11490",
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHURN, tmp_path / "plan"))


def on(plan: Path, *words: str, today: str = TODAY) -> Ran:
    return kedge("--plan", str(plan), "--today", today, *words)


def toml(plan: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((plan / "projects" / "churn" / name).read_text())


def data(ran: Ran) -> Any:
    return json.loads(ran.out)["data"]


# ---- limits


@pytest.fixture
def old(plan: Path) -> Path:
    """The plan as it was when limits were sentences."""
    monitor = plan / "projects" / "churn" / "monitors" / "input-drift.toml"
    monitor.write_text(
        '# read by the team\ntitle = "Drift"\nlimit = "> 0.12 in two weeks running"\nowner = "mira"\n'
    )
    vague = plan / "projects" / "churn" / "monitors" / "vague.toml"
    vague.write_text('title = "Odd"\nlimit = "more than usual"\n')
    return plan


def test_a_dry_run_of_the_migration_writes_nothing(old: Path):
    before = snapshot(old)
    ran = on(old, "fmt", "--migrate", "--dry-run")
    assert '+operator = ">"' in ran.out
    assert "+in_a_row = 2" in ran.out
    assert snapshot(old) == before
    checked = on(old, "fmt", "--migrate", "--check")
    assert (checked.code, snapshot(old)) == (1, before)


def test_the_migration_is_one_step_that_can_be_undone(old: Path):
    before = snapshot(old)
    ran = on(old, "fmt", "--migrate")
    # What cannot be read is left, with the command that says it.
    assert ran.code == 1
    assert "vague: cannot read 'more than usual' as a limit" in ran.err
    assert "kedge monitor set vague operator='>' value=NUMBER" in ran.err
    text = (old / "projects" / "churn" / "monitors" / "input-drift.toml").read_text()
    assert text.startswith("# read by the team\n")
    found = tomllib.loads(text)
    assert (found["operator"], found["value"], found["in_a_row"]) == (">", 0.12, 2)
    assert "limit" not in found
    assert on(old, "undo").code == 0
    assert snapshot(old) == before


def test_a_plan_whose_limits_can_be_judged_has_nothing_to_migrate(plan: Path):
    ran = on(plan, "fmt", "--migrate")
    assert (ran.code, ran.err) == (0, "every limit can be judged already\n")


def test_a_sentence_is_a_finding_until_it_is_migrated(old: Path):
    assert "E101" in on(old, "check", "--select", "E101").out
    on(old, "fmt", "--migrate")
    on(old, "monitor", "set", "vague", "operator=>", "value=5", "limit=")
    assert "E101" not in on(old, "check", "--select", "E101").out


def test_a_time_of_day_is_one(plan: Path):
    ran = on(plan, "monitor", "set", "list-import", "at=half past five")
    assert ran.code == 2
    assert "a time of day such as 05:30" in ran.err


# ---- live tests


def test_the_sample_has_the_size_that_it_needs(plan: Path):
    found = data(on(plan, "experiment", "size", "holdout-test", "--json"))
    record = toml(plan, "experiments/holdout-test.toml")
    assert found["per_arm"] == [record["sample_size"]] * 2 == [11675, 11675]
    assert found["days"] == record["days"] == 21
    assert found["attainable"]
    assert found["effect"] == {"absolute": -0.015, "relative": pytest.approx(-0.0681818)}
    assert (found["power"], found["level"]) == (0.8, 0.05)


def test_a_size_needs_no_plan(tmp_path: Path):
    ran = kedge("experiment", "size", "baseline=0.2", "smallest_effect=0.05", "per_day=500", cwd=tmp_path)
    assert ran.code == 0
    assert "control: 1,094 units" in ran.out
    assert "+25 % of the baseline" in ran.out
    relative = kedge("experiment", "size", "baseline=0.2", "--relative", "0.05", "--json", cwd=tmp_path)
    assert data(relative)["per_arm"] == [25583, 25583]


def test_traffic_that_never_comes_is_an_answer(tmp_path: Path):
    ran = kedge(
        "experiment", "size", "baseline=0.2", "smallest_effect=0.05", "per_day=0", "--json", cwd=tmp_path
    )
    found = data(ran)
    assert (ran.code, found["attainable"], found["days"]) == (0, False, None)


def test_a_size_is_kept_with_what_was_tried(plan: Path):
    assert on(plan, "experiment", "size", "holdout-test", "smallest_effect=0.03", "--write").code == 0
    record = toml(plan, "experiments/holdout-test.toml")
    assert record["smallest_effect"] == 0.03
    assert record["sample_size"] == 10942  # by hand: (1.644854 + 1.501086)² × 2 × 0.0016 × 0.9984 / 0.0017²
    assert on(plan, "undo").code == 0
    assert toml(plan, "experiments/holdout-test.toml")["sample_size"] == 11675


def test_counts_and_the_result_are_one_step(plan: Path):
    before = snapshot(plan)
    ran = on(plan, "experiment", "read", "holdout-test", *COUNTS)
    assert ran.code == 0
    assert "Verdict    better: listed-churn-30d -0.02002 (-9.02 %) in contact" in ran.out
    assert 'kedge answer tp-verdict "better"' in ran.err
    record = toml(plan, "experiments/holdout-test.toml")
    assert record["arms"]["contact"]["units"] == 11912
    assert record["measures"]["complaint-rate"]["counts"] == {"contact": 24, "hold-out": 19}
    assert record["result"] == "supports"
    again = data(on(plan, "experiment", "read", "holdout-test", "--json"))
    assert again["split"]["ok"]
    assert again["verdict"] == "better"
    assert [one["ok"] for one in again["guardrails"]] == [True, True, True]
    assert on(plan, "undo").code == 0
    assert snapshot(plan) == before


def test_a_dry_run_of_a_reading_writes_nothing(plan: Path):
    before = snapshot(plan)
    ran = on(plan, "experiment", "read", "holdout-test", *COUNTS, "--dry-run")
    assert '+result = "supports"' in ran.out
    assert snapshot(plan) == before


def test_a_broken_split_is_read_first_and_ends_with_1(plan: Path):
    ran = on(plan, "experiment", "read", "holdout-test", "contact=2406/12912", *COUNTS[1:], "--json")
    found = data(ran)
    assert ran.code == 1
    assert (found["effect"], found["split"]["ok"]) == (None, False)
    assert found["verdict"] == "could not be tested"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("holdout-test",), "units of hold-out are missing"),
        (("holdout-test", "contact=12406/11912", "hold-out=1/11874"), "more events than units"),
        (("holdout-test", "contact=0/0", "hold-out=1/10"), "contact has no units"),
        (("holdout-test", "contact=12"), "EVENTS/UNITS is expected"),
        (("holdout-test", "contact=-3/100"), "at least 0"),
        (("holdout-test", "contact.apples=3"), "contact has no count 'apples'"),
        (("holdout-test", "contact=nan/100"), "expected a number"),
        ((), "which experiment?"),
    ],
)
def test_what_a_reading_refuses(plan: Path, words: tuple[str, ...], says: str):
    before = snapshot(plan)
    ran = on(plan, "experiment", "read", *words)
    assert ran.code == 2
    assert says in ran.err
    assert snapshot(plan) == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("baseline=0.2",), "smallest_effect is missing"),
        (("baseline=20", "smallest_effect=1"), "a share from 0 to 1 is expected"),
        (("baseline=0.2", "smallest_effect=0.05", "power=1.2"), "between 0 and 1"),
        (("baseline=0.2", "smallest_effect=0.05", "--write"), "--write needs the ID"),
        (("baseline=0.2", "smallest_effect=0.05", "arms.a.title=A"), "only one variant"),
        (("measures.x.margin=-1", "baseline=0.2", "smallest_effect=0.05"), "at least 0"),
    ],
)
def test_what_a_size_refuses(tmp_path: Path, words: tuple[str, ...], says: str):
    ran = kedge("experiment", "size", *words, cwd=tmp_path)
    assert ran.code == 2
    assert says in ran.err


# ---- rollouts


def test_steps_say_who_sees_them(plan: Path):
    found = data(on(plan, "rollout", "steps", "mvp-rollout", "--json"))
    assert [(one["id"], one["exposure"]) for one in found] == [
        ("shadow", 0),
        ("two-teams", 864),
        ("half", 864),
        ("all", None),
    ]


def test_a_step_passes_and_the_next_one_stops(plan: Path):
    good = ("complaints=2.1", "list-size=11900", "offers=1.9", "skipped=0.3")
    assert on(plan, "rollout", "read", "mvp-rollout", *good).code == 0
    stopped = on(plan, "rollout", "read", "mvp-rollout", "complaints=2.6", *good[1:])
    assert stopped.code == 1
    assert "Set churn_list_source to rule" in " ".join(stopped.out.split())
    steps = toml(plan, "rollouts/mvp-rollout.toml")["steps"]
    assert (steps["shadow"]["outcome"], steps["two-teams"]["outcome"]) == ("passed", "stopped")
    assert str(steps["shadow"]["ended"]) == TODAY


def test_what_was_not_measured_leaves_a_step_open(plan: Path):
    before = snapshot(plan)
    ran = on(plan, "rollout", "read", "mvp-rollout", "complaints=2.1")
    assert "not enough yet" in ran.out
    assert (ran.code, snapshot(plan)) == (0, before)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("mvp-rollout", "complaints=x"), "a number is expected"),
        (("mvp-rollout", "complaints=inf"), "a number is expected"),
        (("mvp-rollout",), "a value of a guardrail"),
        (("mvp-rollout", "apples=3"), "apples"),
        (("mvp-rollout", "--bad", "12/3000"), "belong together"),
        (("mvp-rollout", "--bad", "12", "--control", "9/3000"), "BAD/ALL is expected"),
        (("mvp-rollout", "--bad", "13/12", "--control", "9/3000"), "no more bad requests"),
        (("mvp-rollout", "--bad", "0/0", "--control", "9/3000"), "canary_of"),
    ],
)
def test_what_a_step_refuses(plan: Path, words: tuple[str, ...], says: str):
    ran = on(plan, "rollout", "read", *words)
    assert ran.code == 2
    assert says in ran.err


# ---- monitors, tracks, rubric


def test_monitors_come_by_urgency_with_their_budgets(tmp_path: Path):
    plan = Path(shutil.copytree(PORTFOLIO, tmp_path / "plan"))
    ran = on(plan, "monitor", "status", "fresh-demand")
    assert ran.code == 0
    assert "59.97 % spent, burn 0.5997" in ran.out
    on(plan, "monitor", "set", "fresh-demand/waste-up", f"last_fired={TODAY}")
    on(plan, "monitor", "set", "fresh-demand/order-service", "failures=1400")
    ran = on(plan, "monitor", "status", "fresh-demand", "--json")
    found = data(ran)
    assert (ran.code, found[0]["id"], found[0]["state"]) == (1, "waste-up", "fired")
    budget = next(one["budget"] for one in found if one["budget"])
    assert budget["used"] > 1


def test_tracks_have_questions_and_offers(plan: Path):
    found = data(on(plan, "tracks", "--json"))
    assert [one["track"] for one in found] == [
        "data",
        "training",
        "production",
        "test in production",
        "monitoring",
        "documentation",
    ]
    assert all(0 <= one["ready"] <= 1 for one in found)
    one = on(plan, "tracks", "churn", "production")
    assert "pr-rollback" in one.out
    assert "tp-verdict" not in one.out
    assert on(plan, "tracks", "documentation").code == 0


def test_marks_raise_the_score(plan: Path):
    before = data(on(plan, "rubric", "--json"))
    assert (before["score"], len(before["tests"])) == (0, 28)
    ran = on(plan, "rubric", "mlts-mon-1=automatic", "mlts-mon-6=by-hand", "--because", "nightly job")
    assert ran.code == 0
    assert toml(plan, "assessment.toml")["tests"]["mlts-mon-6"] == {
        "mark": "by hand",
        "because": "nightly job",
    }
    after = data(on(plan, "rubric", "--json"))
    assert after["sections"]["monitoring"] == before["sections"]["monitoring"] + 1.5
    assert after["score"] > before["score"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("apples=automatic",), "no test"),
        (("mlts-mon-1=some",), "is not a mark"),
        (("a", "b"), "one project"),
    ],
)
def test_what_the_rubric_refuses(plan: Path, words: tuple[str, ...], says: str):
    ran = on(plan, "rubric", *words)
    assert ran.code == 2
    assert says in ran.err


# ---- documents


def test_documents_say_what_is_missing_and_what_is_older_than_what_it_describes(
    plan: Path, tmp_path: Path
) -> None:
    """The runbook was written before the drift monitor's file was changed, and no second person has run it."""

    def committed(day: str, name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", name, day=day)

    git(tmp_path, "init", "-q", "-b", "main")
    committed("2026-11-01", "docs/runbook.md", "Retrain.\n")
    committed("2026-11-10", "monitoring/drift.py", "limit = 0.12\n")
    ran = on(plan, "answer", "doc-runbook", "--evidence", "docs/runbook.md")
    assert ran.code == 0, ran.err
    ran = on(plan, "documents", "--json")
    assert ran.code == 1
    found = {one["id"]: one for one in json.loads(ran.out)["data"]}
    runbook = found["doc-runbook"]
    assert (runbook["state"], runbook["tried"]) == ("out of date", False)
    assert "monitoring/drift.py" in runbook["describes"]
    assert runbook["older"] == [
        {
            "path": "docs/runbook.md",
            "day": "2026-11-01",
            "than": "monitoring/drift.py",
            "than_day": "2026-11-10",
        }
    ]
    assert (found["doc-basics"]["state"], found["doc-basics"]["needed"]) == ("no path", True)
    shown = " ".join(on(plan, "documents").out.split())
    assert "docs/runbook.md is of 2026-11-01, monitoring/drift.py was changed on 2026-11-10" in shown
    committed("2026-11-12", "docs/runbook.md", "Retrain, and look at the limit.\n")
    (after,) = (
        one for one in json.loads(on(plan, "documents", "--json").out)["data"] if one["id"] == "doc-runbook"
    )
    assert (after["state"], after["older"]) == ("not tried", [])


def test_documents_without_git_say_so(plan: Path) -> None:
    ran = on(plan, "documents")
    assert ran.code == 1
    assert "ages are not compared" in ran.err
    assert "no path is named: kedge answer doc-basics --evidence PATH" in ran.out


def test_a_document_that_leads_out_of_the_repository_does_not_count(plan: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "api.md").symlink_to("/etc/hostname")
    path = plan / "projects" / "churn" / "assessment.toml"
    path.write_text(path.read_text() + '\n[answers.doc-basics]\nevidence = ["docs/api.md"]\n')
    found = {one["id"]: one for one in json.loads(on(plan, "documents", "--json").out)["data"]}
    assert found["doc-basics"]["state"] == "outside the repository"


def test_a_limit_that_cannot_be_read_is_not_judged_and_says_so(plan: Path) -> None:
    monitor, rollout = (
        plan / f"projects/churn/{name}.toml" for name in ("monitors/input-drift", "rollouts/mvp-rollout")
    )
    monitor.write_text(monitor.read_text().replace("value = 0.12", 'value = "high"'))
    rollout.write_text(rollout.read_text().replace("value = 2.5", 'value = "some"', 1))
    said = " ".join(on(plan, "monitor", "status").out.split())
    assert "input-drift: mira; its limit cannot be read (projects/churn/monitors/input-drift.toml:" in said
    assert 'value = "high" does not fit' in said
    assert "no limit" not in said
    ran = on(plan, "monitor", "record", "input-drift", "0.3")
    assert (ran.code, "input-drift: not judged: its limit cannot be read" in ran.err) == (0, True)
    assert 'value = "some" does not fit' in " ".join(on(plan, "rollout", "steps", "mvp-rollout").out.split())
    assert "complaints: its limit cannot be read" in " ".join(
        on(plan, "rollout", "read", "mvp-rollout", "complaints=1").out.split()
    )
    assert "E109" not in on(plan, "check").out
