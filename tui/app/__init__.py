"""The app: starts the terminal, holds the session, opens screens.

May use every room of tui; none may use it.
"""
