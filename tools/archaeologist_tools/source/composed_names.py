"""Who may know a name without a mention: by composing it, as `getattr(self, '_get_' + name)` does, or from a list."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

_LOOKING_UP = frozenset({"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"})
_LISTERS = ("dir", "vars", "getmembers", "getmembers_static", "classify_class_attrs")
_NAMESPACES = frozenset({"globals", "locals", "vars"})
# The start of a name may be kept in a variable; shorter texts tell nothing.
_SHORTEST_START = 3
_FIELD = re.compile(r"%\(?\w|\{")
_FIELDS = re.compile(r"%(?:\(\w*\))?[-#0 +\w.]*?[a-zA-Z]|\{[^}]*\}")


def may_be_composed(name: str, index: Index, *, of_texts: bool = False) -> bool:
    """Whether the module looks names up as it runs, and puts some together that this may be one of.

    Args:
        name: the name.
        index: the module's index.
        of_texts: what is put behind a single `_`, as most private names begin, is one text of the module.
    """
    if not _looks_up(index):
        return False
    if any(_is_start(text, name) and text.endswith("_") for text in index.texts):
        return True
    return any(
        fits(name, start, end)
        and not (of_texts and is_one and start == "_" and not end and name[1:] not in index.texts)
        for start, end, is_one in _composed(index)
    )


def composed_names(index: Index) -> set[tuple[str, str]]:
    """How the names begin and end that a module may put together and look up."""
    return {(start, end) for start, end, _ in _composed(index)} if _looks_up(index) else set()


def fits(name: str, start: str, end: str) -> bool:
    """Whether a name begins and ends so."""
    return len(start) + len(end) <= len(name) and name.startswith(start) and name.endswith(end)


def may_name(text: str, name: str) -> bool:
    """Whether a text is a name, or the start that it is put together with."""
    field = _FIELD.search(text)
    return text == name or _is_start(text[: field.start()] if field else text, name)


def is_listed(name: str, index: Index) -> bool:
    """Whether the module asks a class for all that it has."""
    calls = (call for lister in _LISTERS for call in index.calls.get(lister, ()))
    read = (node.value for node in index.attributes.get("__dict__", ()))
    return name in {dotted(node) for node in (*(argument for call in calls for argument in call.args), *read)}


def _is_start(text: str, name: str) -> bool:
    return len(text) >= _SHORTEST_START and name.startswith(text)


def _looks_up(index: Index) -> bool:
    """Whether a name that is not written out is looked up somewhere."""
    if "__dict__" in index.attributes or not _NAMESPACES.isdisjoint(index.names):
        return True
    calls = (call for name in _LOOKING_UP for call in index.calls.get(name, ()))
    return any(not isinstance(argument, ast.Constant) for call in calls for argument in _names_in(call))


def _names_in(call: ast.Call) -> list[ast.expr]:
    """The arguments of a look-up that are names."""
    return call.args[1:2] if dotted(call.func).endswith("attr") else call.args[:1]


def _composed(index: Index) -> Iterator[tuple[str, str, bool]]:
    """How texts that are put together begin and end, one of the two says something; whether one thing is between."""
    for text in index.of(ast.JoinedStr):
        is_one = sum(isinstance(value, ast.FormattedValue) for value in text.values) == 1
        yield from _known(_literal(text.values[:1]), _literal(text.values[-1:]), is_one=is_one)
    for node in index.of(ast.BinOp):
        parent = index.parents[node]
        if isinstance(node.op, ast.Add) and not (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)):
            is_one = not isinstance(node.left, ast.BinOp)
            yield from _known(_literal([_leftmost(node)]), _literal([node.right]), is_one=is_one)
        elif isinstance(node.op, ast.Mod):
            yield from _of_template(_literal([node.left]))
    for call in index.calls.get("format", ()):
        if isinstance(call.func, ast.Attribute):
            yield from _of_template(_literal([call.func.value]))


def _of_template(text: str) -> Iterator[tuple[str, str, bool]]:
    first, *others = _FIELDS.split(text)
    if others:
        yield from _known(first, others[-1], is_one=len(others) == 1)


def _known(start: str, end: str, *, is_one: bool) -> Iterator[tuple[str, str, bool]]:
    if start or end:
        yield start, end, is_one


def _leftmost(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.BinOp):
        node = node.left
    return node


def _literal(nodes: list[ast.expr]) -> str:
    """The text that is written out there; empty for anything else."""
    return "".join(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
