"""Experiments, rollouts, limits of monitors, error budgets and observations: what runs, and how it is judged.

May use what is worth what and below.
"""
