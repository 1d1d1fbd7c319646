"""What a form offers to choose from: the values of a field, and the entries behind a row that is only read."""

from __future__ import annotations

from ...model.cards.network import find_loop
from ..dialogs.pick import Pick, PickItem
from .contract import ActsOnForm
from .controls import choices, entry_items, has_choices, is_several, picked_now, with_picked
from .fields import Field
from .subject import Subject


def reason_against_choice(form: ActsOnForm) -> str:
    """Why the field has nothing to choose from; empty where it has."""
    one = form.view.field
    if one.kind in ("section", "kept", "unread", "more") or has_choices(one, form.view.around):
        return ""
    return f"{one.label} has no list to choose from: type it"


def choose(form: ActsOnForm) -> None:
    """Opens the picker of the field; of a section, that of its entries; for what kedge cannot read, the file."""
    one = form.view.field
    if one.kind == "more":
        form.view.fold(unfolded=not form.view.is_unfolded)
        form.view.go_to(form.view.current)
        return
    if one.kind == "section":
        _pick_entry(form, one)
        return
    if one.kind in ("kept", "unread"):
        form.open_editor()
        return
    several = is_several(one)
    text = form.draft.texts[one.path]
    is_open = not one.shape.choices and not one.shape.refers and one.shape.control != "flag"

    def loop(key: str) -> str | None:
        found = find_loop(form.session.plan, form.subject.id, key)
        return f"that would make a loop: {' → '.join((*found, found[0]))}" if found else None

    def take(keys: tuple[str, ...]) -> None:
        form.view.put(with_picked(one, text, keys) if several else keys[0])

    items = choices(one, form.view.around)
    chosen = picked_now(one, text) if several else ()
    refuse = loop if one.name == "needs" and form.subject.id else None
    new = f"a new {one.name}" if is_open else ""
    form.ask(Pick(one.label, items, multiple=several, chosen=chosen, refuse=refuse, new=new), take)


def _pick_entry(form: ActsOnForm, one: Field) -> None:
    """Opens the form of an entry that is there, or of a new one; what is typed in this one stays as it is."""
    record = form.subject.record
    items = entry_items(one, form.subject.current(form.session.plan) or {})
    items.append(PickItem("new", f"new {Subject(record, one.name).kind}"))

    def take(keys: tuple[str, ...]) -> None:
        key = "" if keys[0] == "new" else keys[0][1:]
        form.host.open_form(record, (one.name, key), then=form.follow)

    form.ask(Pick(one.label, items), take)
