"""Gates: what must hold before a project leaves a phase.

May use assess, portfolio, value and all rooms below them.
"""
