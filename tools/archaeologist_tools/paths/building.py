"""Writing what builds a path (`os.path.join`, `dirname`, `abspath`) with `Path`."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.paths import strings
from archaeologist_tools.paths.built import Built, NotBuilt
from archaeologist_tools.paths.constants import constant
from archaeologist_tools.paths.lexical import normalized
from archaeologist_tools.paths.strings import ENDLESS, UNKNOWN, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

BUILDERS = frozenset({"os.path.join", "os.path.dirname", "os.path.abspath", "os.path.realpath", "os.path.normpath"})
_SOURCES = frozenset({"os.getcwd", "tempfile.mkdtemp"})
_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.JoinedStr)
_LOOSE = (ast.BinOp,)
_PARENT = frozenset({"os.pardir", "os.path.pardir"})
# What `os.getcwd` gives: its parents are those that `dirname` finds, as there is no `..` in it.
CWD = Text(is_str=True, filled=True, names=ENDLESS, rooted=True, plain=True)


@dataclass(frozen=True)
class Builder:
    """Writes expressions of one scope.

    Attributes:
        view: the module.
        meaning: what its names stand for.
        paths: the local names that hold a Path.
        legacy: the local names that hold a path as text, although they were built with `os.path`.
        text_of: what is known of a text.
        lexical: write `os.path.abspath` as what it is, instead of `absolute`, which keeps a `..`.
    """

    view: View
    meaning: Meaning
    paths: Collection[str]
    legacy: Collection[str]
    text_of: Callable[[ast.expr], Text]
    lexical: bool = False

    def build(self, node: ast.expr) -> Built:
        """Write an expression as a Path.

        Raises:
            NotBuilt: it cannot be written with the same meaning.
        """
        if isinstance(node, ast.Name) and node.id in self.paths:
            return Built(node.id, self.text_of(node))
        inner = unsplit(node, self.meaning) or (node.args[0] if is_builder(node, self.meaning) else None)  # type: ignore[attr-defined]  # is_builder: a call
        if inner is None:
            return self._leaf(node)
        name = self.meaning.called(node)
        if name == "os.path.join":
            return self._join(node)  # type: ignore[arg-type]  # a call, as it calls something
        if self.lexical and name in {"os.path.abspath", "os.path.normpath"}:
            return normalized(node, self)  # type: ignore[arg-type]  # a call, as it calls something
        if name == "os.path.abspath":
            return self._absolute(inner)
        if name == "os.path.normpath":
            raise NotBuilt("not-normalized")
        if name == "os.path.realpath":
            return self._resolved(inner)
        return self._parent(inner)

    def _parent(self, inner: ast.expr) -> Built:
        whole = self.build(inner)
        if not whole.text.names:
            raise NotBuilt("parent-differs")
        return Built(f"{whole.receiver}.parent", strings.parent(whole.text))

    def _absolute(self, inner: ast.expr) -> Built:
        whole = self.build(inner)
        # `absolute` keeps a `..`; behind a symbolic link that leads elsewhere than the text says.
        if not whole.text.own or whole.text.dots:
            raise NotBuilt("not-normalized")
        return Built(
            f"{whole.receiver}.absolute()", replace(whole.text, filled=True, rooted=True, plain=False, raw=True)
        )

    def _resolved(self, inner: ast.expr) -> Built:
        whole = self.build(inner)
        # `resolve` raises for links in a circle, which a file that was loaded is not part of.
        if not whole.text.own:
            raise NotBuilt("not-normalized")
        return Built(
            f"{whole.receiver}.resolve()",
            replace(whole.text, filled=True, rooted=True, dots=False, names=ENDLESS, plain=True, raw=False),
        )

    def _join(self, call: ast.Call) -> Built:
        first, *rest = call.args
        if isinstance(first, ast.Constant) and first.value == ".":
            raise NotBuilt("other-text")
        parts = [self.build(first), *(self._part(part) for part in rest)]
        text = strings.joined([part.text for part in parts])
        if any(isinstance(part, ast.Starred) for part in rest):
            arguments = ", ".join(part.code for part in parts[1:])
            return Built(f"{parts[0].receiver}.joinpath({arguments})", text)
        return Built(" / ".join(part.code for part in parts), text, closed=False)

    def _part(self, node: ast.expr) -> Built:
        """A path behind a slash: text stays text."""
        if isinstance(node, ast.Starred):
            return Built(f"*{self.source(node.value)}", UNKNOWN)
        if isinstance(node, ast.Name) and node.id in self.paths:
            return Built(node.id, self.text_of(node))
        if is_builder(node, self.meaning) or unsplit(node, self.meaning):
            built = self.build(node)
            return Built(f"({built.code})" if not built.closed else built.code, built.text)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            _check_part(node.value)
        code = self.source(node)
        return Built(f"({code})" if isinstance(node, _LOOSE) else code, self.text_of(node))

    def _leaf(self, node: ast.expr) -> Built:
        """Text that becomes a Path here."""
        if not isinstance(node, _ATOMS):
            raise NotBuilt("hard-to-read")
        name = self.meaning.called(node)
        if name == "os.getcwd" and isinstance(node, ast.Call) and not node.args:
            return Built("Path.cwd()", CWD)
        if name.startswith("os.path."):
            raise NotBuilt("no-equivalent", name)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            _check_kept(node.value)
        return Built(f"Path({self.source(node)})", self.text_of(node))

    def constant(self, node: ast.expr) -> str | None:
        """The text of what is made of literals and constants."""
        return os.pardir if self.meaning.of(node) in _PARENT else constant(node, self.view.index)

    def is_builder(self, node: ast.AST) -> bool:
        """Whether a node is a plain call of a function of `os.path` that gives a path."""
        return is_builder(node, self.meaning)

    def parent_of(self, node: ast.expr) -> ast.expr | None:
        """What `os.path.dirname(x)`, or `os.path.split(x)[0]`, is the parent of."""
        if self.meaning.called(node) == "os.path.dirname" and isinstance(node, ast.Call) and self.is_builder(node):
            return node.args[0]
        return unsplit(node, self.meaning)

    def source(self, node: ast.expr) -> str:
        """The code of a part that stays text.

        Raises:
            NotBuilt: it would be hard to read, or ought to have become a Path itself.
        """
        if not isinstance(node, (*_ATOMS, *_LOOSE)):
            raise NotBuilt("hard-to-read")
        if isinstance(node, ast.Name) and node.id in self.legacy:
            raise NotBuilt("partly-convertible", f"`{node.id}`")
        code = self.view.module.segment(node)
        if "\n" in code or "\r" in code or "#" in code:
            raise NotBuilt("multiline")
        return code


def is_source(node: ast.AST, meaning: Meaning) -> bool:
    """Whether a node is a call that gives the text of a path that is known to be one."""
    name = meaning.called(node)
    if not isinstance(node, ast.Call) or name not in _SOURCES or node.args:
        return False
    words = {keyword.arg: keyword.value for keyword in node.keywords}
    literal = all(isinstance(value, ast.Constant) and isinstance(value.value, str) for value in words.values())
    return not words or (name == "tempfile.mkdtemp" and literal and set(words) <= {"prefix", "suffix"})


def is_builder(node: ast.AST, meaning: Meaning) -> bool:
    """Whether a node is a plain call of a function of `os.path` that gives a path."""
    name = meaning.called(node)
    if not isinstance(node, ast.Call) or name not in BUILDERS or node.keywords:
        return False
    return len(node.args) == 1 if name != "os.path.join" else len(node.args) > 1


def unsplit(node: ast.AST, meaning: Meaning) -> ast.expr | None:
    """What `os.path.split(x)[0]`, another way to write `os.path.dirname(x)`, splits."""
    match node:
        case ast.Subscript(value=ast.Call(args=[inner], keywords=[]) as call, slice=ast.Constant(value=0)):
            plain = type(node.slice.value) is int and isinstance(node.ctx, ast.Load)  # type: ignore[attr-defined]  # a constant
            return inner if plain and meaning.called(call) == "os.path.split" else None
        case _:
            return None


def _check_part(value: str) -> None:
    if value.startswith(("/", "\\")) or ":" in value:
        raise NotBuilt("absolute-part")
    if not value or value.endswith(("/", "/.")) or value == ".":
        raise NotBuilt("trailing-slash")
    _check_kept(value)


def _check_kept(value: str) -> None:
    """Check that a Path keeps a text as it is written, as messages of errors show it."""
    if value != str(PurePosixPath(value)):
        raise NotBuilt("other-text")
