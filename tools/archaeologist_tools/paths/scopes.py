"""The local names of a function that hold paths, and what is known of the text that they hold."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist_tools.paths import strings
from archaeologist_tools.paths.building import Builder, NotBuilt, is_builder, unsplit
from archaeologist_tools.paths.strings import UNKNOWN, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

ScopeNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_Inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_FRAME_READERS = frozenset({"locals", "vars", "eval", "exec", "dir"})
_TEXT_CALLS = {
    "str": Text(is_str=True),
    "os.getcwd": Text(is_str=True, filled=True, rooted=True),
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
        outer: the module's scope, when it is a function's.
        odd: names that are bound in other ways, or that other functions see.
        paths: names that hold nothing but paths built here; they become Paths.
    """

    node: ScopeNode
    view: View
    meaning: Meaning
    outer: Scope | None = None
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    loads: dict[str, list[ast.Name]] = field(default_factory=dict)
    items: dict[str, list[ast.expr]] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    _asked: set[str] = field(default_factory=set)

    @property
    def builder(self) -> Builder:
        """Writes the paths of this scope."""
        return Builder(self.view, self.meaning, self.visible, self.legacy, self.text_of)

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

    def settle(self) -> None:
        """Decide which names could hold Paths, before anybody looks at their uses."""
        for name, values in self.values.items():
            if name not in self.odd and name not in self.items and all(self._is_path(value) for value in values):
                self.paths.add(name)

    def _is_path(self, node: ast.expr) -> bool:
        return is_builder(node, self.meaning) or unsplit(node, self.meaning) is not None

    def text_of(self, node: ast.expr) -> Text:
        """What is known of the text that an expression gives."""
        known = strings.of_expression(node)
        if known is not None:
            return UNKNOWN if isinstance(node, ast.Name) and self.view.index.bound[node.id] else known
        if isinstance(node, ast.Name):
            return self._text_of_name(node.id)
        if isinstance(node, ast.Call):
            name = self.meaning.called(node)
            plain = not (node.args or node.keywords) or name == "str"
            if name in _TEXT_CALLS and plain:
                return _TEXT_CALLS[name]
        if isinstance(node, ast.Subscript) and self.meaning.of(node.value) == "os.environ":
            return Text(is_str=True)
        if self._is_path(node):
            return self._text_of_path(node)
        return _inferred(node, self.view)

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
            if self.outer and name not in self.values and name not in self.items:
                return self.outer.text_of_constant(name)
            if name in self.items and name not in self.values:
                return self._text_of_items(self.items[name])
            texts = [self.text_of(value) for value in self.values.get(name, ())]
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
        """What is known of the names that `os.listdir` gives."""
        texts = [self._text_of_listing(source) for source in sources]
        return strings.either(texts)

    def _text_of_listing(self, node: ast.expr) -> Text:
        if isinstance(node, ast.Call) and node.args and not node.keywords:
            name = self.meaning.called(node)
            if name == "sorted":
                return self._text_of_listing(node.args[0])
            if name == "os.listdir":
                return Text(self.text_of(node.args[0]).is_str, filled=True, names=1, whole=True)
        return UNKNOWN


def scopes_of(view: View, meaning: Meaning) -> list[Scope]:
    """The scopes of a module, the module's own last."""
    functions = [node for node in view.index.definitions if isinstance(node, _Function)]
    outer = Scope(view.index.tree, view, meaning)
    scopes: dict[ScopeNode, Scope] = {node: Scope(node, view, meaning, outer) for node in functions}
    scopes[view.index.tree] = outer
    for name in view.index.of(ast.Name):
        _file(name, scopes, view)
    for node, scope in scopes.items():
        scope.odd.update(_bound_oddly(node, view))
    private = view.module.path.rpartition("/")[2] == "setup.py"
    for node, scope in scopes.items():
        if private or not isinstance(node, ast.Module):
            scope.settle()
    return list(scopes.values())


def scope_around(node: ast.AST, view: View) -> ast.AST:
    """The function, lambda, class or module whose names an expression reads."""
    return next(parent for parent in view.index.ancestors(node) if isinstance(parent, (*_Inner, ast.Module)))


def _file(name: ast.Name, scopes: dict[ScopeNode, Scope], view: View) -> None:
    """Note a name in its scope, and as seen from outside in all scopes around that."""
    inner = True
    for parent in view.index.ancestors(name):
        if isinstance(parent, ScopeNode) and (scope := scopes.get(parent)):
            if inner:
                _note(name, scope, view)
            elif not isinstance(parent, ast.Module) or not isinstance(name.ctx, ast.Load):
                scope.odd.add(name.id)
            elif isinstance(parent, ast.Module):
                scope.loads.setdefault(name.id, []).append(name)
        if isinstance(parent, _Inner):
            inner = False


def _note(name: ast.Name, scope: Scope, view: View) -> None:
    if isinstance(name.ctx, ast.Load):
        scope.loads.setdefault(name.id, []).append(name)
        return
    parent = view.index.parents[name]
    if isinstance(parent, ast.Assign) and parent.targets == [name]:
        scope.values.setdefault(name.id, []).append(parent.value)
    elif isinstance(parent, (ast.For, ast.comprehension)) and parent.target is name:
        scope.items.setdefault(name.id, []).append(parent.iter)
    else:
        scope.odd.add(name.id)


def _bound_oddly(scope: ScopeNode, view: View) -> Iterator[str]:
    yield from view.index.declared_global
    for node in ast.walk(scope):
        match node:
            case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias():
                yield (node.asname or node.name).partition(".")[0]
            case ast.Nonlocal(names=names):
                yield from names
            case ast.Call(func=ast.Name(id=called)) if called in _FRAME_READERS:
                yield from (part.id for part in ast.walk(scope) if isinstance(part, ast.Name))
            case _:
                pass


def _inferred(node: ast.expr, view: View) -> Text:
    types = getattr(view, "types", None)
    return Text(is_str=True) if types is not None and types.of(node).only("str") else UNKNOWN
