"""An edit changes what it is about, and nothing else."""

from __future__ import annotations

import random
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from kedge.storage.toml import patch as patch_module
from kedge.storage.toml.emit import canonical
from kedge.storage.toml.layout import EMPTY, Layout
from kedge.storage.toml.patch import REMOVE, PatchRefused, patch
from kedge.storage.toml.scan import Document
from kedge.tests.effort import times
from kedge.tests.toml_strategies import CARD, faults, random_edits, random_file

from .test_toml_emit import CARD_ONLY, CARD_TEXT, TEXT, VALUES

Edits = dict[tuple[str, ...], Any]


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines taken out and lines put in."""
    import difflib

    diff = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    return [line[2:] for line in diff if line[0] == "-"], [line[2:] for line in diff if line[0] == "+"]


class Status(StrEnum):
    DONE = "done"


@pytest.mark.parametrize(
    ("edits", "out", "put"),
    [
        ({("status",): Status.DONE}, ['status = "doing"'], ['status = "done"']),
        ({("skill",): "sql"}, ["#skill ="], ['skill = "sql"']),
        ({("due",): REMOVE}, ["due = 2026-12-01"], ["#due ="]),
        ({("estimate",): (3, 3, 8)}, ["estimate = [2, 3, 8]"], ["estimate = [3, 3, 8]"]),
        ({("tags",): {"data", "churn"}}, [], ['  "churn",']),
        ({("tags",): ["ux", "data"]}, [], ['  "ux",']),
        ({("needs",): ["warehouse-access-3kq8 SS+2d"]}, ['  "label-audit-9x4p",'], []),
        ({("tags",): []}, ["tags = [", '  "data",', "]"], ["tags = []"]),
        ({("blocked",): "by\nme"}, ["#blocked ="], ['blocked = """', "by", 'me"""']),
        ({("checklist", "m4wq", "done"): True}, ["done = false"], ["done = true"]),
        (
            {("checklist", "m4wq", "text"): 'a "b"'},
            ['text = "Backfill runs in one night"'],
            ['text = "a \\"b\\""'],
        ),
        ({("checklist", "k7f2", "rank"): REMOVE}, ['rank = "a0"'], []),
        ({("title",): "Build the churn feature table", ("gone",): REMOVE, ("no", "such"): REMOVE}, [], []),
        ({("zeta",): 1}, [], ["", "zeta = 1"]),
        (
            {("checklist", "l1"): {"text": "x", "done": False}},
            [],
            ["[checklist.l1]", "done = false", 'text = "x"', ""],
        ),
        ({("checklist", "zz", "done"): True}, [], ["", "[checklist.zz]", "done = true"]),
        (
            {("checklist", "k7f2"): REMOVE},
            ["[checklist.k7f2]", "done = true", 'rank = "a0"', 'text = "Columns agreed with legal"', ""],
            [],
        ),
    ],
)
def test_a_canonical_card_changes_in_the_fewest_lines_and_stays_canonical(
    edits: Edits, out: list[str], put: list[str]
) -> None:
    result = patch(CARD_TEXT, edits, CARD_ONLY)
    removed, added = lines_changed(CARD_TEXT, result)
    assert (sorted(removed), sorted(added)) == (sorted(out), sorted(put))
    assert canonical(result, CARD_ONLY) == result
    assert patch(result, edits, CARD_ONLY) == result


def test_setting_and_removing_again_gives_the_same_file() -> None:
    there = patch(CARD_TEXT, {("skill",): "sql", ("checklist", "aa"): {"done": True}}, CARD_ONLY)
    assert patch(there, {("skill",): REMOVE, ("checklist", "aa"): REMOVE}, CARD_ONLY) == CARD_TEXT
    empty = patch(CARD_TEXT, {("checklist",): REMOVE}, CARD_ONLY)
    assert empty.endswith('"""\n\n# ---- checklist ----\n')
    data = tomli.loads(CARD_TEXT)
    assert patch(empty, {("checklist",): data["checklist"]}, CARD_ONLY) == CARD_TEXT


@pytest.mark.parametrize(
    ("text", "edits", "wanted"),
    [
        # Quotes, number style, indent, spaces and notes stay.
        ("a   =  'x' # n\n", {("a",): "y"}, "a   =  'y' # n\n"),
        ("a = 'x'\n", {("a",): "it's"}, 'a = "it\'s"\n'),
        ("a = 0xFF\nb = 1_000\n", {("a",): 255, ("b",): 1001}, "a = 0xFF\nb = 1001\n"),
        ("a = '''\nx\n'''\n", {("a",): "y\\\nz\n"}, "a = '''\ny\\\nz\n'''\n"),
        ('a = """x"""\n', {("a",): "y"}, 'a = """y"""\n'),
        ('a = """x"""\r\n', {("a",): "y\nz"}, 'a = """\r\ny\r\nz"""\r\n'),
        ("a = 1", {("b",): 2}, "a = 1\nb = 2"),
        ("a = 1\nb = 2", {("b",): REMOVE}, "a = 1"),
        ("\ufeffa = 1\r\n", {("a",): 2}, "\ufeffa = 2\r\n"),
        ("", {("a",): 1}, "a = 1\n"),
        # 1, 1.0 and true are three things.
        ("a = 1\n", {("a",): True}, "a = true\n"),
        ("a = 1\n", {("a",): 1.0}, "a = 1.0\n"),
        # Comments outlive keys, values and items.
        ("a = 1 # why\nb = 2\n", {("a",): REMOVE}, "# why\nb = 2\n"),
        ("a = [\n  1, # one\n  2,\n]\n", {("a",): [2]}, "a = [\n  # one\n  2,\n]\n"),
        ("a = [\n  1, # one\n]\n", {("a",): "x"}, '# one\na = "x"\n'),
        ("a = [\n  1 # one\n]\n", {("a",): [1, 2]}, "a = [\n  1, # one\n  2\n]\n"),
        (
            "a = [\n  1, # one\n  # two\n  2\n]\n",
            {("a",): [2, 1]},
            "a = [\n  # two\n  2,\n  1,  # one\n]\n",
        ),
        ("a = [\n  # none yet\n]\n", {("a",): [1, 2]}, "a = [\n  # none yet\n  1,\n  2,\n]\n"),
        ("a = { # none yet\n}\n", {("a", "b"): 1}, "a = { b = 1 # none yet\n}\n"),
        ("a = [1, 2,]\n", {("a",): [1, 2, 3]}, "a = [1, 2, 3,]\n"),
        ("a = [ 1, 2 ]\n", {("a",): [2]}, "a = [ 2 ]\n"),
        ("a = [\n1\n, 2\n]\n", {("a",): [1, 3, 2]}, "a = [\n1\n, 3, 2\n]\n"),
        ("a = [[1, 2], {x = 1}]\n", {("a",): [[1, 2, 3], {"x": 2}]}, "a = [[1, 2, 3], {x = 2}]\n"),
        # Inline tables and dotted keys are changed where they stand.
        ("a = {x = 1, y = 2}\n", {("a", "x"): 3, ("a", "z"): 4}, "a = {x = 3, y = 2, z = 4}\n"),
        ("a = {x = 1, y = 2}\n", {("a", "y"): REMOVE}, "a = {x = 1}\n"),
        ("a = {x.p = 1}\n", {("a", "x", "q"): 2}, "a = {x.p = 1, x.q = 2}\n"),
        ("a.x = 1\nb = 2\n", {("a", "y"): 3}, "a.x = 1\na.y = 3\nb = 2\n"),
        ("[t]\na.x = 1\n", {("t", "a", "n"): {"m": 1}}, "[t]\na.x = 1\na.n = { m = 1 }\n"),
        # Tables out of order, tables that only their sub-tables make, arrays of tables.
        ("[b.x]\nv = 1\n\n[a]\n", {("b", "w"): 2}, "[b]\nw = 2\n\n[b.x]\nv = 1\n\n[a]\n"),
        ("[[l]]\nv = 1\n\n[[l]]\nv = 2\n", {("l",): [{"v": 2}]}, "[[l]]\nv = 2\n"),
        ("[[l]]\nv = 1 # n\n", {("l",): [{"v": 2}, {"w": 3}]}, "[[l]]\nv = 2 # n\n\n[[l]]\nw = 3\n"),
        ("[a]\nx = 1\n", {("b",): {"y": {"z": 1}}}, "[a]\nx = 1\n\n[b.y]\nz = 1\n"),
        ("[a]\nx = 1\n", {("y",): 2}, "y = 2\n\n[a]\nx = 1\n"),
        ("# about\n\n[a]\nx = 1\n", {("y",): 2}, "# about\n\ny = 2\n\n[a]\nx = 1\n"),
        ("[a]\nx = 1\n", {("a",): {}}, "[a]\n"),
        ("[a.b]\nx = 1\n", {("a",): {}}, "[a]\n"),
        ("[a]\nx = 1\n", {("a",): 5}, "a = 5\n"),
    ],
)
def test_every_style_keeps_its_style(text: str, edits: Edits, wanted: str) -> None:
    assert patch(text, edits, EMPTY) == wanted


def test_a_removed_table_takes_its_own_comments_and_leaves_the_free_ones() -> None:
    text = "[a]\nx = 1\n# free of a\n\n# of b\n[b] # b\n# in b\ny = 1 # y\n\n# free\n\n[c]\nz = 1\n"
    assert patch(text, {("b",): REMOVE}, EMPTY) == "[a]\nx = 1\n# free of a\n\n# free\n\n[c]\nz = 1\n"


def test_a_placeholder_keeps_the_comment_after_it() -> None:
    layout = Layout(groups=(("a", "b"),), optional=frozenset({"b"}))
    text = "a = 1\n#b =  # since when?\n"
    there = patch(text, {("b",): 2}, layout)
    assert there == "a = 1\nb = 2  # since when?\n"
    assert patch(there, {("b",): REMOVE}, layout) == text


def test_new_keys_go_to_their_canonical_place_among_those_present() -> None:
    layout = Layout(groups=(("a", "b"), ("c", "d"), ("e",)))
    text = "# about a\na = 1\n\n# about d\nd = 1\n\nzeta = 5\n"
    assert patch(text, {("c",): 0}, layout) == text.replace("# about d", "c = 0\n# about d")
    assert patch(text, {("b",): 0}, layout) == text.replace("a = 1\n", "a = 1\nb = 0\n")
    assert patch(text, {("e",): 0}, layout) == text.replace("d = 1\n", "d = 1\n\ne = 0\n")
    assert patch("b = 1\n", {("a",): 0}, layout) == "a = 0\nb = 1\n"


def test_a_section_gets_its_anchor_with_its_first_entry() -> None:
    text = 'title = "x"\n\n[other]\nv = 1\n'
    wanted = 'title = "x"\n\n# ---- checklist ----\n\n[checklist.a]\ndone = true\n\n[other]\nv = 1\n'
    assert patch(text, {("checklist", "a"): {"done": True}}, CARD_ONLY) == wanted


@pytest.mark.parametrize(
    ("text", "edits", "reason"),
    [
        ("a = \n", {("a",): 1}, "not TOML"),
        ("a = 1\n", {("a", "b"): 1}, "a is not a table"),
        ("a = [1]\n", {("a", "b"): 1}, "no key or item 'b'"),
        ("a = 1\n", {("a",): None}, "NoneType"),
        ("a = 1\n", {(): {}}, "the path of a key"),
        ("a = 1\n", {("a",): "\ud800"}, "surrogate"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(text: str, edits: Edits, reason: str) -> None:
    with pytest.raises(PatchRefused, match=reason) as refusal:
        patch(text, edits, EMPTY)
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("a = 2\nb = 1\n", "a comment would be lost"),
        ("a = 2 # n\nb = 3\n", "would not say"),
        ("a = 2 # n\nb =\n", "not TOML"),
        ("a = 2 # n\r\nb = 1\n", "line ends"),
        ("a = 2 # n\nb  = 1\n", "a line that the edit does not touch"),
    ],
)
def test_a_mistake_of_the_patcher_is_caught_before_anyone_sees_it(
    monkeypatch: pytest.MonkeyPatch, wrong: str, reason: str
) -> None:
    monkeypatch.setattr(patch_module, "_change", lambda *_: patch_module.Removal(wrong, []))
    with pytest.raises(PatchRefused, match=reason):
        patch("a = 1 # n\nb = 1\n", {("a",): 2}, EMPTY)


@pytest.mark.parametrize("seed", range(40))
def test_thousands_of_edits_in_files_of_many_hands(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(12):
        text, owners = random_file(rng, wild=rng.random() < 0.6)
        for _ in range(5):
            edits = random_edits(rng, tomli.loads(text.removeprefix("\ufeff")))
            layout = rng.choice([CARD, CARD, EMPTY])
            result = patch(text, edits, layout)
            assert faults(text, owners, edits, result, layout) == []
            assert patch(result, edits, layout) == result


@settings(max_examples=times(100))
@given(st.integers(0, 2**32), TEXT, VALUES)
def test_any_value_can_be_set_under_any_key(seed: int, key: str, value: Any) -> None:
    text, owners = random_file(random.Random(seed), wild=True)
    edits: Edits = {(key,): value}
    assert faults(text, owners, edits, patch(text, edits, CARD), CARD) == []


@settings(max_examples=times(50))
@given(st.integers(0, 2**32))
def test_edits_that_change_no_value_change_no_byte(seed: int) -> None:
    text, _ = random_file(random.Random(seed), wild=True)
    data = tomli.loads(text.removeprefix("\ufeff"))
    assert patch(text, {(key,): value for key, value in data.items()}, CARD) == text


@settings(max_examples=times(50))
@given(st.integers(0, 2**32), st.dates())
def test_a_scalar_on_one_line_changes_in_that_line_alone(seed: int, value: date) -> None:
    rng = random.Random(seed)
    text, _ = random_file(rng, wild=True)
    document = Document(text)
    data = tomli.loads(document.text)
    plain = [
        statement
        for statement in document.statements
        if len(statement.path) == 1 and not isinstance(data[str(statement.path[0])], list | dict)
    ]
    single = [one for one in plain if document.text.count("\n", one.start, one.stop) <= 1]
    for statement in single:
        path = (str(statement.path[0]),)
        result = patch(text, {path: value}, CARD).removeprefix("\ufeff")
        assert result.startswith(document.text[: statement.key_end])
        assert result.endswith(
            document.text[statement.note[0] if statement.note[1] > statement.start else statement.stop :]
        )


def test_added_items_of_a_set_go_to_their_sorted_place_in_an_order_that_is_not() -> None:
    layout = Layout(groups=(("tags",),), sorted=frozenset({"tags"}))
    text = 'tags = ["m", "c", "x"]\n'
    assert patch(text, {("tags",): ["x", "m", "c"]}, layout) == text
    added = patch(text, {("tags",): ["z", "d", "a", "x", "c", "m"]}, layout)
    assert added == 'tags = ["a", "d", "m", "c", "x", "z"]\n'


def test_large_arrays_are_changed_in_reasonable_time() -> None:
    # Quadratic work per item would make this test hang.
    text = "tags = [\n" + "".join(f'  "i{number:05}",\n' for number in range(20_000)) + "]\n"
    result = patch(text, {("tags",): [f"j{number:05}" for number in range(20_000)]}, CARD)
    assert result == text.replace("i", "j")
