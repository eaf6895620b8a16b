"""Puts one import where imports belong, unless the file has it or means something else by its name."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.engine.imports import additions, line_end, missing, module_of
from archaeologist_tools.engine.proof import same_trees
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.source.annotations import are_lazy, reads_annotations
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.surgery.layout import split_rows
from archaeologist_tools.surgery.operation import Operation, layer, replacing, reread

if TYPE_CHECKING:
    from collections.abc import Container

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.source.module import Module

_Import: TypeAlias = ast.Import | ast.ImportFrom
_FUTURE = "__future__"
_ANNOTATIONS_SINCE = (3, 7)
_REASON = "an agent imports what its other edits need"


def add_import(module: Module, statement: str, target: tuple[int, int], known: Container[str] | None = None) -> Layer:
    """Add an import.

    Args:
        module: the file.
        statement: `import a`, `from a import b as c`, `from . import d`, on one line.
        target: the lowest Python that the file has to run on.
        known: the top-level modules that can be imported; None when that is not known.

    Returns:
        The file with it.

    Raises:
        EditRefused: it is there, its name is taken, or nothing is known of what it imports.
    """
    node = _parsed(statement)
    if isinstance(node, ast.ImportFrom) and node.module == _FUTURE and not node.level:
        return _with_future(module, node, target)
    _check_origin(node, module, known)
    if not module.tree.body:
        raise EditRefused(f"{module.path} holds no code that could need an import")
    wanted = _asking(module, ast.unparse(node))
    if not missing([wanted], module):
        raise EditRefused(f"`{statement.strip()}` is there already, on line {_line_of(node, module)}")
    for alias in node.names:
        _check_free(bound_by(alias), alias, node, module)
    edits = tuple(replace(edit, evidence=Evidence.UNVERIFIED, reason=_REASON) for edit in additions([wanted], module))
    return _checked(module, edits)


def has_import(module: Module, statement: str) -> bool:
    """Whether all that a statement imports is imported at the top level of a file already.

    Raises:
        EditRefused: it is no import statement.
    """
    return not missing([_asking(module, ast.unparse(_parsed(statement)))], module)


def _parsed(statement: str) -> _Import:
    try:
        body = ast.parse("\n".join(split_rows(statement.strip()))).body
    except (SyntaxError, ValueError) as error:
        raise EditRefused(f"the import does not parse: {error.args[0]}") from error
    if len(body) != 1 or not isinstance(body[0], _Import):
        raise EditRefused("give one import statement and nothing else")
    if any(alias.name == "*" for alias in body[0].names):
        raise EditRefused("`import *` hides what a name is; import the names")
    return body[0]


def _check_origin(node: _Import, module: Module, known: Container[str] | None) -> None:
    """Raise EditRefused for what leads out of the project, or to what nobody has."""
    level = node.level if isinstance(node, ast.ImportFrom) else 0
    if level > len(PurePosixPath(module.path).parts) - 1:
        raise EditRefused(f"`{ast.unparse(node)}` leads out of the package of {module.path}")
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    for name in [] if level else names:
        if known is not None and name.partition(".")[0] not in known:
            raise EditRefused(f"`{name}` is neither of the standard library nor imported anywhere in the project")


def _asking(module: Module, statement: str) -> Edit:
    """An edit that changes nothing and needs an import; the head of the file is above it."""
    return replacing(Operation.IMPORT, module, 0, 0, "", reason=_REASON, imports=(statement,))


def _line_of(node: _Import, module: Module) -> int:
    wanted = {ast.dump(alias) for alias in node.names}
    origin = module_of(node) if isinstance(node, ast.ImportFrom) else ""
    for each in module.tree.body:
        same = (
            isinstance(each, node.__class__) and (module_of(each) if isinstance(each, ast.ImportFrom) else "") == origin
        )
        if same and isinstance(each, _Import) and wanted & {ast.dump(alias) for alias in each.names}:
            return each.lineno
    return 1


def _check_free(name: str, alias: ast.alias, node: _Import, module: Module) -> None:
    """Raise EditRefused where a name means something else, or may do so in a way that cannot be seen."""
    index, scopes = module.index, names_of(module).scopes
    bindings = [*scopes.bindings(module.tree, name)]
    packages = isinstance(node, ast.Import) and not alias.asname
    others = [each for each in bindings if not (packages and _imports_package(each.node, name, module))]
    if others:
        line = getattr(others[0].node, "lineno", 0)
        raise EditRefused(f"`{name}` is bound on line {line} of {module.path} already; import it under another name")
    if name in index.declared_global or index.writes_namespace or index.star_imports:
        raise EditRefused(f"`{name}` may be bound in {module.path} in a way that cannot be seen")
    if hasattr(builtins, name) and index.loaded[name]:
        raise EditRefused(f"{module.path} uses the builtin `{name}`; import it under another name")


def _imports_package(node: ast.AST, name: str, module: Module) -> bool:
    """Whether something imports the same package, or a module of it: `import a.b` and `import a.c` go together."""
    statement = module.index.parents.get(node)
    return (
        isinstance(statement, ast.Import) and isinstance(node, ast.alias) and bound_by(node) == name and not node.asname
    )


def _with_future(module: Module, node: ast.ImportFrom, target: tuple[int, int]) -> Layer:
    """The file with lazy annotations: of all that `__future__` offers, it alone does anything on Python 3."""
    if [alias.name for alias in node.names] != ["annotations"] or node.names[0].asname:
        raise EditRefused("of `__future__`, only `annotations` does anything on Python 3")
    if are_lazy(module.tree):
        raise EditRefused("`from __future__ import annotations` is there already")
    if target < _ANNOTATIONS_SINCE:
        raise EditRefused("`from __future__ import annotations` needs Python 3.7")
    if reads_annotations(module.index):
        raise EditRefused(f"{module.path} reads annotations when it runs, which would be texts then")
    body = module.tree.body
    docstring = [*body[:1]] if ast.get_docstring(module.tree, clean=False) is not None else []
    futures = [each for each in body if isinstance(each, ast.ImportFrom) and each.module == _FUTURE]
    newline, text = module.newline, ast.unparse(node)
    if not (above := [*docstring, *futures]):
        start = module.starts[body[0].lineno - 1] if body else len(module.data)
        return _checked(
            module, (replacing(Operation.IMPORT, module, start, start, f"{text}{newline}{newline}", reason=_REASON),)
        )
    end = line_end(module, above[-1])
    first = "" if module.data[end - 1 : end] in {b"\n", b"\r"} else newline
    gap = "" if futures else newline
    return _checked(
        module, (replacing(Operation.IMPORT, module, end, end, f"{first}{gap}{text}{newline}", reason=_REASON),)
    )


def _checked(module: Module, edits: tuple[Edit, ...]) -> Layer:
    after = reread(module, edits)
    old, new = ([each for each in tree.body if not isinstance(each, _Import)] for tree in (module.tree, after.tree))
    if not same_trees(old, new, lazy_annotations=True):
        raise EditRefused(f"an import cannot be put into {module.path} without changing other code")
    return layer(Operation.IMPORT, edits, after.data)
