"""The local names of a function that hold paths, and what is known of the text that they hold."""

from __future__ import annotations

import ast
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
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.bindings import Held, ScopeNode
    from archaeologist_tools.paths.meaning import Meaning
    from archaeologist_tools.paths.sites import Sites

# Until then `__file__` may begin with `./`, which a Path drops.
_FILES_ARE_ABSOLUTE = (3, 10)
# A folder that this process made can be looked into.
_TEXT_CALLS = {
    "str": Text(is_str=True),
    "os.getcwd": CWD,
    "tempfile.gettempdir": Text(is_str=True, filled=True, rooted=True),
    "tempfile.mkdtemp": Text(is_str=True, filled=True, names=1, rooted=True, own=True),
}


class Scopes:
    """The scopes of one module, made when they are asked for.

    Args:
        view: the module.
        meaning: what its names stand for.
        sites: where it builds paths.
        lexical: how `os.path.abspath` is written, see `Builder`.
    """

    def __init__(self, view: View, meaning: Meaning, sites: Sites, *, lexical: bool) -> None:
        self._module = Scope(view.index.tree, view, meaning, sites, lexical=lexical)
        self._module.settle(private=view.module.path.rpartition("/")[2] != "setup.py")
        if self._module.paths:
            self._module.paths -= set(view.facts.private)
        self._scopes: dict[ScopeNode, Scope] = {view.index.tree: self._module}

    def at(self, node: ScopeNode) -> Scope:
        """The scope of a function, or the module's."""
        if node not in self._scopes:
            outer = self._module
            scope = Scope(node, outer.view, outer.meaning, outer.sites, outer, lexical=outer.lexical)
            scope.settle(private=False)
            self._scopes[node] = scope
        return self._scopes[node]

    def around(self, node: ast.AST) -> Scope:
        """The scope that a node is in."""
        return self.at(self._module.sites.bindings.scope_of(node))

    def with_paths(self) -> Iterator[Scope]:
        """The scopes in which names hold paths, the module's own last."""
        made = (node for node in self._module.sites.made if not isinstance(node, ast.Module))
        scopes = (self.at(node) for node in sorted(made, key=lambda node: (node.lineno, node.col_offset)))
        return (scope for scope in (*scopes, self._module) if scope.paths)


@dataclass(eq=False)
class Scope:
    """One function, or a module whose names no other module reads.

    Attributes:
        node: the function or the module.
        sites: where the module builds paths.
        outer: the module's scope, when it is a function's.
        lexical: how `os.path.abspath` is written, see `Builder`.
        paths: names that hold nothing but paths built here; they become Paths.
    """

    node: ScopeNode
    view: View
    meaning: Meaning
    sites: Sites
    outer: Scope | None = None
    lexical: bool = False
    paths: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)
    _known: dict[ast.expr, Text] = field(default_factory=dict)
    _known_for: tuple[int, int] = (0, 0)

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
        built = self.sites.built.get(self.node, set())
        return (built | self.outer.legacy if self.outer else built) - self.visible

    @property
    def left(self) -> tuple[int, int]:
        """How many names hold Paths, here and in the module: they only get fewer, so the numbers tell them apart."""
        return len(self.paths), len(self.outer.paths) if self.outer else 0

    def held(self, name: str) -> Held:
        """What this scope does with a name."""
        return self.sites.bindings.of(self.node, name)

    def owner(self, name: str) -> Scope:
        """The scope that a name which holds a Path belongs to."""
        return self if self.outer is None or name in self.paths else self.outer

    def settle(self, *, private: bool) -> None:
        """Decide which names could hold Paths, before anybody looks at their uses.

        Args:
            private: names that begin with an underscore only.
        """
        for name in self.sites.made.get(self.node, ()):
            held = self.held(name)
            plain = not held.odd and not held.items and (name.startswith("_") or not private)
            if plain and all(self._is_path(value) or is_source(value, self.meaning) for value in held.values):
                self.paths.add(name)

    def _is_path(self, node: ast.expr) -> bool:
        return is_builder(node, self.meaning) or unsplit(node, self.meaning) is not None

    def text_of(self, node: ast.expr) -> Text:
        """What is known of the text that an expression gives."""
        if self._asked:
            return self._told(node)
        if self._known_for != self.left:
            self._known_for = self.left
            self._known.clear()
        if node not in self._known:
            self._known[node] = self._told(node)
        return self._known[node]

    def _told(self, node: ast.expr) -> Text:
        known = self._text_of(node)
        if isinstance(node, ast.Name) and self._is_bound_once(node.id):
            known = strings.both(known, guarded(node, self.view.index))
        return known if known.is_str or not self.view.types.kinds(node).only("str") else replace(known, is_str=True)

    def _is_bound_once(self, name: str) -> bool:
        return self.held(name).stores == 1 and name not in self.sites.bindings.shared

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
            return self._text_of_held(name, self.held(name))
        finally:
            self._asked.discard(name)

    def _text_of_held(self, name: str, held: Held) -> Text:
        if held.odd:
            return UNKNOWN
        if self.outer and not (held.values or held.items or held.walks):
            return self.outer.text_of_constant(name)
        if held.items:
            return self._text_of_items(held.items) if not held.values and not held.walks else UNKNOWN
        texts = [self.text_of(value) for value in held.values]
        texts += [Text(position == 0 and self._walks_text(call), filled=True) for position, call in held.walks]
        return strings.either(texts) if texts else UNKNOWN

    def text_of_constant(self, name: str) -> Text:
        """What is known of the text of a name that the module binds once, for all its functions."""
        values = self.held(name).values
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
        held = self.held(node.id) if isinstance(node, ast.Name) else None
        if not held or held.odd or held.values or held.items:
            return UNKNOWN
        if held.walks and all(position > 0 for position, _ in held.walks):
            return Text(all(self._walks_text(call) for _, call in held.walks), filled=True, names=1, whole=True)
        return UNKNOWN

    @staticmethod
    def _text_of_found(pattern: Text) -> Text:
        """What is known of what a pattern finds: it ends in a name when the pattern does."""
        return Text(pattern.is_str, filled=True, names=min(pattern.names, 1), worded=pattern.worded)

    def _walks_text(self, call: ast.Call) -> bool:
        return bool(call.args) and self.text_of(call.args[0]).is_str
