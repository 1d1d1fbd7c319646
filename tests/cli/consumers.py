"""What the consumers of reports demand of them, as JSON Schemas of the objects that kedge writes.

Written from the text of SARIF 2.1.0 (sections 3.13 to 3.52; every property that these objects may have), from GitHub's
page on what code scanning needs beyond it, and from GitLab's page on the code quality report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_MESSAGE = {"type": "object", "required": ["text"], "only": "text markdown id arguments properties"}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "only": "$schema version runs inlineExternalProperties properties",
    "properties": {
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "only": "tool results columnKind properties invocations artifacts originalUriBaseIds",
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "only": "driver extensions properties",
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "only": "guid name organization product fullName version semanticVersion rules"
                                " informationUri downloadUri notifications taxa properties",
                                "properties": {
                                    "name": _TEXT,
                                    "version": _TEXT,
                                    "rules": {
                                        "type": "array",
                                        "unique": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "fullDescription"],
                                            "only": "id deprecatedIds guid name shortDescription help helpUri"
                                            " fullDescription messageStrings defaultConfiguration properties",
                                            "properties": {
                                                "id": _TEXT,
                                                "name": _TEXT,
                                                "shortDescription": _MESSAGE,
                                                "fullDescription": _MESSAGE,
                                                "help": _MESSAGE,
                                                "defaultConfiguration": {
                                                    "only": "enabled level rank parameters properties",
                                                    "properties": {"level": _LEVEL},
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "most": 25_000,
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "message", "locations", "partialFingerprints"],
                            "only": "ruleId ruleIndex rule kind level message locations fingerprints"
                            " partialFingerprints properties",
                            "properties": {
                                "ruleId": _TEXT,
                                "ruleIndex": {"type": "integer", "least": 0},
                                "level": _LEVEL,
                                "message": _MESSAGE,
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "only": "id physicalLocation logicalLocations message properties",
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation", "region"],
                                                "only": "address artifactLocation region contextRegion",
                                                "properties": {
                                                    "artifactLocation": {
                                                        "only": "uri uriBaseId index description properties",
                                                        "properties": {
                                                            "uri": {
                                                                "type": "string",
                                                                "pattern": r"[\w.~%!$&'()*+,;=:@/-]+",
                                                            }
                                                        },
                                                    },
                                                    "region": {
                                                        "required": ["startLine"],
                                                        "only": "startLine startColumn endLine endColumn",
                                                        "properties": {
                                                            "startLine": {"type": "integer", "least": 1},
                                                            "startColumn": {"type": "integer", "least": 1},
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
GITLAB: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "only": "description check_name fingerprint severity location",
        "properties": {
            "description": _TEXT,
            "check_name": _TEXT,
            "fingerprint": {"type": "string", "pattern": r"[0-9a-f]{32,64}"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"(?!\./|/).+"},
                    "lines": {
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "least": 1}},
                    },
                },
            },
        },
    },
}
_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}


def complaints(value: Any, schema: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """What a consumer would refuse a report for; nothing where it takes it."""
    kind = schema.get("type")
    if kind and not isinstance(value, _TYPES[kind]):
        yield f"{at} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value!r}"
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        yield f"{at} is {value!r}"
    if value_below := [limit for limit in [schema.get("least")] if limit is not None and value < limit]:
        yield f"{at} is below {value_below[0]}"
    if isinstance(value, list):
        if len(value) > schema.get("most", len(value)):
            yield f"{at} has {len(value)} items"
        if schema.get("unique") and len({str(one) for one in value}) < len(value):
            yield f"{at} has one twice"
        for number, one in enumerate(value):
            yield from complaints(one, schema.get("items", {}), f"{at}[{number}]")
    if isinstance(value, dict):
        yield from (f"{at} has no {key}" for key in schema.get("required", ()) if key not in value)
        if "only" in schema:
            yield from (f"{at} has {key}" for key in value if key not in schema["only"].split())
        for key, inner in schema.get("properties", {}).items():
            if key in value:
                yield from complaints(value[key], inner, f"{at}.{key}")
