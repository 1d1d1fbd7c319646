"""The disk: finding, listing, reading and replacing files safely.

May use the model's records and findings, no other room of storage.
"""
