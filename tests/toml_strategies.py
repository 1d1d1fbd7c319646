"""Random TOML files in many hands' styles, random edits, and an account of what an edit did to a file.

Shared by the tests and by `bench/patcher.py`. Nothing here uses the code under test to judge it, save the
scanner for the lines of a statement; the scanner is held against toml-test on its own.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import tomli

from kedge.storage.toml.layout import Layout
from kedge.storage.toml.scan import Document
from kedge.storage.toml.values import REMOVE

ITEM = Layout(
    groups=(("done", "rank", "text"), ("note",)), optional=frozenset({"note"}), text=frozenset({"note"})
)
CRITERION = Layout(groups=(("met",), ("says",)))
STAGE = Layout(groups=(("title", "cap"),), optional=frozenset({"cap"}), sections=(("criteria", CRITERION),))
BUDGET = Layout(
    groups=(("limit",), ("currency", "until")),
    optional=frozenset({"until", "currency"}),
    inline=frozenset({"limit"}),
)
CARD = Layout(
    groups=(
        ("title",),
        ("place", "rank"),
        ("status", "stage", "milestone"),
        ("owner", "skill", "estimate", "remaining"),
        ("not_before", "due"),
        ("needs",),
        ("tags",),
        ("blocked",),
        ("links",),
        ("notes",),
    ),
    optional=frozenset({"stage", "milestone", "owner", "skill", "estimate", "remaining", "not_before", "due"})
    | frozenset({"needs", "tags", "blocked", "links", "notes"}),
    inline=frozenset({"estimate"}),
    text=frozenset({"notes"}),
    sorted=frozenset({"tags", "needs", "links"}),
    tables=(("budget", BUDGET),),
    sections=(("checklist", ITEM), ("stages", STAGE)),
)
"""A layout with everything in it: groups, placeholders, sets, a table, a section, and sections in a section."""

WORDS = [
    "churn", "label audit", "Ünïcödé", "日本語", "a \"quoted\" one", "back\\slash", "tab\there", "it's",
    "#not a comment", "[x]", "", " spaced ", "emoji 🦉", "'''", '"""', "a = 1", "\x7f", "end\\",
    "# ---- checklist ----",
]  # fmt: skip
TEXTS = [
    "one\ntwo\n",
    "no end\nof line",
    "\nblank first\n\n",
    'has """ in it\n',
    "tail\\\n",
    "'''\nraw\n",
    'q"\n"',
    "a\r\nb\n",
]
KEYS = ["zeta", "x-1", "with space", "ключ", "a.b", "7", "true", 'q"q', "it's", "", "due", "note"]


def scalar(rng: random.Random) -> Any:
    """A random scalar of any TOML type."""
    match rng.randrange(10):
        case 0:
            return rng.choice([True, False])
        case 1 | 2:
            return rng.choice([0, 1, -7, rng.randrange(10**6), 2**62])
        case 3:
            return rng.choice([0.5, -0.0, 1e16, 1e-9, 3.0, float("inf"), float("nan")])
        case 4:
            return date(2026, rng.randrange(1, 13), rng.randrange(1, 28))
        case 5:
            zone = rng.choice([None, UTC, timezone(timedelta(hours=-3, minutes=-30))])
            return datetime(2026, 5, 4, 3, 2, 1, rng.choice([0, 120000]), zone)
        case 6:
            return time(rng.randrange(24), 30, 5)
        case 7 if rng.random() < 0.3:
            return rng.choice(TEXTS)
        case _:
            return rng.choice(WORDS) + rng.choice(["", "", str(rng.randrange(99))])


def array(rng: random.Random) -> list[Any]:
    """A random array: mostly of different words, sometimes mixed or nested."""
    if rng.random() < 0.75:
        return [f"{rng.choice(['ann', 'bob', 'data', 'label-audit', 'ux'])}-{i}" for i in _some(rng, 12, 5)]
    return [
        rng.choice([scalar, scalar, lambda r: [r.randrange(9) for _ in range(r.randrange(4))], table])(rng)
        for _ in range(rng.randrange(4))
    ]


def _some(rng: random.Random, among: int, most: int) -> list[int]:
    return rng.sample(range(among), rng.randrange(most + 1))


def table(rng: random.Random) -> dict[str, Any]:
    """A small random table for inline use."""
    keys = rng.sample(["a", "b", "k k", "n"], rng.randrange(4))
    return {key: scalar(rng) if rng.random() < 0.8 else {"in": rng.randrange(9)} for key in keys}


def anything(rng: random.Random) -> Any:
    """A random value."""
    return rng.choice([scalar, scalar, scalar, array, table])(rng)


def known_value(rng: random.Random, key: str) -> Any:
    """A value of the type that a known key of CARD has."""
    if key in {"tags", "needs", "links"}:
        return (
            array(rng) if rng.random() < 0.1 else [f"{rng.choice('abcdefgh')}{i}" for i in _some(rng, 9, 5)]
        )
    if key in {"estimate", "limit"}:
        return [rng.randrange(9) for _ in range(3)]
    if key in {"due", "not_before", "until"}:
        return date(2026, rng.randrange(1, 13), rng.randrange(1, 28))
    if key in {"done", "met"}:
        return rng.random() < 0.5
    if key in {"notes", "note"}:
        return rng.choice([*TEXTS, "short", ""])
    return rng.choice(WORDS)


def entry(rng: random.Random, section: str) -> dict[str, Any]:
    """A table of a section of CARD."""
    if section == "checklist":
        keys = rng.sample(["done", "rank", "text", "note", "extra"], rng.randrange(1, 5))
        return {key: known_value(rng, key) for key in keys}
    data: dict[str, Any] = {"title": rng.choice(WORDS)}
    if rng.random() < 0.5:
        data["criteria"] = {
            name: {"met": True, "says": "x"} for name in rng.sample("pqr", rng.randrange(1, 3))
        }
    return data


@dataclass
class Writer:
    """Writes a random file by hand. `owners` says for each comment which table it is in or directly above."""

    rng: random.Random
    wild: bool
    lines: list[str] = field(default_factory=list)
    owners: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    table: tuple[Any, ...] = ()

    def comment(self, owner: tuple[Any, ...] | None = None) -> str:
        """A comment with a number of its own."""
        number = len(self.owners)
        text = f"# c{number}c" + self.rng.choice(["", " more", " x = 1", ' "', " ключ", " [t]"])
        self.owners[f"c{number}c"] = self.table if owner is None else owner
        return text

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    def space(self) -> str:
        return self.rng.choice(["", " ", " ", " ", "  ", "\t"]) if self.wild else " "

    def key(self, name: str) -> str:
        bare = re.fullmatch(r"[A-Za-z0-9_-]+", name)
        if bare and not (self.wild and self.maybe(0.1)):
            return name
        if "'" not in name and self.maybe(0.5):
            return f"'{name}'"
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def text(self, value: str, *, lines: bool) -> str:
        """A string in one of the four styles, if it fits."""
        clean = not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value)
        style = self.rng.randrange(5)
        if style == 0 and clean and "'" not in value and "\n" not in value:
            return f"'{value}'"
        if lines and style == 1 and clean and "'''" not in value and not value.endswith("'"):
            return f"'''\n{value}'''"
        escaped = (
            value.replace("\\", "\\\\").replace('"', '\\"').replace("\x7f", "\\u007F").replace("\r", "\\r")
        )
        if lines and (style == 2 or "\n" in value):
            return f'"""\n{escaped}"""' if self.maybe(0.7) or value[:1] == "\n" else f'"""{escaped}"""'
        escaped = escaped.replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'

    def value(self, value: Any, *, lines: bool = True) -> str:
        rng = self.rng
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.text(value, lines=lines)
        if isinstance(value, int) and value >= 0 and self.maybe(0.3):
            return rng.choice([hex(value), oct(value), bin(value), f"{value:_}", f"+{value}"])
        if isinstance(value, float):
            return rng.choice(
                [repr(value), f"{value:.3e}" if value == value and abs(value) < 1e300 else repr(value)]
            )
        if isinstance(value, datetime):
            return value.isoformat(rng.choice(["T", " "]))
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, dict):
            pad, comma = self.space(), "," + self.space()
            return (
                "{"
                + pad
                + comma.join(
                    f"{self.key(key)}{self.space()}={self.space()}{self.value(item, lines=False)}"
                    for key, item in value.items()
                )
                + pad
                + "}"
            )
        if isinstance(value, list):
            return self.array(value, lines)
        return str(value)

    def array(self, items: list[Any], lines: bool) -> str:
        """An array in one of many styles; comments only where lines may end."""
        written = [self.value(item, lines=False) for item in items]
        if not lines or not self.maybe(0.7):
            pad = self.space()
            comma = "," if items and self.maybe(0.2) else ""
            return f"[{pad}{', '.join(written)}{comma}{pad}]"
        pad = self.rng.choice(["  ", "    ", "\t", ""]) if self.wild else "  "
        out = "[" + (f" {self.comment()}" if self.maybe(0.1) else "") + "\n"
        leading = self.wild and self.maybe(0.1)
        for place, item in enumerate(written):
            last = place == len(written) - 1
            if self.maybe(0.15):
                out += f"{pad}{self.comment()}\n"
            if leading:
                out += f"{pad}{', ' if place else ''}{item}"
            else:
                out += f"{pad}{item}{'' if last and self.maybe(0.3) else ','}"
            if self.maybe(0.25):
                out += f"  {self.comment()}\n"
            else:
                out += " " if self.wild and self.maybe(0.2) and not leading else "\n"
        if self.maybe(0.1):
            out += f"{'' if out.endswith(chr(10)) else chr(10)}{pad}{self.comment()}\n"
        return out + "]"

    def gap(self, *, free: bool = False) -> None:
        """Blank lines and comments before a key, or between two tables (then set apart on both sides)."""
        if free:
            self.lines.append("")
            if self.maybe(0.3):
                table, self.table = self.table, ("free",)
                self.lines += [self.comment(), ""]
                self.table = table
            return
        if self.maybe(0.25):
            self.lines.append("")
        if self.maybe(0.2):
            self.lines.append(self.comment())
            if self.maybe(0.2):
                self.lines.append("")

    def note(self) -> str:
        return f"{self.rng.choice(['', ' ', '  '])}{self.comment()}" if self.maybe(0.2) else ""

    def pair(self, key: str, value: Any) -> None:
        indent = self.rng.choice(["", "", "", "  ", "\t"]) if self.wild else ""
        self.lines.append(f"{indent}{key}{self.space()}={self.space()}{self.value(value)}{self.note()}")

    def pairs(self, data: dict[str, Any], layout: Layout) -> None:
        """A table's own pairs, with placeholders of keys that are not set."""
        names = list(data)
        if self.wild:
            self.rng.shuffle(names)
        else:
            names.sort(key=lambda name: layout.order.get(name, (99, 99)))
        for name in names:
            self.gap()
            value = data[name]
            if self.wild and isinstance(value, dict) and value and self.maybe(0.5):
                for inner, item in value.items():
                    self.pair(f"{self.key(name)}{self.rng.choice(['.', ' . '])}{self.key(inner)}", item)
            else:
                self.pair(self.key(name), value)

    def header(self, path: tuple[str, ...], owner: tuple[Any, ...], *, double: bool = False) -> None:
        self.gap(free=True)
        self.table = owner
        if self.maybe(0.25):
            self.lines.append(self.comment())
        name = f"{self.space() if self.wild else ''}{'.'.join(map(self.key, path))}"
        self.lines.append(f"[[{name}]]{self.note()}" if double else f"[{name}]{self.note()}")

    def headed(self, path: tuple[str, ...], data: dict[str, Any], layout: Layout) -> None:
        """A table with a header, and those of its tables that get headers too."""
        inner = {k: v for k, v in data.items() if isinstance(v, dict) and v and self.maybe(0.8)}
        if len(inner) < len(data) or not data or self.maybe(0.3):
            self.header(path, path)
            self.pairs({k: v for k, v in data.items() if k not in inner}, layout)
            self.leave(layout, data)
        for name, value in inner.items():
            self.headed((*path, name), value, Layout())

    def leave(self, layout: Layout, data: dict[str, Any]) -> None:
        """Placeholders of keys that are not set."""
        for name in sorted(layout.optional):
            if name not in data and self.maybe(0.4):
                self.lines.append(f"#{name} =" + (f"  {self.comment()}" if self.maybe(0.2) else ""))


def random_file(rng: random.Random, *, wild: bool) -> tuple[str, dict[str, tuple[Any, ...]]]:
    """A valid TOML text and the tables that its comments belong to."""
    while True:
        text, owners = _draft(rng, wild)
        try:
            tomli.loads(text.removeprefix("\ufeff"))
        except tomli.TOMLDecodeError:
            continue
        return text, owners


Section = tuple[tuple[str, ...], dict[str, Any], Layout]


def _draft(rng: random.Random, wild: bool) -> tuple[str, dict[str, tuple[Any, ...]]]:
    w = Writer(rng, wild)
    known = [key for key in CARD.order if rng.random() < 0.4]
    root = {key: known_value(rng, key) for key in known}
    if rng.random() < 0.4:
        root |= {key: anything(rng) for key in rng.sample(KEYS[:10], rng.randrange(1, 4))}
    if rng.random() < 0.2:
        w.lines += [w.comment(("free",)), ""]
    sections = _sections(rng, wild, root)
    w.pairs(root, CARD)
    w.leave(CARD, root)
    anchors = not wild or rng.random() < 0.3
    last = ""
    for path, data, layout in sections:
        if anchors and path[0] != last and path[0] in CARD.anchors:
            w.lines += ["", f"# ---- {path[0]} ----"]
            last = path[0]
        w.headed(path, data, layout)
    if wild and rng.random() < 0.4:
        _write_log(w, rng)
    w.table = ("free",)
    w.gap(free=True)
    lines = w.lines
    for _ in range(rng.randrange(3) if wild and rng.random() < 0.4 else 0):
        lines = _with_stray_anchor(lines, rng)
    return _finish("\n".join(lines) + "\n", rng, wild), w.owners


def _sections(rng: random.Random, wild: bool, root: dict[str, Any]) -> list[Section]:
    """The tables of a file; some stand among the pairs of the root instead."""
    sections: list[Section] = []
    for name, layout in CARD.sections:
        keys = rng.sample(["k7f2", "m4wq", "b2", "x9", "a b"], rng.randrange(4))
        sections += [((name, key), entry(rng, name), layout) for key in keys]
    if rng.random() < 0.4:
        budget = {key: known_value(rng, key) for key in BUDGET.order if rng.random() < 0.6}
        sections.append((("budget",), budget, BUDGET))
    if wild:
        for name in rng.sample(["zed", "x y", "out"], rng.randrange(3)):
            data = {key: anything(rng) for key in rng.sample(KEYS[:9], rng.randrange(4))}
            sections.append(((name,), data, Layout()))
            if rng.random() < 0.4:
                sections.append(((name, "deep", "er"), {"v": scalar(rng)}, Layout()))
        rng.shuffle(sections)
        for path, data, _ in list(sections):
            # Some sections stand as dotted keys or inline tables among the root's pairs.
            same_name = [other for other in sections if other[0][0] == path[0]]
            if len(same_name) == 1 and rng.random() < 0.25:
                sections.remove(same_name[0])
                for name in reversed(path[1:]):
                    data = {name: data}
                root.setdefault(path[0], data)
    return sections


def _write_log(w: Writer, rng: random.Random) -> None:
    """An array of tables, with tables inside and between."""
    for index in range(rng.randrange(1, 4)):
        w.header(("log",), ("log", index), double=True)
        w.pairs({key: anything(rng) for key in rng.sample(["at", "by", "text"], rng.randrange(3))}, Layout())
        if rng.random() < 0.3:
            w.header(("log", "sub"), ("log", index, "sub"))
            w.pairs({"v": scalar(rng)}, Layout())
        if rng.random() < 0.15:
            w.header((f"between{index}",), (f"between{index}",))
            w.pairs({"v": scalar(rng)}, Layout())


def _with_stray_anchor(lines: list[str], rng: random.Random) -> list[str]:
    """The lines with an anchor or a placeholder where a person, or a merge, may have left it."""
    stray = rng.choice(["# ---- checklist ----", "# ---- stages ----", "#due =", "#note =", "#until ="])
    at = rng.randrange(len(lines) + 1)
    more = [*lines[:at], f"{rng.choice(['', '', '  '])}{stray}", *lines[at:]]
    try:
        is_same = tomli.loads("\n".join(more)) == tomli.loads("\n".join(lines))
    except tomli.TOMLDecodeError:
        return lines
    return more if is_same else lines


def _finish(text: str, rng: random.Random, wild: bool) -> str:
    if rng.random() < (0.3 if wild else 0.1):
        text = text.rstrip("\n")
    if rng.random() < (0.25 if wild else 0.1):
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if rng.random() < 0.1 else text


def _tables(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if not isinstance(data, dict):
        return []
    return [path, *(p for key, value in data.items() for p in _tables(value, (*path, key)))]


def random_edit(rng: random.Random, data: dict[str, Any]) -> tuple[tuple[str, ...], Any]:
    """One edit that makes sense for the data."""
    tables = _tables(data)
    table = rng.choice(tables) if rng.random() < 0.6 else ()
    found: Any = data
    for part in table:
        found = found[part]
    keys = list(found)
    known = list(CARD.at(table).order)
    kind = rng.randrange(12)
    if kind <= 3 and keys:
        key = rng.choice(keys)
        return (*table, key), _varied(rng, key, found[key])
    if kind == 4 and keys:
        return (*table, rng.choice(keys)), REMOVE
    if kind <= 6 and known:
        key = rng.choice(known)
        return (*table, key), REMOVE if rng.random() < 0.2 else known_value(rng, key)
    if kind == 7:
        return (*table, rng.choice(KEYS)), anything(rng)
    if kind == 8:
        name = rng.choice(["checklist", "stages"])
        if not isinstance(data.get(name, {}), dict):
            return (name,), REMOVE
        return (name, rng.choice(["k7f2", "aa", "zz", "m5"])), entry(rng, name)
    if kind == 9:
        return _edit_inside(rng, data)
    if kind == 10:
        gone = [path for path in tables if path]
        if gone:
            return rng.choice(gone), rng.choice([REMOVE, REMOVE, table_or_scalar(rng)])
    return (rng.choice(list(CARD.order)),), known_value(rng, rng.choice(list(CARD.order)))


def _edit_inside(rng: random.Random, data: dict[str, Any]) -> tuple[tuple[str, ...], Any]:
    """An edit of an entry that may not be there yet."""
    name = rng.choice(["checklist", "budget", "stages", "brand new", "zed"])
    existing = data.get(name, {})
    if not isinstance(existing, dict) or not isinstance(existing.get("n1", {}), dict):
        return (name,), REMOVE
    if name in {"budget", "zed"}:
        return (name, "n1", "deep"), scalar(rng)
    return (name, "n1", rng.choice(["done", "text", "title", "other"])), known_value(rng, "done")


def table_or_scalar(rng: random.Random) -> Any:
    return rng.choice([table, scalar, array])(rng)


def _varied(rng: random.Random, key: str, old: Any) -> Any:
    """A value somewhat like the old one."""
    new = deepcopy(old)
    if isinstance(new, list) and rng.random() < 0.9:
        for _ in range(rng.randrange(1, 4)):
            step = rng.randrange(5)
            if step == 0 and new:
                new.pop(rng.randrange(len(new)))
            elif step == 1 and new and rng.random() < 0.4:
                rng.shuffle(new)
            elif step == 2 and new:
                at = rng.randrange(len(new))
                new[at] = _varied(rng, key, new[at]) if isinstance(new[at], dict | list) else scalar(rng)
            else:
                like_table = bool(new) and isinstance(new[0], dict)
                new.insert(
                    rng.randrange(len(new) + 1), table(rng) if like_table else f"new{rng.randrange(99)}"
                )
        return new
    if isinstance(new, dict) and rng.random() < 0.8:
        for name in list(new):
            if rng.random() < 0.3:
                del new[name]
            elif rng.random() < 0.3:
                new[name] = _varied(rng, name, new[name])
        if rng.random() < 0.5:
            new[rng.choice(["added", "k k", "note"])] = scalar(rng)
        return new
    if isinstance(new, str) and rng.random() < 0.7:
        return rng.choice([*WORDS, *TEXTS])
    return anything(rng) if rng.random() < 0.3 else scalar(rng)


def edit_data(data: dict[str, Any], edits: dict[tuple[str, ...], Any]) -> dict[str, Any] | None:
    """The edits on plain data; None where a path leads through something that is no table."""
    data = deepcopy(data)
    for path, value in edits.items():
        here: Any = data
        for part in path[:-1]:
            if value is REMOVE and part not in here:
                break
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                return None
        else:
            if value is REMOVE:
                here.pop(path[-1], None)
            else:
                here[path[-1]] = deepcopy(value)
    return data


def normal(value: Any, layout: Layout = CARD, path: tuple[Any, ...] = ()) -> Any:
    """Data for comparing: types kept apart, sets sorted."""
    if isinstance(value, dict):
        return {key: normal(item, layout, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        items = [normal(item) for item in value]
        return sorted(items, key=repr) if path and path[-1] in layout.at(path[:-1]).sorted else items
    return type(value).__name__, value.isoformat() if isinstance(value, datetime | time) else repr(value)


def _pruned(wanted: Any, found: Any) -> Any:
    """The wanted data without empty tables where the file has nothing: they ended with their last key."""
    if not isinstance(wanted, dict) or not isinstance(found, dict):
        return wanted
    inner = {key: _pruned(item, found.get(key)) for key, item in wanted.items()}
    return {key: item for key, item in inner.items() if item != {} or key in found}


def tokens(text: str) -> Counter[str]:
    """The numbered comments in a text."""
    return Counter(re.findall(r"# (c\d+c)", text))


def faults(
    text: str,
    owners: dict[str, tuple[Any, ...]] | None,
    edits: dict[tuple[str, ...], Any],
    result: str,
    layout: Layout,
) -> list[str]:
    """What an edit did wrong: "broken", "wrong data", "lost comment", "outside line", "line ends" with details.

    Without `owners`, comments may only go if the edits take away a table.
    """
    old = tomli.loads(text.removeprefix("\ufeff"))
    try:
        new = tomli.loads(result.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError as error:
        return [f"broken: {error}"]
    wrong: list[str] = []
    wanted = edit_data(old, edits)
    found = normal(new, layout)
    removed = any(value is REMOVE for value in edits.values())
    expected = normal(wanted, layout)
    if found != (_pruned(expected, found) if removed else expected):
        wrong.append("wrong data")
    if result.startswith("\ufeff") != text.startswith("\ufeff"):
        wrong.append("line ends: byte-order mark")
    if text and result.endswith("\n") != text.endswith("\n") and text.strip("\ufeff\r\n"):
        wrong.append("line ends: final newline")
    if "\r\n" in text and "\n" in result.replace("\r\n", ""):
        wrong.append("line ends: mixed")
    if "\r" not in text and "\r" in result:
        wrong.append("line ends: CR came in")
    before, after = tokens(text), tokens(result)
    if after - before:
        wrong.append(f"lost comment: doubled {after - before}")
    wrong += [
        f"lost comment: {name}" for name in before - after if not _may_go(owners and owners[name], old, new)
    ]
    wrong += [f"outside line: {line!r}" for line in _outside_lines(text, result, edits)]
    return wrong


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return REMOVE
    return data


def _may_go(owner: tuple[Any, ...] | None, old: Any, new: Any) -> bool:
    """Whether a comment's table, or one around it, is a table no more; of an unknown owner, whether any is."""
    if owner is None:
        return any(not isinstance(_at(new, path), dict) for path in _tables(old)) or old.get(
            "log"
        ) != new.get("log")
    for depth in range(1, len(owner) + 1):
        path = owner[:depth]
        if isinstance(path[-1], int):
            return repr(_at(old, path[:-1])) != repr(_at(new, path[:-1]))
        if isinstance(_at(old, path), dict) and not isinstance(_at(new, path), dict):
            return True
    return False


def _outside_lines(text: str, result: str, edits: dict[tuple[str, ...], Any]) -> list[str]:
    """Lines that are gone although no edit is about their statement."""
    document = Document(text)
    body = document.text
    gone = Counter(body.split("\n")) - Counter(result.removeprefix("\ufeff").split("\n"))
    # A missing final newline makes the last line of a CRLF file differ from itself.
    kept = {line.rstrip("\r") for line in result.removeprefix("\ufeff").split("\n")}
    touched: set[str] = set()
    for statement in document.statements:
        path = statement.path
        if any(path[: len(edit)] == edit or edit[: len(path)] == path for edit in edits):
            touched |= set(body[statement.start : statement.stop].split("\n"))
    return [
        line
        for line in gone
        if line.strip()
        and line not in touched
        and line.rstrip("\r") not in kept
        and not line.lstrip().startswith("#")
    ]


def random_edits(rng: random.Random, data: dict[str, Any]) -> dict[tuple[str, ...], Any]:
    """One to three edits, none of which is about a place inside another's; never none."""
    edits: dict[tuple[str, ...], Any] = {}
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        path, value = random_edit(rng, data)
        clash = any(path[: len(other)] == other or other[: len(path)] == path for other in edits)
        if not clash and edit_data(data, {**edits, path: value}) is not None:
            edits[path] = value
    return edits or {("title",): "set at least this"}
