"""The trip of the tutorial with its main parts by keys, on the board in a real terminal.

What the page says by commands is said by commands, but for what a person does on the board: a card, an answer, the
decisions at the gates, the reading of the live test, a value of a monitor, the look back, and the next cycle.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kedge.storage.disk.actor import OF_AGENTS

from .screen import Terminal, until
from .test_tutorial import PAGE, PARTS, ran

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, a real terminal")
PROJECT = "plan/projects/late-parcels"
_FOOT = "? help"


class Trip:
    """A person at the board of one repository, day after day."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal = terminal
        self.folder = folder

    def open(self, day: str) -> None:
        """Opens the board as on a day."""
        self.terminal.kedge("--today", day)
        self.terminal.wait(
            lambda screen: "Execute" in screen and _FOOT in screen and "reading the plan" not in screen
        )

    def close(self) -> None:
        """Back to the shell; everything is saved then."""
        self.terminal.keys("q")
        self.terminal.wait("ready>")
        self.terminal.run("clear")
        self.terminal.wait_gone(_FOOT)

    def keys(self, *names: str, then: str) -> str:
        """Presses keys, and waits for what they bring."""
        self.terminal.keys(*names)
        return self.terminal.wait(then)

    def typed(self, text: str, then: str) -> str:
        """Types into what is open, sends it off, and waits for what that brings."""
        self.terminal.type(text)
        self.terminal.wait(text.rpartition(" ")[2])
        return self.keys("Enter", then=then)

    def record(self, name: str) -> dict[str, Any]:
        """A file of the project."""
        return tomllib.loads((self.folder / PROJECT / name).read_text())

    def until(self, name: str, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Waits until a file of the project says something."""

        def there() -> bool:
            path = self.folder / PROJECT / name
            return path.exists() and holds(tomllib.loads(path.read_text()))

        until(there, f"what {name} should say")


# ---- the parts that are done by keys


def add_card(trip: Trip, line: str) -> None:
    """`a` takes the same words as the command."""
    words = line.removeprefix("kedge add ").replace('"', "").replace("'", "")
    trip.keys("a", then="add")
    trip.typed(words, then="Features every")
    cards = trip.folder / PROJECT / "cards"
    until(lambda: any(cards.glob("features-every*")), "the card's file")


def answer(trip: Trip, line: str) -> None:
    """The filter of Assess finds the question, Enter opens its answer."""
    _, _, question, grade = line.split()
    trip.keys("2", then="Discover the problem")
    trip.keys("/", then="filter")
    trip.typed(question, then=f"filter: {question}")
    trip.keys("Enter", then="Answer ─")
    trip.typed(grade, then="is met")
    trip.until("assessment.toml", lambda said: said["answers"].get(question, {}).get("verdict") == int(grade))


def decide(trip: Trip, line: str) -> None:
    """`d` on Assess asks for the gate, the outcome, the person and the reason, one after the other."""
    found = re.fullmatch(r'kedge gate (\S+) (?:--gate \S+ )?--by (\S+) --because "(.+)"', line)
    assert found is not None, line
    outcome, person, reason = found.groups()
    trip.keys("2", then="Datasets")
    if trip.record("project.toml")["phase"] == "execute":
        trip.keys("d", then="Which gate is decided?")
        trip.typed("real users" if "gate-traffic" in line else "others run it", then="How does it end?")
    else:
        trip.keys("d", then="How does it end?")
    name = {"pass": "go"}.get(outcome, outcome)
    trip.typed(name, then="Who decides?")
    trip.typed(person, then=f"why {name}")
    trip.typed(reason, then="decided;")


def read_test(trip: Trip, line: str) -> None:
    """`v` on the live test takes the same counts as the command."""
    trip.keys("6", then="Experiments")
    trip.keys("/", then="filter")
    trip.typed("id:calls", then="v record")
    trip.keys("v", then="Enter the counts")
    trip.terminal.keys("C-u")
    trip.typed(line.partition("calls ")[2], then="better")
    trip.until("experiments/calls.toml", lambda said: said.get("result") == "supports")


def monitor_value(trip: Trip) -> None:
    """`v` on a monitor takes a value; the page has none."""
    trip.keys("Escape", then="Monitors")
    trip.keys("/", then="filter")
    trip.typed("id:drift", then="v record")
    trip.keys("v", then="Record a reading")
    trip.typed("0.25", then="fired")
    trip.until("monitors/drift.toml", lambda said: bool(said.get("readings")))
    trip.keys("u", then="undid")
    trip.until("monitors/drift.toml", lambda said: not said.get("readings"))


def look_back(trip: Trip, _: str) -> None:
    """`B` shows the cycle, `r` writes it down."""
    trip.keys("B", then="write it down")
    trip.terminal.wait("gain a year: actual 95,000")
    trip.keys("r", then="do the figures not say")
    trip.typed("Two depots first", then="Two depots first")
    trip.typed("Phone lines came late", then="Phone lines came late")
    trip.keys("Enter", then="evidence")
    trip.typed("One depot called only half of its list", then="proposed to happen next")
    trip.typed("next", then="Written down")
    # An escape and the next key could come as one.
    trip.terminal.keys("Enter")
    trip.terminal.wait_gone("Written down")
    trip.until("reviews/cycle-1-mvp.toml", lambda said: said["next"] == "next stage")


def next_cycle(trip: Trip, line: str) -> None:
    """`d` in the look back decides, with what the gate asks of each outcome in sight."""
    trip.keys("B", then="decide what happens next")
    trip.keys("d", then="How does it end?")
    trip.typed("next", then="Who decides?")
    trip.typed("helen", then="why next stage")
    trip.typed(line.partition('--because "')[2].rstrip('"'), then="cycle 2")


BY_KEYS: dict[str, Callable[[Trip, str], None]] = {
    'kedge add "Features': add_card,
    "kedge answer disc-fit": answer,
    "kedge gate pass": decide,
    "kedge gate go": decide,
    "kedge gate iterate": decide,
    "kedge experiment read": read_test,
    "kedge review record": look_back,
    "kedge gate next-stage": next_cycle,
}


def lines() -> Iterator[tuple[str, str]]:
    """The commands of the page with their days, as far as the first cycle goes."""
    day = ""
    for part in PARTS.finditer(PAGE.read_text().partition("## The second cycle")[0]):
        day = part["day"] or day
        for line in (part["body"] or "").splitlines():
            if part["kind"] == "sh" or line.startswith("$ "):
                yield day, line.removeprefix("$ ")


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """No agent runs these tests, whoever started them."""
    for name in ("KEDGE_ACTOR", "KEDGE_PLAN", *OF_AGENTS):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "parcels"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@pytest.fixture
def terminal(person: None, repository: Path, tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "welcomed").touch()
    opened = Terminal(repository, KEDGE_STATE=str(tmp_path / "state"))
    yield opened
    opened.close()


def test_the_trip_with_its_main_parts_by_keys(terminal: Terminal, repository: Path) -> None:
    trip, done = Trip(terminal, repository), list[str]()
    for day, line in lines():
        act = next((one for start, one in BY_KEYS.items() if line.startswith(start)), None)
        if act is None:
            found = ran(line, day, repository)
            assert found.code in (0, 1), f"{line}\n{found.out}{found.err}"
            continue
        trip.open(day)
        act(trip, line)
        if act is read_test:
            monitor_value(trip)
        trip.close()
        done.append(act.__name__)
    assert done == [
        *("answer", "decide", "add_card", "decide", "decide", "read_test", "decide"),
        *("look_back", "next_cycle"),
    ]
    project = trip.record("project.toml")
    assert (project["phase"], project["cycle"], project["stage"]) == ("assess", 2, "growth")
    decisions = sorted(path.stem for path in (repository / PROJECT / "decisions").iterdir())
    assert [one.rpartition("-20")[0] for one in decisions] == [
        *("gate-assess-go", "gate-execute-iterate", "gate-iterate-next-stage", "gate-plan-go"),
        "gate-traffic-go",
    ]
    review = trip.record("reviews/cycle-1-mvp.toml")
    assert (review["went_well"], review["went_badly"]) == (["Two depots first"], ["Phone lines came late"])
    assert review["results"]["complaints"]["why"] == "One depot called only half of its list"
    answers = trip.record("assessment.toml")["answers"]
    assert (answers["pri-ev-value"]["verdict"], answers["pri-ev-value"]["result"]) == ("proven", "supports")
