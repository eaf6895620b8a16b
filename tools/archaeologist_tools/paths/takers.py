"""The tables of `takers.toml`."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

_tables: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("takers.toml").read_text(encoding="utf-8")
)

METHODS: dict[str, str] = _tables["methods"]
TESTS: dict[str, str] = _tables["tests"]
STATS: dict[str, str] = _tables["stats"]
LENIENT = frozenset(_tables["notes"]["lenient"])
ECHOES = frozenset(_tables["notes"]["echoes"])
OPENERS = frozenset(_tables["notes"]["openers"])
CALLBACKS = frozenset(_tables["notes"]["callbacks"])
RUNNERS = frozenset(_tables["notes"]["runners"])
# What says something of a path, whoever built it.
ASKERS = frozenset({"os.path.basename", "os.path.splitext", *TESTS, *STATS})
# On Windows; elsewhere since 3.6.
RUNNERS_SINCE = (3, 7)


def takes(function: str, place: int, target: tuple[int, int], *, plain: bool = False) -> bool:
    """Whether a function takes a Path at a place.

    Args:
        function: its full name.
        place: the number of the argument.
        target: the lowest Python that has to do.
        plain: a Path spells the text as it is, so that it may be shown.
    """
    entry = _tables["takers"].get(function) or (plain and _tables["showers"].get(function)) or None
    return entry is not None and place in entry["places"] and target >= tuple(entry["since"])
