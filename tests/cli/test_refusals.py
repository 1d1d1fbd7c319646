"""Bad input and a hostile machine, from end to end: one clear line, the right exit code, nothing lost."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .running import TODAY, Ran, changed, kedge, snapshot

Sample = Callable[[str], Path]
CARD = "projects/churn/cards/feature-table-7k2m.toml"


def run_with(prelude: str, *arguments: str, env: dict[str, str] | None = None) -> Ran:
    """Runs kedge in a process in which something has been arranged beforehand."""
    code = (
        f"{prelude}\nimport sys\nfrom kedge.cli.main import main\nsys.argv = ['kedge', *sys.argv[1:]]\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


BAD_INPUT = {
    "an unknown command": (["lsit"], "did you mean list"),
    "an unknown option": (["list", "--colour"], "--colour"),
    "a missing argument": (["show"], "ID…"),
    "an unknown id": (["show", "featur-tabel"], "feature-table"),
    "an ambiguous id": (["show", "feature"], "features-from-masked-tickets-topics-of-q9qt"),
    "an unknown field": (["set", "feature-table-7k2m", "ownr=sam"], "did you mean owner?"),
    "a derived field": (["set", "feature-table-7k2m", "phase=plan"], "place=execute/data-pipeline"),
    "a choice that does not exist": (
        ["set", "feature-table-7k2m", "status=doen"],
        "todo, doing, done, dropped",
    ),
    "a date that is none": (["set", "feature-table-7k2m", "due=never"], "expected a date"),
    "an estimate that shrinks": (["set", "feature-table-7k2m", "estimate=5/3/2"], "2/3/5"),
    "a person who is not there": (["set", "feature-table-7k2m", "owner=mria"], "nearest: mira"),
    "a place that is not there": (["move", "feature-table-7k2m", "exekute"], "execute"),
    "an id where a place belongs": (["move", "feature-table-7k2m"], "ids and a place"),
    "a need that makes a loop": (
        ["set", "daily-subscriber-snapshot", "needs=+feature-table-7k2m"],
        "loop",
    ),
    "a need that is not there": (["set", "feature-table-7k2m", "needs=+zzzz"], "there is no card 'zzzz'"),
    "a figure out of range": (["risk", "set", "one-head", "chance=9"], "at most 5"),
    "a word for a figure": (["metric", "set", "churn-recall", "target=high"], "expected a number"),
    "a table for a field": (["set", "feature-table-7k2m", "checklist=x"], "checklist.ID.done=…"),
    "a query that cannot be read": (["list", "ownr:mira"], "expected owner"),
    "a quick line that cannot be taken": (["add", "Check it @mria"], "expected mira"),
    "an empty title": (["add", "@mira"], "a title is missing"),
    "a format with an unknown name": (["list", "--format", "{colour}"], "{colour} is not known"),
    "a format that would evaluate": (["list", "--format", "{id.__class__}"], "is not known"),
    "an unknown project": (["list", "--project", "chrn"], "churn"),
    "a bad day": (["list", "--today", "31-31"], "--today"),
    "an id that is taken": (["risk", "add", "One head"], "there is a risk one-head already"),
    "an id that is none": (["rename", "one-head", "One Head"], "is not an id"),
    "drop without a reason": (["drop", "feature-table-7k2m"], "a reason is needed"),
    "a checklist item that is not there": (["tick", "feature-table-7k2m", "zzz"], "no checklist item"),
    "a kind that is not there": (["schema", "crad"], "did you mean card"),
    "json where nothing is read": (["--json", "completion", "bash"], "has no --json"),
    "an editor without a terminal": (["edit", "feature-table-7k2m"], "needs a terminal"),
    "the board without a terminal": ([], "needs a terminal"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_answered_in_a_line(case: str, sample: Sample) -> None:
    arguments, expected = BAD_INPUT[case]
    plan = sample("churn")
    before = snapshot(plan)
    ran = kedge(*arguments, env={"KEDGE_PLAN": str(plan)})
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("kedge: ")
    assert ran.err.count("\n") <= 2
    assert expected in ran.err
    assert changed(before, snapshot(plan)) == set()


def test_an_unknown_id_names_the_nearest(sample: Sample) -> None:
    ran = kedge("show", "feture-table-7k2m", env={"KEDGE_PLAN": str(sample("churn"))})
    assert "nearest: feature-table-7k2m" in ran.err


def test_several_projects_are_listed_where_one_must_be_chosen(sample: Sample) -> None:
    plan = sample("portfolio")
    board = plan / "board.toml"
    board.write_text("".join(line for line in board.open() if not line.startswith("main_project")))
    projects = sorted(path.name for path in (plan / "projects").iterdir())
    ran = kedge("risk", "add", "Nobody has time", env={"KEDGE_PLAN": str(plan)})
    assert ran.code == 2
    assert all(name in ran.err for name in projects)
    chosen = kedge(
        "risk", "add", "Nobody has time", env={"KEDGE_PLAN": str(plan), "KEDGE_PROJECT": projects[0]}
    )
    assert (chosen.code, chosen.out) == (0, "nobody-has-time\n")
    assert (plan / "projects" / projects[0] / "risks" / "nobody-has-time.toml").is_file()


def test_a_field_of_another_name_is_found_in_the_list_of_all(tmp_path: Path) -> None:
    assert kedge("init", "--project", "P", "-q", cwd=tmp_path).code == 0
    ran = kedge("milestone", "add", "Live", "date=2027-01-29", cwd=tmp_path)
    assert ran.code == 2
    assert "there are title, " in ran.err
    assert ", due, " in ran.err


def test_the_one_project_needs_no_id(tmp_path: Path) -> None:
    assert kedge("init", "--project", "P", "-q", cwd=tmp_path).code == 0
    assert kedge("project", "set", "stage=growth", cwd=tmp_path).code == 0
    assert "growth" in kedge("project", "show", cwd=tmp_path).out


def test_a_requirement_is_called_one(tmp_path: Path) -> None:
    assert kedge("init", "--project", "P", "-q", cwd=tmp_path).code == 0
    assert "there is no business requirement yet" in kedge("business", "list", cwd=tmp_path).err
    assert "Add a technical requirement," in kedge("technical", "--help", cwd=tmp_path).out


def test_no_plan_here_says_how_to_make_one(tmp_path: Path) -> None:
    for arguments in (["list"], ["show", "x"], []):
        ran = kedge(*arguments, cwd=tmp_path)
        assert ran.code == 2
        assert "no plan in" in ran.err
        assert "kedge init" in ran.err


def test_a_plan_of_a_newer_format_is_read_and_not_written(sample: Sample) -> None:
    plan = sample("tiny")
    board = plan / "board.toml"
    board.write_text(board.read_text().replace("format = 1", "format = 99"))
    before = snapshot(plan)
    assert kedge("list", "--plan", str(plan)).out.count("\n") > 1
    card = next((plan / "projects").rglob("cards/*.toml")).stem
    ran = kedge("done", card, "--plan", str(plan))
    assert ran.code == 2
    assert "newer kedge" in ran.err
    assert changed(before, snapshot(plan)) == set()


def test_a_broken_file_is_said_and_hides_nothing_else(sample: Sample) -> None:
    plan = sample("churn")
    (plan / CARD).write_text('title = "half\n')
    ran = kedge("list", "--plan", str(plan))
    assert ran.code == 0
    assert "feature-table-7k2m.toml" in ran.err
    assert ran.out.count("\n") > 20
    assert "feature-table-7k2m" not in ran.out


# ---- the machine


def without_root_rights() -> None:
    """Takes from root what lets it write where nobody may; for others there is nothing to take."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="takes rights away with Linux's prctl")
@pytest.mark.parametrize("mode", ["file", "folder"])
def test_a_read_only_plan_is_not_written(sample: Sample, mode: str) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    target = plan / CARD if mode == "file" else (plan / CARD).parent
    target.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kedge", "set", "feature-table-7k2m", "owner=sam", "--plan", str(plan)],
            preexec_fn=without_root_rights,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        target.chmod(0o755)
    if "set owner=sam" in done.stderr:
        pytest.skip("this sandbox does not let root give up its rights")
    assert done.returncode == 3
    assert done.stderr == f"kedge: no permission: cannot write {CARD}\n  nothing was changed\n"
    assert changed(before, snapshot(plan)) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files with setrlimit")
def test_a_disk_that_takes_no_more_leaves_everything_as_it_was(sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    prelude = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))"
    ran = run_with(prelude, "set", "feature-table-7k2m", "owner=sam", "--plan", str(plan))
    assert ran.code == 3
    assert ran.err.startswith("kedge: the file is too large: cannot write ")
    assert "nothing was changed" in ran.err
    assert changed(before, snapshot(plan)) == set()
    assert kedge("set", "feature-table-7k2m", "owner=sam", "--plan", str(plan)).code == 0


FULL = """
import errno, os
real = os.write
def full(handle, content):
    if len(content) > 0 and "plan" in os.readlink(f"/proc/self/fd/{handle}").split("/"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return real(handle, content)
os.write = full
"""


@pytest.mark.skipif(sys.platform != "linux", reason="finds the file of a handle in /proc")
def test_a_full_disk_is_named_as_such(sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    ran = run_with(FULL, "rename", "feature-table-7k2m", "feature-store-7k2m", "--plan", str(plan))
    assert ran.code == 3
    assert "the disk is full" in ran.err
    assert changed(before, snapshot(plan)) == set()


MEANWHILE = """
from kedge.storage.plan.workspace import Workspace
real = Workspace.write
def write(self, batch):
    with open(self.root + "/{card}") as file:
        text = file.read()
    with open(self.root + "/{card}", "w") as file:
        file.write(text.replace({old!r}, {new!r}))
    return real(self, batch)
Workspace.write = write
"""


def test_what_someone_else_changed_meanwhile_is_never_overwritten(sample: Sample) -> None:
    plan = sample("churn")
    prelude = MEANWHILE.format(card=CARD, old='owner = "mira"', new='owner = "jonas"')
    ran = run_with(prelude, "set", "feature-table-7k2m", "owner=sam", "--plan", str(plan))
    assert ran.code == 3
    assert "changed by someone else" in ran.err
    assert "jonas" in ran.err
    assert "sam" in ran.err
    assert 'owner = "jonas"' in (plan / CARD).read_text()


def test_what_someone_else_changed_elsewhere_in_the_file_is_merged(sample: Sample) -> None:
    plan = sample("churn")
    prelude = MEANWHILE.format(card=CARD, old='owner = "mira"', new='owner = "jonas"')
    ran = run_with(prelude, "set", "feature-table-7k2m", "status=done", "--plan", str(plan))
    assert ran.code == 0
    text = (plan / CARD).read_text()
    assert 'owner = "jonas"' in text
    assert 'status = "done"' in text


WAITING = """
import os
from kedge.storage.disk import swap
real = swap.exchange
def exchange(aside, target):
    if target.endswith("{last}"):
        os.write(1, b"writing")
        os.read(0, 1)
    return real(aside, target)
swap.exchange = exchange
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal to a process group")
def test_ctrl_c_in_the_middle_of_writing_leaves_nothing_half_done(sample: Sample) -> None:
    plan = sample("churn")
    before = snapshot(plan)
    # The card's own file is written first; the interrupt comes when a card that refers to it is next.
    last = sorted(name for name in before if b'"feature-table-7k2m' in before[name])[-1]
    code = WAITING.format(last=last.rpartition("/")[2]) + (
        "import sys\nfrom kedge.cli.main import main\nsys.argv = ['kedge', *sys.argv[1:]]\nmain()"
    )
    command = [
        sys.executable,
        "-c",
        code,
        "rename",
        "feature-table-7k2m",
        "feature-store-7k2m",
        "--plan",
        str(plan),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(7) == b"writing"
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read().decode()
        process.wait(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "stopped" in said
    assert changed(before, snapshot(plan)) == set()
    assert kedge("show", "feature-table-7k2m", "--plan", str(plan)).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="closes a pipe")
def test_a_reader_who_goes_away_is_no_error(sample: Sample) -> None:
    plan = sample("churn")
    with subprocess.Popen(
        [sys.executable, "-m", "kedge", "list", "--json", "--plan", str(plan)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()
        process.wait(timeout=30)
    assert process.returncode in (0, 141)
    assert said == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_output_that_cannot_be_written_is_said(sample: Sample) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kedge", "list", "--plan", str(sample("tiny"))],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.startswith("kedge: cannot write the output: ")
    assert done.stderr.count("\n") == 1


def test_an_error_of_ours_leaves_a_report_and_no_traceback(tmp_path: Path) -> None:
    prelude = "import kedge.cli.listing as listing; listing.card_data = None"
    ran = run_with(prelude, "list", "--json", "--plan", plan_of("tiny"), env={"KEDGE_STATE": str(tmp_path)})
    assert ran.code == 70
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert "an error in kedge itself: TypeError" in ran.err
    (report,) = (tmp_path / "crashes").iterdir()
    assert str(report) in ran.err
    assert "Traceback" in report.read_text()
    shown = run_with(
        prelude,
        "list",
        "--json",
        "--plan",
        plan_of("tiny"),
        env={"KEDGE_STATE": str(tmp_path), "KEDGE_DEBUG": "1"},
    )
    assert "Traceback" in shown.err


def plan_of(name: str) -> str:
    return str(Path(__file__).parents[2] / "samples" / name / "plan")


def test_text_of_a_plan_never_reaches_the_terminal_as_control_codes(sample: Sample) -> None:
    plan = sample("churn")
    path = plan / CARD
    hostile = r"\u001b]0;owned\u0007\u202e\u009b2J[bold]x"
    path.write_text(
        path.read_text()
        .replace('title = "Build the churn feature table"', f'title = "{hostile}"')
        .replace('owner = "mira"', f'owner = "mira"\nodd = "{hostile}"')
    )
    for arguments in (
        ["list"],
        ["list", "--csv"],
        ["list", "--json"],
        ["list", "--format", "{title}"],
        ["show", "feature-table-7k2m"],
        ["ready"],
        ["start", "feature-table-7k2m", "--dry-run"],
    ):
        ran = kedge(*arguments, "--plan", str(plan), "--today", TODAY)
        assert ran.code == 0, ran.err
        assert not set(ran.out + ran.err) & set("\x1b\x07\u202e\x9b"), arguments


@pytest.mark.parametrize("start", [["-m", "kedge"], ["-c", "from kedge.__main__ import main; main()"]])
def test_in_a_folder_that_was_removed_there_is_one_line(tmp_path: Path, start: list[str]) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    command = ["sh", "-c", script, "sh", str(folder), sys.executable, *start, "list"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert ran.stderr.startswith("kedge: the folder that you are in cannot be read: ")
    assert "cd" in ran.stderr
    assert "Traceback" not in ran.stderr
