"""Screens: they hold what is looked at, and turn keys into steps of the session."""
