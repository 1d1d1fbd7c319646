"""What counts as evidence: a file that holds something, or a whole link."""

from __future__ import annotations

import pytest

from kedge.model.playbook.conditions import Verdict
from kedge.model.snapshot.repository_files import FileState, RepositoryFiles
from kedge.model.value.counted import Counted
from kedge.model.value.proof import named

from .evidence_files import Files

WHOLE = (
    "https://wiki.example.org/pages/12",
    "http://localhost:8888/run/3",
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
    "file:///etc/hostname",
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
    ("state", "counts"),
    [
        ("there", True),
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
