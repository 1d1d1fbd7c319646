"""The Assess screen, its lines, dialogs and actions. May use screens and the rooms below them."""
