"""The Review screen: two revisions, the verdict first, then each change. May use screens and the rooms below them."""
