"""What a question for the Python version is answered on every Python that a project still supports.

The answer is tried on samples: each minor version from the target on, with low and high micro numbers. A question that
all samples answer alike is decided.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from archaeologist_tools.python2.operands import constant, is_version, item
from archaeologist_tools.source.index import bound_by, dotted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from archaeologist_tools.python2.operands import Answer, Version
    from archaeologist_tools.source.index import Index

# Python 3 has no minor version near it yet.
_LAST_MINOR, _HIGH_MICRO = 40, 99
_OPERATORS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
}
_FLAGS = {"PY2": False, "PY3": True}
_FLAG_PART = "py(?:thon)?_?[23]"
FLAG = re.compile(rf"\w*{_FLAG_PART}\w*", re.IGNORECASE)
"""What a module calls a name that says which Python it runs on."""
_IN_LOWER_CASE = re.compile(_FLAG_PART.encode())


def is_flag(name: str) -> bool:
    """Whether a name is such a name."""
    return ("2" in name or "3" in name) and FLAG.fullmatch(name) is not None  # most names have no digit


def may_name_flag(data: bytes) -> bool:
    """Whether such a name may stand in a file; a letter that is no ASCII may stand for one that is."""
    return not data.isascii() or _IN_LOWER_CASE.search(data.lower()) is not None


class Elsewhere(Protocol):
    """What is known of the flags of other modules."""

    @property
    def replaced(self) -> Collection[str]:
        """Names of flags, and of parts of `sys`, that somebody replaces."""

    def value(self, module: str, name: str) -> bool | None:
        """What a flag of a module is; None when that is not known."""


@dataclass(frozen=True)
class Versions:
    """The Pythons a module has to run on, and what its names say about them.

    Attributes:
        index: the module's index.
        target: the lowest Python.
        own: modules of the project, which may shadow those of the standard library.
        elsewhere: the flags of other modules.
        pending: flags that are being decided, whose own branches say nothing about them.
        harmless: tells of an operand of `and` or `or` that it does nothing besides having a value.
    """

    index: Index
    target: tuple[int, int]
    own: tuple[str, ...] = ()
    elsewhere: Elsewhere | None = None
    pending: frozenset[str] = frozenset()
    harmless: Callable[[ast.expr], bool] | None = None

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
            return self._decide_attribute(node)
        return None

    def _decide_attribute(self, node: ast.Attribute) -> bool | None:
        """What a flag of another module is, read from the module."""
        owner = dotted(node.value)
        if self._is_replaced(node.attr) or not owner or not FLAG.fullmatch(node.attr):
            return None
        if isinstance(node.value, ast.Name) and self._is_six(owner):
            return _FLAGS.get(node.attr)
        module = self._module(owner)
        return self.elsewhere.value(module, node.attr) if self.elsewhere and module else None

    def _module(self, owner: str) -> str:
        """The module that an expression is, as an import statement names it; empty for what is no module, or unsure."""
        base = owner.partition(".")[0]
        plain = [alias for node in self.index.of(ast.Import) for alias in node.names if bound_by(alias) == base]
        if plain and len(plain) == self.index.bound[base] and all(alias.asname is None for alias in plain):
            return owner if any(alias.name == owner for alias in plain) else ""
        module, name = self._imported(owner)
        return module + ("" if module.endswith(".") or not name else ".") + name

    def _is_replaced(self, name: str) -> bool:
        return self.elsewhere is not None and name in self.elsewhere.replaced

    def _decide_all(self, node: ast.BoolOp) -> bool | None:
        stops, is_open = isinstance(node.op, ast.Or), False
        for value in node.values:
            answer = self.decide(value)
            if answer is stops:
                return stops
            if answer is None and not (self.harmless and self.harmless(value)):
                return None
            is_open = is_open or answer is None
        return None if is_open else not stops

    def _decide_comparison(self, node: ast.Compare) -> bool | None:
        sides = [node.left, *node.comparators]
        if not any(map(self._asks, sides)):
            return None
        pairs = zip(sides, node.ops, sides[1:], strict=False)
        answers = [self._decide_pair(left, kind, right) for left, kind, right in pairs]
        if None in answers:
            return None
        return all(answers)

    def _decide_pair(self, left: ast.expr, kind: ast.cmpop, right: ast.expr) -> bool | None:
        compare, first, second = _OPERATORS.get(type(kind)), self._answer(left), self._answer(right)
        if compare is None or first is None or second is None:
            return None
        try:
            answers = {bool(compare(first(version), second(version))) for version in self._samples()}
        except (TypeError, LookupError):
            return None
        return answers.pop() if len(answers) == 1 else None

    def _samples(self) -> Iterator[Version]:
        major, first = self.target
        for minor in range(first, _LAST_MINOR):
            for micro in (0, _HIGH_MICRO):
                yield major, minor, micro, "final", 0

    def _asks(self, node: ast.expr) -> bool:
        return any(isinstance(part, (ast.Name, ast.Attribute)) for part in ast.walk(node))

    def _answer(self, node: ast.expr) -> Answer | None:
        """What an operand is on a version; None for what is neither a constant nor the version."""
        fixed = constant(node)
        if fixed is not None:
            return lambda _: fixed
        if isinstance(node, ast.Subscript):
            return item(self._answer(node.value), node.slice)
        named = isinstance(node, ast.Name) and not is_version(node)
        if named and (value := self._set_once(dotted(node))) and is_version(value):
            return self._answer(value)
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
        if "sys" in self.own or self.index.may_bind_unseen("sys") or self._is_replaced(attribute):
            return False
        if dotted(node) == f"sys.{attribute}":
            return self._imported("sys") == ("sys", "")
        return isinstance(node, ast.Name) and self._imported(node.id) == ("sys", attribute)

    def _is_six(self, name: str) -> bool:
        """Whether a name is the package six, or a copy of it that a project carries along."""
        module, original = self._imported(name)
        return "six" in {module.lstrip("."), original} and "six" not in self.own

    def _imported(self, name: str) -> tuple[str, str]:
        """The module, and the name in it, that the one import of a name brings; two empty texts for other names."""
        found = [
            ("." * node.level + (node.module or ""), alias.name)
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
        """What a flag is that the module sets once, at its top, to a question for the version, or imports."""
        module, original = self._imported(name)
        if self._is_replaced(name) or self._is_replaced(original) or name in self.pending:
            return None
        if module.lstrip(".") == "six":
            return _FLAGS.get(original)
        if module:
            return self.elsewhere.value(module, original) if self.elsewhere else None
        value = self._set_once(name)
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            return value.value if FLAG.fullmatch(name) else None
        return None if value is None else replace(self, pending=self.pending | {name}).decide(value)

    def _set_once(self, name: str) -> ast.expr | None:
        """What the module sets a name to at its top, once and for all: dead branches aside, nothing else binds it."""
        if name not in self.index.bound or self.index.may_bind_unseen(name) or name in self.pending:
            return None
        inner = replace(self, pending=self.pending | {name})
        alive, dead = _parted(self.index.tree.body, inner)
        values = [node.value for node in alive if _sets(node, name)]
        unreached = sum(_sets(node, name) for node in dead)
        return values[0] if len(values) == 1 and self.index.bound[name] == 1 + unreached else None


def _parted(body: Sequence[ast.stmt], versions: Versions) -> tuple[list[ast.Assign], list[ast.Assign]]:
    """The assignments of a block, decided branches included, that are reached, and those that are not."""
    alive: list[ast.Assign] = []
    dead: list[ast.Assign] = []
    for node in body:
        if isinstance(node, ast.Assign):
            alive.append(node)
        elif isinstance(node, ast.If) and (answer := versions.decide(node.test)) is not None:
            taken, other = (node.body, node.orelse) if answer else (node.orelse, node.body)
            reached, inner = _parted(taken, versions)
            alive += reached
            dead += [*inner, *(item for item in other if isinstance(item, ast.Assign))]
    return alive, dead


def _sets(node: ast.Assign, name: str) -> bool:
    return [dotted(target) for target in node.targets] == [name]
