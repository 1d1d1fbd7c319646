"""A file that would keep every command busy is a finding; the others load, and nothing is written to it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from kedge.cli.listing import card_data
from kedge.model.edit import edits
from kedge.model.edit.refusal import EditRefused
from kedge.model.plan.unfit import field_of
from kedge.model.plan.validate import KnownKeys
from kedge.model.records.findings import MOST as LISTED
from kedge.model.records.findings import MOST_OF_RULE, Finding, shortened
from kedge.model.rules.checking import check
from kedge.storage.disk.errors import WriteRefused
from kedge.storage.plan.places import PlacesWithin
from kedge.storage.plan.read import read_plan
from kedge.storage.toml.bounds import DEEPEST, LONGEST, LONGEST_KEY, LONGEST_OF_TEXTS, MANY, MOST
from kedge.storage.toml.parse import ParseFailure, parse

from .plans import CARD, OTHER, make, opened, reading_findings

HEAD = 'title = "x"\n'
DEEP = ".".join("a" * (DEEPEST + 1))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{DEEP} = 1\n", "a key of more than"),
        (f"x = {{ {DEEP} = 1 }}\n", "a key of more than"),
        (f"[{DEEP}]\n", "a key of more than"),
        (f"[[{DEEP}]]\n", "a key of more than"),
        (" . ".join(['"a b"'] * (DEEPEST + 1)) + " = 1\n", "a key of more than"),
        (f"x = {'[' * 9}{']' * 9}\n", "nested more than"),
        (f"x = {'[' * 5_000}{']' * 5_000}\n", ""),
        (f"x = {'{a=' * 9}1{'}' * 9}\n", "nested more than"),
        ("[a.b.c.d.e]\nf.g.h.i.j = 1\n", "nested more than"),
        (f"x = [{'12345,' * (LONGEST + 1)}]\n", "2,001 items"),
        ("x = [" + '"12345",' * (LONGEST_OF_TEXTS + 1) + "]\n", "501 items"),
        (f"[t]\nx = [[], [{'12345,' * (LONGEST + 1)}]]\n", "2,001 items"),
        ("".join(f"a-key-{number} = 1\n" for number in range(MOST + 1)), "more than 20,000 values"),
        (f"x = [{'1,' * (MANY + 1)}]\n", "little else"),
        ("".join(f"a.b.c.d{number}=1\n" for number in range(MANY)), "little else"),
        (f"{'k' * (LONGEST_KEY + 1)} = 1\n", "501 letters"),
    ],
)
def test_more_than_is_read_is_a_finding(text: str, why: str, tmp_path: Path) -> None:
    root = make(tmp_path)
    space = opened(root)
    (root / OTHER).write_text(HEAD + text)
    loaded = read_plan(str(root))
    (finding,) = [one for one in loaded.findings if one.file == OTHER]
    assert finding.code == "F108"
    assert why in finding.message
    assert len(loaded.plan.cards) == 1
    space.refresh()
    with pytest.raises(WriteRefused):
        space.commit(edits.edit_all([space.plan.cards[Path(OTHER).stem]], {("title",): "y"}, "edit"))
    assert (root / OTHER).read_text() == HEAD + text


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join('a' * DEEPEST)} = 1\n",
        f"x = '{'.' * 5_000}'\n",
        f"# {'a.' * 5_000}\n",
        f"x = '''\n{'a.' * 5_000}\n{'=' * 30_000}'''\n",
        f"x = [{'12345, ' * LONGEST}]\n",
        "x = [" + '"12345", ' * LONGEST_OF_TEXTS + "]\n",
        f"{'k' * LONGEST_KEY} = 1\n",
        "".join(f"a-longer-key-{number} = 1.5\n" for number in range(MOST - 1)),
    ],
)
def test_what_is_within_the_limits_is_read(text: str) -> None:
    assert not isinstance(parse(HEAD + text), ParseFailure)


def test_findings_beyond_the_first_are_counted(tmp_path: Path) -> None:
    root = make(tmp_path)
    lines = "".join(f"onwer-{number} = 1\n" for number in range(100))
    items = ", ".join(f'"nobody-{number}"' for number in range(300))
    bad = ", ".join(str(number) for number in range(70))
    (root / CARD).write_text(f'title = "x"\nneeds = [{items}]\nlinks = [{bad}]\n{lines}')
    space = opened(root)
    found = space.located([*reading_findings(space), *check(space.snapshot(dt.date(2026, 11, 20)))])
    listed = Counter(one.code for one in found if one.file == CARD and one.count == 1)
    rest = {
        one.code: (one.count, one.message, one.line) for one in found if one.file == CARD and one.count > 1
    }
    assert (listed["F105"], listed["F104"], listed["R201"]) == (LISTED, LISTED, LISTED)
    assert rest["F105"] == (100 - LISTED, "and 80 more like these in this file", 0)
    assert rest["F104"][0] == 70 - LISTED
    assert rest["R201"][0] == 300 - LISTED
    assert all(one.line for one in found if one.file == CARD and one.count == 1)
    assert [one.count > 1 for one in sorted(found, key=lambda one: one.sort_key) if one.file == CARD][-1]


def test_lines_are_looked_up_within_a_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path)
    for path in (CARD, OTHER):
        (root / path).write_text(f'title = "x"\nonwer = [{"1, " * 50}]\n')
    monkeypatch.setattr(PlacesWithin, "MOST", 60)
    loaded = read_plan(str(root))
    assert {one.file: one.line for one in loaded.findings} == {CARD: 2, OTHER: 0}


def test_unknown_keys_are_compared_within_a_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path)
    for path, key in ((CARD, "onwer"), (OTHER, "onwer")):
        (root / path).write_text(f'title = "x"\n{key} = 1\nstauts = 1\n')
    monkeypatch.setattr(KnownKeys, "MOST", 1)
    hints = Counter(one.hint for one in read_plan(str(root)).findings)
    assert hints == {"did you mean owner?": 2, "it is kept, and read by nothing here": 2}


def test_a_report_lists_the_first_of_a_rule_and_counts_the_rest() -> None:
    found = [Finding("F105", "warning", "x", file=f"{at // 2}.toml") for at in range(MOST_OF_RULE + 5)]
    found.append(Finding("F105", "warning", "x", file="z.toml", count=30))
    other = Finding("R201", "error", "y")
    listed, (rest,) = shortened([*found, other])
    assert listed == [*found[:MOST_OF_RULE], other]
    assert (rest.code, rest.severity, rest.count) == ("F105", "warning", 35)
    assert rest.message == "and 35 more of F105 in 4 files"
    assert "--select F105 --all" in rest.hint


def test_dense_files_are_read_up_to_a_number_of_values_in_the_whole_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(tmp_path)
    for at in range(4):
        needs = ",".join(f'"no-{number}"' for number in range(480))
        text = f'title = "Large {at}"\nplace = "plan"\nneeds = [{needs}]\n'
        (root / f"projects/churn/cards/large-{at}.toml").write_text(text)
    prose = root / "projects/churn/cards/prose.toml"
    sentence = "so it is, and not as we thought when we began to look at it then "
    prose.write_text(f'title = "Prose"\nplace = "plan"\nnotes = "{sentence * 200}"\n')
    monkeypatch.setattr("kedge.storage.plan.file_findings.MOST_VALUES", 800)
    found = read_plan(str(root))
    assert "prose" in found.plan.cards
    assert {"large-0", "large-1"} <= found.plan.cards.keys()
    assert not {"large-2", "large-3"} & found.plan.cards.keys()
    told = [one for one in found.findings if one.code == "F108"]
    assert [one.file for one in told] == [f"projects/churn/cards/large-{at}.toml" for at in (2, 3)]
    assert all("800 values" in one.message for one in told)


def test_a_plan_full_of_unknown_keys_lists_the_first_of_each_file_and_counts_all(tmp_path: Path) -> None:
    root = make(tmp_path)
    keys = "".join(f"owner-{number} = 1\n" for number in range(30))
    for at in range(KnownKeys.MOST_LISTED // LISTED + 2):
        (root / f"projects/churn/cards/odd-{at:03}.toml").write_text(f'title = "Odd"\nplace = "plan"\n{keys}')
    found = [one for one in read_plan(str(root)).findings if one.code == "F105"]
    by_file = [[one for one in found if one.file.endswith(f"odd-{at:03}.toml")] for at in range(102)]
    listed = [*range(3, 3 + LISTED), 0]
    assert [[one.line for one in those] for those in by_file].count(listed) == KnownKeys.MOST_LISTED // LISTED
    assert [[one.line for one in those] for those in by_file].count([3, 0]) == 2
    assert {sum(one.count for one in those) for those in by_file} == {30}


def test_values_that_do_not_fit_beyond_the_listed_ones_are_still_known_by_their_field(tmp_path: Path) -> None:
    root = make(tmp_path)
    needs = ", ".join(f'"No {number}"' for number in range(30))
    text = f'title = "Many"\nplace = "plan"\nneeds = [{needs}]\ndue = "soon"\n'
    (root / "projects/churn/cards/many.toml").write_text(text)
    card = read_plan(str(root)).plan.cards["many"]
    assert {field_of(one) for one in card.unfit} == {("needs",), ("due",)}
    assert card_data(card)["unreadable"].keys() == {"needs", "due"}  # pyright: ignore[reportAttributeAccessIssue]
    plan = read_plan(str(root)).plan
    with pytest.raises(EditRefused, match=r"many\.toml:3"):
        edits.edit(plan, card.address, {("needs",): ["label-audit-9x4p"]})


def test_newer_syntax_beyond_the_listed_places_is_counted(tmp_path: Path) -> None:
    root = make(tmp_path)
    keys = "".join(f'k{number} = "\\e"\n' for number in range(30))
    (root / "projects/churn/cards/newer.toml").write_text(f'title = "Newer"\nplace = "plan"\n{keys}')
    found = [one for one in read_plan(str(root)).findings if one.code == "F116"]
    assert [one.line for one in found] == [*range(3, 3 + LISTED), 0]
    assert sum(one.count for one in found) == 30
