"""The local names of a function that hold paths, and what is known of the text that they hold."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archaeologist_tools.paths import strings
from archaeologist_tools.paths.building import CWD, Builder, is_builder, is_source, unsplit
from archaeologist_tools.paths.built import NotBuilt
from archaeologist_tools.paths.constants import constant
from archaeologist_tools.paths.guards import guarded
from archaeologist_tools.paths.location import plain_names
from archaeologist_tools.paths.strings import UNKNOWN, Text

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

ScopeNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
# Until then `__file__` may begin with `./`, which a Path drops.
_FILES_ARE_ABSOLUTE = (3, 10)
# A folder that this process made can be looked into.
_TEXT_CALLS = {
    "str": Text(is_str=True),
    "os.getcwd": CWD,
    "tempfile.gettempdir": Text(is_str=True, filled=True, rooted=True),
    "tempfile.mkdtemp": Text(is_str=True, filled=True, names=1, rooted=True, own=True),
}


@dataclass(eq=False)
class Scope:
    """One function, or a module whose names no other module reads.

    Attributes:
        node: the function or the module.
        values: what is assigned to each name, by statements that do nothing else.
        loads: where each name is read.
        items: what a loop gets each name from.
        walks: the calls of `os.walk` that give each name, and whether as the folder (0), its folders or its files.
        outer: the module's scope, when it is a function's.
        odd: names that are bound in other ways, or that other functions see.
        stores: in how many places each name is bound.
        paths: names that hold nothing but paths built here; they become Paths.
        lexical: how `os.path.abspath` is written, see `Builder`.
    """

    node: ScopeNode
    view: View
    meaning: Meaning
    outer: Scope | None = None
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    loads: dict[str, list[ast.Name]] = field(default_factory=dict)
    items: dict[str, list[ast.expr]] = field(default_factory=dict)
    walks: dict[str, list[tuple[int, ast.Call]]] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)
    stores: Counter[str] = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)
    lexical: bool = False
    _asked: set[str] = field(default_factory=set)

    @property
    def builder(self) -> Builder:
        """Writes the paths of this scope."""
        return Builder(self.view, self.meaning, self.visible, self.legacy, self.text_of, self.lexical)

    @property
    def visible(self) -> set[str]:
        """All names that hold Paths where this scope reads them; one of the module's is bound nowhere else."""
        return self.paths | self.outer.paths if self.outer else self.paths

    @property
    def legacy(self) -> set[str]:
        """Names that hold a path built with `os.path` and cannot become a Path."""
        built = {name for name, values in self.values.items() if any(self._is_path(value) for value in values)}
        return (built | self.outer.legacy if self.outer else built) - self.visible

    def owner(self, name: str) -> Scope:
        """The scope that a name which holds a Path belongs to."""
        return self if self.outer is None or name in self.paths else self.outer

    def settle(self, *, private: bool) -> None:
        """Decide which names could hold Paths, before anybody looks at their uses.

        Args:
            private: names that begin with an underscore only.
        """
        for name, values in self.values.items():
            plain = name not in self.odd and name not in self.items and (name.startswith("_") or not private)
            if plain and all(self._is_path(value) or is_source(value, self.meaning) for value in values):
                self.paths.add(name)

    def _is_path(self, node: ast.expr) -> bool:
        return is_builder(node, self.meaning) or unsplit(node, self.meaning) is not None

    def text_of(self, node: ast.expr) -> Text:
        """What is known of the text that an expression gives."""
        known = self._text_of(node)
        if isinstance(node, ast.Name) and self._is_bound_once(node.id):
            known = strings.both(known, guarded(node, self.view.index))
        return known if known.is_str or not self.view.types.of(node).only("str") else replace(known, is_str=True)

    def _is_bound_once(self, name: str) -> bool:
        shared = name in self.view.index.declared_global
        return self.stores[name] == 1 and not shared and not self._is_nonlocal(name)

    def _is_nonlocal(self, name: str) -> bool:
        return any(name in node.names for node in self.view.index.of(ast.Nonlocal))

    def _text_of(self, node: ast.expr) -> Text:
        value = constant(node, self.view.index)
        if value is not None:
            return strings.of_literal(value)
        known = strings.of_expression(node)
        if known is not None and isinstance(node, ast.Name) and self.view.index.bound[node.id]:
            return UNKNOWN
        if known is not None and known.own:
            absolute = self.view.target >= _FILES_ARE_ABSOLUTE
            names = plain_names(self.view) if isinstance(node, ast.Name) else known.names
            return replace(known, plain=known.plain and absolute, rooted=absolute, names=names)
        if known is not None:
            return known
        if isinstance(node, ast.Name):
            return self._text_of_name(node.id)
        name = self.meaning.called(node)
        if is_source(node, self.meaning) or name in {"str", "tempfile.gettempdir"}:
            return _TEXT_CALLS[name]
        if isinstance(node, ast.Subscript) and self.meaning.of(node.value) == "os.environ":
            return Text(is_str=True)
        return self._text_of_path(node) if self._is_path(node) else UNKNOWN

    def _text_of_path(self, node: ast.expr) -> Text:
        try:
            return self.builder.build(node).text
        except NotBuilt:
            return UNKNOWN

    def _text_of_name(self, name: str) -> Text:
        if name in self._asked:
            return UNKNOWN
        self._asked.add(name)
        try:
            if name in self.odd:
                return UNKNOWN
            if self.outer and not (name in self.values or name in self.items or name in self.walks):
                return self.outer.text_of_constant(name)
            if name in self.items and name not in self.values and name not in self.walks:
                return self._text_of_items(self.items[name])
            texts = [self.text_of(value) for value in self.values.get(name, ())]
            walks = self.walks.get(name, ())
            texts += [Text(position == 0 and self._walks_text(call), filled=True) for position, call in walks]
            return strings.either(texts) if texts and name not in self.items else UNKNOWN
        finally:
            self._asked.discard(name)

    def text_of_constant(self, name: str) -> Text:
        """What is known of the text of a name that the module binds once, for all its functions."""
        values = self.values.get(name, [])
        if name in self.paths:
            return self._text_of_name(name)
        once = len(values) == 1 and self.view.index.bound[name] == 1
        return (strings.of_expression(values[0]) or UNKNOWN) if once else UNKNOWN

    def _text_of_items(self, sources: list[ast.expr]) -> Text:
        """What is known of the names that `os.listdir` gives, and of the paths that `glob.glob` does."""
        return strings.either([self._text_of_listing(source) for source in sources])

    def _text_of_listing(self, node: ast.expr) -> Text:
        """What is known of each name of a list of names."""
        name = self.meaning.called(node)
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            if name == "sorted":
                return self._text_of_listing(node.args[0])
            if name == "os.listdir":
                return Text(self.text_of(node.args[0]).is_str, filled=True, names=1, whole=True)
            if name in {"glob.glob", "glob.iglob"}:
                return self._text_of_found(self.text_of(node.args[0]))
        walks = self.walks.get(node.id, ()) if isinstance(node, ast.Name) and node.id not in self.odd else ()
        if walks and all(position > 0 for position, _ in walks) and not self._is_bound_otherwise(node):
            return Text(all(self._walks_text(call) for _, call in walks), filled=True, names=1, whole=True)
        return UNKNOWN

    @staticmethod
    def _text_of_found(pattern: Text) -> Text:
        """What is known of what a pattern finds: it ends in a name when the pattern does."""
        return Text(pattern.is_str, filled=True, names=min(pattern.names, 1), worded=pattern.worded)

    def _is_bound_otherwise(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and (node.id in self.values or node.id in self.items)

    def _walks_text(self, call: ast.Call) -> bool:
        return bool(call.args) and self.text_of(call.args[0]).is_str
