"""Assess: where each question stands, what its answers say, what other projects learned.

May use the rooms below it: value, query, edit, cards, plan, playbook, records, text.
"""
