"""AR038 collection-from-list."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.strings.embedding import too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_BRACKETS = {"set": ("{", "}"), "dict": ("{", "}"), "list": ("[", "]")}
_COMPREHENSIONS = (ast.ListComp, ast.GeneratorExp)
_DISPLAYS = (ast.List, ast.Tuple)
_ACCEPTED = {
    "set": (*_COMPREHENSIONS, *_DISPLAYS),
    "dict": (*_COMPREHENSIONS, *_DISPLAYS),
    "list": (*_COMPREHENSIONS, ast.List),
}
_HEAD = re.compile(rb"\s*(?:\(\s*)?")
_TAIL = re.compile(rb"\s*,?\s*\)?")
_COMMA = re.compile(rb"[ \t]*,[ \t]*")
_PAIR_END = re.compile(rb"\s*,?\s*[)\]]")
# From this many on, the compiler makes a set of constants by way of a frozen one.
_FOLDED = 3
# Before, a dictionary comprehension computed the value of a pair first.
_KEYS_FIRST = (3, 8)


class _Left(Exception):
    """The call stays; the argument is the reason code."""


@register
class CollectionFromList(Rule[ast.Call]):
    """Writes `set([...])` and `dict([...])` as literals and comprehensions.

    What it does:
        Finds `set`, `dict` and `list` called on a list or tuple that is written out, on a list comprehension or on a
        generator expression, and writes the literal or the comprehension.

    Why:
        A list is made to be thrown away, where a literal or a comprehension says it directly. Python before 2.7 had no
        other way.

    Example:
        `set([1, 2])` is `{1, 2}`; `dict([(k, v) for k, v in x])` is `{k: v for k, v in x}`.

    Safety:
        The names are the builtins, the elements are the same texts in the same order. For numbers the rule makes both
        sets and compares the order in which they give their elements.

    Left alone:
        Comments and extra parentheses outside the elements, asynchronous generators, pairs that are not written out.

    References:
        ruff C400 to C406, C410, C411
    """

    code = "AR038"
    name = "collection-from-list"
    family = "syntax"
    title = "Write sets and dictionaries as literals"
    fixer = Fixer.RULE
    aliases = ("C400", "C401", "C402", "C403", "C404", "C405", "C406", "C410", "C411")
    keeps_values = True
    nodes = (ast.Call,)
    names = frozenset(_ACCEPTED)
    sign = re.compile(
        rb"\((?:(?<=(?:dict|list)\()|(?<=(?:dict|list)\s\()|(?<=set\()|(?<=set\s\())(?:[\s\\]|#[^\n]*)*+(?:[\[({]|(?!\w+\))(?s:.*)for\b)"
    )
    refusals: ClassVar = {
        "comment": "a comment or extra parentheses stand outside the elements",
        "asynchronous": "the generator is asynchronous",
        "order": "the literal would compute or give its elements in another order",
        "stop-iteration": "next() may end the generator with another exception than a comprehension",
        "pair": "a key or value is not plainly written out",
    }
    valid = ("x = set(y)\n", "x = {1}\n", "x = dict(f(y) for y in z)\n", "x = frozenset([1])\n", "x = list((1, 2))\n")
    invalid = (
        ("x = set([1, 2])\n", "x = {1, 2}\n"),
        ("x = dict([(a, 1) for a in b])\n", "x = {a: 1 for a in b}\n"),
        ("x = list(a.b for a in c)\n", "x = [a.b for a in c]\n"),
        ("x = set(())\n", "x = set()\n"),
        ("x = set([  # why\n])\n", "x = set([  # why\n])\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find the calls."""
        if not isinstance(node.func, ast.Name) or len(node.args) != 1 or node.keywords:
            return
        name, argument = node.func.id, node.args[0]
        if isinstance(argument, _ACCEPTED.get(name, ())) and (name != "dict" or _has_pairs(argument)):
            yield Match(node, f"{name} of a sequence that is made for it")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Take the elements out of the call."""
        node = match.node
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if not view.is_builtin(name):
            return Decline("rebound")
        try:
            text = _literal(name, node, view)
        except _Left as left:
            return Decline(str(left))
        return Replacement(
            *view.module.extent(node), text, Evidence.PROVED, f"{name} is the builtin, and the elements are the same"
        )


def _has_pairs(argument: ast.expr) -> bool:
    return all(isinstance(element, (ast.Tuple, ast.List)) and len(element.elts) == 2 for element in _elements(argument))  # noqa: PLR2004 - a pair


def _elements(argument: ast.expr) -> list[ast.expr]:
    if isinstance(argument, _COMPREHENSIONS):
        return [argument.elt]
    return argument.elts if isinstance(argument, _DISPLAYS) else []


def _literal(name: str, node: ast.Call, view: View) -> str:
    argument, module = node.args[0], view.module
    start, end = module.extent(argument)
    outside = (module.data[module.extent(node.func)[1] : start], module.data[end : module.extent(node)[1]])
    if not _HEAD.fullmatch(outside[0]) or not _TAIL.fullmatch(outside[1]):
        raise _Left("comment")
    _check(name, argument)
    if name == "dict" and view.target < _KEYS_FIRST and any(map(_is_computed_twice, _elements(argument))):
        raise _Left("order")
    text = _pairs(argument, view) if name == "dict" else module.data[start + 1 : end - 1]
    if not _elements(argument):
        if text.strip():
            raise _Left("comment")
        return "set()" if name == "set" else "".join(_BRACKETS[name])
    inner = text.decode(module.encoding)
    if "\n" not in inner and "\r" not in inner:
        inner = inner.strip().removesuffix(",") if isinstance(argument, ast.Tuple) else inner.strip()
    opening, closing = _BRACKETS[name]
    joined = f"{opening}{inner.strip()}{closing}"
    if _hung(inner) and not too_long(joined, *module.extent(node), view, view.usual_limit):
        return joined
    return f"{opening}{_aligned(inner, node, view)}{closing}"


def _check(name: str, argument: ast.expr) -> None:
    if isinstance(argument, ast.GeneratorExp):
        awaits = any(isinstance(part, ast.Await) for part in ast.walk(argument))
        if awaits or any(part.is_async for part in argument.generators):
            raise _Left("asynchronous")
        # What leaves a generator as StopIteration arrives as RuntimeError.
        if any(isinstance(part, ast.Call) and dotted(part.func) == "next" for part in ast.walk(argument)):
            raise _Left("stop-iteration")
    if name == "set" and not _same_order(_elements(argument)):
        raise _Left("order")


def _is_computed_twice(pair: ast.expr) -> bool:
    """Whether both a key and its value are computed by calls."""
    parts = pair.elts if isinstance(pair, _DISPLAYS) else []
    return all(any(isinstance(node, ast.Call) for node in ast.walk(part)) for part in parts)


def _same_order(elements: list[ast.expr]) -> bool:
    values = [element.value for element in elements if isinstance(element, ast.Constant)]
    if len(values) != len(elements) or len(values) < _FOLDED:
        return True
    # Texts are hashed anew in every process: nobody can rely on their order.
    if not all(isinstance(value, (int, float, complex)) for value in values):
        return True
    made = set(frozenset(values))
    made_by_update: set[object] = set()
    made_by_update.update(frozenset(values))
    return list(made_by_update) == list(set(values)) == list(made)


def _pairs(argument: ast.expr, view: View) -> bytes:
    """The text inside the brackets with `key: value` for each pair."""
    module = view.module
    first, last = module.extent(argument)
    parts, position = [], first + 1
    for pair in _elements(argument):
        start, end = module.extent(pair)
        parts += [module.data[position:start], _pair(pair, view)]
        position = end
    return b"".join((*parts, module.data[position : last - 1]))


def _pair(pair: ast.expr, view: View) -> bytes:
    if not isinstance(pair, _DISPLAYS):  # pragma: no cover - only these match
        raise _Left("pair")
    module = view.module
    key, value = pair.elts
    if any(isinstance(part, (ast.Starred, ast.NamedExpr, ast.Lambda)) for part in pair.elts):
        raise _Left("pair")
    start, end = module.extent(pair)
    (key_start, key_end), (value_start, value_end) = module.extent(key), module.extent(value)
    plain = (
        not module.data[start + 1 : key_start].strip()
        and _COMMA.fullmatch(module.data[key_end:value_start])
        and _PAIR_END.fullmatch(module.data[value_end:end])
    )
    if not plain:
        raise _Left("pair")
    return module.data[key_start:key_end] + b": " + module.data[value_start:value_end]


def _hung(inner: str) -> bool:
    """Whether what is between brackets is one line below the opening one, with the closing one right behind it."""
    return "\n" not in inner.strip() and "\n" in inner and not inner[-1:].isspace() and not inner.endswith(",")


def _aligned(inner: str, node: ast.Call, view: View) -> str:
    """Move lines that were aligned behind the old brackets to the new ones."""
    module = view.module
    start, opening = module.extent(node)[0], module.extent(node.args[0])[0]
    lines = inner.split("\n")
    if len(lines) == 1 or "\\" in inner or '"""' in inner or "'''" in inner:
        return inner
    if b"\n" in module.data[start:opening]:
        column = shift = _indent(module.line(module.position(opening)[0])) - _indent(module.line(node.lineno))
    else:
        column, shift = module.position(opening)[1], opening - start
        if not lines[0].strip():
            return inner
    if shift <= 0 or any(line.strip() and not line.startswith(" " * column) for line in lines[1:]):
        return inner
    return "\n".join((lines[0], *(line.removeprefix(" " * shift) for line in lines[1:])))


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip(b" "))
