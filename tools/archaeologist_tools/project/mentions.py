"""Who else in a project may use a name of a module: told by words, so that a doubt counts as a use."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGE = "__init__"


def mentions_elsewhere(path: str, names: Iterable[str], files: Iterable[tuple[str, bytes]]) -> Mapping[str, str]:
    """Find names of a module in files that name the module, too.

    Args:
        path: the module.
        names: some of its names.
        files: paths and contents of all files of the project, tests and settings among them.

    Returns:
        The names that are there, each with the first place, as in `app/views.py, line 3`.
    """
    folder, stem = posixpath.dirname(path), posixpath.splitext(posixpath.basename(path))[0]
    module = re.compile(rb"\b%s\b" % re.escape((posixpath.basename(folder) if stem == _PACKAGE else stem).encode()))
    wanted = {name: re.compile(rb"\b%s\b" % re.escape(name.encode())) for name in names}
    found: dict[str, str] = {}
    for other, data in files:
        inside = stem == _PACKAGE and other.startswith(f"{folder}/" if folder else "")
        if other == path or not (inside or module.search(data)):
            continue
        for name, pattern in wanted.items():
            if name not in found and (match := pattern.search(data)):
                line = data.count(b"\n", 0, match.start()) + 1
                found[name] = f"{other}, line {line}"
    return found
