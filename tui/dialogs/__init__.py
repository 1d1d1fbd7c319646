"""Small questions in front of a screen. All of them are answered from the keyboard, at 40x10 as at 200x60.

May use widgets and the rooms below them.
"""
