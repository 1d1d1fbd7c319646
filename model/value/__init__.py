"""Value: what a project is worth, from its answers and the evidence for them.

May use calculators, capacity, cards and the rooms below them.
"""
