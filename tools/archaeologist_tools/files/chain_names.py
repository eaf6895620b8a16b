"""The variables of a `with` block around an opening in the middle of a statement."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import pairwise
from keyword import iskeyword
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.files.handles import FUNCTIONS, occurrences, reads_variables, scope_of
from archaeologist_tools.files.meanings import meaning
from archaeologist_tools.files.openers import LAZY, Opener

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_HANDLES = ("f", "file", "handle")


@dataclass(frozen=True)
class Chain:
    """An opening in the middle of a statement.

    Attributes:
        opener: the call.
        statement: the statement.
        last: the last statement that uses what the statement makes of the file; mostly the statement itself.
        hoisted: what moves into the block while the statement stays outside; None when the whole statement moves.
        result: the variable that holds what was hoisted.
        name: the variable of the file; empty when the block does nothing but close it.
    """

    opener: Opener
    statement: ast.stmt
    last: ast.stmt
    name: str
    hoisted: ast.expr | None = None
    result: str = ""


def named(chain: Chain, path: list[ast.AST], view: View) -> Chain | str:
    """Choose the variables."""
    statement, owner = chain.statement, scope_of(chain.statement, view)
    if closes_at_once(statement, chain.opener.call):
        return chain
    if not isinstance(owner, FUNCTIONS) and not _may_have_new_names(view, statement):
        return "module-variable"
    if reads_variables(owner):
        return "frame-reader"
    name = next((name for name in _HANDLES if _is_free(name, owner, statement)), "")
    if not name:
        return "no-free-name"
    hoisted, result = _hoisted(path, view)
    if hoisted is not None and not result:
        return "no-statement"
    if hoisted is not None and not _is_free(result, owner, statement):
        return "no-free-name"
    return Chain(chain.opener, statement, chain.last, name, hoisted, result)


def closes_at_once(statement: ast.stmt, call: ast.Call) -> bool:
    """Whether a statement is `open(path, 'w').close()`."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=opened, attr="close"), args=[], keywords=[])):
            return opened is call
    return False


def _may_have_new_names(view: View, statement: ast.stmt) -> bool:
    """Whether a new variable of the module harms nobody: scripts, and modules that say what they export."""
    if PurePosixPath(view.module.path).name in {"setup.py", "conf.py"}:
        return True
    if view.index.bound["__all__"]:
        return True
    return any(isinstance(around, ast.If) and _is_main(around.test) for around in view.index.ancestors(statement))


def _is_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return True
    return False


def _is_free(name: str, owner: ast.AST, statement: ast.stmt) -> bool:
    """Whether nothing in a scope goes by a name, but for other `with` blocks that do not hold the statement."""
    found = occurrences(owner, name)
    if found.declared or found.captured:
        return False
    blocks = [node for node in ast.walk(owner) if isinstance(node, ast.With) and _opens_as(node, name)]
    own = {inner for block in blocks for inner in ast.walk(block)}
    return not ({*found.loads, *found.bindings} - own) and statement not in own


def _opens_as(node: ast.With, name: str) -> bool:
    return any(isinstance(item.optional_vars, ast.Name) and item.optional_vars.id == name for item in node.items)


def _hoisted(path: list[ast.AST], view: View) -> tuple[ast.expr | None, str]:
    """What is read before the rest of a statement that is better left outside, and the name for it."""
    statement = path[-1]
    if isinstance(statement, ast.For):
        called = [node.func for node in path[1:] if isinstance(node, ast.Call)]
        if all(meaning(function, view) in LAZY for function in called):
            return None, ""
        return statement.iter, "lines" if any(_gives_lines(function) for function in called) else "items"
    if isinstance(statement, ast.If):
        read = path[2] if isinstance(path[2], ast.Call) else path[1]
        return (read, _content_of(read.func)) if isinstance(read, ast.Call) else (statement.test, "")
    if not isinstance(statement, ast.stmt) or statement.end_lineno == statement.lineno:
        return None, ""
    for inner, outer in pairwise(path):
        if isinstance(inner, ast.expr) and (name := _label(inner, outer)):
            return inner, name
    return None, ""


def _content_of(function: ast.expr) -> str:
    """What to call what a function reads."""
    names = {"read": "content", "readline": "line", "readlines": "lines"}
    return names.get(function.attr, "") if isinstance(function, ast.Attribute) else ""


def _gives_lines(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in {"readlines", "split", "splitlines"}


def _label(value: ast.expr, around: ast.AST) -> str:
    """What a call or a dictionary calls one of its values."""
    if isinstance(around, ast.keyword):
        return around.arg or ""
    if isinstance(around, ast.Dict) and value in around.values:
        key = around.keys[around.values.index(value)]
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier():
            return "" if iskeyword(key.value) else key.value
    return ""
