"""The schedule: cards to a network of activities and back, with a reason for every start.

May use value, query and the rooms below them.
"""
