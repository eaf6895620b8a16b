"""The imports that edits need come in, where a person would put them; `orphans` takes out what edits leave unused."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.source.module import first_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

ImportStatement: TypeAlias = ast.Import | ast.ImportFrom
_FUTURE = "__future__"
_LONGEST_LINE = 79
_WORD = re.compile(r"\w+")
_DUNDER = re.compile(r"__\w+__")
_LITERAL = (ast.Constant, ast.Tuple, ast.List, ast.expr_context)
_NOQA = re.compile(rb"#\s*noqa|#\s*archaeologist:", re.IGNORECASE)


@dataclass(frozen=True)
class _Wanted:
    """One name that an edit needs: `from module import name`, or `import module` when `name` is empty.

    Attributes:
        module: what it comes from, with a dot in front for each package that it is looked for in.
        name: what is imported of it.
        alias: the name that it is given; empty for its own.
    """

    module: str
    name: str
    alias: str = ""

    @property
    def binds(self) -> str:
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def member(self) -> str:
        """What stands behind `import`."""
        return f"{self.name or self.module} as {self.alias}" if self.alias else self.name or self.module

    @property
    def text(self) -> str:
        return f"from {self.module} import {self.member}" if self.name else f"import {self.member}"


def can_import(statement: str, module: Module, index: Index) -> bool:
    """Whether the names that an import binds are free in a module, or already mean just that everywhere in it."""
    return all(_is_free(wanted, module, index) for wanted in _parsed(statement))


def missing(edits: Sequence[Edit], module: Module) -> list[_Wanted]:
    """What edits need and the file does not have yet."""
    wanted = {need: None for edit in edits for statement in edit.imports for need in _parsed(statement)}
    return sorted(
        (need for need in wanted if not _present(need, module.tree)), key=lambda need: (bool(need.name), need.text)
    )


def additions(edits: Sequence[Edit], module: Module, leaving: Collection[str] = ()) -> list[Edit]:
    """The edits that put in what other edits need and the file does not have yet.

    Args:
        edits: edits that name the imports they depend on; those that bring one are of one rule.
        module: the file without them.
        leaving: names of imports that go with the edits, beside which nothing is put.
    """
    wanted = missing(edits, module)
    if not wanted:
        return []
    needing = [edit for edit in edits if missing([edit], module)]
    rule, first = needing[0].rule, min(edit.span.start for edit in needing)
    joined = {need: place for need in wanted if (place := _place_beside(module, need, first, leaving))}
    found = [_insertion(rule, module, offset, text) for offset, text in joined.values()]
    apart = [need for need in wanted if need not in joined]
    if apart:
        offset, before, after = _place(module, apart[0])
        lines = module.newline.join(_statements_for(apart))
        found.append(_insertion(rule, module, offset, f"{before}{lines}{after}"))
    return found


def _statements_for(needs: Sequence[_Wanted]) -> Iterator[str]:
    """The import statements for what is needed: names of one module share one."""
    names: dict[str, list[str]] = {}
    for need in needs:
        names.setdefault(need.module if need.name else "", []).append(need.member if need.name else need.text)
    yield from names.pop("", [])
    yield from (f"from {module} import {', '.join(found)}" for module, found in names.items())


def _insertion(rule: str, module: Module, offset: int, text: str) -> Edit:
    span = Span(offset, offset, *module.position(offset))
    reason = "the other edits of this file need it"
    return make_edit(rule, module.path, span, before="", after=text, evidence=Evidence.PROVED, reason=reason)


def _place_beside(module: Module, need: _Wanted, first: int, leaving: Collection[str]) -> tuple[int, str] | None:
    """Where a name goes into an import from the same module, and the text that puts it in.

    Such an import stands at the head of the file, or above the first place that needs the name: what stands there, in
    functions, too, runs after the import.
    """
    head = _head(module.tree)
    for node in module.tree.body if need.name else ():
        if not isinstance(node, ast.ImportFrom) or module_of(node) != need.module:
            continue
        if node not in head and module.extent(node)[1] > first:
            continue
        names, line = [alias.name for alias in node.names], module.line(node.lineno).strip()
        alone = node.lineno == node.end_lineno and line == module.segment(node).encode(module.encoding)
        if not alone or b"(" in line or "*" in names or len(line) + len(need.member) + 2 > _LONGEST_LINE:
            return None
        kept = [alias for alias in node.names if bound_by(alias) not in leaving]
        later = [alias for alias in kept if alias.name > need.name] if names == sorted(names) else []
        if later:
            return module.extent(later[0])[0], f"{need.member}, "
        return (module.extent(kept[-1])[1], f", {need.member}") if kept else None
    return None


def _parsed(statement: str) -> Iterator[_Wanted]:
    (node,) = ast.parse(statement).body
    if isinstance(node, ast.ImportFrom):
        yield from (_Wanted(module_of(node), alias.name, _renamed(alias)) for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (_Wanted(alias.name, "", _renamed(alias)) for alias in node.names)


def module_of(node: ast.ImportFrom) -> str:
    """What a statement imports from, with its dots."""
    return "." * node.level + (node.module or "")


def _renamed(alias: ast.alias) -> str:
    """The name that an import gives; empty for its own."""
    return "" if alias.asname in {None, alias.name} else alias.asname or ""


def _is_free(wanted: _Wanted, module: Module, index: Index) -> bool:
    if index.writes_namespace or wanted.binds in index.declared_global:
        return False
    same = sum(
        _gives(alias, node, wanted)
        for node in module.tree.body
        if isinstance(node, ImportStatement)
        for alias in node.names
    )
    if index.bound[wanted.binds] != same:
        return False
    return bool(same) or not (index.loaded[wanted.binds] or index.star_imports)


def _present(wanted: _Wanted, tree: ast.Module) -> bool:
    return any(
        _gives(alias, node, wanted) for node in tree.body if isinstance(node, ImportStatement) for alias in node.names
    )


def _gives(alias: ast.alias, node: ImportStatement, wanted: _Wanted) -> bool:
    """Whether one name of an import statement is what is wanted, under the name that is wanted."""
    if isinstance(node, ast.ImportFrom):
        return _Wanted(module_of(node), alias.name, _renamed(alias)) == wanted
    return _Wanted(alias.name, "", _renamed(alias)) == wanted


def _place(module: Module, first: _Wanted) -> tuple[int, str, str]:
    """Where imports go: the offset, and what stands before and behind them.

    They stand among those of the same kind at the head of the file; a head that is sorted stays sorted.
    """
    head, kind = _head(module.tree), _kind_of(first.module)
    ours = [node for node in head if _kind(node) == kind]
    keys = [_sort_key(node) for node in ours]
    later = [node for node in ours if _sort_key(node) > (bool(first.name), first.module.lower())]
    if ours and keys == sorted(keys) and later:
        return module.starts[later[0].lineno - 1], "", module.newline
    if ours:
        return _behind(module, ours[-1])
    return _place_apart(module, head, kind) if head else _headless_place(module)


def _place_apart(module: Module, head: Sequence[ImportStatement], kind: int) -> tuple[int, str, str]:
    """Where imports go that are the first of their kind: behind those of the kinds that come before it."""
    above = [node for node in head if _kind(node) < kind]
    if not above:
        return module.starts[head[0].lineno - 1], "", module.newline
    offset, before, after = _behind(module, above[-1])
    return offset, before + module.newline, after


def _headless_place(module: Module) -> tuple[int, str, str]:
    """Where imports go in a file that has none."""
    newline, body = module.newline, module.tree.body
    lead = [node for node in body[:1] if _is_docstring(node)]
    lead += takewhile(_is_about_module, body[len(lead) :])
    lead += [node for node in body if isinstance(node, ast.ImportFrom) and node.module == _FUTURE]
    if lead:
        offset, before, after = _behind(module, lead[-1])
        return offset, before + newline, after
    definition = isinstance(body[0], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    return module.starts[first_line(body[0]) - 1], "", newline * (3 if definition else 2)


def _behind(module: Module, node: ast.stmt) -> tuple[int, str, str]:
    """The place behind a statement's last line, which may be the last of the file and have no ending."""
    end = line_end(module, node)
    ended = module.data[end - 1 : end] in {b"\n", b"\r"}
    return (end, "", module.newline) if ended else (end, module.newline, "")


def line_end(module: Module, node: ast.stmt) -> int:
    """The byte offset behind a statement's last line and its ending."""
    return module.starts[min(node.end_lineno or node.lineno, len(module.starts) - 1)]


def _head(tree: ast.Module) -> list[ImportStatement]:
    """The first run of import statements at the top level, `__future__` aside; names such as `__all__` may part it."""
    found: list[ImportStatement] = []
    for position, node in enumerate(tree.body):
        if (position == 0 and _is_docstring(node)) or _is_about_module(node):
            continue
        if not isinstance(node, ImportStatement):
            break
        if not (isinstance(node, ast.ImportFrom) and node.module == _FUTURE):
            found.append(node)
    return found


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_about_module(node: ast.stmt) -> bool:
    """Whether a statement says something of the module, as `__docformat__ = "reStructuredText"` does."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and _DUNDER.fullmatch(node.targets[0].id) is not None
        and all(isinstance(part, _LITERAL) for part in ast.walk(node.value))
    )


def _kind(node: ImportStatement) -> int:
    modules = [module_of(node)] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return max(map(_kind_of, modules))


def _kind_of(module: str) -> int:
    """The place of a module's import among others: the standard library, other packages, the package around."""
    return 2 if module.startswith(".") else int(module.partition(".")[0] not in sys.stdlib_module_names)


def is_of(node: ImportStatement, packages: Collection[str]) -> bool:
    """Whether all that a statement imports comes from some packages."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    local = isinstance(node, ast.ImportFrom) and node.level > 0
    return not local and all(name.partition(".")[0] in packages for name in names)


def _sort_key(node: ImportStatement) -> tuple[bool, str]:
    name = module_of(node) if isinstance(node, ast.ImportFrom) else node.names[0].name
    return isinstance(node, ast.ImportFrom), name.lower()
