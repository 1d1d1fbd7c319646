"""The board: columns of cards, and everything that is done to cards there.

May use screens and the rooms below them.
"""
