"""What a module offers, and what can be said of it: what an agent needs to write docstrings that are true."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.documentation.behaviour import behaviour
from archaeologist_tools.surgery.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Definition

_UNDOCUMENTED = "no docstring"


def api_lines(module: Module) -> Iterator[str]:
    """Describe the public classes and functions of a file, one line each: signature, docstring, raised, yielded."""
    yield f"{module.path}: {_summary(module.tree)}"
    for name, node in definitions(module.index):
        parts = name.split(".")
        if all(_is_public(part) for part in parts) and _is_outside(node, module):
            yield f"{'  ' * len(parts)}line {node.lineno}: {_head(name, node)}: {'; '.join(_said(node, module))}"


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__init__"


def _is_outside(node: Definition, module: Module) -> bool:
    """Whether a definition can be seen from outside: it is in no function."""
    around = module.index.ancestors(node)
    return not any(isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for each in around)


def _head(name: str, node: Definition) -> str:
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, node.bases))
        return f"class {name}({bases})" if bases else f"class {name}"
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{word} {name}({ast.unparse(node.args)}){result}"


def _said(node: Definition, module: Module) -> Iterator[str]:
    yield _summary(node)
    known = behaviour(node, module)
    if known.raised and not isinstance(node, ast.ClassDef):
        yield f"raises {', '.join(sorted(known.raised))}"
    if known.yields:
        yield "yields"
    elif not known.returns and not isinstance(node, ast.ClassDef):
        yield "returns nothing"


def _summary(node: ast.Module | Definition) -> str:
    text = ast.get_docstring(node) or ""
    return text.strip().partition("\n")[0] or _UNDOCUMENTED
