"""Assess: how far each question is, what its answers say, what other projects learned.

May use value and the rooms below it.
"""
