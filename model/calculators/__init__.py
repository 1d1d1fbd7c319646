"""The calculators of the playbook: each a plain function that gives an `Explained`, or says why no number answers.

The inputs and results are named as in the playbook's examples, all of which are tests of these functions. Wrong input
raises ValueError with what was expected. May use data, playbook, solvers, records, text.
"""
