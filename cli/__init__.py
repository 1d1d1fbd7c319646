"""Commands: one module for each family of them. May use storage and the model; only `board` opens the screens."""
