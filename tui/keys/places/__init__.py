"""The actions of each place: a screen, a dialog, a form. `actions` joins them. May use what an action is."""
