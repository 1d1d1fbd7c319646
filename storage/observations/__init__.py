"""Values that other tools keep in their files: metrics, runs, service level objectives. Read, never written.

May use git and disk, and of the model operations and records.
"""
