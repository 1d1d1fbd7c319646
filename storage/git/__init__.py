"""Git: the one place that talks to the git program: status, history, who answered.

May use disk, toml and plan paths.
"""
