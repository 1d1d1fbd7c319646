"""Capacity: how much of people's time there is, and which skills. May use plan, records, text."""
