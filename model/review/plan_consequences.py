"""What follows from changes without dates: goals, scope, what can be started, risks, limits of work in progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from ..cards.status import blockers, is_blocked, is_ready
from ..plan.change import MISSING, Change
from ..plan.plan import Plan
from ..records.address import Address
from ..records.card import Card
from ..records.governance import Risk
from ..records.project import Project
from ..records.values import is_list
from ..schedule.tasks import mean_days
from ..text.amounts import counted
from ..text.figure import signed, written
from ..text.named import named, quoted
from .causes import cards_changed
from .changes import Difference
from .consequence import Consequence
from .goal_posts import MovedPost, moved_posts

HALF_A_DAY = 0.5


def goals_moved(difference: Difference) -> Iterator[Consequence]:
    """Goal posts that moved after work began, with the decision that names them."""
    before, after, titles = difference.before, difference.after, difference.titles
    for post in moved_posts(before.plan, after.plan, before.unreadable | after.unreadable):
        is_decided = bool(post.decisions)
        deciding = [after.plan.records[one] for one in post.decisions]
        said = (
            f"moved by decision {' and '.join(named(one.label, one.id) for one in deciding)}"
            if is_decided
            else "no decision names it"
        )
        is_list_of_texts = is_list(post.before) or is_list(post.after)
        values = "" if is_list_of_texts else f" {_shown(post.before)} → {_shown(post.after)}"
        where = titles.of(post.address.project)
        brief = f"goal{where} moved after work began: {post.of(quoted(post.title))}{values}"
        yield Consequence(
            "goal",
            "advice" if is_decided else "error",
            f"goal moved after work began: {post.of(named(post.title, post.id))}{values}; {said}",
            post.address,
            post.name,
            _plain(post.before),
            _plain(post.after),
            (post.address.id, *(one.id for one in post.decisions)),
            brief=brief,
            detail=_items(post) if is_list_of_texts else "",
            is_dangerous=not is_decided,
        )


def _items(post: MovedPost) -> str:
    """What came into a list and what went."""
    old, new = (list(map(str, side)) if is_list(side) else [] for side in (post.before, post.after))
    came = [f"+{quoted(one)}" for one in new if one not in old]
    went = [f"-{quoted(one)}" for one in old if one not in new]
    return ", ".join((*came, *went)) or "in another order"


def _shown(value: object) -> str:
    if value is MISSING:
        return "none"
    return written(value) if isinstance(value, int | float) else str(value)


def _plain(value: object) -> object:
    return None if value is MISSING else list(value) if is_list(value) else value


# ---- scope


@dataclass(frozen=True)
class Scope:
    """How much a project, or a plan, has to do and has done."""

    cards: int
    days: float

    def __sub__(self, other: Scope) -> Scope:
        return Scope(self.cards - other.cards, self.days - other.days)

    @property
    def said(self) -> str:
        """In words."""
        return f"{counted(self.cards, 'card')}, {written(round(self.days, 1))} days"

    @property
    def as_change(self) -> str:
        """In words, of what one scope has more than another: `+2 cards, -4.5 days`; empty where nothing differs."""
        cards, days = self.cards, round(self.days, 1)
        parts = [f"{cards:+,} {'card' if abs(cards) == 1 else 'cards'}"] if cards else []
        return ", ".join([*parts, f"{signed(days)} days"] if days else parts)


Scopes = tuple[Mapping[str, Scope], Mapping[str, Scope]]
"""By project, before and after."""


def scope_of(plan: Plan) -> Mapping[str, Scope]:
    """Cards that are not dropped, and the days they were estimated at, by project; of dropped projects none."""
    cards: Counter[str] = Counter()
    days: dict[str, float] = {}
    for card in plan.cards.values():
        project = plan.projects.get(card.project)
        if card.status == "dropped" or (project is not None and project.state == "dropped"):
            continue
        cards[card.project] += 1
        days[card.project] = days.get(card.project, 0.0) + _days(card)
    return {name: Scope(count, days[name]) for name, count in cards.items()}


def total_of(scopes: Iterable[Scope]) -> Scope:
    """Several scopes together."""
    every = list(scopes)
    return Scope(sum(one.cards for one in every), sum(one.days for one in every))


def _days(card: Card) -> float:
    """The days that a card was estimated at; nothing where it has no estimate."""
    return mean_days(card.estimate) if card.estimate else 0.0


def scope_changed(difference: Difference, scopes: Scopes) -> Iterator[Consequence]:
    """Work that came in or went out, by project."""
    old, new = scopes
    titles = difference.titles
    for project in sorted(old.keys() | new.keys()):
        before, after = old.get(project, Scope(0, 0.0)), new.get(project, Scope(0, 0.0))
        moved = after - before
        if not moved.cards and abs(moved.days) < HALF_A_DAY:
            continue
        grows = moved.days > 0 or (moved.cards > 0 and moved.days == 0)
        yield Consequence(
            "scope",
            "warning" if grows else "advice",
            f"scope{titles.of_named(project)}: {moved.as_change} (now {after.said})",
            Address("project", project, project),
            "scope",
            {"cards": before.cards, "days": before.days},
            {"cards": after.cards, "days": after.days},
            tuple(dict.fromkeys(_in_scope(difference, project))),
            brief=f"scope{titles.of(project)} {moved.as_change}",
            grows=max(moved.days, float(moved.cards) if not moved.days else 0.0),
            share=moved.days / before.days if before.days else float("inf"),
        )


def _in_scope(difference: Difference, project: str) -> Iterator[str]:
    """The changes that brought work into a project, or took it out."""
    for change in difference.changes:
        sides = (change.before, change.after)
        if any(isinstance(one, Project) and one.id == project for one in sides):
            states = {one.state for one in sides if isinstance(one, Project)}
            if "dropped" in states or None in sides:
                yield change.address.id
        elif change.address.kind == "card" and change.address.project == project:
            weights = [
                _days(one) if isinstance(one, Card) and one.status != "dropped" else None for one in sides
            ]
            if weights[0] != weights[1]:
                yield change.address.id


def slips_hidden(difference: Difference) -> Iterator[Consequence]:
    """Estimates that grew behind work that is said to remain: no date follows them."""
    for change in difference.changes:
        old, new = change.before, change.after
        if not isinstance(old, Card) or not isinstance(new, Card) or new.status != "doing":
            continue
        if new.remaining is None or old.remaining != new.remaining or _days(new) - _days(old) < HALF_A_DAY:
            continue
        was, now = (written(round(_days(one), 1)) for one in (old, new))
        yield Consequence(
            "date",
            "warning",
            f"the estimate of {named(new.label, new.id)} grew from {was} to {now} days, but its "
            f"remaining work stays at {written(new.remaining)}, so it moves no date",
            new.address,
            "remaining",
            _days(old),
            _days(new),
            (new.id,),
        )


# ---- what can be started


def work_held_or_freed(difference: Difference) -> Iterator[Consequence]:
    """Cards that could not be started before and can now, and the other way round."""
    before, after = difference.before, difference.after
    near = dict.fromkeys(cards_changed(difference.changes, before.plan, after.plan))
    states = {
        change.address.project
        for change in difference.changes
        if isinstance(change.before, Project)
        and isinstance(change.after, Project)
        and change.before.state != change.after.state
    }
    for project in sorted(states):
        near |= dict.fromkeys(card.id for card in after.plan.cards_of.get(project, ()))
    for name in near:
        old, new = before.plan.cards.get(name), after.plan.cards.get(name)
        if old is None or new is None:
            continue
        was, now = is_ready(before.plan, old, before.today), is_ready(after.plan, new, after.today)
        if now and not was and old.status == "todo":
            text = f"{named(new.label, name)} can be started now"
            yield _started(text, new, difference, is_worse=False)
        elif is_blocked(after.plan, new) and not is_blocked(before.plan, old):
            others = ", ".join(
                difference.titles.named(Address("card", card.project, one))
                for one in blockers(after.plan, new)
                if (card := after.plan.cards.get(one)) is not None
            )
            text = f"{named(new.label, name)} is blocked now" + (f": it waits for {others}" if others else "")
            yield _started(text, new, difference, is_worse=True)


def _started(text: str, card: Card, difference: Difference, *, is_worse: bool) -> Consequence:
    """A card that can be started now, or not any more, with the changes that this comes from."""
    changed = difference.by_address
    around = {
        card.id,
        *(one for plan in (difference.before.plan, difference.after.plan) for one in _needed(plan, card)),
    }
    causes = [address.id for address in changed if address.kind == "card" and address.id in around]
    causes += [
        address.id for address in changed if address.kind == "project" and address.project == card.project
    ]
    return Consequence(
        "blocked" if is_worse else "ready",
        "warning" if is_worse else "advice",
        text,
        card.address,
        "start",
        "ready" if is_worse else "held back",
        "blocked" if is_worse else "ready",
        tuple(dict.fromkeys(causes)),
        detail=card.blocked or "" if is_worse else "",
    )


def _needed(plan: Plan, card: Card) -> Iterator[str]:
    """The cards that a card needs, as a plan has it."""
    there = plan.cards.get(card.id)
    for need in there.needs if there is not None else ():
        yield need.partition(" ")[0].rpartition("/")[2]


# ---- risks and limits


def risks_changed(difference: Difference) -> Iterator[Consequence]:
    """Risks that are other ones, came, happened or were closed."""
    for change in difference.changes:
        if isinstance(change.after or change.before, Risk):
            old, new = cast("Risk | None", change.before), cast("Risk | None", change.after)
            was, now = _weight(old), _weight(new)
            if was != now:
                yield _risk(change, was, now)


def _risk(change: Change, was: tuple[str, int], now: tuple[str, int]) -> Consequence:
    record = change.after or change.before
    assert record is not None
    old, new = (f"{state} at {size} of 25" if size else state for state, size in (was, now))
    is_worse = now[0] == "happened" or (now[0] == "open" and now[1] > (was[1] if was[0] == "open" else 0))
    return Consequence(
        "risk",
        "warning" if is_worse else "advice",
        f"risk {named(record.label, record.id)}: {old} → {new}",
        record.address,
        "risk",
        old,
        new,
        (record.id,),
    )


def _weight(risk: Risk | None) -> tuple[str, int]:
    return (risk.state, (risk.chance or 0) * (risk.impact or 0)) if risk is not None else ("none", 0)


def limits_passed(difference: Difference) -> Iterator[Consequence]:
    """Limits of work in progress that are passed now and were not, or by more."""
    sides = [_over(side.plan) for side in (difference.before, difference.after)]
    for (kind, project, name), (count, limit, cards) in sides[1].items():
        was = sides[0].get((kind, project, name))
        if was is not None and was[0] - was[1] >= count - limit:
            continue
        phase = f"{name}{difference.titles.of_named(project)}"
        whose = phase if kind == "project" else difference.titles.label(Address("person", "", name))
        changed = {change.address.id for change in difference.changes}
        causes = [one for one in cards if one in changed]
        if "board" in {change.address.kind for change in difference.changes} and not causes:
            causes = ["board"]
        yield Consequence(
            "overload",
            "warning",
            f"{whose} has {counted(count, 'card')} in progress; the limit is {limit}",
            Address(kind, project, name if kind == "person" else project),
            f"limit of {name}",
            was[0] if was is not None else None,
            count,
            tuple(causes),
            brief=f"{whose} over its limit of work in progress",
            is_dangerous=True,
            grows=float(count - limit),
        )


def _over(plan: Plan) -> dict[tuple[str, str, str], tuple[int, int, list[str]]]:
    """Limits of work in progress that are passed, with the count, the limit and the cards."""
    limits = plan.board.limits
    cards: dict[tuple[str, str, str], list[str]] = {}
    for card in plan.cards.values():
        if card.status == "doing":
            cards.setdefault(("project", card.project, card.phase), []).append(card.id)
            if card.owner:
                cards.setdefault(("person", "", card.owner), []).append(card.id)
    found: dict[tuple[str, str, str], tuple[int, int, list[str]]] = {}
    for key, those in sorted(cards.items()):
        limit = limits.doing_per_person if key[0] == "person" else getattr(limits, key[2], None)
        if limit is not None and len(those) > limit:
            found[key] = (len(those), limit, those)
    return found
