"""The Review screen: two revisions, the verdict first, then each change."""
