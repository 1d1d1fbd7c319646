"""TOML as people write it: read with positions, patched in place, and laid out again."""
