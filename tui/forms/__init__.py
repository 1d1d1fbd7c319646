"""Forms, made from the models: what a record is declared to be is what its form shows.

May use screens and the rooms below them.
"""
