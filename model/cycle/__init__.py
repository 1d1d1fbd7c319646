"""One trip through the phases: what came out of it against what was planned, and how it is closed.

May use the gates and below.
"""
