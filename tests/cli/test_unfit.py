"""Commands on a plan with values that cannot be read: what they say, how they end, and that nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kedge.cli.main import run

CARD = "plan/projects/churn/cards/label-audit-9x4p.toml"
PROJECT = "plan/projects/churn/project.toml"
FILES = {
    "plan/board.toml": "format = 1\n",
    "plan/people/mira.toml": 'name = "Mira"\n',
    PROJECT: 'title = "Churn"\ngoals = "none"\n',
    CARD: 'title = "Audit"\nplace = "plan"\nestimate = "3 days"\nowner = "mira"\ntags = "data, infra"\n',
}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kedge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `kedge` in a folder with the plan: exit code, stdout, stderr."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("KEDGE_STATE", str(tmp_path / "state"))
    for name in ("KEDGE_PLAN", "KEDGE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def runner(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


@pytest.mark.parametrize(
    "words",
    [
        ("set", "9x4p", "estimate=3"),
        ("set", "9x4p", "estimate="),
        ("goal", "add", "Less churn"),
    ],
)
def test_touching_it_ends_with_3_and_names_the_line(kedge: Run, words: tuple[str, ...]) -> None:
    code, out, err = kedge(*words)
    assert code == 3
    assert not out
    assert ":3: estimate" in err or ":2: goals" in err
    assert {name: Path(name).read_text() for name in FILES} == FILES


def test_lists_say_that_something_stands_there(kedge: Run) -> None:
    assert "unreadable" in kedge("list")[1]
    (card,) = json.loads(kedge("list", "--json")[1])["data"]
    assert "3 days" in card["unreadable"]["estimate"]
    assert "unreadable" in kedge("list", "--csv")[1]
    assert 'estimate = "3 days"' in kedge("show", "9x4p")[1]
    code, out, err = kedge("goal", "list")
    assert (code, out) == (0, "")
    assert 'goals = "none"' in err
    assert "yet" not in err
    assert 'goals = "none"' in kedge("goal", "show", "less-churn")[2]


def test_a_question_whose_records_cannot_be_read_is_not_called_open(kedge: Run) -> None:
    line = next(line for line in kedge("assess")[1].splitlines() if "disc-outcome" in line)
    assert "unread" in line
    assert "open" not in line


def test_what_is_plain_is_converted_and_said(kedge: Run) -> None:
    code, _, err = kedge("set", "9x4p", "tags=+ml", "--dry-run")
    assert "tags was a text" in err
    assert Path(CARD).read_text() == FILES[CARD]
    code, _, err = kedge("set", "9x4p", "tags=+ml")
    assert code == 0
    assert "tags was a text, and becomes a list of 2 items" in err
    text = Path(CARD).read_text()
    assert all(f'"{word}",\n' in text for word in ("data", "infra", "ml"))


def test_fmt_converts_what_is_plain_and_leaves_the_rest(kedge: Run) -> None:
    code, _, err = kedge("fmt")
    assert code == 0
    assert "tags was a text" in err
    text = Path(CARD).read_text()
    assert 'tags = [\n  "data",\n  "infra",\n]\n' in text
    assert 'estimate = "3 days"' in text
    assert 'goals = "none"' in Path(PROJECT).read_text()
    assert kedge("fmt", "--check")[0] == 0


def test_a_rename_past_a_file_that_may_name_it_ends_with_3(kedge: Run) -> None:
    broken = FILES[CARD] + "x =\n"
    Path(CARD).write_text(broken)
    code, _, err = kedge("rename", "mira", "mirabel")
    assert code == 3
    assert "label-audit-9x4p.toml:4 cannot be read" in err
    assert Path("plan/people/mira.toml").exists()
    assert Path(CARD).read_text() == broken
