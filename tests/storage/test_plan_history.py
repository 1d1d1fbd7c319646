"""The history of all cards: branches, merges, renames, clocks, and a cache that may hold anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kedge.model.flow.card_history import CardHistory, CardState, PlanHistory
from kedge.storage.disk.cache_file import load, store
from kedge.storage.disk.repository import GitProblem, Reason
from kedge.storage.git import git as asking
from kedge.storage.git import history_cache
from kedge.storage.git import plan_history as module
from kedge.storage.git.plan_history import plan_history, state_of

from .repositories import CARDS, FILES, commit, environment, git, repository, write

TABLE = f"{CARDS}/table-7k2m.toml"


def card(status: str = "todo", owner: str = "", notes: str = "") -> str:
    """A card on whose lines two branches do not meet."""
    return (
        f'title = "T"\n\nplace = "execute"\n\nstatus = "{status}"\n\n# ----\n\nowner = "{owner}"\n\n'
        f'notes = "{notes}"\n'
    )


@pytest.fixture
def top(tmp_path: Path) -> Path:
    made = repository(tmp_path / "top")
    write(made, {TABLE: card()})
    git(made, "commit", "-q", "-a", "--amend", "-m", "plan")
    return made


def change(top: Path, text: str, day: str, path: str = TABLE, author: str = "Mira") -> str:
    write(top, {path: text})
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "change", day=day, author=author)
    return git(top, "rev-parse", "HEAD")


def read(top: Path, place: str = "plan") -> PlanHistory:
    """The history, from git and then from the cache: both are the same."""
    state = {"KEDGE_STATE": str(top.parent / "state")}
    found = plan_history(str(top / place), environment(**state))
    assert isinstance(found, PlanHistory), found
    assert plan_history(str(top / place), environment(**state)) == found
    other = plan_history(str(top / place), environment(KEDGE_STATE=str(top.parent / "other")))
    assert other == found
    return found


def table(top: Path) -> CardHistory:
    return read(top).cards["churn", "table-7k2m"]


def told(history: CardHistory) -> list[tuple[str, str]]:
    """Day and status of each step."""
    return [(one.at.date().isoformat()[5:], one.state.word) for one in history.steps]


def test_each_step_has_its_day_commit_and_author(top: Path) -> None:
    change(top, card("doing"), "2026-11-22", author="Sam")
    change(top, card("doing", notes="more"), "2026-11-23")
    last = change(top, card("done"), "2026-11-25")
    found = table(top)
    assert told(found) == [("11-20", "todo"), ("11-22", "doing"), ("11-25", "done")]
    assert (found.steps[1].author, found.steps[2].commit) == ("Sam", last)
    assert read(top).head == last
    assert read(top).unread == 1  # the broken card of the sample


def test_there_is_none_before_the_first_commit_and_outside_of_a_repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    found = plan_history(str(tmp_path / "plan"), environment())
    assert isinstance(found, GitProblem)
    assert found.reason is Reason.NO_REPOSITORY
    git(tmp_path, "init", "-q")
    assert plan_history(str(tmp_path / "plan"), environment()) == PlanHistory()


def test_changes_of_two_branches_do_not_take_each_other_back(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    change(top, card("doing"), "2026-11-22")
    git(top, "checkout", "-q", "main")
    change(top, card(owner="mira"), "2026-11-23")
    git(top, "merge", "-q", "side", day="2026-11-24")
    found = table(top)
    assert told(found) == [("11-20", "todo"), ("11-22", "doing"), ("11-23", "doing")]
    assert found.state == CardState("execute", "doing", is_blocked=False, owner="mira")


def test_what_a_merge_has_decided_against_does_not_count(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    change(top, card("doing"), "2026-11-22")
    git(top, "checkout", "-q", "main")
    change(top, card("dropped"), "2026-11-23")
    git(top, "merge", "-q", "-X", "theirs", "side", day="2026-11-24")
    assert told(table(top)) == [("11-20", "todo"), ("11-22", "doing")]


def test_a_merge_that_says_what_neither_side_had_is_a_step(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    change(top, card("doing"), "2026-11-22")
    git(top, "checkout", "-q", "main")
    change(top, card("dropped"), "2026-11-23")
    with pytest.raises(Exception, match="returned non-zero"):
        git(top, "merge", "-q", "side")
    change(top, card("done"), "2026-11-24")
    assert told(table(top))[-1] == ("11-24", "done")


def test_a_card_is_followed_through_another_id_and_another_project(top: Path) -> None:
    change(top, card("doing"), "2026-11-22")
    git(top, "mv", TABLE, f"{CARDS}/tables-7k2m.toml")
    change(top, card("done"), "2026-11-23", f"{CARDS}/tables-7k2m.toml")
    write(top, {"plan/projects/fraud/project.toml": 'title = "F"\n', "plan/projects/fraud/cards/x": ""})
    git(top, "mv", f"{CARDS}/tables-7k2m.toml", "plan/projects/fraud/cards/other.toml")
    commit(top, "move")
    found = read(top)
    assert ("churn", "table-7k2m") not in found.cards
    moved = found.cards["fraud", "other"]
    assert [state for _, state in told(moved)] == ["todo", "doing", "done"]
    assert moved.earlier_ids == ("table-7k2m", "tables-7k2m")
    assert moved.removed is None


def test_a_branch_may_change_a_card_under_its_old_id(top: Path) -> None:
    git(top, "checkout", "-q", "-b", "side")
    change(top, card("doing"), "2026-11-23")
    git(top, "checkout", "-q", "main")
    git(top, "mv", TABLE, f"{CARDS}/tables-7k2m.toml")
    change(top, card(), "2026-11-22", f"{CARDS}/tables-7k2m.toml")
    git(top, "merge", "-q", "side", day="2026-11-24")
    found = read(top)
    assert set(found.cards) == {("churn", "tables-7k2m"), ("churn", "train-4d5f")}
    assert told(found.cards["churn", "tables-7k2m"]) == [("11-20", "todo"), ("11-23", "doing")]


def test_a_card_that_was_removed_and_one_that_came_back(top: Path) -> None:
    git(top, "rm", "-q", TABLE)
    commit(top, "remove")
    gone = table(top)
    assert gone.removed is not None
    change(top, card("doing"), "2026-11-24")
    back = table(top)
    assert back.removed is None
    assert told(back)[-1] == ("11-24", "doing")


def test_a_plan_that_was_in_another_folder_keeps_its_history(top: Path) -> None:
    change(top, card("doing"), "2026-11-22")
    (top / "docs").mkdir()
    git(top, "mv", "plan", "docs/plan")
    change(top, "x", "2026-11-23", "readme")
    assert told(read(top, "docs/plan").cards["churn", "table-7k2m"])[:2] == [
        ("11-20", "todo"),
        ("11-22", "doing"),
    ]


def test_a_plan_at_the_top_of_its_repository(tmp_path: Path) -> None:
    write(tmp_path / "in", FILES)
    plan = tmp_path / "in" / "plan"
    git(plan, "init", "-q", "-b", "main")
    commit(plan, "plan")
    assert ("churn", "table-7k2m") in read(plan, "").cards


def test_clocks_that_go_wrong_spoil_only_their_own_steps(top: Path) -> None:
    days = ("2026-11-22", "2090-01-01", "2026-11-23", "1971-01-01", "2026-11-25")
    for day, status in zip(days, ("doing", "done", "doing", "done", "doing"), strict=True):
        change(top, card(status), day)
    assert told(table(top)) == [
        ("11-20", "todo"),
        ("11-22", "doing"),
        ("11-22", "done"),
        ("11-23", "doing"),
        ("11-23", "done"),
        ("11-25", "doing"),
    ]


def test_a_shallow_clone_says_that_it_begins_late(top: Path, tmp_path: Path) -> None:
    change(top, card("doing"), "2026-11-22")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{top}", "shallow")
    found = read(tmp_path / "shallow")
    assert found.is_cut_off
    assert told(found.cards["churn", "table-7k2m"]) == [("11-22", "doing")]
    git(tmp_path / "shallow", "fetch", "-q", "--unshallow")
    whole = read(tmp_path / "shallow")
    assert not whole.is_cut_off
    assert told(whole.cards["churn", "table-7k2m"]) == [("11-20", "todo"), ("11-22", "doing")]


def test_a_partial_clone_counts_what_it_has_not_fetched(top: Path, tmp_path: Path) -> None:
    git(top, "config", "uploadpack.allowFilter", "true")
    change(top, card("doing"), "2026-11-22")
    change(top, card("done"), "2026-11-23")
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{top}", "partial")
    found = read(tmp_path / "partial")
    assert (found.not_fetched, found.unread) == (2, 1)
    assert told(found.cards["churn", "table-7k2m"]) == [("11-23", "done")]
    git(tmp_path / "partial", "fetch", "-q", "--refetch", "--no-filter")
    assert len(read(tmp_path / "partial").cards["churn", "table-7k2m"].steps) == 3


def test_history_that_was_rewritten_is_no_longer_there(top: Path) -> None:
    change(top, card("doing"), "2026-11-22")
    change(top, card("done"), "2026-11-23")
    assert len(table(top).steps) == 3
    git(top, "reset", "-q", "--hard", "HEAD~2")
    assert told(table(top)) == [("11-20", "todo")]
    change(top, card("dropped"), "2026-11-24")
    assert told(table(top)) == [("11-20", "todo"), ("11-24", "dropped")]


def test_a_later_run_reads_only_what_is_new(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = environment(KEDGE_STATE=str(top.parent / "state"))
    change(top, card("doing"), "2026-11-22")
    plan_history(str(top / "plan"), env)
    change(top, card("done"), "2026-11-23")
    asked: list[str] = []
    parsed: list[bytes] = []
    run, parse = asking.run, module.parse

    def counting(command: list[str], folder: str, given_environment: dict[str, str], given: bytes) -> object:
        asked.extend(given.decode().split())
        return run(command, folder, given_environment, given)

    def counted(content: bytes) -> object:
        parsed.append(content)
        return parse(content)

    monkeypatch.setattr(asking, "run", counting)
    monkeypatch.setattr(module, "parse", counted)
    plan_history(str(top / "plan"), env)
    assert len(parsed) == 1
    assert git(top, "rev-parse", "HEAD") in asked
    assert git(top, "rev-parse", "HEAD~1") not in asked
    asked.clear()
    plan_history(str(top / "plan"), env)
    assert asked == []


def test_a_commit_among_many_is_added_to_what_is_kept_without_writing_it_again(
    cached: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    top, file = cached
    change(top, card("done"), "2026-11-24")
    before = file.read_bytes()
    monkeypatch.setattr(history_cache, "WORTH", 1)
    found = read(top)
    assert found.cards["churn", "table-7k2m"].steps[-1].state.status == "done"
    assert file.read_bytes() == before
    monkeypatch.undo()
    assert read(top) == found
    assert file.read_bytes() != before
    assert read(top) == found


@pytest.fixture
def cached(top: Path) -> tuple[Path, Path]:
    """A repository, and the file of its cache."""
    change(top, card("doing"), "2026-11-22")
    read(top)
    (file,) = (top.parent / "state" / "plans").glob("*/cache/history")
    return top, file


def test_the_cache_is_outside_of_the_work_tree_and_ours_alone(cached: tuple[Path, Path]) -> None:
    top, file = cached
    assert not git(top, "status", "--porcelain", "--ignored")
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", ["torn", "longer", "empty", "flipped", "folder", "link", "open", "text"])
def test_a_cache_that_is_not_whole_and_ours_is_not_used(
    cached: tuple[Path, Path], kind: str, tmp_path: Path
) -> None:
    top, file = cached
    content = file.read_bytes()
    file.unlink()
    match kind:
        case "folder":
            file.mkdir()
        case "link":
            (tmp_path / "elsewhere").write_bytes(content)
            file.symlink_to(tmp_path / "elsewhere")
        case _:
            at = content.index(b"doing")
            changed = {
                "torn": content[:-5],
                "longer": content + b" ",
                "empty": b"",
                "flipped": content[:at] + b"going" + content[at + 5 :],
                "text": b"hello\n",
            }
            file.write_bytes(changed.get(kind, content))
            file.chmod(0o666 if kind == "open" else 0o600)
    assert told(table(top)) == [("11-20", "todo"), ("11-22", "doing")]


HOSTILE = [
    ("steps", lambda data: data[0]["cards"][0].__setitem__(4, [])),
    ("index", lambda data: data[0]["cards"][0][4][0].__setitem__(1, -1)),
    ("far index", lambda data: data[0]["cards"][0][4][0].__setitem__(2, 10**9)),
    ("state", lambda data: data[0]["states"].__setitem__(0, [{}, 1, 2, 3, 4])),
    ("estimate", lambda data: data[0]["states"][0].__setitem__(4, ["x"])),
    ("no parts", lambda data: data[0].clear()),
    ("a list", lambda data: data.__setitem__(0, [])),
    ("head", lambda data: data[0].__setitem__("head", 5)),
    ("count", lambda data: data[0].__setitem__("unread", "many")),
    ("deep", lambda data: data.__setitem__(0, json.loads("[" * 900 + "]" * 900))),
    ("touches", lambda data: (data[0].clear(), data[1]["commits"][0].__setitem__(3, 7))),
    ("keys", lambda data: (data[0].clear(), data[1]["keys"].__setitem__(0, 7))),
    ("names", lambda data: (data[0].clear(), data[1].__setitem__("names", []))),
    ("places", lambda data: (data[0].clear(), data[1].__setitem__("places", [["/etc"]]))),
    ("checked", lambda data: (data[0].clear(), data[1].__setitem__("checked", None))),
]


@pytest.mark.parametrize(("what", "spoil"), HOSTILE, ids=[name for name, _ in HOSTILE])
def test_values_that_cannot_be_are_not_taken_from_a_cache(
    cached: tuple[Path, Path], what: str, spoil: object
) -> None:
    assert what
    top, file = cached
    key = json.loads(file.read_bytes().partition(b"\n")[0])["key"]
    data = [json.loads(one) for one in load(str(file.parent), "history", key)[1]]
    assert callable(spoil)
    spoil(data)
    store(str(file.parent), "history", key, [json.dumps(one).encode() for one in data], {})
    assert told(table(top)) == [("11-20", "todo"), ("11-22", "doing")]


def test_another_list_of_names_is_another_cache(cached: tuple[Path, Path]) -> None:
    top, _ = cached
    write(top, {".mailmap": "Mira Example <mira@example.org>\n"})
    assert {one.author for one in table(top).steps} == {"Mira Example"}


def test_where_nothing_can_be_kept_git_is_asked_for_everything(top: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = plan_history(str(top / "plan"), environment(KEDGE_STATE=str(tmp_path / "file")))
    assert isinstance(found, PlanHistory)
    assert len(found.cards) == 2


def test_replaced_objects_and_hostile_subjects_change_nothing(top: Path) -> None:
    git(top, "commit", "-q", "--allow-empty", "-m", "x\x01y\n:100644 100644 a b M\tz")
    before = read(top)
    git(top, "replace", "HEAD~1", git(top, "commit-tree", "-m", "other", "HEAD^{tree}"))
    (top.parent / "state").rename(top.parent / "old")
    assert read(top) == before


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", CardState()),
        ('place = "plan/x"\nstatus = "done"\n', CardState("plan/x", "done")),
        ('  "status" = "done"\r\n', CardState(status="done")),
        ('notes = """\nstatus = "done"\n"""\n', CardState()),
        ('notes = """\n[x]\n"""\nstatus = "done"\n', CardState(status="done")),
        ("notes = '''\nstatus = 1'''\nstatus = \"done\"", CardState(status="done")),
        ('[allow]\nstatus = "x"\n', CardState()),
        ("estimate = 3\n", CardState(estimate=(3.0,))),
        ("estimate = [\n  1,\n  2.5,\n  4,\n]\n", CardState(estimate=(1.0, 2.5, 4.0))),
        ("estimate = [1, true]\n", CardState()),
        ("estimate = [1, inf]\n", CardState()),
        ("status = 7\nowner = []\n", CardState()),
        ('blocked = "why"\n', CardState(is_blocked=True)),
        ('status = "done"\nstatus = "todo"\n', None),
        ('status = "done\n', None),
        ('status = "\xff"', None),
    ],
)
def test_what_a_text_says(text: str, state: CardState | None) -> None:
    assert state_of(text.encode("latin-1")) == state


def test_the_lines_that_are_asked_for_say_the_same_as_the_whole_file() -> None:
    samples = Path(__file__).parents[2] / "samples"
    from kedge.storage.toml.parse import parse

    files = [one for one in samples.glob("*/plan/projects/*/cards/*.toml") if "broken" not in one.parts]
    assert len(files) > 20
    for file in files:
        data, found = parse(file.read_bytes()), state_of(file.read_bytes())
        assert isinstance(data, dict)
        assert found is not None
        assert (found.status, found.place) == (data.get("status", "todo"), data["place"])
        assert found.owner == data.get("owner", "")
        assert os.fspath(file)
