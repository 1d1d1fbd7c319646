"""Bytes: reading and writing the plan's files, following the disk, undo, git."""
