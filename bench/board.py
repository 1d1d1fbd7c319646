"""How fast the board is, in a real terminal: a private tmux server of 160 by 48, with 100, 1,000 and 10,000 cards.

    python bench/board.py [--sizes 100,1000,10000] [--runs 20]

tmux's control mode tells each output of the program at once, so that a key's time is that from sending it to the last
byte of what it paints. Launches are compared with reading the plan alone and with an empty Textual app; keys with
a bare list that Textual draws line by line. The server, its folder and the programs in it are gone at the end.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import os
import queue
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SIZE = (160, 48)
QUIET = 0.06
"""Seconds without output after which a paint counts as complete."""
PATIENCE = 60.0
PATIENCE_AFTER = 3.0
"""Seconds until everything that follows from a burst of keys has been worked out."""
BURST = ["Space", ">", "Space", "<", "Space"] * 6
BURST_PAUSE = 0.12
_NUMBERS = itertools.count()
IDLE = 10.0
_ESCAPE = re.compile(
    r"\x1b\[[0-9;?<>=]*[A-Za-z$@]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_OCTAL = re.compile(rb"\\([0-7]{3})")


class Terminal:
    """A program in a private tmux server, watched through control mode."""

    def __init__(self, command: list[str], folder: str) -> None:
        self.name = f"kedge-bench-{os.getpid()}-{next(_NUMBERS)}"
        environment = {**os.environ, "TERM": "xterm-256color", "KEDGE_STATE": folder, "LC_ALL": "C.UTF-8"}
        environment |= {"KEDGE_CONFIG": os.path.join(folder, "none.toml")}
        environment.pop("TMUX", None)
        # Not the first time on this machine: no tour.
        os.makedirs(folder, exist_ok=True)
        Path(folder, "welcomed").touch()
        line = " ".join(f"'{part}'" for part in command)
        self.began = time.perf_counter()
        self._client = subprocess.Popen(
            [
                *("tmux", "-L", self.name, "-f", os.devnull, "-C", "new-session"),
                *("-x", str(SIZE[0]), "-y", str(SIZE[1]), line),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            bufsize=0,
        )
        self._chunks: queue.Queue[tuple[float, str]] = queue.Queue()
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._tell(f"refresh-client -C {SIZE[0]}x{SIZE[1]}")
        self.pid = int(self._ask("display-message -p 'pid #{pane_pid}'", "pid ").split()[1])

    def _read(self) -> None:
        assert self._client.stdout
        for line in self._client.stdout:
            now = time.perf_counter()
            if line.startswith(b"%output "):
                raw = _OCTAL.sub(lambda found: bytes([int(found[1], 8)]), line.split(b" ", 2)[2])
                self._chunks.put((now, raw.decode("utf-8", "replace")))
            elif not line.startswith(b"%"):
                self._answers.put(line.decode().strip())

    def _tell(self, command: str) -> None:
        assert self._client.stdin
        self._client.stdin.write(command.encode() + b"\n")

    def _ask(self, command: str, start: str) -> str:
        self._tell(command)
        while not (answer := self._answers.get(timeout=PATIENCE)).startswith(start):
            pass
        return answer

    def painted(self, since: float, words: str = "") -> float:
        """Seconds from a moment to the end of a paint (that has some words in it, where they are given)."""
        text, last = "", 0.0
        while True:
            found = not words or words in _ESCAPE.sub("", text)
            try:
                last, chunk = self._chunks.get(timeout=QUIET if last and found else PATIENCE)
                text += chunk
            except queue.Empty:
                if not (last and found):
                    raise TimeoutError(f"{words!r} was not painted") from None
                return last - since

    def press(self, key: str) -> float:
        """Seconds from a key to the end of what it paints."""
        began = time.perf_counter()
        self._tell(f"send-keys -l '{key}'" if len(key) == 1 else f"send-keys {key}")
        return self.painted(began)

    def settle(self, seconds: float) -> None:
        """Lets the program be for a while, and forgets what it painted."""
        time.sleep(seconds)
        while not self._chunks.empty():
            self._chunks.get()

    def memory(self) -> float:
        """Resident memory in MB."""
        text = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+)", text)
        assert found
        return int(found[1]) / 1024

    def used(self) -> float:
        """Seconds of processor time that the program has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def processor(self, seconds: float) -> float:
        """Share of one core that the program takes while nothing happens."""
        before = self.used()
        time.sleep(seconds)
        return (self.used() - before) / seconds

    def burst(self, pressed: list[str], pause: float) -> list[float]:
        """Seconds from each of some keys to the first that is painted after it; keys do not wait for paints."""
        self.settle(0.2)
        sent: list[float] = []
        for key in pressed:
            sent.append(time.perf_counter())
            self._tell(f"send-keys -l '{key}'" if len(key) == 1 else f"send-keys {key}")
            time.sleep(pause)
        time.sleep(PATIENCE_AFTER)
        painted = [self._chunks.get()[0] for _ in range(self._chunks.qsize())]
        firsts = [min((at for at in painted if at > since), default=since + PATIENCE) for since in sent]
        return [first - since for first, since in zip(firsts, sent, strict=True)]

    def close(self) -> None:
        """Ends the program and its server."""
        subprocess.run(["tmux", "-L", self.name, "kill-server"], check=False, capture_output=True)
        self._client.wait(timeout=10)


# ---- programs that are measured, each started as `board.py --show …`


def show_board(root: str) -> None:
    """The board itself."""
    from kedge.tui.app.launch import run

    run(root, None, dt.date(2026, 11, 21))


def show_empty() -> None:
    """A Textual app with a word on it."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Empty(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("nothing-here")

    Empty().run()


def show_list(count: int) -> None:
    """The barest list that can be drawn line by line."""
    from rich.segment import Segment
    from rich.style import Style
    from textual import events
    from textual.app import App, ComposeResult
    from textual.geometry import Region, Size
    from textual.scroll_view import ScrollView
    from textual.strip import Strip

    class Lines(ScrollView, can_focus=True):
        at = 0

        def on_mount(self) -> None:
            self.virtual_size = Size(SIZE[0], count)

        def render_line(self, y: int) -> Strip:
            number = y + self.scroll_offset.y
            text = f"line {number} of the barest list" if number < count else ""
            return Strip([Segment(text.ljust(self.size.width), Style(reverse=number == self.at))])

        def on_key(self, event: events.Key) -> None:
            before, self.at = self.at, max(0, min(count - 1, self.at + {"j": 1, "k": -1}.get(event.key, 0)))
            for line in (before, self.at):
                self.refresh(Region(0, line - self.scroll_offset.y, self.size.width, 1))
            self.scroll_to_region(Region(0, self.at, 1, 1), animate=False, force=True)

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Lines()

    Bare().run()


def show_reading(root: str) -> None:
    """Prints how many milliseconds it takes to read the plan, imports included."""
    began = time.perf_counter()
    from kedge.storage.plan.workspace import Workspace

    Workspace.open(root, os.environ)
    print(f"{(time.perf_counter() - began) * 1000:.0f}")


# ---- measuring


def milliseconds(values: list[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"p50 {statistics.median(ordered) * 1000:6.1f} ms   p95 {p95 * 1000:6.1f} ms   n={len(ordered)}"


def launches(command: list[str], words: str, runs: int, folder: str) -> tuple[list[float], float]:
    """Seconds from starting a program to its first complete paint, several times; and of processor time until then."""
    found: list[float] = []
    used: list[float] = []
    for _ in range(runs):
        terminal = Terminal(command, folder)
        try:
            found.append(terminal.painted(terminal.began, words))
            used.append(terminal.used())
        finally:
            terminal.close()
    return found, statistics.median(used)


def keys(terminal: Terminal, pressed: list[str], runs: int) -> list[float]:
    """Seconds for each of some keys, over and over until there are enough; the first round does not count."""
    for key in pressed:
        terminal.press(key)
    return [terminal.press(pressed[number % len(pressed)]) for number in range(max(runs, 20))]


def measure(cards: int, runs: int, folder: Path) -> tuple[float, float]:
    """Prints everything for one size of plan; seconds to the first paint of a change, and of processor time."""
    from plans import write_plan

    home = folder / f"plan-{cards}"
    root = str(write_plan(home, cards))
    own = [sys.executable, os.path.abspath(__file__), "--show"]
    state = str(folder / "state")
    print(f"\n{cards} cards")
    reading = [
        float(subprocess.run([*own, "reading", root], check=True, capture_output=True, text=True).stdout)
        / 1000
        for _ in range(runs)
    ]
    empty, least = launches([*own, "empty"], "nothing-here", runs, state)
    board, whole = launches([*own, "board", root], "Benchmark project", runs, state)
    limit = 1.5 * (statistics.median(reading) + statistics.median(empty))
    print(f"  reading the plan alone       {milliseconds(reading)}")
    print(f"  empty Textual app, painted   {milliseconds(empty)}")
    print(f"  board, first complete paint  {milliseconds(board)}   (1.5 x both: {limit * 1000:.0f} ms)")
    print(f"  its processor time           {whole / least:.2f} times that of the empty app")

    bare = Terminal([*own, "list", str(cards)], state)
    try:
        bare.painted(bare.began, "line 3 of")
        bare.settle(0.5)
        print(f"  bare list, one line down     {milliseconds(keys(bare, ['j'] * 20 + ['k'] * 20, 2 * runs))}")
    finally:
        bare.close()

    terminal = Terminal([*own, "board", root], state)
    try:
        terminal.painted(terminal.began, "Benchmark project")
        terminal.settle(6 if cards > 5000 else 2)
        for name, pressed in (
            ("focus down and up", ["j"] * 10 + ["k"] * 10),
            ("focus right and left", ["l", "h"]),
            ("half a page", ["C-d", "C-u"]),
            ("first and last", ["G", "Home"]),
            ("next status", ["Space"]),
            ("move a column and back", [">", "<"]),
        ):
            print(f"  {name:27}  {milliseconds(keys(terminal, pressed, runs))}")
            terminal.settle(1)
        terminal.press("/")
        terminal.press("m")
        print(
            f"  filter, a keystroke          {milliseconds(keys(terminal, ['o', 'n', 'i', *['BSpace'] * 3], runs))}"
        )
        terminal.press("Escape")
        terminal.settle(5 if cards > 5000 else 2)
        rest, used = terminal.memory(), terminal.used()
        painted = [one for _ in range(3) for one in terminal.burst(BURST, BURST_PAUSE)]
        each = (terminal.used() - used) / len(painted)
        after = terminal.memory()
        print(
            f"  a change in a burst          {milliseconds(painted)}, {each * 1000:.0f} ms of processor time"
        )
        print(
            f"  memory                       {rest:.0f} MB, after {len(painted)} keys {after / rest:.2f} times that"
        )
        print(f"  processor when idle          {terminal.processor(IDLE) * 100:.2f} % of one core")
        return statistics.median(painted), each
    finally:
        terminal.close()


def main() -> None:
    """Reads the options, and measures or shows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--show", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.show:
        name, *arguments = options.show
        match name:
            case "board":
                show_board(arguments[0])
            case "empty":
                show_empty()
            case "list":
                show_list(int(arguments[0]))
            case _:
                show_reading(arguments[0])
        return
    if shutil.which("tmux") is None:
        sys.exit("this benchmark needs tmux")
    sys.path.insert(0, str(Path(__file__).parent))
    with tempfile.TemporaryDirectory(prefix="kedge-bench-") as folder:
        found = {
            int(size): measure(int(size), options.runs, Path(folder)) for size in options.sizes.split(",")
        }
    least, most = min(found), max(found)
    paint, each = (large / small for large, small in zip(found[most], found[least], strict=True))
    print(
        f"\na change at {most} cards, in those of one at {least}: {paint:.1f} to its paint, {each:.1f} of the processor"
    )


if __name__ == "__main__":
    main()
