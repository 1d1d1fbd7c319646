"""Whether a text says something: the one place that tells a reason from a key that was pressed to get on.

No program can judge whether a sentence is true. That it is a sentence at all can be seen: a few different words,
in any script, that are not the question's own and not what people write where nothing is to be said yet.
"""

from __future__ import annotations

import re
import unicodedata

from . import vague_words

WORDS, LETTERS = 3, 8
"""How many different words, and letters in them, make a few words."""
FEW_WORDS = "a few words are wanted"

_DENSE_LETTERS, _DENSE_DIFFERENT = 5, 4
"""The same in scripts that put no space between words."""
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LINK = re.compile(r"\w+://\S+")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """x y z q na n a nil null none nothing nope no yes ok okay tbd tba tbc todo fixme wip pending later unknown idk
        dunno ditto placeholder dummy untitled
        nobody someone somebody anyone anybody whoever
        foo bar baz qux blah bla asdf jkl jklö lorem ipsum dolor sit amet consectetur xyz abc def ghi
        keine keiner nichts unbekannt offen entfällt aucun néant rien ninguno nada нет неизвестно لا 없음 미정""",
    )
)
"""Words that stand where nothing is said."""
_VAGUE = _EMPTY | vague_words.WORDS
"""Words that say nothing as long as no other is beside them."""
_MARKED = re.compile(r"\W*(?:(?:TODO|TBD|TBA|TBC|FIXME|WIP)\b|(?:todo|tbd|tba|tbc|fixme|wip)\s*[:,.-])")
"""How a text begins that its writer meant to write later."""
_ONLY_ASKS = re.compile(r"[^.;:!?]*[?？]\W*")
"""One question and nothing else: it hands back what was asked."""
_KEYBOARD = tuple(
    row + row[::-1]
    for row in re.findall(
        r"\w+", "qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm йцукенгшщзхъ фывапролджэ ячсмитьбю"
    )
)


def is_placeholder(text: str) -> bool:
    """Whether a short text stands for nothing: `-`, `...`, `n/a`, `tbd`, `xxx`, a picture. `%`, `m` and `€` do not."""
    folded = _folded(text)
    words = _tokens(folded)
    if any(unicodedata.category(sign) in ("Sc", "Sm", "Nd") or sign in "%‰°" for sign in folded):
        return False
    # Alone, `a` is a unit: years, or ampere.
    return all(word in _EMPTY or _is_typed_over(word) for word in words) and words != ["a"]


def is_put_off(text: str) -> bool:
    """Whether a short text only says that it is still to be written: `to be defined`, `not known yet`."""
    words = set(_tokens(_folded(text)))
    return len(words) > 1 and words <= _VAGUE


def bare_words(text: str) -> str:
    """The words alone, in small letters: one full stop more is the same text."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def lacks_words(text: str, asked: str = "") -> str:
    """Why a text is not a few words, in a line; empty where it is. `asked` are the words that it answers."""
    if _MARKED.match(text):
        return f"{FEW_WORDS}, and it is marked as still to be written"
    folded, question = _LINK.sub(" ", _folded(text)), _folded(asked)
    dense = vague_words.without_phrases("".join(_DENSE.findall(folded)))
    if len(dense) >= _DENSE_LETTERS and len(set(dense)) >= _DENSE_DIFFERENT:
        is_copied = dense in question
    else:
        words = {word for word in _tokens(folded) if not _is_typed_over(word)}
        whole = [word for word in words if _letters(word) > 1]
        if (
            len(words) < WORDS
            or len(whole) < WORDS - 1
            or sum(map(_letters, words)) < LETTERS
            or words <= _VAGUE
        ):
            return f"{FEW_WORDS}: at least {WORDS} that differ"
        is_copied = bool(asked) and len(words.difference(_tokens(question))) < WORDS - 1
    if is_copied:
        return f"{FEW_WORDS} of your own: these are the question's"
    return f"{FEW_WORDS} that answer, not a question" if _ONLY_ASKS.fullmatch(text.strip()) else ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _tokens(text: str) -> list[str]:
    """Runs of letters and digits; marks on letters, as many scripts have them, belong to the run."""
    return "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in text).split()


def _letters(word: str) -> int:
    """Letters of a word. A Korean syllable is two or three letters in one sign."""
    return sum(2 if "가" <= sign <= "힣" else 1 for sign in word if unicodedata.category(sign)[0] == "L")


def _is_typed_over(word: str) -> bool:
    """Whether a word is one key again and again, or keys beside each other."""
    same = len(word) > 2 and len(set(word)) == 1 and not word.isdecimal()
    return same or (len(word) > 3 and any(word in row for row in _KEYBOARD))
