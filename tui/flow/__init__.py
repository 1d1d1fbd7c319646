"""The Flow screen: cycle time, ageing, throughput, cumulative flow and burn-up as charts.

May use screens and the rooms below them.
"""
