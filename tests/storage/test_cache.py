"""What is kept of a plan from one run to the next: the same comes out with it as without, whatever happens to it."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kedge.model.edit.edits import edit
from kedge.model.records.address import Address
from kedge.model.records.assessment import Answer
from kedge.model.records.card import Card
from kedge.storage.disk import cache as cache_file
from kedge.storage.disk import cache_file as cached_file
from kedge.storage.disk import fetch as fetching
from kedge.storage.disk.cache import WORTH, Cache, Kept
from kedge.storage.disk.errors import ChangedOutside
from kedge.storage.disk.scan import NO_STAMP, stamp_of
from kedge.storage.disk.source import Disk
from kedge.storage.git.git import Git
from kedge.storage.git.revision import Tree, plan_at_revision
from kedge.storage.plan import record_cache
from kedge.storage.plan.read import read_plan
from kedge.storage.plan.record_cache import cache_of, revived
from kedge.storage.plan.workspace import Workspace
from kedge.storage.toml.bounds import dense
from kedge.tests.effort import times
from kedge.tests.outside_edits import differences, read, stale_answers

from . import repositories

CARDS = WORTH + 20
SAMPLES = Path(__file__).parents[2] / "samples"


def card(number: int) -> str:
    return f"projects/churn/cards/card-{number}.toml"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"KEDGE_STATE": str(tmp_path / "state")}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan that is worth keeping, with everything among its files that can be wrong; all of it an hour old."""
    root = tmp_path / "plan"
    (root / card(0)).parent.mkdir(parents=True)
    (root / "board.toml").write_text("format = 1\n")
    (root / "projects/churn/project.toml").write_text('title = "Churn"\n')
    for number in range(CARDS):
        (root / card(number)).write_text(f'title = "Card {number}"\ndue = 2026-12-01\nestimate = [1, 2, 3]\n')
    (root / card(0)).with_name("broken.toml").write_text('title = "never closed\n')
    (root / card(0)).with_name("wrong.toml").write_text('title = "x"\ndue = "soon"\nplac = 1\n')
    (root / card(0)).with_name("latin.toml").write_bytes(b'title = "caf\xe9"\n')
    (root / card(0)).with_name("large.toml").write_bytes(b"#" * (fetching.MAX_SIZE + 1))
    (root / card(0)).with_name("forms.toml").write_text('title = "x"\ntags = "data, infra"\n')
    (root / "stray").mkdir()
    clock_an_hour_later(monkeypatch)
    return root


def clock_an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = cache_file.time.time_ns
    monkeypatch.setattr(cache_file.time, "time_ns", lambda: now() + 3_600_000_000_000)


def place(root: Path, environment: dict[str, str]) -> Path:
    return Path(record_cache.state_folder(str(root), environment)) / "cache" / cache_file.NAME


def from_cache(root: Path, environment: dict[str, str]) -> set[str]:
    """The files whose records come from the cache; what comes out is compared with a reading without it."""
    found = read(root, environment)
    assert [*differences(found, read_plan(str(root)))] == []
    return {path for path, file in found.files.items() if not isinstance(file.text, bytes)}


def test_the_same_plan_comes_out(plan: Path, environment: dict[str, str]) -> None:
    assert from_cache(plan, environment) == set()
    known = from_cache(plan, environment)
    assert known == {"board.toml", "projects/churn/project.toml", *map(card, range(CARDS))}
    codes = {one.code for one in read(plan, environment).findings}
    assert codes >= {"F101", "F103", "F104", "F105", "F108", "F117", "F130"}


@pytest.mark.parametrize("name", ["churn", "portfolio", "tiny"])
def test_the_samples_come_out_the_same(
    name: str, sample: Callable[[str], Path], environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = sample(name)
    for module in (cache_file, sys.modules[Disk.__module__]):
        monkeypatch.setattr(module, "WORTH", 1)
    clock_an_hour_later(monkeypatch)
    assert from_cache(root, environment) == set()
    loaded = read_plan(str(root))
    others = {one.address for one in loaded.files.values() if one.findings or dense(one.content) > 0}
    known = {loaded.files[path].address for path in from_cache(root, environment)}
    assert known == set(loaded.plan.records) - others


def test_values_that_json_does_not_know_come_back(plan: Path, environment: dict[str, str]) -> None:
    (plan / card(1)).write_text('title = "null"\nremaining = inf\nestimate = [1, 2.5, inf]\n')
    (plan / card(2)).write_text(
        'title = "2026-12-01"\nskill = "2026-12-01"\ndue = 2026-12-01\nremaining = 2\n'
    )
    (plan / card(3)).write_text('title = "\\u0000 \\U0001F600 caf\u00e9 <>&"\nremaining = 1e308\n')
    assert from_cache(plan, environment) == set()
    assert {card(2), card(3)} <= from_cache(plan, environment)
    assert card(1) not in from_cache(plan, environment)


@pytest.mark.parametrize(
    ("annotation", "is_exact"),
    [
        (str, True),
        (dt.date | None, True),
        (dict[str, tuple[float, ...]], True),
        (Card, True),
        (str | dt.date, False),
        (int | float, False),
        (tuple[str | bool | float, ...], False),
        (dict[str, Any], False),
        (dt.datetime, False),
        (Answer, False),
    ],
)
def test_what_may_come_back_as_something_else_is_compared(annotation: object, is_exact: bool) -> None:
    assert record_cache._is_exact(annotation) is is_exact


def test_nothing_is_opened_that_is_known(
    plan: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(plan, environment)
    opened: list[str] = []
    original = fetching.read_bytes
    monkeypatch.setattr(fetching, "read_bytes", lambda path: opened.append(path) or original(path))
    (plan / card(3)).write_text('title = "Another"\n')
    found = read(plan, environment)
    assert {Path(one).name for one in opened} == {"card-3.toml", "large.toml"}
    assert found.plan.cards["card-3"].title == "Another"


def test_a_small_plan_leaves_nothing_behind(tmp_path: Path, environment: dict[str, str]) -> None:
    root = tmp_path / "plan"
    root.mkdir()
    (root / "board.toml").write_text("format = 1\n")
    Workspace.open(str(root), environment)
    assert not place(root, environment).parent.exists()


def test_opening_a_plan_keeps_it_now_or_when_there_is_time(plan: Path, environment: dict[str, str]) -> None:
    waiting: list[Callable[[], None]] = []
    Workspace.open(str(plan), environment, later=waiting.append)
    assert not place(plan, environment).exists()
    waiting[0]()
    assert place(plan, environment).exists()
    place(plan, environment).unlink()
    Workspace.open(str(plan), environment)
    assert place(plan, environment).exists()


def test_few_changes_are_not_worth_writing(plan: Path, environment: dict[str, str]) -> None:
    read(plan, environment)
    path = place(plan, environment)
    before = path.stat().st_ino
    for number in range(WORTH - 1):
        (plan / card(number)).write_text(f'title = "Again {number}"\n')
    read(plan, environment)
    assert path.stat().st_ino == before
    (plan / card(WORTH)).write_text('title = "Again"\n')
    read(plan, environment)
    assert path.stat().st_ino != before
    assert len(from_cache(plan, environment)) == CARDS + 2


def test_what_only_part_of_the_kinds_was_read_of_is_kept_for_the_others(
    plan: Path, environment: dict[str, str]
) -> None:
    read(plan, environment)
    for number in range(CARDS):
        (plan / card(number)).write_text(f'title = "Again {number}"\n')
    (plan / "board.toml").unlink()
    cache = cache_of(str(plan), environment)
    assert cache is not None
    loaded = read_plan(Disk(str(plan), cache), {"card"})
    record_cache.remember(cache, loaded.files, loaded.plan)
    paths = json.loads(
        place(plan, environment).read_bytes().split(b"\n", 1)[1][: sizes(place(plan, environment))[0]]
    )[0]
    assert "projects/churn/project.toml" in paths
    assert "board.toml" not in paths


# ---- when it is stale


def test_a_file_that_was_changed_while_it_was_read_is_read_again(tmp_path: Path) -> None:
    """Git's rule: the file may have been changed once more in the same tick of the clock, with the same stamp."""
    path = tmp_path / "card.toml"
    path.write_text("a = 1\n")
    stamp = stamp_of(str(path))
    assert stamp is not None
    for age, is_kept in ((0, False), (cache_file.GRAIN, False), (cache_file.GRAIN + 1, True)):
        cache = Cache(str(tmp_path / "cache"), str(tmp_path), "key")
        cache._began = max(stamp[0], stamp[3]) + age
        assert cache.takes(stamp) is is_kept
        old = (stamp[0] - 10**12, *stamp[1:])
        assert cache.takes(old) is is_kept  # its date was set back: what was changed then still counts


def test_what_was_not_old_enough_is_not_believed_later(
    plan: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    read(plan, environment)
    assert not place(plan, environment).exists()


@pytest.mark.parametrize("field", range(4))
def test_another_stamp_is_another_file(field: int, plan: Path, environment: dict[str, str]) -> None:
    read(plan, environment)
    cache = cache_of(str(plan), environment)
    stamp = stamp_of(str(plan / card(1)))
    assert cache is not None
    assert stamp is not None
    assert cache.get(card(1), stamp) is not None
    assert cache.get(card(1), (*stamp[:field], stamp[field] + 1, *stamp[field + 1 :])) is None
    assert cache.get(card(1), NO_STAMP) is None
    assert cache.get(card(1), None) is None


EDITS = times(60, 5_000)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_edit_by_another_program_is_missed(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, made, taken = stale_answers(tmp_path, EDITS, seed, monkeypatch.setattr)
    assert wrong == []
    assert sum(made.values()) - made["race"] == EDITS
    assert made["race"]
    assert taken > EDITS * 5  # else nothing was tried


def test_a_step_is_never_written_over_what_was_changed_since(plan: Path, environment: dict[str, str]) -> None:
    read(plan, environment)
    workspace = Workspace.open(str(plan), environment)
    address = Address("card", "churn", "card-5")
    assert not isinstance(workspace.files[card(5)].text, bytes)
    (plan / card(5)).write_text('title = "Card 5"\ndue = 2026-12-24\nestimate = [1, 2, 3]\n# mine\n')
    workspace.commit(edit(workspace.plan, address, {("owner",): "mira"}))
    text = (plan / card(5)).read_text()
    assert "due = 2026-12-24" in text
    assert "# mine" in text
    assert 'owner = "mira"' in text
    (plan / card(6)).write_text('title = "Theirs"\n')
    with pytest.raises(ChangedOutside):
        workspace.commit(edit(workspace.plan, Address("card", "churn", "card-6"), {("title",): "Mine"}))
    assert (plan / card(6)).read_text() == 'title = "Theirs"\n'


# ---- when it is torn, foreign or hostile


def sizes(path: Path) -> list[int]:
    return json.loads(path.read_bytes().split(b"\n", 1)[0])["sizes"]


def rewrite(path: Path, head: dict[str, object], body: bytes) -> None:
    """Writes a cache that is whole, whatever it says."""
    head = {"sum": zlib.crc32(body), **head}
    path.write_bytes(json.dumps(head).encode() + b"\n" + body)


def parts(path: Path) -> tuple[dict[str, object], list[bytes]]:
    line, body = path.read_bytes().split(b"\n", 1)
    head = json.loads(line)
    del head["sum"]
    index, made, _ = head["sizes"]
    return head, [body[:index], body[index : index + made], body[index + made :]]


@pytest.fixture
def kept(plan: Path, environment: dict[str, str]) -> Path:
    """The cache of the plan, which is believed as it is."""
    read(plan, environment)
    assert len(from_cache(plan, environment)) == CARDS + 2
    return place(plan, environment)


def test_a_torn_one_is_ignored(plan: Path, kept: Path, environment: dict[str, str]) -> None:
    whole = kept.read_bytes()
    random = Random(1)
    for length in (0, 1, 50, len(whole) // 2, len(whole) - 1):
        kept.write_bytes(whole[:length])
        assert not from_cache_only(plan, environment)
    for _ in range(40):
        at = random.randrange(len(whole))
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << random.randrange(8)]) + whole[at + 1 :])
        assert not from_cache_only(plan, environment) or at < len(whole.split(b"\n", 1)[0])
    kept.write_bytes(whole + b"x")
    assert not from_cache_only(plan, environment)


def from_cache_only(root: Path, environment: dict[str, str]) -> set[str]:
    """As `from_cache`, without writing another one."""
    found = read_plan(Disk(str(root), cache_of(str(root), environment)))
    assert [*differences(found, read_plan(str(root)))] == []
    return {path for path, file in found.files.items() if not isinstance(file.text, bytes)}


def test_that_of_another_program_or_plan_is_ignored(
    plan: Path, kept: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("__version__", "9.9"), ("_ROOMS", ("model",))):
        with monkeypatch.context() as other:
            other.setattr(record_cache, name, value)
            assert not from_cache_only(plan, environment)
    with monkeypatch.context() as other:
        other.setattr(sys, "version", "9.9")
        assert not from_cache_only(plan, environment)
    with monkeypatch.context() as other:
        other.setattr("pydantic_core.__version__", "9.9")
        assert not from_cache_only(plan, environment)
    elsewhere = plan.with_name("copy")
    plan.rename(elsewhere)
    target = place(elsewhere, environment)
    target.parent.parent.mkdir(parents=True)
    kept.parent.rename(target.parent)
    assert not from_cache_only(elsewhere, environment)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs owners and modes of files")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_one_that_others_could_have_written_is_ignored(
    mode: int, plan: Path, kept: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    kept.chmod(mode)
    assert not from_cache_only(plan, environment)
    kept.chmod(0o600)
    assert from_cache_only(plan, environment)
    kept.parent.chmod(0o700 | mode & 0o77)
    assert not from_cache_only(plan, environment)
    kept.parent.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert not from_cache_only(plan, environment)
    assert read(plan, environment).plan.cards  # and none is written where it would not be believed


def test_what_is_no_file_is_ignored(
    plan: Path, kept: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    whole = kept.read_bytes()
    kept.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(whole)
    elsewhere.chmod(0o600)
    kept.symlink_to(elsewhere)
    assert not from_cache_only(plan, environment)
    kept.unlink()
    os.mkfifo(kept, 0o600)
    assert not from_cache_only(plan, environment)
    kept.unlink()
    kept.mkdir(0o700)
    assert not from_cache_only(plan, environment)
    assert read(plan, environment).plan.cards  # it cannot be written there either


HEADS: dict[str, dict[str, object]] = {
    "no sizes": {"sizes": None},
    "few sizes": {"sizes": [1]},
    "a size below nothing": {"sizes": [-1, 2, 3]},
    "sizes of texts": {"sizes": ["1", "2", "3"]},
    "no moment": {"moment": None},
    "a moment of another form": {"moment": "now"},
    "another form": {"kedge": 99},
}


@pytest.mark.parametrize("name", HEADS)
def test_an_odd_head_is_ignored(name: str, plan: Path, kept: Path, environment: dict[str, str]) -> None:
    head, sections = parts(kept)
    rewrite(kept, {**head, **HEADS[name]}, b"".join(sections))
    assert not from_cache_only(plan, environment)


@pytest.mark.parametrize(
    "line", [b"", b"[]\n", b"null\n", b"[" * 4000, b"{" * 100_000, b"\xff\n", b"1e999\n"]
)
def test_what_is_no_head_is_ignored(line: bytes, plan: Path, kept: Path, environment: dict[str, str]) -> None:
    kept.write_bytes(line)
    assert not from_cache_only(plan, environment)


INDEXES: dict[str, Callable[[list[list[object]]], object]] = {
    "a column less": lambda columns: columns[:-1],
    "a row less in one": lambda columns: [*columns[:-1], columns[-1][1:]],
    "texts for numbers": lambda columns: [columns[0], [str(one) for one in columns[1]], *columns[2:]],
    "flags for numbers": lambda columns: [*columns[:1], [True] * len(columns[0]), *columns[2:]],
    "numbers for paths": lambda columns: [[*range(len(columns[0]))], *columns[1:]],
    "lengths below nothing": lambda columns: [
        *columns[:-1],
        [-1, columns[-1][0] + columns[-1][1] + 1, *columns[-1][2:]],
    ],  # type: ignore[operator]
    "a number": lambda columns: 7,
    "a table": lambda columns: {"paths": columns[0]},
}


@pytest.mark.parametrize("name", INDEXES)
def test_an_odd_index_is_ignored(name: str, plan: Path, kept: Path, environment: dict[str, str]) -> None:
    head, (index, *rest) = parts(kept)
    index = json.dumps(INDEXES[name](json.loads(index))).encode()
    rewrite(kept, {**head, "sizes": [len(index), *map(len, rest)]}, b"".join((index, *rest)))
    assert not from_cache_only(plan, environment)


def test_an_index_that_is_nested_without_end_is_ignored(
    plan: Path, kept: Path, environment: dict[str, str]
) -> None:
    head, (_, *rest) = parts(kept)
    index = b"[" * 100_000
    rewrite(kept, {**head, "sizes": [len(index), *map(len, rest)]}, b"".join((index, *rest)))
    assert not from_cache_only(plan, environment)


@pytest.mark.parametrize(
    "made",
    [
        b'{"id":"card-1","project":"churn","title":5}',
        b'{"id":"other","project":"churn","title":"x"}',
        b'{"id":"card-1","project":"other","title":"x"}',
        b'{"id":"card-1","project":"churn","title":"x","id":"other"}',
        b'{"id":"card-1","project":"churn","due":"soon"}',
        b'["card-1"]',
        b"null",
        b"nonsense",
        b"[" * 100_000,
        b'{"id":"card-1","project":"churn","odd":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b"\xff\xfe",
    ],
)
def test_a_record_that_does_not_fit_is_made_from_its_file(
    made: bytes, plan: Path, kept: Path, environment: dict[str, str]
) -> None:
    assert revived(Address("card", "churn", "card-1"), made) is None
    cache = cache_of(str(plan), environment)
    assert cache is not None
    loaded = read_plan(Disk(str(plan), cache))
    for number in range(CARDS):
        file = loaded.files[card(number)]
        cache.keep(card(number), Kept(file.stamp, file.content, made))
    cache.save()
    known = from_cache_only(plan, environment)
    assert known == {"board.toml", "projects/churn/project.toml"}


def test_a_commit_is_read_from_it_where_the_work_tree_has_the_same(
    plan: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repositories.git(plan, "init", "-q", "-b", "main")
    repositories.commit(plan, "all")
    before = read_plan(str(plan))
    (plan / card(1)).write_text('title = "Another"\n')
    (plan / card(2)).unlink()
    read(plan, environment)
    asked: list[str] = []
    contents = Git.contents
    monkeypatch.setattr(Git, "contents", lambda self, names: contents(self, [*map(_noted(asked), names)]))
    tree = plan_at_revision(str(plan), "HEAD", {**repositories.environment(), **environment})
    assert isinstance(tree, Tree)
    found = read_plan(tree)
    assert found.plan == before.plan
    for path, file in before.files.items():
        assert (found.files[path].content, found.files[path].findings) == (file.content, file.findings)
    names = tree.names()
    assert {names[card(1)], names[card(2)]} <= set(asked)
    assert len(asked) < 10


def _noted(asked: list[str]) -> Callable[[str], str]:
    def note(name: str) -> str:
        asked.append(name)
        return name

    return note


def test_one_that_is_too_large_is_neither_written_nor_believed(
    plan: Path, kept: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_file, "LARGEST", kept.stat().st_size - 1)
    assert not from_cache_only(plan, environment)
    kept.unlink()
    read(plan, environment)
    assert not kept.exists()


def test_a_write_that_fails_leaves_the_old_one(
    plan: Path, kept: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = kept.read_bytes()
    for number in range(CARDS):
        (plan / card(number)).write_text(f'title = "Again {number}"\n')

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(cached_file.os, "replace", fails)
        read(plan, environment)
    assert kept.read_bytes() == whole
    assert os.listdir(kept.parent) == [cache_file.NAME]
    read(plan, environment)
    assert kept.read_bytes() != whole


def test_two_that_write_at_once_do_not_mix(plan: Path, kept: Path, environment: dict[str, str]) -> None:
    temporary = kept.with_name(f"{cache_file.NAME}.tmp")
    temporary.write_bytes(b"half of another")
    before = kept.read_bytes()
    for number in range(CARDS):
        (plan / card(number)).write_text(f'title = "Again {number}"\n')
    read(plan, environment)
    assert (kept.read_bytes(), temporary.read_bytes()) == (before, b"half of another")
    os.utime(temporary, (0, 0))
    read(plan, environment)
    assert kept.read_bytes() != before
    assert not temporary.exists()


def test_a_folder_of_another_clock_is_not_kept(
    plan: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_cache, "is_shared", lambda _: True)
    assert cache_of(str(plan), environment) is None
    assert Workspace.open(str(plan), environment).plan.cards


def test_commands_say_the_same_with_it_and_without(plan: Path, environment: dict[str, str]) -> None:
    """Three runs: the first writes it where the files are old enough, and all of them say the same."""
    words = [[], ["check"], ["list", "--json"], ["list", "is:open"], ["show", "card-7"]]
    variables = {**os.environ, **environment, "KEDGE_PLAN": str(plan)}
    for arguments in words[1:]:
        said = [
            subprocess.run(
                [sys.executable, "-m", "kedge", *arguments, "--today", "2026-11-20"],
                env=variables,
                capture_output=True,
                check=False,
                text=True,
            )
            for _ in range(2)
        ]
        assert (said[0].stdout, said[0].stderr, said[0].returncode) == (
            said[1].stdout,
            said[1].stderr,
            said[1].returncode,
        )
        assert said[0].stdout
