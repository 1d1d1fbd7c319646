"""Derived: what follows from a snapshot, worked out once and carried along from step to step.

May use every other room of the model.
"""
