"""Where a name is used: by syntax in files that parse, by words in all others."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.reading.files import modules_of, with_word
from archaeologist_tools.reading.places import Place, Surroundings, places_of_word
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.source.module import MAX_BYTES, Module
from archaeologist_tools.source.scope import has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.git.snapshot import Snapshot

MOST_FILES = 400
"""Files that one search reads; a name that more of them hold says nothing."""

_RANKS = {"defines": 0, "imports": 1, "calls": 2, "sets": 3, "reads": 4, "deletes": 4, "argument": 5, "text": 6}


@dataclass(frozen=True)
class Usages:
    """Where a name stands.

    Attributes:
        places: definitions first, then by file and line.
        files: how many files hold it.
        searched: how many of these were read.
        unreadable: Python files that hold it and do not parse, each with the reason; searched as text.
    """

    places: tuple[Place, ...]
    files: int
    searched: int
    unreadable: tuple[str, ...]


def usages(snapshot: Snapshot, name: str, folder: str = "") -> Usages:
    """Find the places where a name stands.

    Args:
        snapshot: what to search.
        name: a name; of one with dots, such as `Stock.add`, the last part is looked for.
        folder: where to look; empty for everywhere.

    Raises:
        EditRefused: the name is none, or there is no such folder.
    """
    word = name.rpartition(".")[2]
    paths = with_word(snapshot, word, folder)
    searched = sorted(paths, key=lambda path: (not has_python_suffix(path), path))[:MOST_FILES]
    found, unreadable = list[Place](), list[str]()
    for module in modules_of(snapshot, searched):
        if isinstance(module, Module):
            found += in_module(module, word)
        else:
            unreadable.append(f"{module.path}: {module.message}")
            found += _as_text(snapshot, [module.path], word)
    found += _as_text(snapshot, (path for path in searched if not has_python_suffix(path)), word)
    found.sort(key=lambda place: (_RANKS[place.kind], place.path, place.line))
    return Usages(tuple(found), len(paths), len(searched), tuple(unreadable))


def in_module(module: Module, word: str) -> Iterator[Place]:
    """The places where a name stands in a module, one a line and kind; texts and comments are of the kind `text`."""
    around = Surroundings(module)
    seen = set[tuple[int, str]]()
    lines = set[int]()
    for node, kind in _nodes(module, word):
        lines.update(range(node.lineno, (node.lineno if kind == "defines" else node.end_lineno or node.lineno) + 1))
        if (node.lineno, kind) not in seen:
            seen.add((node.lineno, kind))
            yield around.place(node, kind)
    yield from (place for place in places_of_word(module.path, module.data, word, "text") if place.line not in lines)


def _nodes(module: Module, word: str) -> Iterator[tuple[ast.expr | ast.stmt | ast.arg | ast.alias | ast.keyword, str]]:
    index = module.index
    yield from ((node, "defines") for node in index.definitions if node.name == word)
    yield from ((node, "argument") for node in index.of(ast.arg) if node.arg == word)
    yield from ((node, "argument") for node in index.of(ast.keyword) if node.arg == word)
    for alias in index.of(ast.alias):
        if word in {bound_by(alias), *alias.name.split(".")}:
            yield alias, "imports"
    called = {call.func for call in index.calls.get(word, ())}
    for node in (*index.names.get(word, ()), *index.attributes.get(word, ())):
        match node.ctx:
            case ast.Store():
                yield node, "sets"
            case ast.Del():
                yield node, "deletes"
            case _:
                yield node, "calls" if node in called else "reads"


def _as_text(snapshot: Snapshot, paths: Iterable[str], word: str) -> Iterator[Place]:
    for path in paths:
        if snapshot.size(path) <= MAX_BYTES:
            yield from places_of_word(path, snapshot.read(path), word, "text")
