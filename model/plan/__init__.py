"""The plan: immutable records with indexes, the change, and what was found wrong.

May use records and text.
"""
