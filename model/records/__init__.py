"""The records of a plan, a module for each family; `kinds.record_model` finds the model of a kind."""
