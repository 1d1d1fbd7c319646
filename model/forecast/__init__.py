"""When milestones are reached with which chance: runs of the schedule with drawn durations.

May use flow, schedule and the rooms below them; what it costs is for the budget to say.
"""
