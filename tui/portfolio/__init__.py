"""The Portfolio screen: ranking, map and choice. May use screens and the rooms below them."""
