"""Two states of a plan: what changed, in words, and what follows from it. May use every other room of the model."""
