"""Solvers: algorithms that know no cards and no projects, only numbers. May use nothing else of kedge."""
