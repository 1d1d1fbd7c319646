"""Random tables and texts that came from a common one, and the laws that merging them has to keep.

Shared by the tests and by `bench/merges.py`. Values are compared here by a form of their own, not by the code under
test.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from kedge.model.edit.merge import SETS, merge
from kedge.model.edit.text_merge import merge_lines

LISTS = ("tags", "needs", "links", "holidays", "odd")
GONE = object()
DAYS = [dt.date(2026, 12, day) for day in (24, 25, 26, 31)]
SCALARS = [
    0,
    1,
    2,
    2.0,
    True,
    False,
    "a",
    "b",
    "",
    DAYS[0],
    dt.datetime(2026, 12, 24, tzinfo=dt.UTC),
    [1],
    [True],
    [[1]],
    [[True]],
]


def form(value: object) -> object:
    """A value as something that is equal only where TOML would say the same; 2 and 2.0 are the same."""
    if isinstance(value, Mapping):
        return frozenset((key, form(inner)) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ("list", tuple(map(form, value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ("number", float(value))
    return (type(value).__name__, value)


# ---- what people do to a record


def random_triple(rng: Random) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A table, and what two people made of it."""
    base = {key: _value(rng, key) for key in ("title", "x", "rank", *LISTS) if rng.random() < 0.6}
    if rng.random() < 0.7:
        base["checklist"] = {key: _item(rng) for key in ("k2", "m4", "p7") if rng.random() < 0.6}
    mine, theirs = _edited(rng, base), _edited(rng, base)
    if rng.random() < 0.2:
        # Some of what one did the other did too.
        theirs |= {key: mine[key] for key in mine if rng.random() < 0.5}
    return base, mine, theirs


def _pool(key: str) -> list[Any]:
    if key == "holidays":
        return DAYS
    names = ["p", "q", "r", "s", "t"]
    return [f"{name}{lag}" for name in names for lag in ("", " SS+2d")] if key == "needs" else names


def _value(rng: Random, key: str) -> Any:
    if key in LISTS:
        pool = _pool(key)
        items = (
            rng.choices(pool, k=rng.randint(0, 4)) if key == "odd" else rng.sample(pool, rng.randint(0, 4))
        )
        return sorted(items) if key in SETS and rng.random() < 0.8 else items
    return rng.choice(["a0", "a1", "a2", "b"]) if key == "rank" else rng.choice(SCALARS)


def _item(rng: Random) -> dict[str, Any]:
    return {"text": rng.choice(["one", "two"]), "done": rng.random() < 0.5, "rank": rng.choice(["a0", "a1"])}


def _edited(rng: Random, base: Mapping[str, Any]) -> dict[str, Any]:
    data = {key: dict(value) if isinstance(value, dict) else value for key, value in base.items()}
    for _ in range(rng.randint(0, 3)):
        key = rng.choice(["title", "x", "rank", *LISTS, *LISTS, "checklist"])
        if key == "checklist":
            table = data.setdefault(key, {})
            name = rng.choice(["k2", "m4", "p7", "z9"])
            if rng.random() < 0.3:
                table.pop(name, None)
            else:
                table[name] = {
                    **table.get(name, _item(rng)),
                    rng.choice(["done", "text"]): rng.choice([True, "three"]),
                }
        elif rng.random() < 0.1:
            data.pop(key, None)
        elif key in LISTS and isinstance(data.get(key), list):
            data[key] = _list_edited(rng, data[key], _pool(key))
        else:
            data[key] = _value(rng, key)
    return data


def _list_edited(rng: Random, items: list[Any], pool: list[Any]) -> list[Any]:
    items = list(items)
    what = rng.choice(["add", "add", "remove", "move", "change"])
    if what == "add" or not items:
        items.insert(rng.randint(0, len(items)), rng.choice(pool))
    elif what == "remove":
        items.pop(rng.randrange(len(items)))
    elif what == "move":
        items.insert(rng.randint(0, len(items) - 1), items.pop(rng.randrange(len(items))))
    else:
        items[rng.randrange(len(items))] = rng.choice(pool)
    return items


# ---- the laws


def broken(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """The laws that a merge does not keep."""
    for law, sides, wanted in (
        ("mine unchanged gives theirs", (base, base, theirs), theirs),
        ("theirs unchanged gives mine", (base, mine, base), mine),
        ("equal changes agree", (base, mine, mine), mine),
    ):
        merged = merge(*sides)
        if merged.conflicts or form(merged.data) != form(wanted):
            yield law
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    said = [(each.path, form(each.base), form(each.mine), form(each.theirs)) for each in one.conflicts]
    if said != [(each.path, form(each.base), form(each.theirs), form(each.mine)) for each in other.conflicts]:
        yield "the same conflicts, whoever merges"
    asked = {each.path for each in one.conflicts}
    if form(_without(one.data, asked)) != form(_without(other.data, asked)):
        yield "the same data, whoever merges"
    for path in {*_paths(base), *_paths(mine), *_paths(theirs)} - asked:
        if any(path[: len(inner)] == inner for inner in asked):
            continue
        b, m, t, now = (_at(side, path) for side in (base, mine, theirs, one.data))
        if form(now) not in (form(m), form(t)) and not isinstance(now, list | Mapping):
            yield "no value that no side has"
        is_free = path[-1] != "rank" and not any(isinstance(side, list | Mapping) for side in (m, t))
        if is_free and len({form(b), form(m), form(t)}) == 3:
            yield "what both sides changed differently is asked"
        if form(b) == form(m) != form(t) and form(now) != form(t):
            yield "what one side changed is changed"
        if all(isinstance(side, list) for side in (m, t)) and form(now) not in (form(m), form(t)):
            yield from _list_laws(path[-1], b if isinstance(b, list) else [], m, t, list(now))


def _list_laws(
    key: str, base: list[Any], mine: list[Any], theirs: list[Any], now: list[Any]
) -> Iterator[str]:
    counts = [Counter(side) for side in (base, mine, theirs, now)]
    for item in {*base, *mine, *theirs, *now}:
        b, m, t, n = (count[item] for count in counts)
        if m and t and not n:
            yield "what both keep stays"
        if b and not (m and t) and max(m, t) <= b and n:
            yield "what one side took out is gone"
        if not b and (m or t) and not n:
            yield "what one side put in is there"
        if n > max(m, t):
            yield "nothing stands there twice that no side has twice"
    names = [item.partition(" ")[0] for item in now] if key == "needs" else []
    if any(count > max(sum(one.partition(" ")[0] == name for one in side) for side in (mine, theirs))
           for name, count in Counter(names).items()):  # fmt: skip
        yield "two lags for one card are a conflict"
    if key in SETS:
        if now != sorted(now):
            yield "a set has the canonical order"
        return
    kept = {item for item in base if all(count[item] == 1 for count in counts)}
    orders = [[item for item in side if item in kept] for side in (base, mine, theirs, now)]
    if orders[3] not in orders[1:3] or (orders[1] != orders[2] and orders[0] not in orders[1:3]):
        yield "an order that both sides gave differently is a conflict"
    if orders[0] == orders[1] and orders[3] != orders[2]:
        yield "an order that one side gave stays"


def _paths(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            yield from _paths(value, (*above, key))
        else:
            yield (*above, key)


def _at(table: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = table
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return GONE
        value = value[key]
    return list(value) if isinstance(value, tuple) else value


def _without(
    table: Mapping[str, Any], paths: set[tuple[str, ...]], above: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        key: _without(value, paths, (*above, key)) if isinstance(value, Mapping) else value
        for key, value in table.items()
        if (*above, key) not in paths
    }


# ---- texts


def random_texts(rng: Random) -> tuple[str, str, str]:
    """A text, and what two people made of it; its last line may have no end."""
    lines = [rng.choice("abcdefg") + rng.choice(["", " x"]) for _ in range(rng.randint(0, 9))]
    texts = []
    for rounds in (0, rng.randint(0, 2), rng.randint(0, 2)):
        side = list(lines)
        for _ in range(rounds):
            at = rng.randint(0, len(side))
            side[at : at + rng.randint(0, 2)] = [rng.choice("uvwxyz") * 2 for _ in range(rng.randint(0, 2))]
        text = "".join(f"{line}\n" for line in side)
        texts.append(text[:-1] if rng.random() < 0.3 else text)
    return texts[0], texts[1], texts[2]


def broken_for_texts(base: str, mine: str, theirs: str) -> Iterator[str]:
    """The laws that a merge of texts does not keep."""
    if merge_lines(base, base, theirs) != theirs or merge_lines(base, mine, base) != mine:
        yield "an unchanged text gives the other"
    if merge_lines(base, mine, mine) != mine:
        yield "equal changes of a text agree"
    merged = merge_lines(base, mine, theirs)
    if merged != merge_lines(base, theirs, mine):
        yield "the same text, whoever merges"
    if merged is None:
        return
    b, m, t, now = (Counter(text.split("\n")) for text in (base, mine, theirs, merged))
    for line in {*b, *m, *t, *now} - {""}:
        if not (b[line] or m[line] or t[line]):
            yield "no line that nobody wrote"
        # Each side's additions and removals count; what both did alike counts once.
        both = b[line] + (m[line] - b[line]) + (t[line] - b[line])
        if not min(m[line], t[line], both) <= now[line] <= max(m[line], t[line], both):
            yield "lines put in are there, lines taken out are gone"
