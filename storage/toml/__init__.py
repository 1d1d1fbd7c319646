"""TOML as people write it: read with positions, patched in place, and laid out again.

May use the model, no other room of storage.
"""
