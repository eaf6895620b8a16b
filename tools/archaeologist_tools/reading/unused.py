"""Classes and functions whose name stands nowhere else in the repository.

By words, not by syntax: a name in a text, a template or a build file may be looked up, so that what is found here is
very likely dead. Libraries that look for dead code know syntax only, and so find much that is used by its name.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.reading.files import modules_of, python_in
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.module import MAX_BYTES, ONLY_WORDS, Module
from archaeologist_tools.source.scope import is_test_path
from archaeologist_tools.surgery.definitions import definitions, head_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.git.snapshot import Snapshot
    from archaeologist_tools.surgery.definitions import Definition

_AT_ONCE = 64
_HARMLESS = frozenset({"abstractmethod", "classmethod", "property", "staticmethod", "abc.abstractmethod"})
"""Decorators that make nothing known to anybody."""


class Unused(NamedTuple):
    """A class or function that nothing names.

    Attributes:
        path: the file.
        first: its first line.
        last: its last line.
        name: its name.
        doubt: why it may be used all the same; empty when nothing says so.
    """

    path: str
    first: int
    last: int
    name: str
    doubt: str

    def __str__(self) -> str:
        """Show it in one line."""
        return f"{self.path}:{self.first}-{self.last} {self.name}" + (f" ({self.doubt})" if self.doubt else "")


@dataclass(frozen=True)
class Unnamed:
    """What nothing names.

    Attributes:
        definitions: those without doubt first, the longest ones first.
        unreadable: files that do not parse, so that nothing is known of their definitions, each with the reason.
    """

    definitions: tuple[Unused, ...]
    unreadable: tuple[str, ...]


def unused_definitions(snapshot: Snapshot, folder: str = "") -> Unnamed:
    """Find classes and functions that nothing names.

    Args:
        snapshot: what to search.
        folder: where to look for definitions; empty for everywhere. Their names are looked for everywhere.

    Raises:
        EditRefused: there is no such folder.
    """
    paths = [path for path in python_in(snapshot, folder) if not is_test_path(path)]
    defined, unreadable = list[Unused](), list[str]()
    for module in modules_of(snapshot, paths):
        if isinstance(module, Module):
            defined += _asked(module)
        else:
            unreadable.append(f"{module.path}: {module.message}")
    everywhere, outside_tests = _mentions(snapshot, {_word(each) for each in defined})
    found = [each for each in defined if everywhere[_word(each)] == 1]
    for each in defined:
        if everywhere[_word(each)] > 1 and outside_tests[_word(each)] == 1:
            doubt = "named in tests only" + (f"; {each.doubt}" if each.doubt else "")
            found.append(each._replace(doubt=doubt))
    found.sort(key=lambda each: (each.doubt != "", each.first - each.last, each.path, each.first))
    return Unnamed(tuple(found), tuple(unreadable))


def _word(each: Unused) -> bytes:
    return each.name.rpartition(".")[2].encode()


def _asked(module: Module) -> Iterator[Unused]:
    """Yield the definitions that are used by name if at all."""
    for name, node in definitions(module.index):
        special = node.name.startswith("__") and node.name.endswith("__")
        if not special and (node.name != "main" or module.index.parents[node] is not module.tree):
            last = node.end_lineno or node.lineno
            yield Unused(module.path, head_line(node), last, name, _doubt(module, node))


def _doubt(module: Module, node: Definition) -> str:
    owner = module.index.parents[node]
    if any(dotted(decorator) not in _HARMLESS for decorator in node.decorator_list):
        return "its decorator may register it"
    if isinstance(owner, ast.ClassDef) and owner.bases:
        return "may override one of a base class"
    if isinstance(node, ast.ClassDef) and (node.keywords or any(not _is_object(base) for base in node.bases)):
        return "its base class may know it"
    return ""


def _is_object(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "object"


def _mentions(snapshot: Snapshot, wanted: set[bytes]) -> tuple[Counter[bytes], Counter[bytes]]:
    """Count how often words stand in all files, and in those that are no tests."""
    everywhere, outside_tests = Counter[bytes](), Counter[bytes]()
    paths = [path for path in snapshot.paths() if snapshot.size(path) <= MAX_BYTES] if wanted else []
    for start in range(0, len(paths), _AT_ONCE):
        for path, data in snapshot.contents(paths[start : start + _AT_ONCE]).items():
            words = [word for word in data.translate(ONLY_WORDS).split() if word in wanted]
            everywhere.update(words)
            if not is_test_path(path):
                outside_tests.update(words)
    return everywhere, outside_tests
