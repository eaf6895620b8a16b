"""What a question for the Python version is answered on every Python that a project still supports.

The answer is tried on samples: each minor version from the target on, with low and high micro numbers. A question that
all samples answer alike is decided.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index

_Version: TypeAlias = tuple[int, int, int, str, int]
_Answer: TypeAlias = Callable[[_Version], Any]

# Python 3 has no minor version near it yet.
_LAST_MINOR, _HIGH_MICRO = 40, 99
_OPERATORS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FLAGS = {"PY2": False, "PY3": True}


@dataclass(frozen=True)
class Versions:
    """The Pythons a module has to run on, and what its names say about them.

    Attributes:
        index: the module's index.
        target: the lowest Python.
        own: modules of the project, which may shadow those of the standard library.
    """

    index: Index
    target: tuple[int, int]
    own: tuple[str, ...] = ()

    def decide(self, node: ast.expr) -> bool | None:
        """Whether a condition is true, or false, on all of them; None when that is open."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.decide(node.operand)
            return None if inner is None else not inner
        if isinstance(node, ast.BoolOp):
            return self._decide_all(node)
        if isinstance(node, ast.Compare):
            return self._decide_comparison(node)
        if isinstance(node, ast.Name):
            return self._decide_flag(node.id)
        if isinstance(node, ast.Attribute):
            is_six = isinstance(node.value, ast.Name) and self._is_six(node.value.id)
            return _FLAGS.get(node.attr) if is_six else None
        return None

    def _decide_all(self, node: ast.BoolOp) -> bool | None:
        stops = isinstance(node.op, ast.Or)
        for value in node.values:
            answer = self.decide(value)
            if answer is not (not stops):
                return answer
        return not stops

    def _decide_comparison(self, node: ast.Compare) -> bool | None:
        if len(node.ops) != 1 or type(node.ops[0]) not in _OPERATORS:
            return None
        sides = [self._answer(side) for side in (node.left, node.comparators[0])]
        left, right = sides
        if left is None or right is None or not any(self._asks(side) for side in (node.left, node.comparators[0])):
            return None
        compare = _OPERATORS[type(node.ops[0])]
        try:
            answers = {bool(compare(left(version), right(version))) for version in self._samples()}
        except TypeError:
            return None
        return answers.pop() if len(answers) == 1 else None

    def _samples(self) -> Iterator[_Version]:
        major, first = self.target
        for minor in range(first, _LAST_MINOR):
            for micro in (0, _HIGH_MICRO):
                yield major, minor, micro, "final", 0

    def _asks(self, node: ast.expr) -> bool:
        return any(isinstance(part, (ast.Name, ast.Attribute)) for part in ast.walk(node))

    def _answer(self, node: ast.expr) -> _Answer | None:
        """What an operand is on a version; None for what is neither a constant nor the version."""
        constant = _constant(node)
        if constant is not None:
            return lambda _: constant
        if isinstance(node, ast.Subscript):
            return _item(self._answer(node.value), node.slice)
        if isinstance(node, ast.Attribute) and node.attr == "major" and self._is_sys(node.value, "version_info"):
            return lambda version: version[0]
        if self._is_sys(node, "version_info"):
            return lambda version: version
        if self._is_sys(node, "hexversion"):
            return lambda version: version[0] << 24 | version[1] << 16 | version[2] << 8 | 0xF0
        if self._is_sys(node, "version"):
            return lambda version: "{}.{}.{} (main)".format(*version)
        return None

    def _is_sys(self, node: ast.expr, attribute: str) -> bool:
        if "sys" in self.own or self.index.writes_namespace:
            return False
        if dotted(node) == f"sys.{attribute}":
            return self._imported("sys") == ("sys", "")
        return isinstance(node, ast.Name) and self._imported(node.id) == ("sys", attribute)

    def _is_six(self, name: str) -> bool:
        """Whether a name is the package six, or a copy of it that a project carries along."""
        module, original = self._imported(name)
        return "six" in {module, original} and "six" not in self.own

    def _imported(self, name: str) -> tuple[str, str]:
        """The module, and the name in it, that the one import of a name brings; two empty texts for other names."""
        found = [
            (node.module or "", alias.name)
            for node in self.index.of(ast.ImportFrom)
            for alias in node.names
            if (alias.asname or alias.name) == name
        ]
        found += [
            (alias.name, "") for node in self.index.of(ast.Import) for alias in node.names if bound_by(alias) == name
        ]
        only = len(set(found)) == 1 and self.index.bound[name] == len(found)
        return found[0] if only else ("", "")

    def _decide_flag(self, name: str) -> bool | None:
        """What a flag is that the module sets once, at its top, to a question for the version."""
        module, original = self._imported(name)
        if module == "six":
            return _FLAGS.get(original)
        if self.index.bound[name] != 1 or self.index.writes_namespace:
            return None
        for statement in self.index.tree.body:
            if isinstance(statement, ast.Assign) and [dotted(target) for target in statement.targets] == [name]:
                return self.decide(statement.value)
        return None


def _constant(node: ast.expr) -> object:
    """The number, text or tuple that an operand is."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return None
    return value if isinstance(value, (int, str, tuple)) else None


def _item(answer: _Answer | None, place: ast.expr) -> _Answer | None:
    """What `[0]` or `[:2]` of an operand is."""
    if answer is None:
        return None
    if isinstance(place, ast.Slice):
        bounds = [None if bound is None else _constant(bound) for bound in (place.lower, place.upper, place.step)]
        return lambda version: answer(version)[slice(*bounds)]
    number = _constant(place)
    return lambda version: answer(version)[number]
