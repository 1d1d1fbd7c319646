"""Reading: what loads, loads; what does not is a finding with its place; nothing raises."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from kedge.model.plan.validate import is_clean
from kedge.model.records.address import Address
from kedge.model.records.kinds import KINDS
from kedge.storage.disk.fetch import MAX_SIZE
from kedge.storage.disk.paths import address_of, path_of
from kedge.storage.plan.read import read_plan

ROOT = Path(__file__).parents[2]


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def findings(root: Path) -> list[tuple[str, str, int, int]]:
    return sorted((one.code, one.file, one.line, one.column) for one in read_plan(str(root)).findings)


GOOD = {
    "board.toml": "format = 1\n",
    "people/mira.toml": 'name = "Mira"\n',
    "projects/churn/project.toml": 'title = "Churn"\n',
    "projects/churn/cards/good-2b3c.toml": 'title = "Good"\ndue = 2026-12-01\n',
}
CARD = "projects/churn/cards/bad-4d5f.toml"


def test_a_whole_plan(tmp_path: Path) -> None:
    loaded = read_plan(str(write(tmp_path, GOOD)))
    assert not list(loaded.findings)
    assert loaded.plan.cards["good-2b3c"].due == dt.date(2026, 12, 1)
    assert loaded.plan.cards["good-2b3c"].address == Address("card", "churn", "good-2b3c")
    assert loaded.plan.projects["churn"].title == "Churn"
    assert loaded.plan.people["mira"].name == "Mira"


def test_only_some_kinds(tmp_path: Path) -> None:
    loaded = read_plan(str(write(tmp_path, GOOD)), kinds={"card"})
    assert [record.address.kind for record in loaded.plan.records.values()] == ["card"]


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ('title = "Bad\n', "F101", 1, None),
        ('title = "x"\nnotes = """\nnever closed\n', "F101", 2, 9),
        (
            'title = "x"\n<<<<<<< HEAD\nstatus = "todo"\n=======\nstatus = "done"\n>>>>>>> theirs\n',
            "F102",
            2,
            1,
        ),
        ('title = "x"\nnotes = """\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n"""\n', "F102", 3, 1),
        (b'title = "\xff"\n', "F103", 1, 10),
        ('title = "x"\nstatus = "doin"\n', "F104", 2, 10),
        ('title = "x"\n\n[checklist.k7f2]\ntext = "y"\ndone = "no"\n', "F104", 5, 8),
        ('title = "x"\nneeds = [\n  "ok-2b3c",\n  3,\n]\n', "F104", 4, 3),
        ('title = "x"\nstatsu = "todo"\n', "F105", 2, 1),
        ('title = "x"\nid = "y"\n', "F106", 2, None),
        ('status = "todo"\n', "F107", 1, 1),
        ('title = "x"\ntitle = "y"\n', "F115", 2, 1),
        ('title = "x"\nestimate = [1, 2, 3]\nallow = {\n  P1 = "no",\n}\n', "F116", None, None),
    ],
)
def test_each_mistake_has_its_place(
    tmp_path: Path, content: str | bytes, code: str, line: int, column: int
) -> None:
    found = findings(write(tmp_path, {**GOOD, CARD: content}))
    assert {(one[0], one[1]) for one in found} == {(code, CARD)}
    assert line is None or found[0][2] == line
    assert column is None or found[0][3] == column
    assert "good-2b3c" in read_plan(str(tmp_path)).plan.cards


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    root = write(tmp_path, {**GOOD, CARD: b'\xef\xbb\xbftitle = "x"\r\nstatus = "nope"\r\n'})
    assert findings(root) == [("F104", CARD, 2, 10)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("projects/churn/cards/Not An Id.toml", "F112"),
        ("projects/churn/cards/up--down.toml", "F112"),
        ("projects/churn/card/x-2b3c.toml", "F117"),
        ("projects/churn/strateg.toml", "F117"),
        ("bord.toml", "F117"),
    ],
)
def test_files_in_odd_places(tmp_path: Path, name: str, code: str) -> None:
    found = findings(write(tmp_path, {**GOOD, name: 'title = "x"\n'}))
    assert [one[0] for one in found] == [code]


def test_nobody_minds_other_files(tmp_path: Path) -> None:
    others = {
        "README.md": "x",
        "projects/churn/cards/.x.toml.ab12.tmp": "x",
        "projects/churn/notes.md": "x",
        ".schema/a": "",
    }
    assert findings(write(tmp_path, {**GOOD, **others})) == []


def test_symlinks_may_not_leave_the_plan(tmp_path: Path) -> None:
    outside = tmp_path / "secret.toml"
    outside.write_text('title = "secret"\n')
    root = write(tmp_path / "plan", GOOD)
    (root / "projects/churn/cards/out-2c3d.toml").symlink_to(outside)
    (root / "projects/other").symlink_to(tmp_path)
    (root / "projects/churn/cards/in-2f3g.toml").symlink_to(root / "projects/churn/cards/good-2b3c.toml")
    loaded = read_plan(str(root))
    assert sorted(one.code for one in loaded.findings) == ["F111", "F111"]
    assert set(loaded.plan.cards) == {"good-2b3c", "in-2f3g"}


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    root = write(tmp_path, {**GOOD, CARD: 'title = "x"\nnotes = """\n' + "a" * MAX_SIZE + '"""\n'})
    assert findings(root) == [("F108", CARD, 0, 0)]


def test_a_long_file_is_read_whole(tmp_path: Path) -> None:
    root = write(tmp_path, {**GOOD, CARD: 'title = "x"\nnotes = """\n' + "a" * 300_000 + '"""\n'})
    assert len(read_plan(str(root)).plan.cards["bad-4d5f"].notes) == 300_000


def test_a_pipe_or_a_folder_with_a_cards_name_is_no_card(tmp_path: Path) -> None:
    root = write(tmp_path, GOOD)
    os.mkfifo(root / "projects/churn/cards/pipe-2h3j.toml")
    (root / "projects/churn/cards/folder-2k3l.toml").mkdir()
    assert set(read_plan(str(root)).plan.cards) == {"good-2b3c"}


def test_a_plan_of_a_newer_format_is_read_and_says_so(tmp_path: Path) -> None:
    loaded = read_plan(str(write(tmp_path, {**GOOD, "board.toml": "format = 99\n"})))
    assert [one.code for one in loaded.findings] == ["F113"]
    assert loaded.read_only
    assert "good-2b3c" in loaded.plan.cards


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_place_and_an_example(kind: str) -> None:
    address = Address(kind, "churn" if KINDS[kind].in_project else "", "some-id")
    if KINDS[kind].single:
        address = Address(kind, address.project, "churn" if kind == "project" else kind)
    assert address_of(path_of(address)) == address
    content = (ROOT / "samples" / "kinds" / f"{kind}.toml").read_bytes()
    from kedge.storage.disk.scan import NO_STAMP
    from kedge.storage.plan.read import understand

    file, record = understand(path_of(address), address, NO_STAMP, content)
    assert not file.findings
    assert record is not None
    assert is_clean(record)


@pytest.mark.parametrize(
    "path", ["../x.toml", "people/../../x.toml", "projects/churn/cards/a/b.toml", "people/a.json"]
)
def test_no_path_outside_has_an_address(path: str) -> None:
    assert address_of(path) is None
