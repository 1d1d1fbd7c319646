"""The disk: finding, listing, reading and replacing files safely.

May use toml, and of the model plan, records and snapshot.
"""
