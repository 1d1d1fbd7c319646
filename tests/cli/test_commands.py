"""The command line itself: starting a plan, the sample, help, completion, schemas, where things are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from kedge.cli.group import COMMANDS, FAMILIES, RECORDS
from kedge.cli.group import kedge as whole
from kedge.model.records.kinds import ENTRIES, KINDS
from kedge.storage.plan.read import read_plan
from kedge.tests.program import put_kedge

from .running import CHURN, ROOT, TODAY, changed, kedge, snapshot

Sample = Callable[[str], Path]

# ---- starting


def test_init_makes_a_plan_that_reads_without_findings(tmp_path: Path) -> None:
    ran = kedge("init", "--project", "Churn early warning", cwd=tmp_path)
    assert ran.code == 0
    loaded = read_plan(str(tmp_path / "plan"))
    assert list(loaded.findings) == []
    assert list(loaded.plan.projects) == ["churn-early-warning"]
    assert loaded.plan.board.main_project == "churn-early-warning"
    assert kedge("fmt", "--check", cwd=tmp_path).code == 0


def test_init_takes_the_folders_name_where_no_title_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "late-parcels"
    folder.mkdir()
    assert kedge("init", cwd=folder).code == 0
    assert (folder / "plan" / "projects" / "late-parcels" / "project.toml").is_file()


def test_init_never_touches_what_is_there(tmp_path: Path) -> None:
    assert kedge("init", cwd=tmp_path).code == 0
    before = snapshot(tmp_path)
    again = kedge("init", "--project", "Another", cwd=tmp_path)
    assert again.code == 2
    assert "is a plan already" in again.err
    other = tmp_path / "other"
    (other / "plan").mkdir(parents=True)
    (other / "plan" / "notes.txt").write_text("mine")
    assert kedge("init", cwd=other).code == 2
    shutil.rmtree(other)
    assert changed(before, snapshot(tmp_path)) == set()


def test_init_can_be_previewed(tmp_path: Path) -> None:
    ran = kedge("init", "--dry-run", cwd=tmp_path)
    assert "+++ b/plan/board.toml" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_init_with_the_sample_copies_it(tmp_path: Path) -> None:
    own = tmp_path / "docs" / "metrics.md"
    own.parent.mkdir()
    own.write_text("our own")
    assert kedge("init", "--sample", cwd=tmp_path).code == 0
    assert snapshot(tmp_path / "plan") == snapshot(CHURN)
    assert kedge("check", "--select", "A130", cwd=tmp_path).out == ""
    assert own.read_text() == "our own"
    assert not (tmp_path / "README.md").exists()


def test_init_with_schemas_names_them_in_the_files(tmp_path: Path) -> None:
    assert kedge("init", "--schema", cwd=tmp_path).code == 0
    plan = tmp_path / "plan"
    for path in plan.rglob("*.toml"):
        found = re.match(r"#:schema (\S+)\n", path.read_text())
        assert found, path
        assert (path.parent / found[1]).resolve().is_relative_to(plan / ".schema")
        assert json.loads((path.parent / found[1]).read_text())["type"] == "object"
    assert list(read_plan(str(plan)).findings) == []


def test_init_refuses_a_playbook_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[step.x]\nphase = 7\n")
    ran = kedge("init", "--playbook", "bad.toml", cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.startswith("kedge: bad.toml:")
    assert not (tmp_path / "plan").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("words", "project"), [((), "churn"), (("portfolio",), "card-fraud")])
def test_demo_is_a_repository_whose_history_ends_in_the_sample(
    tmp_path: Path, words: tuple[str, ...], project: str
) -> None:
    ran = kedge("demo", *words, "--no-open", "--into", str(tmp_path / "demo"))
    assert (ran.code, ran.out) == (0, f"{tmp_path / 'demo'}\n")
    sample = CHURN.parents[1] / (words or ("churn",))[0] / "plan"
    assert snapshot(tmp_path / "demo" / "plan") == snapshot(sample)

    def git(*arguments: str) -> str:
        return subprocess.check_output(["git", "-C", str(tmp_path / "demo"), *arguments], text=True)

    assert git("status", "--porcelain") == ""
    commits = git("log", "--reverse", "--format=%H %cs").split("\n")[:-1]
    assert len(commits) > 8
    assert commits[-1].split()[1] == TODAY
    cards = (sample / "projects" / project / "cards").iterdir()
    finished = [path.name for path in cards if tomllib.loads(path.read_text())["status"] == "done"]
    first = git("show", f"{commits[0].split()[0]}:plan/projects/{project}/cards/{finished[0]}")
    assert tomllib.loads(first)["status"] == "todo"


def test_what_the_demo_names_as_evidence_is_there(tmp_path: Path) -> None:
    kedge("demo", "--no-open", "--into", str(tmp_path / "demo"))
    project = tmp_path / "demo" / "plan" / "projects" / "churn"
    answers = tomllib.loads((project / "assessment.toml").read_text())["answers"].values()
    records = [tomllib.loads(path.read_text()) for path in project.rglob("*/*.toml")]
    named = {path for one in answers for path in one.get("evidence", ())}
    named |= {path for one in records if one.get("status") == "done" for path in one.get("links", ())}
    assert len(named) > 20
    assert {path for path in named if not (tmp_path / "demo" / path).exists()} == set()
    assert "(not there)" not in kedge("--plan", str(tmp_path / "demo" / "plan"), "assess", "disc-problem").out


def test_demo_never_writes_into_a_folder_that_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    ran = kedge("demo", "--no-open", "--into", str(tmp_path))
    assert ran.code == 2
    assert "is not empty" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# ---- help and pages


def every_command() -> list[tuple[str, click.Command]]:
    """All commands with their full names, groups included."""
    found: list[tuple[str, click.Command]] = []

    def walk(name: str, command: click.Command) -> None:
        found.append((name, command))
        if isinstance(command, click.Group):
            context = click.Context(command, info_name=name)
            for inner in command.list_commands(context):
                made = command.get_command(context, inner)
                assert made is not None
                walk(f"{name} {inner}", made)

    context = click.Context(whole, info_name="kedge")
    for name in COMMANDS:
        command = whole.get_command(context, name)
        assert command is not None
        walk(name, command)
    return found


EVERY = dict(every_command())


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = EVERY[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    text = command.get_help(click.Context(command, info_name=name))
    for parameter in command.params:
        assert all(option in text for option in parameter.opts if option.startswith("--"))


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in RECORDS])
def test_the_table_says_of_a_command_what_its_help_says(name: str) -> None:
    said = EVERY[name].get_short_help_str(200).rstrip(".")
    own = COMMANDS[name].help.rstrip(".")
    assert said.lower().startswith(own.lower()[:12])


def test_the_help_lists_every_command_and_imports_none() -> None:
    ran = kedge("--help")
    assert ran.code == 0
    for family in FAMILIES.values():
        for name in family:
            assert re.search(rf"\b{name}\b", ran.out), name


def test_every_kind_has_its_commands() -> None:
    elsewhere = {"card", "assessment", "answer"}
    assert set(RECORDS) == ({*KINDS, *ENTRIES} - elsewhere)


@pytest.mark.parametrize("name", EVERY)
def test_every_command_and_option_is_on_its_page(name: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    command = EVERY[name]
    parts = name.split()
    assert f"kedge {name}" in page or (parts[0] in RECORDS and f"`{parts[0]}`" in page)
    for parameter in command.params:
        for option in parameter.opts:
            assert not option.startswith("--") or f"`{option}" in page, option


# ---- about


def test_version_is_the_same_everywhere() -> None:
    text = kedge("version").out
    assert re.fullmatch(r"kedge \d+\.\d+\.\d+\S*\n", text)
    assert kedge("--version").out == text
    assert text.split()[1] == json.loads(kedge("version", "--json").out)["data"]["version"]


def test_config_says_where_things_are(tmp_path: Path) -> None:
    env = {
        "KEDGE_STATE": str(tmp_path / "state"),
        "KEDGE_CONFIG": str(tmp_path / "mine.toml"),
        "EDITOR": "ed -s",
    }
    (tmp_path / "mine.toml").write_text('me = "mira"\nshoe-size = 44\n')
    ran = kedge("config", "--json", "--plan", str(CHURN), "--today", TODAY, env=env)
    data = json.loads(ran.out)["data"]
    assert data["plan"] == str(CHURN)
    assert data["settings"] == str(tmp_path / "mine.toml")
    assert data["state"] == str(tmp_path / "state")
    assert (data["me"], data["editor"], data["today"]) == ("mira", "ed -s", TODAY)
    ran = kedge("config", cwd=tmp_path, env=env)
    assert ran.code == 0
    assert "no plan here" in ran.out
    assert "shoe-size" in ran.err


def test_me_is_known_in_queries(tmp_path: Path) -> None:
    mine = kedge("list", "is:mine", "--format", "{owner}", "--plan", str(CHURN), env={"KEDGE_ME": "sam"}).out
    assert set(mine.split()) == {"sam"}


def test_schemas_describe_every_field_and_accept_the_samples() -> None:
    schemas = json.loads(kedge("schema").out)
    assert set(schemas) == set(KINDS)
    card = json.loads(kedge("schema", "card").out)
    assert card == schemas["card"]
    assert card["required"] == ["title"]
    assert not {"id", "project"} & set(card["properties"])
    assert all(one.get("description") for one in card["properties"].values())
    kind = schemas["risk"]["properties"]["kind"]
    assert kind["enum"] == ["inherent", "avoidable"]
    for name, schema in schemas.items():
        sample = tomllib.loads((ROOT / "samples" / "kinds" / f"{name}.toml").read_text())
        assert set(sample) <= set(schema["properties"]), name


def test_schemas_go_into_a_folder(tmp_path: Path) -> None:
    assert kedge("schema", "--out", str(tmp_path / "here")).code == 0
    assert {path.stem for path in (tmp_path / "here").iterdir()} == set(KINDS)


def test_the_keys_of_the_board_are_printed() -> None:
    pytest.importorskip("kedge.tui.keys.actions")
    ran = kedge("keys")
    assert ran.code == 0
    assert re.search(r"^a  +add ", ran.out, re.MULTILINE)
    assert {"action", "keys", "help"} <= set(json.loads(kedge("keys", "--json").out)["data"][0])


# ---- completion


def complete(line: str, plan: Path = CHURN) -> list[str]:
    """What bash would offer for a line with the cursor at its end."""
    env = {"_KEDGE_COMPLETE": "bash_complete", "KEDGE_LINE": line, "KEDGE_PLAN": str(plan)}
    ran = kedge(env=env)
    assert (ran.code, ran.err) == (0, "")
    return [one.partition(",")[2] for one in ran.out.splitlines() if one]


def test_completion_knows_what_is_in_the_plan() -> None:
    assert complete("kedge read") == ["ready"]
    assert complete("kedge done feature-ta") == ["feature-table-7k2m"]
    assert complete("kedge done 7k2m") == ["feature-table-7k2m"]
    assert complete("kedge show one-h") == ["one-head"]
    assert complete("kedge metric show churn") == ["churn-recall"]
    assert complete("kedge list owner:mi") == ["mira"]
    assert complete("kedge list status:d") == ["doing", "done", "dropped"]
    assert complete("kedge list '#lega") == ["#legal"]
    assert complete("kedge set feature-table-7k2m own") == ["owner="]
    assert complete("kedge set feature-table-7k2m owner=mi") == ["mira"]
    assert complete("kedge set feature-table-7k2m tags=+lega") == ["+legal"]
    assert complete("kedge set feature-table-7k2m stage=g") == ["growth"]
    assert complete("kedge move feature-table-7k2m execute/mon") == ["execute/monitoring"]
    assert complete("kedge --project chu") == ["churn"]
    assert complete("kedge risk ") == ["add", "list", "show", "set"]
    assert complete("kedge list --cs") == ["--csv"]


def test_completion_without_a_plan_offers_nothing_and_says_nothing(tmp_path: Path) -> None:
    assert complete("kedge done fea", tmp_path) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_one_that_it_can_read(shell: str) -> None:
    ran = kedge("completion", shell)
    assert ran.code == 0
    assert "_KEDGE_COMPLETE" in ran.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ran.out, text=True, check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_values_after_a_colon_and_an_equals_sign(tmp_path: Path) -> None:
    put_kedge(tmp_path)
    script = kedge("completion", "bash").out + (
        'COMP_LINE="kedge list owner:mi"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(kedge list owner : mi)\n'
        "COMP_CWORD=4; _kedge_completion kedge mi :; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "KEDGE_PLAN": str(CHURN)}
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True, env=env, check=True)
    assert done.stdout.split() == ["mira"]


HOSTILE = """title = "::error::in a title ##[add-mask]x"
place = "plan"
owner = "gone"
notes = \"\"\"
::stop-commands::x
  ::error::y
##vso[task.setvariable variable=x]y
\"\"\"
"""


@pytest.mark.parametrize("runner", ["GITHUB_ACTIONS", "TF_BUILD", ""])
def test_no_text_of_a_plan_is_a_command_to_a_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: str
) -> None:
    kedge("init", cwd=tmp_path)
    card = next(tmp_path.glob("plan/projects/*")) / "cards" / "x-2b3c.toml"
    card.parent.mkdir(exist_ok=True)
    card.write_text(HOSTILE)
    if runner:
        monkeypatch.setenv(runner, "true")
    commands = [
        line
        for words in (
            ["show", "2b3c"],
            ["list", "--fields", "title"],
            ["set", "2b3c", "owner=x", "--dry-run"],
        )
        for ran in [kedge(*words, cwd=tmp_path)]
        for line in (ran.out + ran.err).splitlines()
        if line.lstrip().startswith("::") or "##[" in line or "##vso[" in line
    ]
    assert bool(commands) == (not runner)
    # Those that are meant for it are left as they are.
    assert "\n::" in "\n" + kedge("check", "--format", "github", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@sum(1)", "'@sum(1)"),
        ("-cmd", "'-cmd"),
        ("-5", "-5"),
        ("+1.5", "+1.5"),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, title: str, cell: str) -> None:
    kedge("init", cwd=tmp_path)
    card = next(tmp_path.glob("plan/projects/*")) / "cards" / "x-2b3c.toml"
    card.parent.mkdir(exist_ok=True)
    card.write_text(f'title = "{title}"\nplace = "plan"\n')
    assert kedge("list", "--csv", "--fields", "title", cwd=tmp_path).out.splitlines()[1:] == [cell]
