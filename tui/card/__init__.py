"""The card screen: one card with its needs, notes, findings and history.

May use screens and the rooms below them.
"""
