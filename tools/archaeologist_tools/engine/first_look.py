"""What is done with many files before any is parsed: their bytes and words tell what is worth the time."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.source.module import Module, Unreadable
from archaeologist_tools.source.scope import content_skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.engine.ruff import Diagnostic
    from archaeologist_tools.engine.sieve import Sieve

Open: TypeAlias = "Callable[[str, bytes], Module | Unreadable]"
"""Decodes a file, given its path and its bytes."""


def open_files(files: Sequence[tuple[str, bytes]], open_one: Open) -> tuple[dict[int, Unreadable], dict[int, Module]]:
    """Sort files into those that are not looked at and modules, each under its number."""
    skipped: dict[int, Unreadable] = {}
    modules: dict[int, Module] = {}
    for number, (path, data) in enumerate(files):
        skip = content_skip(path, data)
        module = open_one(path, data) if skip is None else Unreadable(path, skip.code, skip.detail)
        if isinstance(module, Module):
            modules[number] = module
        else:
            skipped[number] = module
    return skipped, modules


def looks(
    modules: Mapping[int, Module],
    sieve: Sieve,
    target: tuple[int, int],
    known: Mapping[int, tuple[AnyRule, ...]] = MappingProxyType({}),
) -> tuple[dict[int, tuple[AnyRule, ...]], dict[int, list[Diagnostic]]]:
    """The rules that may find something in each file, as far as that is not known, and what ruff finds there."""
    awake = {number: known[number] if number in known else sieve.through(file) for number, file in modules.items()}
    return awake, diagnosed(modules, awake, target)


def diagnosed(
    modules: Mapping[int, Module], awake: Mapping[int, Sequence[AnyRule]], target: tuple[int, int]
) -> dict[int, list[Diagnostic]]:
    """What ruff says of each file for the rules that may adopt something there; the others are not shown to it."""
    codes = {number: [rule.adopts for rule in rules if rule.adopts] for number, rules in awake.items()}
    asked = [number for number in modules if codes[number]]
    wanted = sorted({code for number in asked for code in codes[number]})
    told = zip(asked, diagnose([modules[number] for number in asked], wanted, target), strict=True)
    found: dict[int, list[Diagnostic]] = {number: [] for number in modules}
    found.update((number, [each for each in every if each.code in codes[number]]) for number, every in told)
    return found
