"""What is asked or done twice: `os.path.normpath(os.path.abspath(x))`, `os.path.exists(x) and os.path.isfile(x)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.paths.building import is_builder
from archaeologist_tools.paths.creation import is_pure

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

_NORMALIZING = frozenset({"os.path.abspath", "os.path.normpath"})
# Their results have no `.`, no `..`, and no slash too many.
_NORMAL = frozenset({"os.path.abspath", "os.path.realpath"})
_STRONGER = frozenset({"os.path.isfile", "os.path.isdir"})


def normalized_before(call: ast.Call, view: View, meaning: Meaning) -> ast.expr | None:
    """What a call gets and gives back as it is; None when it may change something.

    Args:
        call: a call of a function of `os.path`.
        view: the module.
        meaning: what its names stand for.
    """
    name = meaning.called(call)
    if name not in _NORMALIZING or not is_builder(call, meaning) or name in view.facts.patched:
        return None
    (inner,) = call.args
    (start, end), (first, last) = view.module.extent(call), view.module.extent(inner)
    comment = b"#" in view.module.data[start:first] + view.module.data[last:end]
    normal = meaning.called(inner) in _NORMAL and is_builder(inner, meaning)
    return inner if normal and not comment else None


def asked_again(call: ast.Call, view: View, meaning: Meaning) -> tuple[ast.expr, ast.expr] | None:
    """A test of existence, and the test behind it that says all that it says; with a `not` before both, or neither.

    Args:
        call: a call of a function of `os.path`.
        view: the module.
        meaning: what its names stand for.
    """
    parent = view.index.parents[call]
    first: ast.expr = parent if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not) else call
    negated = first is not call
    chain = view.index.parents[first]
    kind = ast.Or if negated else ast.And
    if meaning.called(call) != "os.path.exists" or not isinstance(chain, ast.BoolOp) or not isinstance(chain.op, kind):
        return None
    second = next(iter(chain.values[chain.values.index(first) + 1 :]), None)
    stronger = second.operand if negated and isinstance(second, ast.UnaryOp) else second
    if second is None or not _says_more(stronger, call, view, meaning):
        return None
    between = view.module.data[view.module.extent(first)[1] : view.module.extent(second)[0]]
    return (first, second) if between.strip() in {b"and", b"or"} else None


def _says_more(test: ast.expr | None, call: ast.Call, view: View, meaning: Meaning) -> bool:
    """Whether a test is true of nothing but what exists, and asks about the same path."""
    name = meaning.called(test) if test else ""
    if not isinstance(test, ast.Call) or name not in _STRONGER or {"os.path.exists", name} & {*view.facts.patched}:
        return False
    same = ast.dump(test) == ast.dump(call).replace(ast.dump(call.func), ast.dump(test.func), 1)
    return same and len(call.args) == 1 and not call.keywords and is_pure(call.args[0], meaning)
