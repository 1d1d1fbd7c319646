"""The scanner finds what the parser finds, and failures say where to look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tomli

from kedge.storage.toml.layout import EMPTY
from kedge.storage.toml.parse import ParseFailure, conflicts, newer_syntax, parse
from kedge.storage.toml.patch import patch
from kedge.storage.toml.scan import BOM, Document, ScanError

TOML_TEST = Path(__file__).resolve().parents[3] / "shared" / "data" / "toml-test"
needs_toml_test = pytest.mark.skipif(
    not TOML_TEST.is_dir(), reason="the files of toml-test are not beside the project"
)
VALID = sorted(TOML_TEST.glob("valid/**/*.toml"))
INVALID = sorted(TOML_TEST.glob("invalid/**/*.toml"))


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path}.union(*(paths(item, (*path, key)) for key, item in inner))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Any]:
    if not isinstance(value, dict | list):
        return {path: value}
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return {leaf: found for key, item in inner for leaf, found in leaves(item, (*path, key)).items()}


def read(file: Path) -> str:
    return file.read_bytes().decode()


@needs_toml_test
@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_every_path_of_a_valid_file_is_found_and_its_value_span_reads_as_the_value(file: Path) -> None:
    text = read(file)
    data = tomli.loads(text.removeprefix(BOM))
    document = Document(text)
    assert set(document._places) == paths(data) - {()}
    for path, value in leaves(data).items():
        span = document.span(path)
        assert span is not None
        alone = tomli.loads(f"v = {document.text[slice(*span)]}")["v"]
        assert repr(alone) == repr(value), path


@needs_toml_test
@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_valid_files_take_a_fresh_key_and_ignore_edits_that_change_nothing(file: Path) -> None:
    text = read(file)
    data = tomli.loads(text.removeprefix(BOM))
    assert patch(text, {(key,): value for key, value in data.items()}, EMPTY) == text
    fresh = patch(text, {("a fresh key",): "set"}, EMPTY)
    assert repr(tomli.loads(fresh.removeprefix(BOM)).pop("a fresh key")) == "'set'"
    kept = tomli.loads(fresh.removeprefix(BOM))
    del kept["a fresh key"]
    assert repr(sorted(kept.items())) == repr(sorted(data.items()))
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = fresh.removeprefix(BOM).split(newline)
    wanted = [line for line in text.removeprefix(BOM).split(newline) if line.strip()]
    assert [line for line in lines if line.strip() and "a fresh key" not in line] == wanted


@needs_toml_test
def test_there_are_as_many_valid_files_as_there_should_be() -> None:
    assert len(VALID) >= 200
    assert all(json.loads(file.with_suffix(".json").read_text()) is not None for file in VALID)


@needs_toml_test
def test_invalid_files_fail_with_a_place_and_never_crash() -> None:
    read_all_the_same = []
    for file in INVALID:
        result = parse(file.read_bytes())
        if isinstance(result, ParseFailure):
            assert result.line >= 1
            assert result.column >= 1
            assert result.message
        else:
            # What the parser takes although TOML 1.0 does not is TOML 1.1, and named as such.
            assert newer_syntax(file.read_text()), file
            read_all_the_same.append(file)
    assert len(INVALID) > 400
    assert len(read_all_the_same) <= 12


def test_where_points_at_keys_items_and_the_nearest_thing_around() -> None:
    text = (
        f'{BOM}title = "t"\r\n'
        'a . "b c" = {x = 1, y = [10,\r\n  20]}\r\n'
        "[s.k1] # note\r\n"
        "  done = true\r\n"
        "[[log]]\r\nat = 1\r\n[[log]]\r\n  at = 2\r\n"
    )
    document = Document(text)
    assert document.where(("title",)) == (1, 1)
    assert document.where(("a",)) == (2, 1)
    assert document.where(("a", "b c")) == (2, 5)
    assert document.where(("a", "b c", "y")) == (2, 21)
    assert document.where(("a", "b c", "y", 1)) == (3, 3)
    assert document.where(("a", "b c", "y", 7)) == (2, 21)
    assert document.where(("s", "k1")) == (4, 4)
    assert document.where(("s", "k1", "done")) == (5, 3)
    assert document.where(("s", "k1", "missing", "deeper")) == (4, 4)
    assert document.where(("log", 1, "at")) == (9, 3)
    assert document.where(("nothing",)) is None
    span = document.span(("a", "b c", "y"))
    assert span is not None
    assert document.text[slice(*span)] == "[10,\r\n  20]"


def test_columns_count_code_points() -> None:
    assert Document('x = ["🦉é", "b"]').where(("x", 1)) == (1, 12)


@pytest.mark.parametrize("text", ["x", "x = ", "x = [1 2]", "[x", "x = {a = 1", "= 1", "x = 1 y = 2"])
def test_the_scanner_says_so_when_no_parser_went_first(text: str) -> None:
    with pytest.raises(ScanError):
        Document(text)


def test_size_does_not_hurt() -> None:
    # Far above any recursion or backtracking limit; quadratic work would make this test hang.
    note = 'x = """\n' + 'one "quoted" \\\\ line\n' * 50_000 + '"""\n'
    assert Document(note).where(("x",)) == (1, 1)
    many = Document("".join(f"[t.k{i}]\nv = {i}\n" for i in range(20_000)))
    assert many.where(("t", "k19999", "v")) == (40_000, 1)
    deep = parse("x = " + "[" * 5000)
    assert isinstance(deep, ParseFailure)


def failure(text: str | bytes) -> ParseFailure:
    result = parse(text)
    assert isinstance(result, ParseFailure)
    return result


def test_a_text_that_is_never_closed_is_shown_where_it_opens() -> None:
    found = failure('title = "a"\n# """ in a comment\nnotes = """\none\ntwo\n')
    assert (found.line, found.column) == (3, 9)
    assert "never closed" in found.message
    assert failure("x = '''\n").line == 1


def test_conflict_markers_are_told_from_other_errors() -> None:
    text = "a = 1\r\n<<<<<<< HEAD\r\nb = 1\r\n=======\r\nb = 2\r\n>>>>>>> other\r\nc = 3\r\n"
    found = failure(text)
    assert found.conflict == (2, 6)
    assert (found.line, found.column) == (2, 1)
    assert conflicts(text + text) == [(2, 6), (9, 13)]
    assert failure("a = \n").conflict is None


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("a = 1\nb = 2\na = 3\nc = 4\n", 1, 3),
        ("[x]\na = 1\n\n[y]\n\n[x]\nb = 2\n", 1, 6),
        ("a.b = 1\n[a]\nc = 1\n", 1, 2),
        ("[x]\na = 1\nb = '''\n'''\n\"a\" = 2", 2, 5),
        ("a = [1]\n\n[[a]]\n", 1, 3),
        ("a = {b = 1}\n[a.c]\n", 1, 2),
    ],
)
def test_what_stands_twice_is_shown_with_both_lines(text: str, first: int, second: int) -> None:
    found = failure(text)
    assert found.lines == (first,)
    assert found.line == second
    assert f"lines {first} and {second}" in found.message


def test_other_failures_have_a_place_and_the_parsers_words() -> None:
    found = failure("\ufeffa = 1\r\nb = tru\r\n")
    assert (found.line, found.column) == (2, 5)
    assert found.message == "invalid value"
    assert failure(b'a = 1\nb = "\xff"\n').line == 2
    assert "UTF-8" in failure(b"\xff").message
    assert "twice" in failure("x = {a = 1, a = 2}\n").message


def test_syntax_of_toml_1_1_is_listed() -> None:
    text = (
        'a = "\\e"\n'
        "b = {x = 1,\n  y = [\n  1], # c\n}\n"
        "c = 07:30\n"
        'd = ["\\\\e", \'\\e\', "\\x41", {t = 2026-01-01T10:00}]\n'
        "e = 07:30:00\n"
        "f = {x = [\n1,\n]}\n"
    )
    assert isinstance(parse(text), dict)
    assert [(line, what) for line, _, what in newer_syntax(text)] == [
        (1, "the escape \\e"),
        (2, "a line end inside an inline table"),
        (4, "a comma after an inline table's last pair"),
        (6, "a time without seconds"),
        (7, "the escape \\x"),
        (7, "a time without seconds"),
    ]
