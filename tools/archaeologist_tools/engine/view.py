"""What a rule sees of a file: the module, its index, the target version and the facts of the project."""

from __future__ import annotations

import ast
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Span
from archaeologist_tools.engine.ignore import file_ignores, frozen
from archaeologist_tools.engine.imports import can_import
from archaeologist_tools.inference.names import names_of
from archaeologist_tools.inference.neighbours import Neighbours
from archaeologist_tools.inference.values import Types
from archaeologist_tools.source.text_effects import texts_answer_percent, texts_have_effects

if TYPE_CHECKING:
    from collections.abc import Collection

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

# No module of the standard library exports other meanings of these through `*`; `os` and `io` do export an `open`.
_SAFE_FROM_STDLIB = frozenset({"object", "super"})

_PATH_MODULES = frozenset({"os.path", "posixpath", "ntpath"})
_SHORTEST_LIMIT, _LONGEST_LIMIT = 79, 120
_USUAL_LIMITS = (79, 88, 100)

_Placed = (ast.expr, ast.stmt, ast.excepthandler, ast.arg, ast.alias, ast.keyword)


class View:
    """A file as rules see it.

    Args:
        module: the file.
        target: the lowest Python that the result has to run on.
        facts: what is known of the whole project.
    """

    def __init__(self, module: Module, target: tuple[int, int], facts: ProjectFacts) -> None:
        self.module = module
        self.target = target
        self.facts = facts
        self._names: dict[str, Collection[str] | None] = {}

    def names_for(self, rule: AnyRule) -> Collection[str] | None:
        """The names that a node must have for a rule to be called with it; None when any will do."""
        if rule.code not in self._names:
            self._names[rule.code] = rule.names_in(self)
        return self._names[rule.code]

    @property
    def index(self) -> Index:
        """The index of the file's tree."""
        return self.module.index

    def extent(self, node: ast.AST) -> tuple[int, int]:
        """The byte offsets of a node, of the f-string around it when there is one; two zeros for a module."""
        placed = self.index.fstring_around(node) or node
        if isinstance(placed, _Placed):
            return self.module.extent(placed)
        return 0, 0

    def span(self, start: int, end: int) -> Span:
        """The place of two byte offsets."""
        return Span(start, end, *self.module.position(start))

    def lines(self, span: Span) -> bytes:
        """All bytes of the lines that a place touches."""
        last = self.module.position(max(span.start, span.end - 1))[0]
        return b"".join(self.module.line(number) for number in range(span.line, last + 1))

    def header(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
        """The byte offsets of the first line of a definition, without its decorators and its line ending."""
        start, _ = self.module.extent(node)
        line = self.module.line(node.lineno)
        return start, self.module.starts[node.lineno - 1] + len(line.rstrip())

    def can_import(self, statement: str) -> bool:
        """Whether the names that an import binds are free in this module, or already mean just that."""
        return can_import(statement, self.module, self.index)

    def can_import_library(self, module: str) -> bool:
        """Whether a module of the standard library can be imported, and no module of the project hides it."""
        return module.partition(".")[0] not in self.facts.modules and self.can_import(f"import {module}")

    @cached_property
    def frozen(self) -> list[tuple[int, int]]:
        """The byte ranges whose layout is to stay as it is."""
        return frozen(self.module)

    @cached_property
    def file_ignores(self) -> list[str | None] | None:
        """What comments ask to leave alone in the whole file; None when none in it asks for anything."""
        return file_ignores(self.module)

    @cached_property
    def types(self) -> Types:
        """What the values of this module can be, by evidence in the code."""
        return Types(self.index, Neighbours(self.facts, self.index), names_of(self.module))

    @cached_property
    def texts_answer_percent(self) -> bool:
        """Whether a text of a class of this module may answer to `%` itself."""
        return texts_answer_percent(self.index)

    @cached_property
    def texts_have_effects(self) -> bool:
        """Whether an object of this module does something when it is asked for its text."""
        return texts_have_effects(self.index)

    @cached_property
    def path_modules(self) -> frozenset[str]:
        """The names under which the module has `os.path` itself."""
        names = set(_PATH_MODULES)
        for node in self.index.of(ast.ImportFrom):
            if node.module == "os" and node.level == 0:
                names.update(alias.asname or alias.name for alias in node.names if alias.name == "path")
        for plain in self.index.of(ast.Import):
            names.update(alias.asname for alias in plain.names if alias.asname and alias.name in _PATH_MODULES)
        return frozenset(names)

    @cached_property
    def path_module_ends(self) -> frozenset[str]:
        """The last parts of these names."""
        return frozenset(name.rpartition(".")[2] for name in self.path_modules)

    @cached_property
    def path_functions(self) -> frozenset[str]:
        """The names under which the module has functions of `os.path`."""
        sources = (node for node in self.index.of(ast.ImportFrom) if node.module in _PATH_MODULES and node.level == 0)
        return frozenset(alias.asname or alias.name for node in sources for alias in node.names)

    @cached_property
    def line_limit(self) -> int:
        """How long a rewritten line may get: as long as lines of this file are already, within bounds."""
        longest = max(map(len, self.module.data.splitlines()), default=0)
        return min(max(longest, _SHORTEST_LIMIT), _LONGEST_LIMIT)

    @cached_property
    def usual_limit(self) -> int:
        """How long lines are in this file: one of the usual limits, which all but one line in fifty keep."""
        lengths = sorted(filter(None, map(len, map(bytes.rstrip, self.module.data.splitlines()))))
        usual = lengths[-1 - len(lengths) // 50] if lengths else 0
        return min(next((limit for limit in _USUAL_LIMITS if usual <= limit), self.line_limit), self.line_limit)

    def is_builtin(self, name: str) -> bool:
        """Whether a name surely means the builtin everywhere in this module."""
        if name in self.index.bound or self.index.writes_namespace or name in self.index.replaced_builtins:
            return False
        return all(self._star_is_harmless(node, name) for node in self.index.star_imports)

    def _star_is_harmless(self, node: ast.ImportFrom, name: str) -> bool:
        top = (node.module or "").partition(".")[0]
        if node.level == 0 and top in sys.stdlib_module_names:
            return name in _SAFE_FROM_STDLIB
        own = node.level > 0 or top in self.facts.modules
        return own and not self.facts.foreign_stars and name not in self.facts.rebound
