"""AR067 enum-call."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.classes.made_by_call import are_plain, as_class, is_named_itself, names_in
from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

_Place: TypeAlias = ast.Assign | ast.ClassDef

_KINDS = frozenset({"enum.Enum", "enum.IntEnum"})
_WORDS = frozenset({"enum"})
# A number behind a name in upper case, with any white space between them.
_CONSTANT = re.compile(rb"=(?:(?<=[A-Z_0-9\x80-\xff]=)|(?<=[A-Z_0-9\x80-\xff\s\\]\s=))[\s(\\]*+[0-9]")
_FEWEST = 3


@register
class EnumCall(Rule[_Place]):
    """Writes enumerations as classes.

    What it does:
        Finds `Color = Enum('Color', 'RED GREEN')` and writes `class Color(Enum)` with the members and their values.
        Finds classes that hold nothing but numbers in upper case, too.

    Why:
        The members stand on lines of their own with their values, and tools know them.

    Example:
        `Color = Enum('Color', 'RED GREEN')` becomes `class Color(Enum)` with `RED = 1` and `GREEN = 2`.

    Safety:
        The call counts from 1 in the order of the names. Name, module and pickles are the same, as the class stands at
        the top level under its own name. Only Enum and IntEnum of the standard library are rewritten.

    Left alone:
        Enumerations with another name than their variable, in functions and classes, with names or values that are
        computed, other kinds of enumerations. Classes of numbers: a member of an enumeration prints, compares and
        serializes differently.

    References:
        https://docs.python.org/3/howto/enum.html#functional-api
    """

    code = "AR067"
    name = "enum-call"
    family = "syntax"
    title = "Write enumerations as classes"
    fixer = Fixer.RULE
    minimum = (3, 4)
    redefines = True
    nodes = (
        ast.Assign,
        ast.ClassDef,
    )
    words = frozenset({"class", "enum"})
    refusals: ClassVar = {
        "plain-numbers": "the constants are plain numbers, which members of an enumeration are not",
        "name": "the enumeration has another name than its variable, or is made inside a function or class",
        "members": "the members are computed, have names that mean something to enumerations, or options are given",
        "layout": "the statement does not stand on lines of its own, or holds a comment",
    }
    valid = (
        "from enum import Enum\nclass X(Enum):\n    A = 1\n",
        "X = Enum('X', 'A B')\n",
        "class A:\n    X = 1\n    y = 2\n    Z = 3\n",
    )
    invalid = (
        (
            "from enum import Enum\nX = Enum('X', 'A B')\n",
            "from enum import Enum\n\n\nclass X(Enum):\n    A = 1\n    B = 2\n",
        ),
        (
            "class Color:\n    RED = 0\n    GREEN = 1\n    BLUE = 2\n",
            "class Color:\n    RED = 0\n    GREEN = 1\n    BLUE = 2\n",
        ),
    )

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:  # noqa: ARG002 - the text tells
        """Whether a file speaks of enumerations, or a number is given a name in upper case."""
        return module.mentions(_WORDS) or _CONSTANT.search(module.data) is not None

    def matches(self, node: _Place, view: View) -> Iterator[Match[_Place]]:
        """Find the calls, and classes of numbers."""
        if isinstance(node, ast.ClassDef):
            if _holds_numbers(node):
                message = f"the constants of {node.name} are plain numbers; enum.IntEnum names them"
                yield Match(node, message, fixer=Fixer.AGENT, extent=view.header(node))
        elif _makes_enum(node.value, view):
            yield Match(node, "enumeration made by a call", extent=view.extent(node.value))

    def fix(self, match: Match[_Place], view: View) -> Replacement | Decline:
        """Write the class."""
        node = match.node
        if isinstance(node, ast.ClassDef):
            return Decline("plain-numbers")
        call = node.value
        if not is_named_itself(node, view) or not isinstance(call, ast.Call):
            return Decline("name")
        members = _members(call, view)
        if members is None:
            return Decline("members")
        base = view.module.segment(call.func)
        found = as_class(node, base, members, view, lambda other: _is_rewritten(other, view))
        if found is None:
            return Decline("layout")
        return Replacement(*found, Evidence.PROVED, "the call makes these members with these values")


def _makes_enum(node: ast.expr, view: View) -> bool:
    # `Enum(value)` looks a member up; with a second argument it makes a class.
    if not isinstance(node, ast.Call) or len(node.args) < len(("name", "members")):
        return False
    return view.module.mentions(_WORDS) and full_name(node.func, view) in _KINDS


def _is_rewritten(statement: ast.stmt, view: View) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and _makes_enum(statement.value, view)
        and is_named_itself(statement, view)
        and isinstance(statement.value, ast.Call)
        and _members(statement.value, view) is not None
    )


def _members(call: ast.Call, view: View) -> list[str] | None:
    """The lines of the class; None when they are not all written down."""
    if len(call.args) != len(("name", "members")) or call.keywords:
        return None
    pairs = _pairs(call.args[1])
    if pairs is None:
        names = names_in(call.args[1])
        return [f"{name} = {number}" for number, name in enumerate(names, 1)] if names and _fine(names) else None
    names = [str(name.value) for name, _ in pairs if isinstance(name, ast.Constant)]
    if len(names) < len(pairs) or not _fine(names) or not all(_is_value(value) for _, value in pairs):
        return None
    texts = [view.module.segment(value) for _, value in pairs]
    return None if any("\n" in text for text in texts) else [f"{a} = {b}" for a, b in zip(names, texts, strict=True)]


def _pairs(node: ast.expr) -> list[tuple[ast.expr, ast.expr]] | None:
    """The names and values of `{'A': 1}` and `[('A', 1)]`."""
    if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
        return [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
    if isinstance(node, (ast.List, ast.Tuple)) and all(isinstance(item, (ast.Tuple, ast.List)) for item in node.elts):
        items = [item.elts for item in node.elts if isinstance(item, (ast.Tuple, ast.List))]
        return [(item[0], item[1]) for item in items] if all(len(item) == len("AB") for item in items) else None
    return None


def _fine(names: Sequence[str]) -> bool:
    return are_plain(names) and "mro" not in names


def _is_value(node: ast.expr) -> bool:
    """Whether a value is written down: a constant, or a tuple of constants."""
    inner = node.elts if isinstance(node, ast.Tuple) else [node]
    return all(isinstance(item, ast.Constant) for item in inner)


def _holds_numbers(node: ast.ClassDef) -> bool:
    """Whether a class holds nothing but numbers under names in upper case."""
    if len(node.body) < _FEWEST or not _is_number(node.body[-1]):
        return False
    if node.keywords or node.decorator_list or any(dotted(base) != "object" for base in node.bases):
        return False
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return len(body) >= _FEWEST and all(map(_is_number, body))


def _is_number(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() as value)):
            return name.isupper() and not isinstance(value, bool)
    return False
