"""What counts as evidence: a file that holds something, or a whole link."""

from __future__ import annotations

import pytest

from kedge.model.playbook.conditions import Verdict
from kedge.model.snapshot.repository_files import FileState, RepositoryFiles
from kedge.model.value.counted import Counted
from kedge.model.value.proof import named, unchecked

from .evidence_files import Files

WHOLE = (
    "https://wiki.example.org/pages/12",
    "HTTPS://Example.org/x?y=1#part",
    "https://10.0.0.7/report.pdf",
    "https://example.org:8443/a%20b",
)
NOT_WHOLE = (
    "https://",
    "http://x",
    "http://x/report",
    "https://example.org",
    "https://example.org/",
    "https://example.org//",
    "https://example.org/?q=1",
    "https://example.org/a b",
    "https://.org/x",
    "ftp://example.org/x",
    "ftp:",
    "mailto:mira@example.org",
    "javascript:alert(1)",
    "data:text/plain,x",
)


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_link_counts_and_is_not_checked(text: str) -> None:
    (found,) = named(Files(), [text])
    assert (found.counts, found.state, found.words) == (True, "not checked", f"{text} (not checked)")


@pytest.mark.parametrize("text", NOT_WHOLE)
def test_part_of_a_link_does_not_count(text: str) -> None:
    (found,) = named(Files(), [text])
    assert (found.counts, found.state) == (False, "not a whole link")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("http://localhost:8888/run/3", "a link of one machine only"),
        ("https://LOCALHOST./run", "a link of one machine only"),
        ("http://app.localhost/run", "a link of one machine only"),
        ("http://127.0.0.1/run", "a link of one machine only"),
        ("http://[::1]:80/run", "a link of one machine only"),
        ("file:///etc/hostname", "a link of one machine only"),
        ("https://mira:secret@wiki.example.org/12", "a link with a user name in it"),
        ("https://mira@wiki.example.org/12", "a link with a user name in it"),
        ("https://localhost.example.org/run", "not checked"),
        ("https://wiki.example.org/@mira/12", "not checked"),
    ],
)
def test_what_no_one_else_can_open_does_not_count(text: str, state: str) -> None:
    (found,) = named(Files(), [text])
    assert (found.state, found.counts, found.is_link) == (state, state == "not checked", True)


def test_what_is_in_git_speaks_for_what_is_not_yet() -> None:
    files = Files({"new.md": "not committed", "old.md": "there"})
    link = "https://wiki.example.org/12"
    assert (
        unchecked(named(files, ["new.md", link])) == f"rests on new.md (not committed), {link} (not checked)"
    )
    assert unchecked(named(files, ["new.md", "old.md"])) == ""


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("there", True),
        ("not committed", True),
        ("not fetched", True),
        ("ignored by git", False),
        ("in another repository", False),
        ("only headings", False),
        ("not looked up", True),
        ("empty", False),
        ("not there", False),
        ("not a file", False),
        ("part of the plan", False),
        ("outside the repository", False),
    ],
)
def test_a_path_counts_as_what_is_there(state: FileState, *, counts: bool) -> None:
    (found,) = named(Files({"docs/a.md": state}), ["docs/a.md"])
    assert (found.state, found.counts) == (state, counts)


def test_where_nothing_is_looked_up_a_path_counts_as_a_link_does() -> None:
    assert [one.words for one in named(RepositoryFiles(), ["docs/a.md", "docs/a.md"])] == [
        "docs/a.md (not looked up)"
    ]


def test_what_was_seen_is_looked_at_again() -> None:
    earlier, now = Files({"a": "there"}), Files({"a": "empty"})
    assert now.agrees_with(earlier)
    named(earlier, ["a"])
    assert not now.agrees_with(earlier)
    assert Files({"a": "there", "b": "empty"}).agrees_with(earlier)


@pytest.mark.parametrize(
    ("counts_as", "words"),
    [(None, "not answered"), (True, "yes"), (False, "no"), (1, "1"), ("not run", "not run")],
)
def test_what_an_answer_counts_as_is_said_as_a_person_writes_it(
    counts_as: Verdict | None, words: str
) -> None:
    found = Counted("solves part of it", counts_as, "no evidence is named")
    assert found.words == f"counts as {words}: no evidence is named"
