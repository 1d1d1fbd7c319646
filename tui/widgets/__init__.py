"""Widgets: each draws lines from values it is given, and none reaches for the session.

May use draw, keys and session.
"""
