"""A folder that is made unless it is there: `os.makedirs` looks for itself, and nobody can come in between.

`if not os.path.isdir(x): os.makedirs(x)` and `os.makedirs(x, exist_ok=True)` do the same for every text: where the test
finds a folder, the creation fails because something is there, and looks whether it is one.
With `os.path.exists` they do not: where a file is in the way, that says nothing, and `makedirs` fails.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.paths.building import is_builder

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

# The path, and the mode.
_MOST_ARGUMENTS = 2
_FUNCTIONS = frozenset({"os.path.isdir", "os.makedirs"})


@dataclass(frozen=True)
class Creation:
    """New text for the bytes `start` to `end`."""

    start: int
    end: int
    text: str


def creation_around(test: ast.Call, view: View, meaning: Meaning) -> Creation | None:
    """Write a test and the creation behind it as one call; None for all other tests.

    Args:
        test: a call of `os.path.isdir`.
        view: the module.
        meaning: what its names stand for.
    """
    negation = view.index.parents[test]
    if meaning.called(test) != "os.path.isdir" or not isinstance(negation, ast.UnaryOp):
        return None
    condition = view.index.parents[negation]
    last = isinstance(condition, ast.BoolOp) and condition.values[-1] is negation
    branch = view.index.parents[condition] if last else condition
    call = _made(branch, test, meaning)
    if call is None or not isinstance(branch, ast.If) or _FUNCTIONS & set(view.facts.patched):
        return None
    if not (isinstance(negation.op, ast.Not) and _is_path(test.args[0], view, meaning)):
        return None
    return _written(branch, condition, call, view)


def _made(branch: ast.AST, test: ast.Call, meaning: Meaning) -> ast.Call | None:
    """The creation of the tested folder, when a branch does nothing else."""
    match branch:
        case ast.If(body=[ast.Expr(value=ast.Call(keywords=[]) as call)], orelse=[]):
            plain = meaning.called(call) == "os.makedirs" and len(test.args) == 1 and not test.keywords
            same = call.args[:1] and ast.dump(call.args[0]) == ast.dump(test.args[0])
            return call if plain and same and len(call.args) <= _MOST_ARGUMENTS else None
        case _:
            return None


def _is_path(node: ast.expr, view: View, meaning: Meaning) -> bool:
    """Whether an expression gives the same each time, and no file descriptor, which `isdir` takes and nobody makes."""
    return is_pure(node, meaning) and (is_builder(node, meaning) or view.types.kinds(node).only("str", "bytes"))


def is_pure(node: ast.expr, meaning: Meaning) -> bool:
    """Whether an expression gives the same each time: names, literals, and what `os.path` makes of them."""
    return all(isinstance(part, (ast.Name, ast.Constant)) or is_builder(part, meaning) for part in _operands(node))


def _operands(node: ast.expr) -> list[ast.expr]:
    arguments = node.args if isinstance(node, ast.Call) else []
    return [node, *(part for argument in arguments for part in _operands(argument))]


def _written(branch: ast.If, condition: ast.AST, call: ast.Call, view: View) -> Creation | None:
    module = view.module
    (start, end), (first, last) = module.extent(branch), module.extent(call)
    arguments = module.segment(call)[:-1]
    inner = arguments.rstrip()
    text = f"{inner.removesuffix(',')}, exist_ok=True{arguments[len(inner) :]})"
    before = b""
    if condition is not branch:
        rest = _rest(condition, view)
        if rest is None:
            return None
        before = module.data[start : rest[0]] + module.data[rest[1] : first]
    elided = module.data[start:first] + module.data[last:end]
    too_long = max(map(len, (before.decode(module.encoding) + text).splitlines())) > view.usual_limit
    if not elided.startswith(b"if") or b"#" in elided or "\n" in text or too_long:
        return None
    return Creation(start, end, before.decode(module.encoding) + text)


def _rest(condition: ast.AST, view: View) -> tuple[int, int] | None:
    """The bytes of ` and not os.path.isdir(x)` at the end of a condition."""
    if not isinstance(condition, ast.BoolOp) or not isinstance(condition.op, ast.And):
        return None
    *_, kept, test = condition.values
    (_, start), (middle, end) = view.module.extent(kept), view.module.extent(test)
    plain = view.module.data[start:middle].strip() == b"and" and isinstance(test, ast.UnaryOp)
    return (start, end) if plain else None
