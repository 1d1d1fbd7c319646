"""What an answer has to say to count, in words: what forms, gates and commands show of a question's `pass`."""

from __future__ import annotations

from .conditions import Among, Bound, Comparison, Count, Pass, Stated, written_number

_STATED = {
    "answered": "it is answered",
    "yes": "the answer is yes",
    "no": "the answer is no",
    "all": "every line holds",
}
_COMPARED = {">=": "at least", "<=": "at most", "==": "exactly", ">": "more than", "<": "less than"}


def pass_words(wanted: Pass) -> str:
    """What is so where an answer is enough, to be said after "met when"."""
    match wanted:
        case Stated():
            return _STATED[wanted.word]
        case Among(choices=(only,)):
            return f"the answer is {only}" if wanted.wanted else f"the answer is not {only}"
        case Among():
            return f"the answer is {'one' if wanted.wanted else 'none'} of: {', '.join(wanted.choices)}"
        case Bound():
            return f"the answer is {_compared(wanted.compare)} {written_number(wanted.limit)}"
        case Count():
            return f"{counted_words(wanted)} {'is' if wanted.number == 1 else 'are'} recorded"
        case Comparison():
            return str(wanted)


def counted_words(wanted: Count) -> str:
    """How many records are wanted: `at least 2`."""
    return f"{_compared(wanted.compare)} {wanted.number}"


def _compared(sign: str) -> str:
    return _COMPARED.get(sign, sign)
