"""Lists what the program says to people, from its source, so that it can be read in one sitting.

A text for people is a string of words, or one that is called a label or a help. What is called with it does not
matter, so that no message is missed that a new dialog, finding or refusal brings along.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kedge.model.text.visible import visible

ROOT = Path(__file__).parents[1]
ROOMS = {"cli": "Commands", "tui": "Screens", "model": "Figures, rules and verbs", "storage": "Files and git"}
INTRODUCTION = """\
# What kedge says

Every text that people read and that is written in the source, by module, to be read in one sitting after a change of
words. A name in braces stands for a value. The help of commands is in [commands.md](commands.md), the questions of the
playbook are in `model/playbook`.
"""
_ALWAYS = frozenset({"label", "help", "hint", "why", "placeholder"})
_WORD = re.compile(r"[A-Za-z’']{2,}")
_CODE = re.compile(
    r"\b(SELECT|CASE|FILTER|DISTINCT|NULL|FORMAT csv|DROP TABLE|COPY|DOUBLE|UNION)\b|^SET \w+ =|^read_\w+\(|^try_cast"
    r"|^coalesce\(|^\s*[\w$.#&*, >:-]+ \{ \w|\\[dswb(]|\(\?[:P=!<]|COMP_|^count\(|_\w+ = |^dateFormat|, skip = "
)


def messages_page() -> str:
    """The page: a section for each room, a block for each module."""
    parts = [INTRODUCTION]
    for room, title in ROOMS.items():
        parts.append(f"## {title}\n")
        for path in sorted((ROOT / room).rglob("*.py")):
            found = dict.fromkeys(_said(ast.parse(path.read_text())))
            if found:
                name = path.relative_to(ROOT).as_posix()
                parts.append("\n".join((f"### {name}\n", "```text", *found, "```\n")))
    return "\n".join(parts)


def _said(tree: ast.Module) -> Iterator[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    always = {one.value for call in calls for one in call.keywords if one.arg in _ALWAYS}
    for node in _strings(tree, set(_unsaid(tree))):
        text = visible(" ".join(_written(node).split()))
        plain = re.sub(r"\{[^{}]*\}", "", text)
        has_words = _WORD.search(plain) and " " in text and not _CODE.search(text)
        if has_words or (node in always and _WORD.search(plain)):
            yield text


def _strings(node: ast.AST, unsaid: set[ast.AST]) -> Iterator[ast.AST]:
    """The strings below a node in the order of the source; no part of one is a string of its own."""
    if node in unsaid:
        return
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    else:
        for inner in ast.iter_child_nodes(node):
            yield from _strings(inner, unsaid)


def _unsaid(tree: ast.Module) -> Iterator[ast.AST]:
    """What people do not see: docstrings, types, style sheets, patterns and lists of words."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                yield text
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.endswith("CSS"):
                yield value
            case ast.AnnAssign(annotation=type_):
                yield type_
            case ast.arg(annotation=ast.AST() as type_) | ast.FunctionDef(returns=ast.AST() as type_):
                yield type_
            case ast.Call(func=ast.Name(id="cast"), args=[type_, *_]):
                yield type_
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=patterns):
                yield from patterns
            case _:
                pass


def _written(node: ast.AST) -> str:
    """A string as it reads, with a name in braces for each value in it."""
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.JoinedStr(values=parts):
            return "".join(map(_written, parts))
        case ast.FormattedValue(value=ast.IfExp() as choice):
            return f"{{{_name(choice)}}}"
        case ast.FormattedValue(value=value):
            return f"{{{_name(value)}}}"
        case _:
            return ""


def _name(node: ast.AST) -> str:
    """What a value in a text is called, the same for every version of Python; words that are chosen are given."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.IfExp(body=one, orelse=other):
            return f"{_name(one)}|{_name(other)}"
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return _written(node).replace("{", "").replace("}", "")
        case ast.Call(args=[first, *_]):
            return _name(first)
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.BoolOp(values=[inner, *_]):
            return _name(inner)
        case (
            ast.BinOp(left=inner)
            | ast.GeneratorExp(elt=inner)
            | ast.ListComp(elt=inner)
            | ast.Starred(value=inner)
        ):
            return _name(inner)
        case _:
            return "…"
