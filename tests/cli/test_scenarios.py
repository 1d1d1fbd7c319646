"""`kedge scenarios`: branches side by side, each against the first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kedge.cli.output import width

from .running import TODAY, kedge
from .test_diff import CARD, FILES, HOSTILE, TABLE, commit, git, write

RISK = 'title = "No data"\nchance = {chance}\nimpact = 4\nstate = "open"\n'


@pytest.fixture
def top(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {**FILES, "plan/projects/churn/risks/data.toml": RISK.format(chance=2)})
    git(tmp_path, "checkout", "-q", "-b", "slow")
    slow = FILES[TABLE].replace("[2, 3, 5]", "[8, 12, 20]")
    commit(tmp_path, {TABLE: slow, "plan/projects/churn/risks/data.toml": RISK.format(chance=5)})
    git(tmp_path, "checkout", "-q", "-b", "more", "main")
    commit(tmp_path, {"plan/projects/churn/cards/new-9x4p.toml": CARD.format(title=HOSTILE)})
    return tmp_path


def figures(top: Path, *words: str) -> dict[tuple[str, str | None, str | None], list[object]]:
    data = json.loads(kedge("scenarios", *words, "--json", "--today", TODAY, cwd=top).out)["data"]
    return {(one["what"], one["project"], one["milestone"]): one["values"] for one in data["figures"]}


def test_each_state_has_its_dates_money_scope_and_risk(top: Path) -> None:
    found = figures(top, "main", "slow", "more")
    for what in ("date", "p80"):
        main, slow, more = found[what, "churn", "live"]
        assert str(main) < str(slow)
        assert str(main) < str(more)
    assert found["cards", "churn", None] == [2, 2, 3]
    assert found["risks", "churn", None] == [1, 1, 1]
    assert found["risk", "churn", None] == [8, 20, 8]
    money = found["cost", "churn", None]
    assert money[0] < min(money[1:])  # pyright: ignore[reportArgumentType, reportOperatorIssue]
    held = found["on_time", "churn", "live"]
    assert held[0] > held[1]  # pyright: ignore[reportOperatorIssue]


def test_the_same_state_has_the_same_figures(top: Path) -> None:
    data = json.loads(kedge("scenarios", "main", "main", "--json", "--today", TODAY, cwd=top).out)["data"]
    assert data["figures"]
    assert not any(one["differs"] for one in data["figures"])
    assert "no figure differs" in kedge("scenarios", "main", "main", "--today", TODAY, cwd=top).out


def test_one_revision_is_compared_with_the_work_tree(top: Path) -> None:
    write(top, {TABLE: FILES[TABLE].replace("[2, 3, 5]", "[8, 12, 20]")})
    data = json.loads(kedge("scenarios", "main", "--json", "--today", TODAY, cwd=top).out)["data"]
    assert [one["commit"] for one in data["scenarios"]] == [git(top, "rev-parse", "main"), None]
    assert any(one["differs"] for one in data["figures"])


def test_the_table_fits_80_columns_however_many_states_there_are(top: Path) -> None:
    for names in (("main", "slow"), ("main", "slow", "more", "slow", "main", "more")):
        text = kedge("scenarios", *names, "--today", TODAY, cwd=top).out
        assert max(map(width, text.splitlines())) <= 80
        assert re.search(r"^Live +P80 +[0-9]|^Live P80$", text, re.MULTILINE)
        assert "(+" in text
        assert "\x1b" not in text


def test_the_table_of_a_diff_fits_80_columns(top: Path) -> None:
    _, *rows = kedge("diff", "main", "slow", "--today", TODAY, cwd=top).out.splitlines()
    assert any(row.startswith("  Live P80 ") for row in rows)
    # The verdict is one line, and is broken where a terminal is narrower.
    assert max(map(width, rows)) <= 80


def test_what_cannot_be_read_is_said(top: Path) -> None:
    done = kedge("scenarios", "main", "nowhere", "--today", TODAY, cwd=top)
    assert done.code == 2
    assert "no such revision" in done.err
    assert kedge("scenarios", *["main"] * 9, "--today", TODAY, cwd=top).code == 2


def test_a_file_that_cannot_be_read_is_counted_beside_the_figures_that_it_flatters(top: Path) -> None:
    write(top, {TABLE: 'title = "broken\n'})
    assert figures(top, "main", ":work")["unread", None, None] == [0, 1]
    shown = " ".join(kedge("scenarios", "main", ":work", "--today", TODAY, cwd=top).out.split())
    assert "1 file unreadable, not in the figures" in shown
    assert ("unread", None, None) not in figures(top, "main", "slow")
