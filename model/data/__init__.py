"""Data: what was measured in a dataset's file, what is out of order in it, and how it drifted.

May use text.
"""
