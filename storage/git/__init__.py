"""Git: the one place that talks to the git program: status, history, who answered.

May use plan, disk and toml.
"""
