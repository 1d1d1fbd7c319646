"""Keys: the one registry of actions, their keys, and how terminal input becomes keys. May use the model."""
