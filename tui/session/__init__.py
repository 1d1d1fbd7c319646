"""The session: the workspace behind the screens, watching the disk, leaving in order.

May use storage and the model.
"""
