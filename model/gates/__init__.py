"""Gates: what must hold before a project leaves a phase.

May use the budget and the rooms below it.
"""
