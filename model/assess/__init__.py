"""Assess: how far each question is, what its answers say, what other projects learned.

May use the rooms below it: value, query, edit, cards, plan, playbook, records, text.
"""
