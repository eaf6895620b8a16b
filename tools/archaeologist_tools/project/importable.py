"""Which modules a project can import: an agent must not make up any."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from archaeologist_tools.source.scope import has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_IMPORTED = re.compile(rb"^[ \t]*(?:import|from)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_SOURCES = ("src/", "lib/")


def importable(paths: Iterable[str], read: Callable[[list[str]], Mapping[str, bytes]]) -> frozenset[str]:
    """Find the top-level modules that a project has or imports somewhere, and those of the standard library.

    Args:
        paths: the project's files.
        read: gives the contents of some of them.
    """
    python = [path for path in paths if has_python_suffix(path)]
    own = {_top(path) for path in python}
    used = {name.decode() for data in read(python).values() for name in _IMPORTED.findall(data)}
    return frozenset(own | used | sys.stdlib_module_names)


def _top(path: str) -> str:
    for folder in _SOURCES:
        path = path.removeprefix(folder)
    return path.partition("/")[0].partition(".")[0]
