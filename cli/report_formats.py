"""The shapes in which other programs read findings: GitHub annotations, GitLab code quality, SARIF.

`check` and `diff` both report in them: each turns what it found into `Reported` values and prints what one of `github`,
`gitlab` and `sarif` makes of those. Nothing here reads a plan or prints; texts from a plan are made visible here.

Fingerprints say which finding is meant from one run to the next. They are made of what a finding is about (rule, id,
field, value) and of no line number, so that a line added above does not make another finding of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ..model.records.findings import SEVERITIES, Finding, Severity
from ..model.rules.rule import Rule
from ..model.text.visible import one_line, visible

MOST_ANNOTATIONS = 10
"""Annotations of one kind that GitHub shows for a step."""
MOST_RESULTS = 25_000
"""Results of one run that GitHub takes from a SARIF file."""
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_GITHUB = {"error": "error", "warning": "warning", "advice": "notice"}
_GITLAB = {"error": "major", "warning": "minor", "advice": "info"}
_SARIF = {"error": "error", "warning": "warning", "advice": "note"}


@dataclass(frozen=True)
class Reported:
    """A finding of `check`, or a consequence of `diff`, as a report has it."""

    rule: str
    """The code of a rule, or the kind of consequence: `R201`, `date`."""
    severity: Severity
    message: str
    file: str
    """The path from where the consumer looks: the top of the repository in CI. Forward slashes."""
    line: int = 0
    """From 1; 0 where no line is to blame."""
    column: int = 0
    hint: str = ""
    identity: tuple[str, ...] = ()
    """What it is about besides the rule: the id, the field, the value. The message where nothing is said."""

    @classmethod
    def of(cls, finding: Finding, file: str) -> Reported:
        """A finding of a rule, in a file."""
        address = (
            (finding.address.kind, finding.address.project, finding.address.id) if finding.address else ()
        )
        identity = (*address, *map(str, finding.field), finding.message)
        return cls(
            finding.code,
            finding.severity,
            finding.message,
            file,
            finding.line,
            finding.column,
            finding.hint,
            identity,
        )


@dataclass(frozen=True)
class Described:
    """What a report says of a rule."""

    id: str
    name: str
    """A few words, in kebab case."""
    why: str = ""
    wayout: str = ""
    severity: Severity = "warning"

    @classmethod
    def of(cls, rule: Rule) -> Described:
        """A rule of `check`."""
        return cls(rule.code, rule.name, rule.why, rule.wayout, rule.severity)


def worst_first(found: Iterable[Reported]) -> list[Reported]:
    """Errors, then warnings, then advice; each in the order given."""
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def github(
    found: Iterable[Reported], titles: Mapping[str, str], more: str, most: int | None = MOST_ANNOTATIONS
) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    `titles` head the annotations, by the rule's code; `more` is the command that lists everything. Of more than `most`
    the worst are kept, and the last of them says how many there are besides.
    """
    ordered = worst_first(found)
    kept = ordered if most is None else ordered[:most]
    left = len(ordered) - len(kept)
    lines: list[str] = []
    for number, one in enumerate(kept, 1):
        place = f",line={one.line},col={max(one.column, 1)}" if one.line else ""
        title = titles.get(one.rule, one.rule)
        said = one_line(one.message) + (f"\n{one_line(one.hint)}" if one.hint else "")
        if left and number == len(kept):
            said += f"\nand {left:,} more: {one_line(more)}"
        lines.append(
            f"::{_GITHUB[one.severity]} file={_escaped(one_line(one.file), ':,')}{place}"
            f",title={_escaped(one_line(title), ':,')}::{_escaped(said)}\n"
        )
    return "".join(lines)


def _escaped(text: str, also: str = "") -> str:
    """Text for a workflow command: what would end it, or one of its properties, as percent codes."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def gitlab(found: Iterable[Reported]) -> list[dict[str, object]]:
    """The entries of a GitLab code quality report. Every fingerprint is there once."""
    ordered = worst_first(found)
    return [
        {
            "description": one_line(one.message) + (f" ({one_line(one.hint)})" if one.hint else ""),
            "check_name": one_line(one.rule),
            "fingerprint": fingerprint,
            "severity": _GITLAB[one.severity],
            "location": {"path": one_line(one.file), "lines": {"begin": max(one.line, 1)}},
        }
        for one, fingerprint in zip(ordered, fingerprints(ordered), strict=True)
    ]


def sarif(found: Iterable[Reported], rules: Iterable[Described], version: str) -> dict[str, object]:
    """A SARIF 2.1.0 log of one run: `rules` are those that the results may name, `version` is that of kedge."""
    ordered = worst_first(found)
    kept, left = ordered[:MOST_RESULTS], len(ordered[MOST_RESULTS:])
    used = {one.rule for one in kept}
    described = [one for one in rules if one.id in used]
    described += [Described(name, name) for name in sorted(used - {one.id for one in described})]
    index = {one.id: number for number, one in enumerate(described)}
    results = [
        {
            "ruleId": one.rule,
            "ruleIndex": index[one.rule],
            "level": _SARIF[one.severity],
            "message": {"text": visible(one.message + (f"\n{one.hint}" if one.hint else ""))},
            "locations": [_location(one)],
            "partialFingerprints": {"kedge/v1": fingerprint},
        }
        for one, fingerprint in zip(kept, fingerprints(kept), strict=True)
    ]
    driver = {
        "name": "kedge",
        "version": version,
        "rules": [_rule(one) for one in described],
    }
    run: dict[str, object] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if left:
        run["properties"] = {"leftOut": left}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _location(one: Reported) -> dict[str, object]:
    region = {"startLine": max(one.line, 1), **({"startColumn": one.column} if one.column else {})}
    artifact = {"uri": quote(one.file, errors="replace"), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _rule(one: Described) -> dict[str, object]:
    texts = {"shortDescription": one.name, "fullDescription": one.why or one.name, "help": one.wayout}
    return {
        "id": one.id,
        "name": one.name,
        **{key: {"text": text} for key, text in texts.items() if text},
        "defaultConfiguration": {"level": _SARIF[one.severity]},
    }


def fingerprints(found: Sequence[Reported]) -> list[str]:
    """A fingerprint for each, none of them twice: of several alike, the later ones are numbered."""
    seen: Counter[str] = Counter()
    made: list[str] = []
    for one in found:
        parts = (one.rule, *(one.identity or (one.message,)))
        text = "\0".join(part.replace("\\", "\\\\").replace("\0", "\\0") for part in parts)
        seen[text] += 1
        text += f"\0{seen[text]}" if seen[text] > 1 else ""
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return made
