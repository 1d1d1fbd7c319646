"""Text: showing what files hold as text, reading dates, explaining a figure.

May use nothing else of kedge.
"""
