"""The look that all screens share: themes, and the few rules that belong to no widget."""

from __future__ import annotations

from textual.theme import Theme

CSS = """
Screen { background: $background; }
Dialog { background: $background 50%; }
.covered { display: none; }
.-ascii .frame { border: ascii $primary; }
"""

THEMES = (
    Theme(
        name="kedge-dark",
        primary="#3d8fb0",
        secondary="#8a9a5b",
        accent="#e0a458",
        success="#7fb069",
        warning="#e0a458",
        error="#e06c5f",
        foreground="#d6dde4",
        background="#12181f",
        surface="#1b242d",
        panel="#22303b",
        dark=True,
    ),
    Theme(
        name="kedge-light",
        primary="#1f6f8f",
        secondary="#5d6b33",
        accent="#a1601a",
        success="#3f7d32",
        warning="#a1601a",
        error="#b3382c",
        foreground="#1d2730",
        background="#f7f8f6",
        surface="#eceeea",
        panel="#e0e4df",
        dark=False,
    ),
)
"""The two that Kedge brings; Textual's are there as well, `ansi-dark` and `ansi-light` with the terminal's colours."""
