"""When milestones are reached with which chance: runs of the schedule with drawn durations.

May use the schedule and what is below it; what it costs is for the budget to say.
"""
