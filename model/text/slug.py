"""Text in plain Latin letters: titles as ids, and names that are compared whatever their accents."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH = 40

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i"}
)


def latin(text: str) -> str:
    """The text in lower case, without accents, as far as its letters have a plain one."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS_WITHOUT_PARTS))
    return "".join(one for one in parts if not unicodedata.combining(one))


_LOOKALIKES = str.maketrans("абвеікмнорстухѕјаεηικνορτυχ", "abbeikmhopctyxsjaenikvoptux")
"""Small letters of other scripts that look like a Latin one, also as capitals."""


def name_words(name: str) -> list[str]:
    """The words of a name or handle as they look: without accents, digits and signs, in one script.

    Of a mail address the part before the sign counts. A name that is all in another script stays as it is.
    """
    text = latin("".join(one for one in name.partition("@")[0] if unicodedata.category(one) != "Cf"))
    mixed = text.translate(_LOOKALIKES) if re.search("[a-z]", text) else text
    return re.findall(r"[^\W\d_]+", mixed)


def slug(title: str, fallback: str = "card", length: int = SLUG_LENGTH) -> str:
    """A title as an id: lower-case Latin letters, digits and hyphens, at most so many, cut between words."""
    text = re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", latin(title))).strip("-")
    if len(text) > length:
        whole_words = text[: length + 1].rpartition("-")[0]
        text = whole_words or text[:length]
    return text or fallback
