"""Edits: the verbs that both front ends share, from an intent to a batch, and the merge of two edits.

May use cards, snapshot, plan, playbook, records, text.
"""
