"""The schedule: cards to a network of activities and back, with a reason for every start. May use what capacity may,
and capacity, cards and solvers."""
