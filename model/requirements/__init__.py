"""What business requirements mean for the system: sizes with their arithmetic, and whether they still follow.

May use value (a project's answers), calculators, edit, snapshot, records, text.
"""
