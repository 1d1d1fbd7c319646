"""Where in a file's text the values stand that findings are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...model.plan.unfit import CODE
from ...model.records.findings import Finding
from ..disk.paths import path_of
from .source_file import SourceFile

if TYPE_CHECKING:
    from ...model.plan.plain_forms import PlainForm

FORM = "F130"
"""The code of findings about a field written in another form."""


class Places:
    """Where the fields of one file stand in its text."""

    def __init__(self, content: bytes) -> None:
        from ..toml.scan import Document

        self._document = Document(content.decode("utf-8-sig"))

    def __call__(self, path: tuple[str | int, ...], *, of_value: bool = False) -> tuple[int, int]:
        """Line and column of a field's key (or its value), or of the nearest thing around it; from 1."""
        span = self._document.span(path) if of_value else None
        return self._document.position(span[0]) if span else self._document.where(path) or (1, 1)


class PlacesWithin:
    """Places for the findings of many files, as long as that takes no more than a second or two.

    In a plan whose files hold millions of items, the findings of the later ones have a file, but no line.
    """

    MOST = 200_000
    """Items, keys, tables and groups of lines that are looked at in all."""

    def __init__(self) -> None:
        self._left = self.MOST

    def located(
        self, content: bytes, findings: Iterable[Finding], forms: Sequence[PlainForm] = ()
    ) -> Iterator[Finding]:
        """Findings about one file with line and column; those that have theirs, or are a mere number, as they are."""
        self._left -= sum(map(content.count, (b",", b"[", b"{", b".", b"="))) + content.count(b"\n") // 8
        where = Places(content) if self._left >= 0 else None
        for one in findings:
            if one.line or one.count > 1 or where is None:
                yield one
            else:
                at = one.field
                for form in reversed(forms) if one.code != FORM else ():
                    at = form.written(at)
                line, column = where(at, of_value=one.code == CODE)
                yield replace(one, line=line, column=column)


def located(
    files: Mapping[str, SourceFile], findings: Iterable[Finding], most: int | None = None
) -> list[Finding]:
    """Findings of rules with the file, line and column of what they speak of, by file.

    `most`: how many of each rule will be shown. Where so many are in earlier files, the others have a file alone.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        path = finding.file or (path_of(finding.address) if finding.address else "")
        by_file.setdefault(path, []).append(finding)
    found: list[Finding] = []
    places, counts = PlacesWithin(), Counter[str]()
    for path, group in sorted(by_file.items()):
        named = [replace(one, file=path) for one in group]
        file = files.get(path)
        is_shown = most is None or any(counts[one.code] < most for one in named)
        counts.update(one.code for one in named)
        if file is None or file.broken or not is_shown:
            found += named
        else:
            found += places.located(file.content, named)
    return found
