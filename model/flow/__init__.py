"""How work flows, from the history of the cards: cycle time, throughput, ageing, estimates against actuals.

May use value and the rooms below it.
"""
