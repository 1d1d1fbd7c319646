"""The plan's files: reading them into records, and writing changes back as the smallest patch.

May use disk and toml.
"""
