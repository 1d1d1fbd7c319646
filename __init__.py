"""Kedge: a planning board for machine-learning projects, in the terminal and in plain TOML files."""

__version__ = "0.5.0"
