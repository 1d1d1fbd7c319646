"""Bytes: reading and writing the plan's files, following the disk, undo, git. May use the model, never a terminal."""
