"""Writes the docstring of a module, class or function, and changes nothing else."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.engine.definitions import is_documented
from archaeologist_tools.engine.proof import same_trees
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.annotations import are_lazy
from archaeologist_tools.source.docstrings import docstring_place
from archaeologist_tools.source.module import first_line
from archaeologist_tools.surgery.definitions import Definition, definition, definitions
from archaeologist_tools.surgery.headers import header_of
from archaeologist_tools.surgery.layout import indent_of, split_rows
from archaeologist_tools.surgery.literals import Quotes, literal
from archaeologist_tools.surgery.operation import Operation, layer, replacing, reread

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.source.module import Module

_REASON = "the code is the same, its docstring aside"
_EXAMPLE = re.compile(r"^\s*>>> .*$", re.MULTILINE)
_FALLBACK_UNIT = "    "


def set_docstring(module: Module, qualname: str, text: str, *, replace: bool = False, line: int | None = None) -> Layer:
    """Write a docstring.

    Args:
        module: the file.
        qualname: the class or function, as in `Stock.add`; empty for the file itself.
        text: what it says, without quotes; its indentation is fitted to the place.
        replace: write it anew where there is one.
        line: one of the lines of the class or function, where several have that name.

    Returns:
        The file with it; no edit where it says just that.

    Raises:
        EditRefused: with the reason, for the one who wrote the text.
    """
    node = definition(module, qualname, line) if qualname else module.tree
    said = inspect.cleandoc("\n".join(split_rows(text))).strip()
    _check(module, node, said, replace=replace)
    old = ast.get_docstring(node)
    if old is not None and old.strip() == said:
        return layer(Operation.DOCSTRING, (), module.data)
    rewrites = is_documented(node.body)
    edit = _rewriting(module, node, said) if rewrites else _adding(module, node, said)
    after = reread(module, (edit,))
    _check_code(module, after, node, said)
    return layer(Operation.DOCSTRING, (edit,), after.data)


def _check(module: Module, node: ast.Module | Definition, said: str, *, replace: bool) -> None:
    """Raise EditRefused for texts that nobody can read, and for docstrings that are more than that."""
    if not said:
        raise EditRefused("the docstring says nothing")
    if any(not character.isprintable() and character not in "\n\t" for character in said):
        raise EditRefused("the docstring holds characters that cannot be printed")
    name = f"`{node.name}`" if isinstance(node, Definition) else module.path
    if any(each.id == "__doc__" for each in module.index.names.get("__doc__", ())) and isinstance(node, ast.Module):
        raise EditRefused(f"{module.path} reads `__doc__`, so that a docstring would change what it does")
    if not is_documented(node.body):
        return
    old = ast.get_docstring(node) or ""
    if not replace:
        raise EditRefused(f"{name} has a docstring; ask to replace it if what it says is wrong")
    if lost := [each.strip() for each in _EXAMPLE.findall(old) if each.strip() not in said]:
        raise EditRefused(f"the docstring of {name} holds an example that may be a test; keep `{lost[0]}`")


def _rewriting(module: Module, node: ast.Module | Definition, said: str) -> Edit:
    """The edit that puts a docstring in the place of another one, in the quotes of that."""
    statement = node.body[0]
    if not isinstance(statement, ast.Expr):  # pragma: no cover - it is a docstring
        raise EditRefused("there is no docstring")
    start, end = module.extent(statement.value)
    quotes = Quotes.of(module.segment(statement.value)) or _usual(module)
    line = module.line(statement.lineno).decode(module.encoding)
    indent = indent_of(line) if isinstance(node, Definition) else ""
    return _edit(module, start, end, literal(said, quotes, indent))


def _adding(module: Module, node: ast.Module | Definition, said: str) -> Edit:
    """The edit that puts a docstring below a header; it stands for a `pass` that is all there is."""
    if isinstance(node, ast.Module):
        return _at_top(module, said)
    colon, first = header_of(module, node).colon, node.body[0]
    (start, end), alone = module.extent(first), _is_only_pass(node.body)
    if module.position(colon)[0] == first_line(first):
        inner = indent_of(module.line(node.lineno).decode(module.encoding)) + _unit(module)
        gap = f"\n{inner}" if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else f"\n\n{inner}"
        text = f"\n{inner}{literal(said, _usual(module), inner)}{'' if alone else gap}"
        return _edit(module, colon + 1, end if alone else start, text)
    inner = indent_of(module.line(first_line(first)).decode(module.encoding))
    text = literal(said, _usual(module), inner)
    if alone:
        return _edit(module, start, end, text)
    line = module.position(colon)[0] + 1
    gap = "\n" if isinstance(node, ast.ClassDef) and module.line(line).strip() else ""
    return _edit(module, module.starts[line - 1], module.starts[line - 1], f"{inner}{text}\n{gap}")


def _is_only_pass(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Pass)


def _at_top(module: Module, said: str) -> Edit:
    place = docstring_place(module) if module.tree.body else len(module.data)
    line, _ = module.position(place)
    gap = "\n" if module.line(line).strip() else ""
    first = (
        "\n"
        if module.data[:place] and module.data[place - 1 : place] not in {b"\n", b"\r"} and place > module.bom
        else ""
    )
    return _edit(module, place, place, f"{first}{literal(said, _usual(module), '')}\n{gap}")


def _edit(module: Module, start: int, end: int, text: str) -> Edit:
    text = text.replace("\n", module.newline)
    return replacing(Operation.DOCSTRING, module, start, end, text, reason=_REASON, evidence=Evidence.IDENTICAL)


def _unit(module: Module) -> str:
    """How much deeper a body is than its header in this file."""
    for node in module.index.definitions:
        outer, inner = (
            indent_of(module.line(line).decode(module.encoding)) for line in (node.lineno, first_line(node.body[0]))
        )
        if inner != outer and inner.startswith(outer):
            return inner.removeprefix(outer)
    return _FALLBACK_UNIT


def _usual(module: Module) -> Quotes:
    """The quotes of the file's other docstrings, when they are triple ones."""
    for node in (module.tree, *module.index.definitions):
        statement = node.body[0] if is_documented(node.body) else None
        quotes = Quotes.of(module.segment(statement)) if statement else None
        if quotes is not None and len(quotes.mark) > 1:
            return Quotes(quotes.mark)
    return Quotes('"""')


def _check_code(before: Module, after: Module, node: ast.Module | Definition, said: str) -> None:
    """Raise EditRefused unless the docstring is all that differs, and says what it has to."""
    new: ast.Module | Definition = after.tree
    if isinstance(node, Definition):
        place = [each for _, each in definitions(before.index)].index(node)
        new = [each for _, each in definitions(after.index)][place]
    if not is_documented(new.body) or (ast.get_docstring(new) or "").strip() != said:
        raise EditRefused("that text cannot be written as a docstring there")
    lazy, old = are_lazy(before.tree), node.body[is_documented(node.body) :]
    instead_of_pass = _is_only_pass(old) and not new.body[1:]
    if not instead_of_pass and not same_trees(old, new.body[1:], lazy_annotations=lazy):
        raise EditRefused("a docstring cannot be put there without changing other code")
    new.body = node.body
    if not same_trees(before.tree, after.tree, lazy_annotations=lazy):
        raise EditRefused("a docstring cannot be put there without changing other code")
