"""The Timeline screen: cards and milestones in time, load by week, hand-overs. May use screens and the rooms below."""
