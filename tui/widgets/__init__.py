"""Widgets of the board: each draws lines from values it is given, and none reaches for the session."""
