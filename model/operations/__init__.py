"""Experiments, rollouts, limits of monitors, error budgets and observations: what runs, and how it is judged.

May use assess and the rooms below it.
"""
