"""Portfolio: ranking, the choice under limits, and how firm that choice is.

May use value, capacity, solvers and the rooms below them.
"""
