"""Keys: the one registry of actions, their keys, and how terminal input becomes keys.

May use the model, and of storage what says whether a plan can be written.
"""
