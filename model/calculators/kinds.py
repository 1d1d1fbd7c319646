"""What the inputs of calculators are: parameters are annotated with these names, and typed text is read by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Share = float
"""Between 0 and 1."""
Shares = Sequence[float]
Count = float
"""A whole number of things, at least 0."""
Counts = Sequence[Sequence[float]]
"""A table of them."""
Amount = float
"""At least 0: money, time, people."""
Ratio = float
"""At least 0, also in percent: an error, the part of a budget that is spent."""
Level = str
"""Of the evidence ladder."""
Ways = Mapping[str, str]
"""Which way the evidence of a factor points."""
Large = float
"""A number of operations, parameters or tokens."""
Amounts = Sequence[float]
ThreePoints = Sequence[Sequence[float]]
"""Rows of low, likely and high."""
Paths = Sequence[Sequence[Sequence[float]]]
"""Tasks in three points, path by path."""
