"""What all screens share: the contract of a screen, how a step is made, lists, the palette, settling conflicts.

May use dialogs and the rooms below them.
"""
