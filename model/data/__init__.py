"""Data: what was measured in a dataset's file, what stands out in it, and how it drifted.

May use records, text.
"""
