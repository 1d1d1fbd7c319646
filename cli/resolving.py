"""Settling what a merge left in question: a list, one question after the other, or a choice on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click

from ..model.plan.change import Path
from ..model.text.amounts import counted
from ..storage.disk.errors import AmbiguousId, BadValue, KedgeError, UnknownId
from . import output
from .command import Command
from .plan_folder import plan_root
from .questions import (
    about_whole,
    full_name,
    name_of,
    project_of,
    question_data,
    question_lines,
    shown,
    sides,
)
from .settings import Settings

if TYPE_CHECKING:
    from ..model.edit.merge import Conflict
    from ..storage.disk.stages import Stages
    from ..storage.plan.resolving import Question

_BOTH = "both"
_MOST_NAMED = 8
"""Records in conflict that are named where an id fits none of them."""
_MOST_LISTED = 50
"""Files that a list shows: each is merged again for it."""


@click.command(cls=Command, reads=True, writes=True)
@click.argument("words", metavar="[ID [FIELD] [ours|theirs|base|both|=VALUE]…]", nargs=-1)
@click.pass_obj
def resolve(settings: Settings, words: tuple[str, ...]) -> int:
    """Settle what a merge left in conflict, field by field.

    Alone it asks on a terminal, one question after the other, and elsewhere lists what is in question in the first 50
    files (exit code 1).
    With an ID it settles: `ID ours` all fields of the record, `ID status theirs` one of them (and those that only make
    sense together with it), `ID due =fri` a value that is typed. Where both sides made a new record of the same id,
    `ID both` keeps ours and gives theirs another id. Versions are read from git's index, never from markers in the
    file; a file with lines that you typed since the merge is left to you, and one that is settled is marked so in
    git's index. In a rebase ours is the branch that you rebase onto, as git has it.
    """
    root = plan_root(settings)
    stages = _stages(settings, root)
    if words:
        stages = [_named(stages, words[0])]
    found = _questions(settings, root, stages)
    if words:
        question = next(found)
        if len(words) > 1 or not question.open:
            return _settle(settings, root, question, words[1:])
        found = chain([question], found)
    elif not stages and not settings.json:
        output.lines(["no file of the plan is in conflict"])
        return 0
    if settings.json:
        output.data("resolve", {"files": [question_data(one) for one in found]})
        return int(bool(stages))
    if settings.dry_run or not output.on_terminal():
        _list(settings, list(islice(found, _MOST_LISTED)), len(stages))
        return int(bool(stages))
    return _ask(settings, root, found)


def _questions(settings: Settings, root: str, stages: Sequence[Stages]) -> Iterator[Question]:
    from ..storage.plan.resolving import questions

    return questions(root, stages, settings.environment)


def _stages(settings: Settings, root: str) -> list[Stages]:
    """The files in conflict. Raises KedgeError where git does not say."""
    from ..storage.disk.repository import GitProblem
    from ..storage.git.unmerged import unmerged

    stages = unmerged(root, settings.environment)
    if isinstance(stages, GitProblem):
        raise KedgeError(
            f"conflicts cannot be looked for: {stages.message}", "kedge resolve reads git's index"
        )
    return stages


def _named(found: Sequence[Stages], text: str) -> Stages:
    """The file in conflict that is meant by an id, the beginning or end of one, or a path. Raises UnknownId."""
    names = {one.path: name_of(one) for one in found}
    exact = [
        one for one in found if text in (names[one.path], one.path, f"{project_of(one)}/{names[one.path]}")
    ]
    near = exact or [
        one for one in found if names[one.path].startswith(text) or names[one.path].endswith(f"-{text}")
    ]
    if len(near) != 1:
        raise _not_in_conflict(text, near, found)
    return near[0]


def _not_in_conflict(text: str, near: Sequence[Stages], found: Sequence[Stages]) -> KedgeError:
    """What is wrong with an id that names no file in conflict, or several."""
    if near:
        return AmbiguousId(text, "record in conflict", [full_name(one) for one in near])
    named = ", ".join(map(full_name, found[:_MOST_NAMED]))
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    hint = f"kedge resolve lists them: {named}{more}" if found else "no file of the plan is in conflict"
    return UnknownId(text, "record in conflict", hint=hint)


# ---- choosing on the command line


def _settle(settings: Settings, root: str, question: Question, words: Sequence[str]) -> int:
    """Settles what words say of a file: a side for all of it, or fields, each with a side or a value."""
    if list(words) == [_BOTH]:
        return _keep_both(settings, root, question)
    for paths, choice in _pairs(question, words):
        for path in paths:
            question.choose(path, _choice(settings, question, path, choice))
    return _save(settings, root, question)


def _pairs(question: Question, words: Sequence[str]) -> Iterator[tuple[list[Path], str]]:
    """The fields that are meant, and what is chosen for them. Raises UsageError, or UnknownId."""
    if len(words) == 1:
        yield [one.path for one in question.conflicts], words[0]
        return
    if len(words) % 2:
        raise click.UsageError("each FIELD needs ours, theirs, base or =VALUE after it")
    for field, choice in zip(words[::2], words[1::2], strict=True):
        paths = [one.path for one in question.conflicts if _is_at(one, field)]
        if not paths:
            known = [shown(one.path) for one in question.conflicts]
            raise BadValue(
                f"{field!r} is not in conflict in {question.name}", f"in conflict: {', '.join(known)}"
            )
        yield paths, choice


def _is_at(conflict: Conflict, field: str) -> bool:
    name = shown(conflict.path)
    return name == field or name.startswith(f"{field}.")


def _choice(settings: Settings, question: Question, path: Path, text: str) -> Any:
    from ..storage.plan.merging import SIDES
    from ..storage.plan.resolving import can_be_typed, typed

    if text in SIDES:
        return text
    if text.startswith("=") and path:
        return typed(question, path, text[1:], settings.today)
    raise BadValue(
        f"{text!r} is not a choice for {shown(path) or question.name}",
        "write ours, theirs or base"
        + (", or =VALUE" if can_be_typed(path) else ", or both" * question.both_can_stay),
    )


def _save(settings: Settings, root: str, question: Question) -> int:
    """Writes the file as far as it is settled, and says what is left."""
    from ..storage.plan.merging import NotMerged
    from ..storage.plan.resolving import preview, save

    try:
        if wrong := question.wrong():
            raise BadValue(f"{question.name}: {wrong}", "nothing was written")
        if settings.dry_run:
            output.write(preview(root, question))
            return 0
        settled = save(root, question, settings.environment)
    except NotMerged as error:
        raise BadValue(f"{question.name}: {error}", "nothing was written; settle it in an editor") from None
    if not settled:
        left = ", ".join(shown(one.path) for one in question.open)
        output.say(settings, f"{full_name(question)}: still in conflict: {left}")
        return 0
    _tell_git(settings, root, question, settled)
    output.say(settings, f"{full_name(question)} is settled")
    _say_names(settings, question)
    _say_rest(settings, root)
    return 0


def _say_names(settings: Settings, question: Question) -> None:
    """Says which name a record got that each side had renamed, since other records may still use another one."""
    from ..storage.plan.resolving import NAME

    for one in question.conflicts:
        if one.path == NAME:
            names = {"base": str(one.base), "ours": str(one.mine), "theirs": str(one.theirs)}
            kept = names[str(question.choices[NAME])]
            others = " or ".join(name for name in names.values() if name != kept)
            output.say(settings, f"it is called {kept}; kedge check finds what still names {others}")


def _keep_both(settings: Settings, root: str, question: Question) -> int:
    from ..storage.disk.scan import scan
    from ..storage.plan.resolving import save_both

    if not question.both_can_stay:
        raise BadValue(f"{question.name} is not two new records of one id", "write ours, theirs or base")
    taken = {one.address.id for one in scan(root)[0] if one.address.kind == question.kind}
    if settings.dry_run:
        output.say(settings, f"{question.name} would stay, and theirs would get another id")
        return 0
    paths = save_both(root, question, taken, SystemRandom())
    _tell_git(settings, root, question, paths)
    output.say(
        settings, f"{paths[0]} is ours, {paths[1]} theirs: what should refer to theirs needs its new id"
    )
    _say_rest(settings, root)
    return 0


def _tell_git(settings: Settings, root: str, question: Question, paths: Sequence[str]) -> None:
    from ..storage.git.unmerged import mark_settled

    problem = mark_settled(root, settings.environment, question.stages, paths)
    if problem is not None:
        files = " ".join(os.path.join(os.path.relpath(root, settings.folder), path) for path in paths)
        raise KedgeError(f"the file is written, but {problem.message}", f"git add {files}")


def _say_rest(settings: Settings, root: str) -> None:
    """Says what is left, or how the merge ends."""
    rest = _stages(settings, root)
    if rest:
        output.say(settings, f"{counted(len(rest), 'file')} left: {', '.join(map(full_name, rest[:5]))}")
    else:
        from ..storage.git.under_way import next_step

        step = next_step(root, settings.environment)
        output.say(settings, "no file of the plan is in conflict any more" + (f": {step}" if step else ""))


def _list(settings: Settings, found: Sequence[Question], count: int) -> None:
    """Shows the first files of so many."""
    for question in found:
        output.lines([f"{full_name(question)}  ({question.path})"])
        output.lines(f"  {line}" for line in question_lines(question))
    if count > len(found):
        more = counted(count - len(found), "more file")
        output.lines([f"and {more}: kedge resolve ID shows one, kedge resolve --json all"])
    first = found[0]
    field = shown(first.open[0].path) if first.open else ""
    what = f"{field} ours" if field else "ours"
    output.say(settings, f"settle them one by one, such as: kedge resolve {full_name(first)} {what}")


# ---- asking


def _ask(settings: Settings, root: str, found: Iterable[Question]) -> int:
    """One question after the other, on a terminal; 1 where something is left."""
    for question in found:
        for conflict in question.open:
            if conflict.path in question.choices:
                continue
            output.lines(["", f"{full_name(question)}: {shown(conflict.path) or about_whole(question)}"])
            output.lines(f"  {line}" for line in sides(conflict))
            answer = output.ask(_words(question, conflict), _answers(question, conflict), "s")
            if answer == "stop":
                if question.choices:
                    _save(settings, root, question)
                return 1
            if answer == _BOTH:
                _keep_both(settings, root, question)
                break
            if answer == "type":
                _type(settings, question, conflict.path)
            elif answer != "skip":
                question.choose(conflict.path, answer)  # pyright: ignore[reportArgumentType]  a side
        else:
            if question.choices or not question.conflicts:
                _save(settings, root, question)
    return int(bool(_stages(settings, root)))


def _words(question: Question, conflict: Conflict) -> str:
    from ..storage.plan.resolving import can_be_typed

    more = ", e type a value" if can_be_typed(conflict.path) else ", k keep both" * question.both_can_stay
    return f"o ours, t theirs, b base{more}, s skip, q stop"


def _answers(question: Question, conflict: Conflict) -> dict[str, str]:
    from ..storage.plan.resolving import can_be_typed

    answers = {"o": "ours", "t": "theirs", "b": "base"}
    if can_be_typed(conflict.path):
        answers["e"] = "type"
    elif question.both_can_stay:
        answers["k"] = _BOTH
    return {**answers, "s": "skip", "q": "stop"}


def _type(settings: Settings, question: Question, path: Path) -> None:
    """Asks for a value until one fits; nothing typed leaves the question open."""
    from ..storage.plan.resolving import typed

    while text := click.prompt(f"{shown(path)}", default="", show_default=False, err=True):
        try:
            question.choose(path, typed(question, path, text, settings.today))
        except BadValue as error:
            output.complain(error.message)
        else:
            return
