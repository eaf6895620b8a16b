"""The gate for the Python that code needs: a model knows the newest one best, and the tests run on one alone.

Vermin tells what a file uses of the language and the standard library, and since when there is that.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import vermin  # type: ignore[import-untyped]  # it has no types

from archaeologist_tools.gates.failure import Gate, GateFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.module import Module

_LOUD = 3
"""How much Vermin has to say so that it names lines."""
_FEATURE = re.compile(r"L(?P<line>\d+)(?: C\d+)?: (?P<what>.+?) requires? .*?(?P<major>\d+)\.(?P<minor>\d+)")


class _Feature(NamedTuple):
    """What a line uses."""

    line: int
    what: str
    since: tuple[int, int]


def too_new(before: Module, after: Module, target: tuple[int, int]) -> Iterator[GateFailure]:
    """What a file uses after an edit and did not before that the target does not have."""
    were = Counter(feature.what for feature in _features(before))
    for feature in _features(after):
        were[feature.what] -= 1
        if were[feature.what] < 0 and feature.since > target:
            needed, wanted = (".".join(map(str, version)) for version in (feature.since, target))
            message = f"line {feature.line}: {feature.what} needs Python {needed}, and this has to run on {wanted}"
            yield GateFailure(Gate.VERSION, message)


def _features(module: Module) -> Iterator[_Feature]:
    config = vermin.Config()
    config.set_verbose(_LOUD)
    config.set_ignore_incomp(True)  # legacy files use what Python 2 alone had, too
    config.set_parse_comments(False)  # none may tell it to look away
    visitor = vermin.visit(module.text, config)
    for row in visitor.output_text().splitlines():
        if match := _FEATURE.fullmatch(row):
            yield _Feature(int(match["line"]), match["what"], (int(match["major"]), int(match["minor"])))
