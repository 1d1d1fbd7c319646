"""A third honest project: it forecasts demand with a bought model, from data of no person, and is written in German."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .honest import ANSWERS, DATASET, PROJECT, STRATEGY, Values, honest


def _changes() -> list[tuple[str, Any]]:
    said = f"{ANSWERS}|answers"
    return [
        (f"{PROJECT}|title", "Absatzprognose"),
        (
            f"{PROJECT}|goals",
            {
                "fehler": {
                    "title": "Kleinerer Fehler der Wochenprognose",
                    "unit": "Prozent vom Absatz",
                    "start": 31.0,
                    "target": 22.0,
                    "by": dt.date(2027, 11, 30),
                    "owner": "helen",
                }
            },
        ),
        (
            f"{PROJECT}|methods",
            {
                "vorjahr": {
                    "title": "Woche des Vorjahres",
                    "kind": "rule",
                    "origin": "build",
                    "baseline": True,
                },
                "dienst": {
                    "title": "Prognosedienst eines Anbieters",
                    "kind": "pre-trained",
                    "origin": "buy",
                    "output": "number",
                },
            },
        ),
        (
            f"{said}|disc-decision|verdict",
            "Der Disponent bestellt montags nach der Prognose; große gibt er frei",
        ),
        (
            f"{said}|disc-problem|verdict",
            "31 Prozent Fehler je Woche; Filialen bestellen nach Gefühl und werfen weg",
        ),
        (f"{said}|disc-simpler|because", "die Woche des Vorjahres bleibt bei 31 Prozent, der Dienst bei 24"),
        (f"{said}|disc-imperfect|because", "eine Kiste zu viel kostet 6 Euro und geht an die Tafel"),
        (f"{said}|disc-risk-class|because", "beurteilt von der Rechtsabteilung, Frau Seidl"),
        (f"{said}|disc-reach|verdict", 120_000),
        (
            f"{said}|stage-proof|verdict",
            "Fehler unter 25 Prozent in zehn Filialen; Abbruch über 29 nach acht Wochen",
        ),
        (f"{said}|data-labels|verdict", "appear by themselves later"),
        (f"{said}|data-truth-delay|verdict", 7),
        (f"{DATASET}|title", "Kassenbons je Filiale und Tag"),
        (f"{DATASET}|location", "lager.bons"),
        (f"{DATASET}|personal_data", False),
        (f"{DATASET}|lawful_ground", None),
        (f"{DATASET}|delete_after", None),
        (f"{STRATEGY}|stages|mvp|proves", "Fehler unter 25 Prozent in zehn Filialen"),
        (f"{PROJECT}|unknowns|offer|question", "Liefert der Anbieter auch an Feiertagen?"),
        (f"{PROJECT}|unknowns|offer|cheapest_test", "zwei Feiertage nachrechnen lassen"),
    ]


def forecasting(*changes: tuple[str, Any]) -> Values:
    """The third honest plan with some values changed, as `honest` takes them."""
    return honest(*_changes(), *changes)
