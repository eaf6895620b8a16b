"""`ensure_str` and its like: which conversion they are depends on the type of what they are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.python2.six_calls import LOOSE, atom

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_TEXTS = (ast.Constant, ast.JoinedStr)
_FRAMES = (ast.Assign, ast.Return, ast.keyword)
_WORDS = frozenset({"encoding", "errors"})
_MOST = 3


class Conversion(NamedTuple):
    """What a function of six does.

    Attributes:
        keeps: the type that it gives back as it is.
        takes: the type that it converts.
        method: the method that converts.
    """

    keeps: str
    takes: str
    method: str

    @property
    def replacement(self) -> str:
        """What to write by hand."""
        return f"x.{self.method}() for {self.takes}, x itself for {self.keeps}"


CONVERSIONS = {
    "ensure_binary": Conversion("bytes", "str", "encode"),
    "ensure_str": Conversion("str", "bytes", "decode"),
    "ensure_text": Conversion("str", "bytes", "decode"),
}


def converted(node: ast.Call, conversion: Conversion, view: View) -> str | None:
    """The expression that a call of such a function is; None when the code does not tell.

    Args:
        node: the call, without comments in it.
        conversion: what the function does.
        view: the file.
    """
    rest = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    if not _is_plain(node, view) or len(node.args) > _MOST or isinstance(view.index.parents[node], ast.Expr):
        return None
    value, known = node.args[0], view.types.of(node.args[0])
    if known.only(conversion.keeps):
        # Nobody looks at the encoding then; it has to go without a trace.
        return _kept(value, node, view) if all(isinstance(each, ast.Constant) for each in rest) else None
    # A subclass may have a method of its own, with another default.
    defined = any(each.name == conversion.method for each in view.index.definitions)
    overridden = defined and not known.exactly(conversion.takes)
    if not known.only(conversion.takes) or overridden:
        return None
    return f"{_atom(value, view)}.{conversion.method}({_behind_first(node, view)})"


def _is_plain(node: ast.Call, view: View) -> bool:
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    named = all(keyword.arg in _WORDS for keyword in node.keywords)
    fits = not any(isinstance(argument, LOOSE) for argument in arguments)
    return bool(node.args) and named and fits and "\n" not in view.module.segment(node)


def _kept(value: ast.expr, node: ast.Call, view: View) -> str:
    """A value in the place of a call."""
    parent = view.index.parents[node]
    framed = isinstance(parent, _FRAMES) or (isinstance(parent, ast.Call) and node in parent.args)
    return view.module.segment(value) if framed else _atom(value, view)


def _atom(node: ast.expr, view: View) -> str:
    return view.module.segment(node) if isinstance(node, _TEXTS) else atom(node, view)


def _behind_first(node: ast.Call, view: View) -> str:
    """The arguments behind the first one, as they are written."""
    others: list[ast.expr | ast.keyword] = [*node.args[1:], *node.keywords]
    if not others:
        return ""
    start, end = view.module.extent(others[0])[0], view.module.extent(others[-1])[1]
    return view.module.data[start:end].decode(view.module.encoding)
