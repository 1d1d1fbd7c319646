"""What projects cost: people by their days, resources, data, labels and contingency, against caps and approvals.

May use the forecast, the schedule and what is below them.
"""
