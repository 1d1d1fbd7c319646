"""Derived: what follows from a snapshot, worked out once and carried along from step to step.

May use every room of the model but review.
"""
