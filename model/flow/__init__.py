"""How work flows, from the history of the cards: cycle time, throughput, ageing, estimates against actuals.

May use what is worth what and below.
"""
