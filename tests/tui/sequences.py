"""What terminals send that is no text: real answers and keys, and random ones made by the same grammar."""

from __future__ import annotations

from random import Random

REPLIES = (
    "\x1b[?62;c",
    "\x1b[?1;2c",
    "\x1b[>41;354;0c",
    "\x1b[=0;1c",
    "\x1b[12;40R",
    "\x1b[1;2R",
    "\x1b[?12;40R",
    "\x1b[0n",
    "\x1b[?997;1n",
    "\x1b[8;24;80t",
    "\x1b[4;480;640t",
    "\x1b[6;16;8t",
    "\x1b[48;24;80;480;640t",
    "\x1b[48;99999;99999;1;1t",
    "\x1b[48;0;0;0;0t",
    "\x1b[?2026;2$y",
    "\x1b[?2026;0$y",
    "\x1b[?1016;9$y",
    "\x1b[4;1$y",
    "\x1b[?31u",
    "\x1b[>1u",
    "\x1b[I",
    "\x1b[O",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b]10;rgb:ffff/ffff/ffff\x9c",
    "\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    "\x1b]52;c;aGVsbG8gd29ybGQgdGhpcyBpcyBhIGxvbmcgb25lLCBsb25nZXIgdGhhbiB0aGlydHkgdHdv\x07",
    "\x1b]l\u6587 title\x1b\\",
    "\x1bP>|xterm(398)\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP!|7E565445\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b_Gi=31;ENOENT:no such image\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstring\x1b\\",
)
"""Answers to questions that were asked before, by Kedge or by another program."""

SILENT_KEYS = (
    "\x1b[97;1:3u",
    "\x1b[97:65;2:3;65u",
    "\x1b[1;1:3A",
    "\x1b[3;1:3~",
    "\x1b[13;1:3u",
    "\x1b[27;1:3u",
    "\x1b[57441;2u",
    "\x1b[57442;5:1u",
    "\x1b[57358;65u",
    "\x1b[57428u",
    "\x1b[63000;1u",
    "\x1b[1114112u",
    "\x1b[99999999u",
    "\x1b[999999999999u",
    "\x1b[55296u",
    "\x1b[97;9999999999999999999999u",
    "\x1b[;;u",
    "\x1b[::;::;::u",
    "\x1b[0u",
    "\x1b[97;5:7u",
    "\x1b[2000;3u",
    "\x1b[97;3u",
    "\x1b[28;1u",
    "\x1b[29~",
    "\x1b[34;2~",
    "\x1b[1;13Z",
    "\x1b[?97u",
    "\x1b[201~",
    "\x1b[<0;99999999;99999999M",
    "\x1b[<35;500;400M",
    "\x1b[<3;-1;-5M",
    "\x1b[<129;5;5M",
    "\x1b[<999;5;5M",
    "\x1b[<0;5M",
    "\x1b[35;5;5M",
    "\x1b[MC\udcff\udcff",
    "\x1b[" + "9" * 300 + "u",
    "\x1b[" + "1;" * 200 + "m",
    "\x1b[1\x1b[2\x18",
    "\x1bq",
    "\x1bO3q\x1b[R",
)
"""Keys and reports that must do nothing in a text."""


def random_sequence(random: Random) -> str:
    """A control sequence or a string of the grammar (ECMA-48), with any parameters; never one that begins a paste.

    Those whose meaning is to move in a text, to take from it or to leave it are not among them.
    """
    match random.randrange(5):
        case 0:
            content = "".join(
                random.choice("0123456789;:rgb/abcXYZ \u6587\r\n\t") for _ in range(random.randrange(80))
            )
            return f"\x1b{random.choice('P]X^_')}{content}" + random.choice(["\x1b\\", "\x9c", "\x18"])
        case 1:
            code, state = random.choice([97, 13, 9, 127, 27, 57399, 57414, 1114112]), random.randrange(300)
            event = random.choice([3, 4, 9, 33])
            return f"\x1b[{code}:{random.randrange(2000)};{state}:{event};{random.randrange(10**7)}u"
        case 2:
            end = random.choice("ABCDEFHPQS~")
            return f"\x1b[{random.randrange(300)};{random.randrange(300)}:3{end}"
        case 3:
            return f"\x1b[<{random.choice([35, 39, 51, 128, 200, 4000])};{_number(random)};{_number(random)}M"
        case _:
            between = "".join(random.choice("0123456789;:") for _ in range(random.randrange(40)))
            return f"\x1b[{random.choice('?>=')}{between}{random.choice(['', '$', ' '])}{random.choice('cnRtyuxhlmq')}"


def random_mouse(random: Random, rows: int) -> str:
    """The wheel, a press, a drag or a release: of any button, inside a terminal of any size or outside it.

    Nothing is pressed from line `rows` on, where a field may stand: there a drag chooses a part of its text.
    """
    x, y = (random.choice([random.randrange(1, 200), random.randrange(1, 9999)]) for _ in range(2))
    held = random.choice([0, 4, 8, 16])  # shift, alt, ctrl
    match random.randrange(3):
        case 0:
            return f"\x1b[<{random.randrange(64, 68) + held};{x};{y}M"
        case 1:
            return f"\x1b[<{random.choice([32, 33, 34, 35]) + held};{x};{y}{random.choice('Mm')}"
        case _:
            button, up = random.randrange(3) + held, random.choice([1, x])
            away = random.randrange(1, 9999)
            return (
                f"\x1b[<{button};{x};{random.randrange(1, rows)}M\x1b[<{button + 32};{up};{away}M"
                f"\x1b[<{button};{up};{random.choice([y, away])}m"
            )


def _number(random: Random) -> int:
    return random.randrange(-5, 10 ** random.randrange(1, 9))
