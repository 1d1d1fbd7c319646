"""The shapes of reports for other programs, held against what their consumers demand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kedge.cli.report_formats import Described, Reported, fingerprints, github, gitlab, sarif
from kedge.model.records.address import Address
from kedge.model.records.findings import Finding
from kedge.model.rules.catalog import RULES

from .consumers import GITLAB, SARIF, complaints

FILE = "plan/projects/churn/cards/a-2b3c.toml"
FINDING = Finding(
    "R201",
    "error",
    "owner names the person 'nina', which is not in the plan",
    Address("card", "churn", "a-2b3c"),
    ("owner",),
    "did you mean mira?",
    line=5,
    column=1,
)
HOSTILE = "\x1b[2J::error::x %0A\u202e</script>\r\n::stop-commands::y, z:1"


def _many(count: int) -> list[Reported]:
    return [Reported("R201", "advice", f"note {number}", FILE) for number in range(count)]


@pytest.mark.parametrize("file", [FILE, "plan/a b#c?.toml", "plan/größe.toml", "plan/\udcff.toml"])
def test_every_report_is_taken_by_its_consumer(file: str) -> None:
    found = [
        Reported.of(FINDING, file),
        Reported("date", "warning", HOSTILE, file, hint=HOSTILE),
        Reported.of(replace(FINDING, address=None, field=()), file),
    ]
    log = sarif(found, map(Described.of, RULES.values()), "0.3.0")
    assert list(complaints(json.loads(json.dumps(log)), SARIF)) == []
    assert list(complaints(json.loads(json.dumps(gitlab(found))), GITLAB)) == []


def test_the_consumers_complain_of_what_is_wrong() -> None:
    log = sarif([Reported.of(FINDING, FILE)], (), "0.3.0")
    run = log["runs"][0]  # type: ignore[index]
    run["results"][0]["level"] = "advice"
    del run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"]
    run["tool"]["driver"]["severity"] = "high"
    assert len(list(complaints(log, SARIF))) == 3
    assert list(complaints([{**gitlab([Reported.of(FINDING, FILE)])[0], "severity": "error"}], GITLAB)) == [
        "$[0].severity is 'error'"
    ]


def test_sarif_names_the_rules_that_its_results_have_and_no_other() -> None:
    found = [Reported.of(FINDING, FILE), Reported("date", "warning", "mvp-live +9 days", FILE)]
    log = sarif(found, [*map(Described.of, RULES.values()), Described("date", "later-milestone")], "1")
    run = log["runs"][0]  # type: ignore[index]
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == ["R201", "date"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == ["R201", "date"]


def test_a_fingerprint_outlives_a_line_and_tells_findings_apart() -> None:
    moved = replace(FINDING, line=50, column=3, hint="another hint")
    (one,), (other,) = (fingerprints([Reported.of(found, FILE)]) for found in (FINDING, moved))
    assert one == other
    others = [replace(FINDING, code="R202"), replace(FINDING, field=("skill",)), FINDING, FINDING]
    found = fingerprints([Reported.of(each, FILE) for each in others])
    assert len(set(found)) == 4
    assert found[2] == one


def test_github_shows_the_worst_ten_and_the_tenth_says_how_many_more() -> None:
    found = [*_many(12), Reported("R201", "error", "worst", FILE, 3)]
    lines = github(found, {"R201": "R201 unknown-reference"}, "kedge check").splitlines()
    assert len(lines) == 10
    assert lines[0] == f"::error file={FILE},line=3,col=1,title=R201 unknown-reference::worst"
    assert lines[9].endswith("%0Aand 3 more: kedge check")
    assert not any("more" in line for line in lines[:9])
    assert len(github(found, {}, "", most=None).splitlines()) == 13


def test_nothing_of_a_text_gets_out_of_its_annotation() -> None:
    found = Reported("date", "error", HOSTILE, f"plan/{HOSTILE}.toml", 1, hint=HOSTILE)
    written = github([found], {"date": HOSTILE}, HOSTILE)
    assert written.count("\n") == 1
    assert "\x1b" not in written
    assert "\u202e" not in written
    head, _, said = written[2:].partition("::")
    assert head.count(",") == 3
    assert not said.startswith("::")
