"""The board and the other screens: Textual's. May use storage and the model, no command."""
