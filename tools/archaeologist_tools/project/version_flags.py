"""Flags such as PY2 that a module sets to a question for the Python version, and that other modules import."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.project.models import FlagFact
from archaeologist_tools.python2.version import FLAG, Versions, is_flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.project.models import FileFacts
    from archaeologist_tools.source.index import Index

# What a replaced flag may be called; the version itself is replaced, too.
_REPLACED = re.compile(rf"(?:\w+\.)+(?P<name>{FLAG.pattern}|version_info|hexversion)", re.IGNORECASE)
_QUESTION = re.compile(rf"{FLAG.pattern}|version_info|hexversion", re.IGNORECASE)
_REPLACERS = frozenset({"object", "setattr", "delattr", "multiple"})
# A flag that only a later Python 3 decides is of no use before that version is the target.
_LAST_MINOR = 30


def version_flags(index: Index) -> Iterator[FlagFact]:
    """The flags that a module sets once and for all, at its top."""
    for name in filter(is_flag, index.bound):
        use = ast.Name(name, ast.Load())
        value = Versions(index, (3, _LAST_MINOR), ("six",)).decide(use)
        if value is not None:
            minors = range(_LAST_MINOR)
            known = (minor for minor in minors if Versions(index, (3, minor), ("six",)).decide(use) is value)
            yield FlagFact(name, value, next(known, _LAST_MINOR))


def replaced_flags(index: Index) -> Iterator[str]:
    """The flags, and parts of `sys`, that a module sets in another one, as tests do."""
    yield from filter(_QUESTION.fullmatch, {node.attr for node in index.stores})
    yield from (match["name"] for match in map(_REPLACED.fullmatch, index.dotted_texts) if match)
    for call in index.named(ast.Call, _REPLACERS):
        if isinstance(call.func, ast.Attribute):
            yield from (name for name in _named(call) if _QUESTION.fullmatch(name))


def _named(call: ast.Call) -> Iterator[str]:
    yield from (keyword.arg for keyword in call.keywords if keyword.arg)
    yield from (str(value.value) for value in call.args[1:2] if isinstance(value, ast.Constant))


def known_flags(files: Sequence[FileFacts]) -> Iterator[tuple[str, FlagFact]]:
    """The flags of a project with the places of their modules.

    A module that is named as one with a flag and has none itself comes with a flag of unknown value: it may be the one
    that an import means.
    """
    names: dict[str, set[str]] = {}
    for file in files:
        for flag in file.flags:
            names.setdefault(_last(file.place), set()).add(flag.name)
    for file in files:
        own = {flag.name: flag for flag in file.flags}
        for name in sorted(names.get(_last(file.place), ())):
            yield file.place, own.get(name) or FlagFact(name, value=None)


def _last(place: str) -> str:
    return place.rpartition("/")[2]


class Flags:
    """What flags of other modules are, for one module and one target.

    Args:
        flags: the flags of the project with the places of their modules.
        replaced: names of flags that somebody replaces.
        path: the file of the module that asks.
        target: the lowest Python.
    """

    def __init__(
        self, flags: Iterable[tuple[str, FlagFact]], replaced: Iterable[str], path: str, target: tuple[int, int]
    ) -> None:
        self._flags = tuple(flags)
        self.replaced = frozenset(replaced)
        self._package = PurePosixPath(path).parent
        self._minor = target[1]

    def value(self, module: str, name: str) -> bool | None:
        """What a flag is; None when that is not known.

        Args:
            module: the module's name as an import statement has it, with its dots in front.
            name: the flag.
        """
        found = [flag for place, flag in self._flags if flag.name == name and self._is_meant(place, module)]
        answers = {flag.value if flag.since <= self._minor else None for flag in found}
        return answers.pop() if len(answers) == 1 else None

    def _is_meant(self, place: str, module: str) -> bool:
        """Whether an import may mean the module in a place; places are relative to different folders."""
        level = len(module) - len(module.lstrip("."))
        wanted = module[level:].replace(".", "/")
        if not level:
            return _ends(place, wanted)
        folder = [self._package, *self._package.parents][level - 1 : level]
        wanted = str(folder[0] / wanted) if folder else wanted
        return _ends(place, wanted) or _ends(wanted, place)


def _ends(place: str, tail: str) -> bool:
    return bool(tail) and (place == tail or place.endswith(f"/{tail}"))
