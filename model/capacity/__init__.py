"""Capacity: calendars, when people are there, which skills there are. May use plan, records, solvers, text."""
