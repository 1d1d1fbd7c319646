"""Who gave an answer, from real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kedge.model.records.assessment import Answer
from kedge.storage.git.attribution import Answered, answered


class Repository:
    """A plan in a repository of its own, below another folder."""

    def __init__(self, folder: Path) -> None:
        self.top = folder / "a b\u00e9"
        self.plan = self.top / "work" / "plan"
        self.plan.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, author: str = "Mira", day: str = "2026-11-20") -> str:
        names = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (
                ("NAME", author),
                ("EMAIL", f"{author.lower()}@example.org"),
                ("DATE", f"{day}T10:00:00+0100"),
            )
        }
        done = subprocess.run(
            ["git", "-C", str(self.top), *arguments],
            check=True,
            capture_output=True,
            text=True,
            env={**environment(), **names},
        )
        return done.stdout.strip()

    def say(self, project: str = "churn", **answers: str) -> None:
        path = self.plan / "projects" / project / "assessment.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        tables = (f"[answers.{name.replace('_', '-')}]\n{text}\n" for name, text in answers.items())
        path.write_text("\n".join(tables), encoding="utf-8")

    def commit(self, subject: str, author: str = "Mira", day: str = "2026-11-20") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject, author=author, day=day)
        return self.git("rev-parse", "HEAD")

    def answered(self, project: str = "churn") -> dict[str, tuple[str, str]]:
        found = look(self.plan, project)
        return {name: (one.author, one.subject) for name, one in found.sayings.items()}


def environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def look(plan: Path, project: str = "churn") -> Answered:
    found = answered(str(plan), project, environment())
    assert found is not None
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


FIT, SIMPLER = "disc-fit", "disc-simpler"


def test_an_answer_belongs_to_the_commit_that_last_changed_what_it_says(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true")
    repository.commit("first look", "Mira", "2026-11-02")
    repository.say(disc_fit="verdict = 4", disc_simpler="verdict = true")
    last = repository.commit("a better look", "Sam", "2026-11-05")
    # Layout, order, a reason, a note and evidence are nobody's answer.
    repository.say(
        disc_simpler="# why?\nverdict   = true\nnotes = 'x'", disc_fit="verdict = 4.0\nbecause = 'y'"
    )
    repository.commit("tidy", "Bot")
    assert repository.answered() == {FIT: ("Sam", "a better look"), SIMPLER: ("Mira", "first look")}
    saying = look(repository.plan).of(FIT, Answer(verdict=4))
    assert saying is not None
    assert (saying.commit, saying.date.isoformat(), saying.email) == (last, "2026-11-05", "sam@example.org")
    assert not saying.is_cut_off


def test_what_differs_from_the_last_commit_is_not_committed_yet(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true\nchecked = ['a', 'b']")
    repository.commit("first look")
    found = look(repository.plan)
    assert found.of(FIT, Answer(verdict=4)) is None
    assert found.of(FIT, Answer(verdict=3, because="so")) is not None
    assert found.of(SIMPLER, Answer(verdict=True, checked=("b", "a"))) is not None
    # One is not yes, although Python takes them for equal.
    assert found.of(SIMPLER, Answer(verdict=1, checked=("a", "b"))) is None
    assert found.of("disc-users", Answer(verdict="x")) is None


def test_it_stays_with_its_commit_when_the_project_gets_another_id(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true")
    repository.commit("first look", "Mira")
    folder = repository.plan / "projects"
    (folder / "churn").rename(folder / "leavers")
    repository.say("leavers", disc_fit="verdict = 3", disc_simpler="verdict = false")
    repository.commit("rename, and one answer more", "Sam")
    (folder / "leavers").rename(folder / "stayers")
    repository.commit("rename again", "Sam")
    assert repository.answered("stayers") == {
        FIT: ("Mira", "first look"),
        SIMPLER: ("Sam", "rename, and one answer more"),
    }
    assert repository.answered("churn") == {}


def test_a_merge_answers_nothing_that_one_of_its_sides_answered(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true")
    repository.commit("first look", "Mira")
    repository.git("checkout", "-q", "-b", "side")
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = false")
    repository.commit("it is not simpler", "Sam")
    repository.git("checkout", "-q", "main")
    repository.say(disc_fit="verdict = 5", disc_simpler="verdict = true")
    repository.commit("it fits", "Helen")
    repository.git("merge", "-q", "-s", "ours", "--no-commit", "side")
    repository.say(disc_fit="verdict = 5", disc_simpler="verdict = false", disc_users="verdict = 'all'")
    repository.commit("merge", "Bot")
    assert repository.answered() == {
        FIT: ("Helen", "it fits"),
        SIMPLER: ("Sam", "it is not simpler"),
        # Said by the merge alone.
        "disc-users": ("Bot", "merge"),
    }


def test_an_answer_given_on_a_branch_survives_a_rename_on_the_other(repository: Repository) -> None:
    lines = {f"disc_{letter}": f"verdict = '{letter}'" for letter in "abcdefgh"}
    repository.say(**lines)
    repository.commit("first look", "Mira")
    repository.git("checkout", "-q", "-b", "side")
    repository.say(**{**lines, "disc_c": "verdict = 'better'"})
    repository.commit("a better c", "Sam")
    repository.git("checkout", "-q", "main")
    (repository.plan / "projects" / "churn").rename(repository.plan / "projects" / "leavers")
    repository.commit("rename", "Helen")
    repository.git("merge", "-q", "-m", "merge", "side", author="Bot")
    found = repository.answered("leavers")
    assert found.pop("disc-c") == ("Sam", "a better c")
    assert set(found.values()) == {("Mira", "first look")}


def test_a_file_that_was_broken_for_a_while_keeps_its_answers(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3")
    repository.commit("first look", "Mira")
    for _ in range(2):
        repository.say(disc_fit="verdict = = 3" + "\n#" * (_ + 1))
        repository.commit("oops", "Sam")
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true")
    repository.commit("mend", "Helen")
    assert repository.answered() == {FIT: ("Mira", "first look"), SIMPLER: ("Helen", "mend")}


def test_an_answer_taken_away_and_given_again_is_a_new_one(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3")
    repository.commit("first look", "Mira")
    (repository.plan / "projects" / "churn" / "assessment.toml").unlink()
    repository.commit("begin anew", "Sam")
    repository.say(disc_fit="verdict = 3")
    repository.commit("the same again", "Helen")
    assert repository.answered() == {FIT: ("Helen", "the same again")}


def test_a_clone_without_its_past_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.say(disc_fit="verdict = 3")
    repository.commit("first look", "Mira")
    repository.say(disc_fit="verdict = 3", disc_simpler="verdict = true")
    repository.commit("second look", "Sam")
    cut = tmp_path / "cut"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.top}", str(cut))
    found = look(cut / "work" / "plan")
    assert {name: (one.author, one.is_cut_off) for name, one in found.sayings.items()} == {
        FIT: ("Sam", True),
        SIMPLER: ("Sam", True),
    }


def test_without_commits_nothing_is_answered_and_without_a_repository_nothing_is_known(
    repository: Repository, tmp_path: Path
) -> None:
    repository.say(disc_fit="verdict = 3")
    assert look(repository.plan) == Answered()
    repository.plan.joinpath("README").write_text("x")
    outside = {**environment(), "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    assert answered(str(tmp_path), "churn", outside) is None
    repository.git("commit", "-q", "--allow-empty", "-m", "nothing")
    found = look(repository.plan)
    assert found == Answered(head=repository.git("rev-parse", "HEAD"))
    assert found.of(FIT, Answer(verdict=3)) is None


def test_it_is_asked_again_only_after_another_commit(repository: Repository) -> None:
    repository.say(disc_fit="verdict = 3")
    repository.commit("first look", "Mira")
    first = look(repository.plan)
    assert answered(str(repository.plan), "churn", environment(), first) is first
    repository.say(disc_fit="verdict = 4")
    repository.commit("second look", "Sam")
    second = answered(str(repository.plan), "churn", environment(), first)
    assert second is not None
    assert second.sayings[FIT].author == "Sam"
