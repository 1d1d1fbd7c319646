"""How the tables of a record's file are laid out, as a plain value.

The writer of new files, the patcher and `fmt` all need the same answers: which keys stand in which group,
which of them leave a placeholder, and which keys hold tables. A `Layout` gives them; it is made from the
models, and knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Path = tuple[str | int, ...]
"""A place in a file's data: names of keys, and indices of array items."""

_UNKNOWN = 1 << 30


@dataclass(frozen=True)
class Layout:
    """How a table of a kind is laid out: groups of keys in order, single tables, and keyed sections.

    A key that no field names is unknown: it is kept, after the table's known keys, in the order given.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    """Keys in canonical order; a blank line separates two groups."""
    optional: frozenset[str] = frozenset()
    """Keys that stand as a `#name =` placeholder while they are not set."""
    inline: frozenset[str] = frozenset()
    """Arrays written on one line."""
    text: frozenset[str] = frozenset()
    '''Strings written as a `"""` block.'''
    sorted: frozenset[str] = frozenset()
    """Arrays that are sets: the order of their items means nothing, and new files have them sorted."""
    sections: tuple[tuple[str, Layout], ...] = ()
    """Keyed tables `[name.key]`, sorted by key, under an anchor comment `# ---- name ----`."""
    tables: tuple[tuple[str, Layout], ...] = ()
    """Single tables `[name]`; they stand before the sections."""

    @cached_property
    def order(self) -> dict[str, tuple[int, int]]:
        """Each known key's (number of its group, place among all keys)."""
        keys = [(group, key) for group, keys in enumerate(self.groups) for key in keys]
        return {key: (group, place) for place, (group, key) in enumerate(keys)}

    @cached_property
    def _tables(self) -> dict[str, Layout]:
        return dict(self.tables)

    @cached_property
    def _sections(self) -> dict[str, Layout]:
        return dict(self.sections)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {name: rank for rank, (name, _) in enumerate((*self.tables, *self.sections))}

    @cached_property
    def placeholders(self) -> frozenset[str]:
        """Every key, here or in a table below, that may stand as a placeholder."""
        below = (layout.placeholders for _, layout in (*self.tables, *self.sections))
        return self.optional.union(*below)

    @cached_property
    def anchors(self) -> dict[str, Path]:
        """The sections that have an anchor, by the name it shows: those that no keyed table contains."""
        return {".".join(map(str, path)): path for path in self._anchored(())}

    def _anchored(self, path: Path) -> Iterator[Path]:
        for name, layout in self.tables:
            yield from layout._anchored((*path, name))
        for name, _ in self.sections:
            yield (*path, name)

    @cached_property
    def has_sets(self) -> bool:
        """Whether any array, here or in a table below, is a set."""
        return bool(self.sorted) or any(below.has_sets for _, below in (*self.tables, *self.sections))

    def at(self, path: Path) -> Layout:
        """The layout of the table at a path; an empty one where nothing is known of it."""
        if not path:
            return self
        head = path[0]
        if isinstance(head, int):
            return EMPTY
        if head in self._tables:
            return self._tables[head].at(path[1:])
        if head in self._sections and len(path) > 1 and isinstance(path[1], str):
            return self._sections[head].at(path[2:])
        return EMPTY

    def is_section(self, path: Path) -> bool:
        """Whether a path names a section as a whole: the table of its keyed tables."""
        return bool(path) and path[-1] in self.at(path[:-1])._sections

    def is_table(self, path: Path) -> bool:
        """Whether a path names what the layout wants written as a table with a header."""
        if not path:
            return True
        holder = self.at(path[:-1])
        return path[-1] in holder._ranks or (self.is_section(path[:-1]) and isinstance(path[-1], str))

    def is_set(self, path: Path) -> bool:
        """Whether a path names an array in which order means nothing."""
        return bool(path) and path[-1] in self.at(path[:-1]).sorted

    def rank(self, path: Path, seen: dict[Path, int]) -> tuple[tuple[int, str], ...]:
        """Where a table is in a file, comparable with the rank of any other table of it.

        A table sorts before those inside it. Unknown tables follow the known ones in the order in which
        they are asked for, which `seen` remembers.
        """
        result: list[tuple[int, str]] = []
        for depth in range(1, len(path) + 1):
            parent, name = path[: depth - 1], path[depth - 1]
            known = self.at(parent)._ranks
            if name in known:
                result.append((known[str(name)], ""))
            elif self.is_section(parent) and isinstance(name, str):
                result.append((0, name))
            else:
                result.append((_UNKNOWN + seen.setdefault(path[:depth], len(seen)), ""))
        return tuple(result)


EMPTY = Layout()
