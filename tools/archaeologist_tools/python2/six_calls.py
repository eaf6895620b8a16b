"""What calls of six are on Python 3, when they are more than another name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.python2.six_names import table
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist_tools.engine.view import View

_LITERAL = re.compile(r"[uU]?(?P<raw>[rR]?)(?P<text>(['\"])(?:\\(?![NuU])[\x20-\x7e]|(?!\3|\\)[\x20-\x7e])*\3)")
_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LOOSE = (ast.Lambda, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Starred)
"""What needs parentheses wherever it stands."""
_EXC_INFO = "sys.exc_info"


def plain_call(node: ast.Call, name: str, view: View) -> str | None:
    """The expression or statement that a call of six is; None when there is none that is surely the same.

    Args:
        node: the call, without comments in it.
        name: the function in six.
        view: the file.
    """
    texts = [view.module.segment(argument) for argument in node.args]
    plain = not any(isinstance(argument, LOOSE) for argument in node.args)
    if node.keywords or not plain or any("\n" in text for text in texts) or not node.args:
        return _assertion(node, name, view)
    if name in table()["attributes"] and len(texts) == 1:
        return f"{atom(node.args[0], view)}.{table()['attributes'][name]}"
    writer = _WRITERS.get((name, len(texts)))
    return writer(node, texts, view) if writer else _assertion(node, name, view)


def literal(node: ast.Call, name: str, view: View) -> str | None:
    """The literal that `six.b` or `six.u` of one is; None for other calls of them."""
    if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Constant):
        return None
    match = _LITERAL.fullmatch(view.module.segment(node.args[0]))
    if match is None:
        return None
    return f"{'b' if name == 'b' else ''}{match['raw']}{match['text']}"


def atom(node: ast.expr, view: View) -> str:
    """The text of an expression of which an attribute is read, in parentheses where it needs some."""
    text = view.module.segment(node)
    return text if isinstance(node, _ATOMS) else f"({text})"


def _assertion(node: ast.Call, name: str, view: View) -> str | None:
    if name not in table()["assertions"] or not node.args or not isinstance(node.args[0], ast.Name):
        return None
    start, end = view.module.extent(node)
    rest = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    if not rest or view.module.data[start:end].count(b"\n"):
        return None
    first = node.args[1] if node.args[1:] else None
    begin = view.module.extent(first)[0] if first else view.module.extent(node.keywords[0])[0]
    tail = view.module.data[begin:end].decode(view.module.encoding)
    return f"{node.args[0].id}.{table()['assertions'][name]}({tail}"


def _item(node: ast.Call, texts: list[str], view: View) -> str:
    return f"{atom(node.args[0], view)}[{texts[1]}]"


def _first(node: ast.Call, texts: list[str], view: View) -> str:  # noqa: ARG001 - one shape for all writers
    return f"{atom(node.args[0], view)}[0]"


def _iterator(node: ast.Call, texts: list[str], view: View) -> str | None:  # noqa: ARG001 - one shape for all writers
    return f"iter({texts[0]})" if view.is_builtin("iter") else None


def _raise_from(node: ast.Call, texts: list[str], view: View) -> str | None:
    return f"raise {texts[0]} from {texts[1]}" if _is_statement(node, view) else None


def _reraise(node: ast.Call, texts: list[str], view: View) -> str | None:
    """`raise` with a traceback: what six does when it is given an exception, and not None."""
    kind, value, _ = node.args
    made = isinstance(value, ast.Call) and dotted(value.func) == dotted(kind) != ""
    caught = isinstance(value, ast.Name) and value.id in _caught(node, view)
    harmless = bool(dotted(kind)) or (isinstance(kind, ast.Call) and dotted(kind.func) == "type")
    if not (_is_statement(node, view) and harmless and (made or caught)):
        return None
    return f"raise {texts[1]}.with_traceback({texts[2]})"


def _caught(node: ast.Call, view: View) -> set[str]:
    """The names that handlers around a call give to what they caught, and that nothing else binds."""
    handlers = [parent for parent in view.index.ancestors(node) if isinstance(parent, ast.ExceptHandler)]
    inside = {
        part.id
        for handler in handlers
        for part in ast.walk(handler)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }
    return {handler.name for handler in handlers if handler.name} - inside


def bare_raise(node: ast.Call, view: View) -> str | None:
    """`raise` for `six.reraise(*sys.exc_info())` where an exception is being handled."""
    match node.args:
        case [ast.Starred(value=ast.Call(args=[], keywords=[]) as inner)] if dotted(inner.func) == _EXC_INFO:
            handled = _is_statement(node, view) and _is_handling(node, view)
            return "raise" if handled and not node.keywords else None
    return None


def _is_statement(node: ast.Call, view: View) -> bool:
    return isinstance(view.index.parents[node], ast.Expr)


def _is_handling(node: ast.Call, view: View) -> bool:
    """Whether a handler of the same function is around, and no `finally` of an inner `try`, which may have none."""
    for parent in view.index.ancestors(node):
        if isinstance(parent, ast.ExceptHandler):
            return True
        if isinstance(parent, _FUNCTIONS):
            return False
    return False


_WRITERS: dict[tuple[str, int], Callable[[ast.Call, list[str], View], str | None]] = {
    ("byte2int", 1): _first,
    ("indexbytes", 2): _item,
    ("iterbytes", 1): _iterator,
    ("raise_from", 2): _raise_from,
    ("reraise", 3): _reraise,
}
