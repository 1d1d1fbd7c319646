"""Cards: status, network of needs, urgency, limits of work in progress, and the line that adds one.

May use snapshot and the rooms below it.
"""
