"""The Problems screen: findings and their fixes. May use screens and the rooms below them."""
