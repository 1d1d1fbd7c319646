"""Commands that write: what they change in the files, what they say, and that all of it can be taken back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import CHURN, TODAY, Ran, changed, kedge, snapshot

Sample = Callable[[str], Path]
CARD = "projects/churn/cards/feature-table-7k2m.toml"


@pytest.fixture
def plan(sample: Sample) -> Path:
    return sample("churn")


def run(plan: Path, *arguments: str) -> Ran:
    ran = kedge(*arguments, "--plan", str(plan), "--today", TODAY)
    assert ran.code == 0, ran.err
    return ran


def data_of(plan: Path, name: str = CARD) -> dict[str, object]:
    return tomllib.loads((plan / name).read_text())


def test_add_makes_one_file_and_prints_its_id(plan: Path) -> None:
    before = snapshot(plan)
    ran = run(
        plan, "add", "Retrain", "monthly", "@mira", "~1/2/4", "#model", "due:fri", "in:iterate/next-round"
    )
    new = ran.out.strip()
    assert re.fullmatch(r"retrain-monthly-[2-9b-z]{4}", new)
    assert "Retrain monthly" in ran.err
    path = f"projects/churn/cards/{new}.toml"
    assert changed(before, snapshot(plan)) == {path}
    data = data_of(plan, path)
    assert data["title"] == "Retrain monthly"
    assert data["place"] == "iterate/next-round"
    assert data["estimate"] == [1, 2, 4]
    assert str(data["due"]) == "2026-11-27"


SETS = {
    "a word": (("owner=sam",), {"owner": "sam"}),
    "a shortened id": (("owner=ton", "milestone=mvp"), None),
    "nothing": (("owner=",), {"owner": None}),
    "a list": (("tags=b,a",), {"tags": ["a", "b"]}),
    "more and less of a list": (("tags=+z,-data",), {"tags": ["z"]}),
    "days": (("estimate=1/2/3",), {"estimate": [1, 2, 3]}),
    "a date in words": (("due=+1w",), {"due": "2026-11-27"}),
    "a choice": (("stage=Growth",), {"stage": "growth"}),
    "a step alone": (("place=monitoring",), {"place": "execute/monitoring"}),
    "a need with a lag": (
        ("needs=metric-definitions SS+2d",),
        {"needs": ["metric-definitions-formulas-and-85bq SS+2d"]},
    ),
}


def test_a_part_of_a_choice_is_refused_with_the_whole_one(plan: Path) -> None:
    before = snapshot(plan)
    for typed, meant in (("status=don", "done"), ("stage=gro", "growth"), ("status=dnoe", "done")):
        ran = kedge("set", "feature-table-7k2m", typed, "--plan", str(plan))
        assert (ran.code, changed(before, snapshot(plan))) == (2, set())
        assert f"did you mean {meant}?" in ran.err


@pytest.mark.parametrize("case", [name for name, (_, wanted) in SETS.items() if wanted])
def test_set_writes_the_value_that_was_meant(plan: Path, case: str) -> None:
    assignments, wanted = SETS[case]
    before = snapshot(plan)
    run(plan, "set", "feature-table-7k2m", *assignments)
    assert changed(before, snapshot(plan)) == {CARD}
    data = data_of(plan)
    for name, value in (wanted or {}).items():
        found = data.get(name)
        assert (str(found) if name == "due" else found) == value


def test_set_reaches_inside_a_record(plan: Path) -> None:
    run(plan, "set", "feature-table-7k2m", "checklist.bdnt.done=yes")
    assert tomllib.loads((plan / CARD).read_text())["checklist"]["bdnt"]["done"] is True
    run(plan, "board", "set", "limits.execute=4", "views.mine.query=owner:me")
    board = tomllib.loads((plan / "board.toml").read_text())
    assert board["limits"]["execute"] == 4
    assert board["views"]["mine"]["query"] == "owner:me"


def test_a_change_is_the_smallest_change_in_the_file(plan: Path) -> None:
    old = (plan / CARD).read_text().splitlines()
    run(plan, "set", "feature-table-7k2m", "status=done")
    new = (plan / CARD).read_text().splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ('status = "doing"', 'status = "done"')
    ]


def test_several_cards_are_one_step(plan: Path) -> None:
    before = snapshot(plan)
    ids = ("feature-table-7k2m", "fill-the-ios-gap", "metric-definitions")
    run(plan, "set", *ids, "owner=sam", "tags=+shared")
    assert len(changed(before, snapshot(plan))) == 3
    assert "undid" in run(plan, "undo").err
    assert changed(before, snapshot(plan)) == set()
    run(plan, "redo")
    assert len(changed(before, snapshot(plan))) == 3


WRITES = [
    ("add", "Something new"),
    ("set", "feature-table-7k2m", "owner=sam"),
    ("move", "feature-table-7k2m", "iterate"),
    ("start", "fill-the-ios-gap"),
    ("done", "feature-table-7k2m"),
    ("block", "feature-table-7k2m", "no account yet"),
    ("unblock", "access-to-support-tickets"),
    ("drop", "feature-table-7k2m", "--reason", "legal said no"),
    ("tick", "feature-table-7k2m", "backfill"),
    ("rename", "feature-table-7k2m", "feature-store-7k2m"),
    ("rename", "churn-recall", "recall"),
    ("remove", "one-head", "churn-recall"),
    ("risk", "add", "Labels leak the outcome", "--id", "label-leak", "chance=3", "impact=4"),
    ("risk", "set", "one-head", "chance=1"),
    ("metric", "add", "Lift", "target=2"),
    ("metric", "set", "churn-recall", "target=0.7"),
    ("person", "add", "Nadia", "skills=sql,python"),
    ("project", "add", "Pricing"),
    ("strategy", "set", "vision=Nobody leaves by accident"),
]


@pytest.mark.parametrize("arguments", WRITES, ids=" ".join)
def test_whatever_is_written_can_be_previewed_and_taken_back(plan: Path, arguments: tuple[str, ...]) -> None:
    before = snapshot(plan)
    preview = run(plan, *arguments, "--dry-run")
    assert changed(before, snapshot(plan)) == set()
    named = set(re.findall(r"^(?:--- a|\+\+\+ b)/plan/(.*)$", preview.out, re.MULTILINE))
    assert named
    run(plan, *arguments)
    touched = changed(before, snapshot(plan))
    if arguments[0] != "add":  # A new card's id is drawn anew.
        assert touched == named
    assert run(plan, "undo", "--dry-run").out.startswith(("--- ", "+++ "))
    run(plan, "undo")
    assert changed(before, snapshot(plan)) == set()


def test_block_and_unblock_need_no_option(plan: Path) -> None:
    run(plan, "block", "feature-table-7k2m", "no test account yet")
    assert data_of(plan)["blocked"] == "no test account yet"
    run(plan, "block", "feature-table-7k2m", "")
    assert "blocked" not in data_of(plan)


def test_what_is_finished_is_no_longer_blocked(plan: Path) -> None:
    run(plan, "block", "feature-table-7k2m", "no test account yet")
    run(plan, "set", "feature-table-7k2m", "status=done")
    assert "blocked" not in data_of(plan)


def test_rename_follows_every_reference(plan: Path) -> None:
    before = snapshot(plan)
    run(plan, "rename", "feature-table-7k2m", "feature-store-7k2m")
    after = snapshot(plan)
    assert CARD not in after
    assert not [name for name, content in after.items() if b'"feature-table-7k2m' in content]
    assert len(changed(before, after)) > 2


def test_an_entry_stands_in_its_record(plan: Path) -> None:
    ran = run(plan, "metric", "add", "Lift over the rule", "--id", "lift", "target=2", "role=secondary")
    assert ran.out == "lift\n"
    strategy = tomllib.loads((plan / "projects/churn/strategy.toml").read_text())
    assert strategy["metrics"]["lift"] == {"title": "Lift over the rule", "role": "secondary", "target": 2}
    shown = json.loads(run(plan, "metric", "show", "lift", "--json").out)
    assert (shown["kind"], shown["data"]["target"], shown["data"]["project"]) == ("metric", 2, "churn")


def test_options_that_stand_for_all_stand_before_or_after(plan: Path) -> None:
    before = kedge("--plan", str(plan), "--json", "--today", TODAY, "ready")
    after = kedge("ready", "--plan", str(plan), "--json", "--today", TODAY)
    mixed = kedge("--json", "ready", "--plan", str(plan), "--today", TODAY)
    assert before == after == mixed
    assert before.code == 0
    nested = kedge("--plan", str(plan), "risk", "--json", "list")
    assert nested == kedge("risk", "list", "--json", "--plan", str(plan))


def test_quiet_says_nothing_and_verbose_names_the_files(plan: Path) -> None:
    assert run(plan, "start", "feature-table-7k2m", "-q").err == ""
    assert CARD in run(plan, "done", "feature-table-7k2m", "-v").err


def test_nothing_to_change_is_said_and_is_no_step(plan: Path) -> None:
    before = snapshot(plan)
    assert "so already" in run(plan, "set", "feature-table-7k2m", "owner=mira").err
    assert changed(before, snapshot(plan)) == set()
    assert kedge("undo", "--plan", str(plan)).code == 3


def test_undo_refuses_where_the_file_has_changed_since(plan: Path) -> None:
    run(plan, "done", "feature-table-7k2m")
    (plan / CARD).write_text((plan / CARD).read_text() + "# a hand's own line\n")
    before = snapshot(plan)
    ran = kedge("undo", "--plan", str(plan))
    assert ran.code == 3
    assert "changed since" in ran.err
    assert changed(before, snapshot(plan)) == set()


def test_the_diff_of_a_file_with_carriage_returns_applies(tmp_path: Path) -> None:
    plan = tmp_path / "work" / "plan"
    shutil.copytree(CHURN, plan)
    card = plan / CARD
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n"))
    git = ["git", "-C", str(tmp_path / "work"), "-c", "core.autocrlf=false"]
    subprocess.run([*git, "init", "-q"], check=True)
    arguments = ("set", "feature-table-7k2m", "owner=sam", "notes=Short.", "--plan", str(plan))
    command = [sys.executable, "-m", "kedge", *arguments, "--dry-run", "--today", TODAY]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    subprocess.run([*git, "apply", "-"], input=shown, check=True)
    patched = card.read_bytes()
    shutil.copy(CHURN / CARD, card)
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n"))
    run(plan, *arguments[:4])
    assert card.read_bytes() == patched
    assert patched.count(b"\r\n") == patched.count(b"\n") > 10


def test_the_diff_of_a_dry_run_applies_at_the_top_of_the_repository(tmp_path: Path) -> None:
    plan = tmp_path / "work" / "docs" / "plan"
    shutil.copytree(CHURN, plan)
    card = plan / CARD
    card.write_text(card.read_text().rstrip("\n"))
    git = ["git", "-C", str(tmp_path / "work")]
    subprocess.run([*git, "init", "-q"], check=True)
    before = snapshot(plan)
    for arguments in (
        ("set", "feature-table-7k2m", "owner=sam", "notes=Short."),
        ("risk", "add", "Labels leak the outcome"),
        ("rename", "mira", "mira-s"),
    ):
        ran = kedge(*arguments, "--dry-run", "--plan", str(plan), "--today", TODAY, cwd=plan)
        assert (ran.code, changed(before, snapshot(plan))) == (0, set())
        assert "docs/plan/p" in ran.out
        subprocess.run([*git, "apply", "--check", "-"], input=ran.out, text=True, check=True)
    subprocess.run([*git, "apply", "-"], input=ran.out, text=True, check=True)
    patched = snapshot(plan)
    shutil.rmtree(plan)
    for name, content in before.items():
        (plan / name).parent.mkdir(parents=True, exist_ok=True)
        (plan / name).write_bytes(content)
    run(plan, "rename", "mira", "mira-s")
    assert changed(patched, snapshot(plan)) == set()


def test_a_share_is_typed_as_one_or_as_a_percentage(plan: Path) -> None:
    refused = kedge("person", "set", "mira", "share=80", "--plan", str(plan), "--today", TODAY)
    assert refused.code == 2
    assert "share: a share is between 0 and 1; 80 % is 0.8 or `80%`" in refused.err
    run(plan, "person", "set", "mira", "share=80%")
    assert data_of(plan, "people/mira.toml")["share"] == 0.8


LONG = "word " * 80


@pytest.mark.parametrize(
    "words",
    [
        ("set", "7k2m", f"notes={LONG}"),
        ("set", "7k2m", f"notes={LONG}", "due=+1w", "owner=sam", f"title={LONG}"),
        ("block", "7k2m", LONG),
        ("drop", "7k2m", LONG),
        ("add", LONG),
    ],
)
def test_what_was_done_is_said_in_one_line(plan: Path, words: tuple[str, ...]) -> None:
    said = [run(plan, *one).err for one in (words, ("undo",), ("redo",))]
    assert all(0 < len(one.rstrip("\n")) <= 100 for one in said)
    assert all(one.count("\n") == 1 for one in said)


@pytest.mark.parametrize(
    ("name", "what"), [("churn", "a project"), ("mira", "a person"), ("app-events", "a dataset")]
)
def test_a_command_for_cards_says_what_else_has_the_id(plan: Path, name: str, what: str) -> None:
    ran = kedge("drop", name, "--reason", "no", "--plan", str(plan), "--today", TODAY)
    assert ran.code == 2
    assert f"{name} is {what}, not a card" in ran.err
    assert f"kedge show {name}" in ran.err


def test_the_id_of_a_new_card_is_short(plan: Path) -> None:
    made = run(plan, "add", "Supercalifragilistic expialidocious titles of many long words", LONG).out.strip()
    assert len(made) < 32
    assert made in run(plan, "show", made[-4:]).out.splitlines()[0]
