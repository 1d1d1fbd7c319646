"""Snapshot: a plan with its playbook, a day and what reading found; what every view, figure and rule is made from.

May use the rooms of plan, playbook and records.
"""
