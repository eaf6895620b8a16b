"""AR023 global-statement."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.proof import compile_quietly, same_module
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import walk
from archaeologist_tools.source.removal import removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@register
class GlobalStatement(Rule[ast.Global]):
    """Finds `global` statements, and drops those that change nothing.

    What it does:
        Finds every `global` statement, and takes out the names that the function only reads.

    Why:
        A function that changes a module's variables has effects its callers do not see, and cannot be tested or run
        twice at once. A function that only reads them needs no `global`, which makes its reader look for the change.

    Example:
        `global cache` above `cache[key] = value` goes: the function changes an object, not the variable.

    Safety:
        The compiler makes the same code without the name.

    Left alone:
        Names that the function binds: other modules and tests may read and write the variable. The finding says how
        many functions do.

    References:
        ruff PLW0602, PLW0603
    """

    code = "AR023"
    name = "global-statement"
    family = "state"
    title = "Drop global statements that change nothing"
    fixer = Fixer.AGENT
    aliases = ("PLW0602", "PLW0603")
    nodes = (ast.Global,)
    words = frozenset({"global"})
    refusals: ClassVar = {
        "bound": "the function binds the variable",
        "layout": "the statement does not stand on lines of its own",
    }
    valid = ("def f():\n    nonlocal_ = 1\n",)
    invalid = (
        ("n = 0\ndef f():\n    global n\n    n = 1\n", "n = 0\ndef f():\n    global n\n    n = 1\n"),
        ("n = []\ndef f():\n    global n\n    n.append(1)\n", "n = []\ndef f():\n    n.append(1)\n"),
    )

    def matches(self, node: ast.Global, view: View) -> Iterator[Match[ast.Global]]:
        """Find the statement."""
        needed = _needed(node, view)
        names = ", ".join(needed or node.names)
        if len(needed) < len(node.names):
            idle = ", ".join(name for name in node.names if name not in needed)
            yield Match(node, f"global {idle} declares what the function only reads", fixer=Fixer.RULE)
        else:
            others = len({scope for name in needed for scope in _declaring(name, view)}) - 1
            also = f", as {others} more in this module" if others > 0 else ""
            yield Match(node, f"function changes global {names}{also}")

    def fix(self, match: Match[ast.Global], view: View) -> Replacement | Decline:
        """Take out the names that change nothing."""
        node, needed = match.node, _needed(match.node, view)
        if len(needed) == len(node.names):
            return Decline("bound")
        reason = "the compiler makes the same code without it"
        if needed:
            start, end = view.module.extent(node)
            return Replacement(start, end, f"global {', '.join(needed)}", Evidence.IDENTICAL, reason)
        place = removal(node, view.module, view.index)
        return Decline("layout") if place is None else Replacement(*place, Evidence.IDENTICAL, reason)


def _needed(node: ast.Global, view: View) -> list[str]:
    """The names of a statement without which the compiler makes other code."""
    scope = _scope(node, view)
    if scope is None or isinstance(scope, ast.ClassDef):
        return node.names
    stored = {part.id for part in walk(scope) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    needed = [name for name in dict.fromkeys(node.names) if name in stored]
    return needed if len(needed) < len(node.names) and _is_same_with(node, needed, view) else node.names


def _is_same_with(node: ast.Global, names: list[str], view: View) -> bool:
    """Whether the code of the outermost statement around is the same when only some names are declared."""
    outermost = [item for item in view.index.ancestors(node) if isinstance(item, ast.stmt)][-1]
    tree = ast.Module([outermost], [])
    try:
        before = compile_quietly(tree)
        with _declared(node, names, view.index.block_of(node)):
            return same_module(before, compile_quietly(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


@contextmanager
def _declared(node: ast.Global, names: list[str], block: list[ast.stmt]) -> Iterator[None]:
    """Have a statement declare other names, or nothing, for a while."""
    old_names, old_block = node.names, list(block)
    if names:
        node.names = names
    else:
        nothing = ast.Pass(lineno=node.lineno, col_offset=0, end_lineno=node.lineno, end_col_offset=0)
        block[:] = [item for item in block if item is not node] or [nothing]
    try:
        yield
    finally:
        node.names, block[:] = old_names, old_block


def _scope(node: ast.Global, view: View) -> ast.AST | None:
    return next((item for item in view.index.ancestors(node) if isinstance(item, _SCOPES)), None)


def _declaring(name: str, view: View) -> set[ast.AST]:
    """The functions and classes that declare a variable."""
    scopes = (_scope(node, view) for node in view.index.of(ast.Global) if name in node.names)
    return {scope for scope in scopes if scope is not None}
