"""What a reader keeps of a review: which changes they have read, and their notes.

A change is known by what it says, not by a commit: after another push only what is different now is unread again. A
note stays with the thing that it is about, and quotes the change as it was when it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MOST_READ = 20_000
"""Changes that are known as read; of more the oldest are forgotten."""
MOST_NOTES = 2_000
"""More are refused: a note is never forgotten unless its reader takes it away."""
LONGEST_NOTE = 10_000
"""Characters of a note."""
LONGEST_LINE = 1_000
"""Characters of a title, or of a line of a change, that a note keeps."""


@dataclass(frozen=True)
class Note:
    """What a reader wrote on a change."""

    text: str
    mark: str
    """What the change said then, as `Item.mark`."""
    title: str
    """What it was about, in words."""
    quoted: tuple[str, ...]
    """The change in words, as it was then."""


@dataclass(frozen=True)
class Memory:
    """What a reader has read and noted."""

    read: Mapping[str, None] = field(default_factory=dict[str, None])
    """The marks of changes, those read last at the end."""
    notes: Mapping[str, Note] = field(default_factory=dict[str, Note])
    """By the key of the item."""

    def with_read(self, mark: str, *, is_read: bool) -> Memory:
        """With a change read, or unread again."""
        read = {one: None for one in self.read if one != mark}
        if is_read:
            read[mark] = None
        return replace(self, read=dict.fromkeys(list(read)[-MOST_READ:]))

    def with_note(self, key: str, note: Note | None) -> Memory:
        """With a note, or without the one that there is."""
        notes = {name: one for name, one in self.notes.items() if name != key}
        if note is not None:
            notes[key] = replace(note, text=note.text[:LONGEST_NOTE])
        return replace(self, notes=notes)
