"""`kedge diff` as a person, a script and a pull request use it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kedge.model.review.markdown import MOST_CHARACTERS, safe

from .consumers import GITLAB, SARIF, complaints
from .running import TODAY, kedge

CARD = 'title = "{title}"\nplace = "execute"\nowner = "mira"\nestimate = [2, 3, 5]\nmilestone = "live"\n'
STRATEGY = (
    "[stages.mvp]\ncap = 30000\n\n"
    '[metrics.recall]\ntitle = "Recall"\ntarget = 0.3\n\n'
    '[milestones.live]\ntitle = "Live"\ndue = 2026-12-04\n'
)
FILES = {
    "plan/board.toml": 'format = 1\ntitle = "Test"\n',
    "plan/people/mira.toml": 'name = "Mira"\nday_rate = 600\n',
    "plan/projects/churn/project.toml": 'title = "Churn"\nphase = "execute"\n',
    "plan/projects/churn/strategy.toml": STRATEGY,
    "plan/projects/churn/cards/labels-2b3c.toml": CARD.format(title="Labels"),
    "plan/projects/churn/cards/table-7k2m.toml": CARD.format(title="Table")
    + 'notes = """\nWhy so long?\n"""\n',
}
TABLE = "plan/projects/churn/cards/table-7k2m.toml"
HOSTILE = (
    "</summary></details><script>alert(1)</script> @team #12 GH-7 !5 [x](http://evil.example) ![i](//e/i.png) "
    "www.evil.example deadbeefcafe1234 ``` ~~~ | $x$ <!-- --> **b** _i_ &lt; a@b.example"
)


def git(top: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=M", "-c", "user.email=m@example.org", *words]
    return subprocess.run(command, cwd=top, check=True, capture_output=True, text=True).stdout.strip()


def write(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(top: Path, files: dict[str, str]) -> None:
    write(top, files)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "plan")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, FILES)
    git(tmp_path, "checkout", "-q", "-b", "branch")
    return tmp_path


def change(top: Path, old: str, new: str, path: str = TABLE) -> None:
    text = (top / path).read_text(encoding="utf-8")
    assert old in text
    (top / path).write_text(text.replace(old, new), encoding="utf-8")


def diff(top: Path, *words: str) -> Any:
    return kedge("diff", *words, "--today", TODAY, cwd=top)


def data(top: Path, *words: str) -> Any:
    return json.loads(diff(top, *words, "--json").out)["data"]


def test_the_json_has_the_shape_that_others_rely_on(top: Path) -> None:
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    found = data(top)
    keys = {"from", "to", "verdict", "changes", "consequences", "table", "not_counted"}
    assert found.keys() >= keys
    (one,) = found["changes"]
    assert one.keys() >= {"what", "kind", "project", "id", "title", "fields"}
    assert one["fields"] == [{"path": ["estimate"], "before": [2.0, 3.0, 5.0], "after": [12.0, 13.0, 25.0]}]
    assert {one["kind"] for one in found["consequences"]} >= {"date", "budget", "scope"}
    for one in found["consequences"]:
        assert one.keys() >= {"kind", "severity", "text", "before", "after", "because"}
        assert one["because"] == ["table-7k2m"]
    assert all(row.keys() >= {"name", "before", "after", "change"} for row in found["table"])
    assert found["table"][-1]["name"] == "total"


def test_others_work_on_main_is_never_shown_as_this_branchs(top: Path) -> None:
    git(top, "checkout", "-q", "main")
    change(top, "Table", "Feature table")
    commit(top, {})
    git(top, "checkout", "-q", "branch")
    change(top, "Labels", "Labels of churn", "plan/projects/churn/cards/labels-2b3c.toml")
    assert [one["id"] for one in data(top)["changes"]] == ["labels-2b3c"]
    assert [one["id"] for one in data(top, "main")["changes"]] == ["labels-2b3c", "table-7k2m"]
    assert [one["id"] for one in data(top, "branch...main")["changes"]] == ["table-7k2m"]
    assert [one["id"] for one in data(top, "main", "branch")["changes"]] == ["table-7k2m"]


def test_staged_is_the_index_against_head(top: Path) -> None:
    change(top, "[2, 3, 5]", "[3, 3, 5]")
    assert data(top, "--staged")["changes"] == []
    git(top, "add", "-A")
    change(top, "[3, 3, 5]", "[4, 4, 5]")
    assert data(top, "--staged")["changes"][0]["fields"][0]["after"] == [3.0, 3.0, 5.0]
    assert diff(top, "--staged", "main", "branch").code == 2


def test_exit_codes(top: Path) -> None:
    assert diff(top, "--exit-code").code == 0
    (top / TABLE).write_text("# a remark\n" + (top / TABLE).read_text())
    same = diff(top, "--exit-code")
    assert (same.code, same.out) == (0, "the same plan: only the layout of files differs\n")
    change(top, "Why so long?", "Why 5?")
    assert (diff(top).code, diff(top, "--exit-code").code) == (0, 1)
    assert diff(top, "--fail-on", "date,budget,goal,gate,scope,overload").code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("date", 1),
        ("date:3d", 1),
        ("date:90d", 0),
        ("budget", 1),
        ("budget:5%", 1),
        ("budget:900%", 0),
        ("budget:100000", 0),
        ("scope", 1),
        ("scope:5d", 1),
        ("scope:50d", 0),
        ("goal", 0),
        ("gate,overload", 0),
        ("dates", 2),
        ("date:3%", 2),
        ("goal:3", 2),
        ("date:", 2),
    ],
)
def test_fail_on_with_tolerances(top: Path, words: str, code: int) -> None:
    change(top, "[2, 3, 5]", "[9, 10, 18]")
    assert diff(top, "--fail-on", words).code == code


def test_a_moved_goal_fails_unless_a_decision_names_it(top: Path) -> None:
    change(top, "target = 0.3", "target = 0.25", "plan/projects/churn/strategy.toml")
    ran = diff(top, "--fail-on", "goal")
    assert (ran.code, "not allowed" in ran.err) == (1, True)
    decision = 'title = "Lower the target"\nchanges = ["metrics.recall.target"]\n'
    write(top, {"plan/projects/churn/decisions/lower.toml": decision})
    ran = diff(top, "--fail-on", "goal")
    assert ran.code == 0
    assert "moved by decision" in " ".join(ran.out.split())


def test_the_boards_policy_counts_as_it_was_before(top: Path) -> None:
    change(top, "[2, 3, 5]", "[9, 10, 18]")
    board = "plan/board.toml"
    assert diff(top).code == 0
    git(top, "stash", "-q")
    commit(top, {board: FILES[board] + '\n[review]\nfail_on = ["date:3d"]\n'})
    git(top, "stash", "pop", "-q")
    assert diff(top, "HEAD").code == 1
    assert diff(top, "HEAD", "--fail-on", "goal").code == 0
    write(top, {board: FILES[board]})
    assert diff(top, "HEAD").code == 1


def test_markdown_has_a_marker_and_folds_and_is_empty_for_nothing(top: Path) -> None:
    assert diff(top, "--format", "markdown").out == ""
    kept = diff(top, "--format", "markdown", "--always").out.splitlines()
    base = git(top, "rev-parse", "main")
    assert kept == [f"<!-- kedge-diff plan=plan from={base} to=worktree -->", "The same plan."]
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    page = diff(top, "--format", "markdown").out
    assert page.splitlines()[0] == kept[0]
    assert page.count("<details>") == page.count("</details>") == 2
    assert page.rstrip().splitlines()[-1].startswith(("Not counted", "Everything"))


def test_markdown_of_many_changes_is_cut_at_entries_with_folds_closed(top: Path) -> None:
    cards = {
        f"plan/projects/churn/cards/card-{number:03d}-2b3c.toml": CARD.format(title=f"{'long ' * 60}{number}")
        for number in range(300)
    }
    write(top, cards)
    page = diff(top, "--format", "markdown").out
    assert len(page) < MOST_CHARACTERS
    assert page.count("<details>") == page.count("</details>")
    left = re.search(r"(\d+) lines left out; all of it: `(kedge diff --format markdown --full)`", page)
    assert left
    whole = diff(top, *left[2].split()[2:]).out
    assert len(whole) > MOST_CHARACTERS
    assert "left out" not in whole
    assert len([line for line in whole.splitlines() if line.startswith("- `")]) == 300
    assert page.count("\n- `") + int(left[1]) >= 300


def test_text_of_many_changes_is_bounded_unless_all_is_asked_for(top: Path) -> None:
    many = {
        f"plan/projects/churn/cards/n-{at:03}.toml": f'title = "N{at}"\nneeds = ["gone"]\n'
        for at in range(260)
    }
    write(top, many)
    short, full = diff(top).out, diff(top, "--full").out
    assert "and 60 more: kedge diff --full" in short
    assert "n-259" not in short
    assert "n-259" in full
    assert "more: kedge diff" not in full
    assert diff(top, "--json").out == diff(top, "--json", "--full").out


@pytest.mark.parametrize("form", ["text", "markdown", "github", "gitlab", "sarif"])
def test_hostile_titles_are_text_in_every_format(top: Path, form: str) -> None:
    title = HOSTILE.replace('"', "") + "\\u001b[2J\\u202e"
    change(top, 'title = "Table"', f'title = "{title}"')
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    change(top, "Why so long?", f"{HOSTILE} ::error::x\n```")
    write(top, {TABLE: (top / TABLE).read_text() + 'blocked = "@boss #9 <b>"\n'})
    out = diff(top, "--format", form).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    if form == "github":
        assert all(
            line.startswith(("::error file=", "::warning file=", "::notice file="))
            for line in out.splitlines()
        )
    if form == "markdown":
        body = out.split("\n", 1)[1]
        for wrong in (
            "<script",
            "<b>",
            "@team",
            "@boss",
            "#12",
            "#9",
            "GH-7",
            "http://",
            "www.",
            "deadbeefcafe",
            "\n```",
        ):
            assert wrong not in body, wrong
        assert body.count("<details>") == body.count("</details>") == body.count("<summary>")


def test_safe_text_renders_as_itself() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    page = markdown_it.MarkdownIt("gfm-like", {"linkify": False}).render(f"- {safe(HOSTILE)}")
    inner = page.removeprefix("<ul>\n<li>").removesuffix("</li>\n</ul>\n")
    assert "<" not in inner
    shown = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert shown.replace("\u200b", "") == HOSTILE


def test_reports_for_ci_are_taken_by_their_consumers(top: Path) -> None:
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    change(top, "target = 0.3", "target = 0.25", "plan/projects/churn/strategy.toml")
    quality = json.loads(diff(top, "--format", "gitlab").out)
    log = json.loads(diff(top, "--format", "sarif").out)
    assert list(complaints(quality, GITLAB)) == []
    assert list(complaints(log, SARIF)) == []
    assert {one["location"]["path"] for one in quality} >= {"plan/projects/churn/strategy.toml"}
    prints = [one["fingerprint"] for one in quality]
    assert len(set(prints)) == len(prints)
    (top / TABLE).write_text("\n\n# lower down\n" + (top / TABLE).read_text())
    assert [one["fingerprint"] for one in json.loads(diff(top, "--format", "gitlab").out)] == prints


def test_no_text_leaves_ids_titles_and_figures(top: Path) -> None:
    change(top, "Why so long?", "the secret vendor")
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    write(top, {TABLE: (top / TABLE).read_text() + 'blocked = "the secret contract"\n'})
    for form in ("text", "markdown", "json", "github", "gitlab", "sarif"):
        out = diff(top, "--no-text", "--format", form).out
        assert "secret" not in out, form
        assert "table-7k2m" in out
    assert "secret" in diff(top).out


def test_out_writes_a_file_and_says_the_verdict(top: Path) -> None:
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    ran = diff(top, "--format", "markdown", "--out", "comment.md")
    assert (ran.code, ran.out) == (0, "")
    assert "wrote comment.md" in ran.err
    assert (top / "comment.md").read_text(encoding="utf-8").startswith("<!-- kedge-diff")
    assert diff(top, "--out", "no/such/folder.md").code != 0
    record = next((top / "plan").glob("projects/*/project.toml"))
    before = record.read_bytes()
    refused = diff(top, "--out", str(record))
    assert (refused.code, "is in the plan's folder" in refused.err) == (3, True), refused
    assert record.read_bytes() == before


def test_a_renamed_card_has_no_consequence(top: Path) -> None:
    git(top, "mv", TABLE, TABLE.replace("table-7k2m", "feature-table-7k2m"))
    found = data(top)
    (one,) = found["changes"]
    assert (one["what"], one["id"], one["was"]["id"], one["fields"]) == (
        "renamed",
        "feature-table-7k2m",
        "table-7k2m",
        [],
    )
    assert found["consequences"] == []


def test_without_consequences_the_changes_are_the_same(top: Path) -> None:
    change(top, "[2, 3, 5]", "[12, 13, 25]")
    assert data(top, "--no-consequences")["changes"] == data(top)["changes"]
    assert data(top, "--no-consequences")["consequences"] == []


def test_what_cannot_be_compared_says_what_is_missing(
    top: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert diff(top, "no-such-branch").code == 2
    apart = tmp_path_factory.mktemp("apart")
    write(apart, FILES)
    ran = diff(apart)
    assert (ran.code, "no repository" in ran.err or "git" in ran.err) == (2, True)


def test_a_broken_file_is_no_removed_card_and_lets_no_policy_pass(top: Path) -> None:
    change(top, 'title = "Table"', 'title = "Table')
    ran = kedge("diff", "--exit-code", cwd=top)
    assert (ran.code, "removed" in ran.out) == (1, False)
    assert "Cannot be compared: table-7k2m (kedge check says why)" in ran.out
    assert "Cannot be compared" in kedge("diff", "--format", "markdown", cwd=top).out
    data = json.loads(kedge("diff", "--json", cwd=top).out)["data"]
    assert data["uncompared"] == [{"kind": "card", "project": "churn", "id": "table-7k2m"}]
    assert (data["changes"], data["same_plan"], data["layout_only"]) == ([], False, False)
    ran = kedge("diff", "--fail-on", "goal", cwd=top)
    assert ran.code == 1
    assert "the policy cannot be judged: 1 file cannot be compared" in ran.err


def test_two_versions_that_cannot_be_read_are_not_the_same_plan(top: Path) -> None:
    change(top, 'title = "Table"', 'title = "Table')
    git(top, "commit", "-q", "-a", "-m", "broken")
    change(top, "owner", "own er")
    ran = kedge("diff", "HEAD", "--exit-code", cwd=top)
    assert (ran.code, ran.out.splitlines()[0]) == (1, "1 file cannot be compared")


LABELS = "plan/projects/churn/cards/labels-2b3c.toml"


def named(top: Path, *words: str) -> dict[str, list[str]]:
    return json.loads(kedge("diff", *words, "--json", cwd=top).out)["data"]["commits"]


def test_the_cards_that_commits_name_are_said_with_what_the_plan_says_of_them(top: Path) -> None:
    write(top, {"code.py": "1\n"})
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "code\n\nCard: 7k2m")
    assert named(top) == {"named": ["table-7k2m"], "to_do": ["table-7k2m"], "finished_unnamed": []}
    # The plan is the same, and that the card is still to do has to be said all the more.
    shown = kedge("diff", cwd=top).out
    assert shown.startswith("the same plan\n")
    assert "named by commits, and still to do: table-7k2m" in shown
    change(top, 'place = "execute"', 'place = "execute"\nstatus = "done"')
    change(top, 'place = "execute"', 'place = "execute"\nstatus = "done"', LABELS)
    assert named(top) == {"named": ["table-7k2m"], "to_do": [], "finished_unnamed": ["labels-2b3c"]}
    assert "- finished, and named by no commit: labels" in kedge("diff", "--format", "markdown", cwd=top).out


def test_a_branch_for_a_card_names_it_and_the_commits_of_main_name_none(top: Path) -> None:
    git(top, "checkout", "-q", "main")
    git(top, "commit", "-q", "--allow-empty", "-m", "others\n\nCard: labels-2b3c")
    git(top, "checkout", "-q", "-b", "mira/table-7k2m", "branch")
    git(top, "commit", "-q", "--allow-empty", "-m", "code")
    assert named(top)["named"] == ["table-7k2m"]
    assert named(top, "main...mira/table-7k2m")["named"] == ["table-7k2m"]
    assert named(top, "mira/table-7k2m", "main")["named"] == ["labels-2b3c"]
    assert named(top, "--staged")["named"] == []


def keys_of(value: object) -> set[str]:
    """The keys in a report, at any depth; not those inside values of the plan."""
    if isinstance(value, list):
        return {key for one in value for key in keys_of(one)}
    if not isinstance(value, dict):
        return set()
    inner = (keys_of(one) for key, one in value.items() if key not in ("before", "after"))
    return set(value).union(*inner)


def test_the_page_on_history_names_every_key_of_the_json(top: Path) -> None:
    change(top, "estimate = [2, 3, 5]", "estimate = [2, 9, 50]\nrank = 'z'")
    (top / LABELS).rename((top / LABELS).with_name("labelled-2b3c.toml"))
    write(top, {"plan/people/mira.toml": 'name = "Mira\n'})
    data = json.loads(kedge("diff", "--json", cwd=top).out)["data"]
    page = (Path(__file__).parents[2] / "docs" / "history.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`([a-z_]+)`", page[page.index("`kedge diff --json`") : page.index("## What happened")])
    )
    assert keys_of(data) <= named
    assert {"uncompared", "consequences", "table", "because", "was"} <= keys_of(data)
