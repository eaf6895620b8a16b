"""All rules, found by importing every module of the package of rules, and those that plugins name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from archaeologist_tools import rules
from archaeologist_tools.engine.registration import FAMILIES, all_or_none, registered
from archaeologist_tools.errors import UsageError
from archaeologist_tools.likeness import did_you_mean, nearest
from archaeologist_tools.plugins import plugins

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist_tools.engine.base import AnyRule

PLUGINS = "archaeologist.rules"
"""The group of entry points whose modules register rules of other people."""


@cache
def all_rules() -> tuple[AnyRule, ...]:
    """Every rule, ordered by code.

    Raises:
        UsageError: a plugin is broken; the message says whose it is.
    """
    for module in pkgutil.iter_modules(rules.__path__):
        importlib.import_module(f"{rules.__name__}.{module.name}")
    for plugin in plugins(PLUGINS):
        with all_or_none():
            plugin.load()
    return registered()


def check_plugins() -> None:
    """Load the rules if a plugin brings some, so that a broken one is told before anything begins.

    Raises:
        UsageError: a plugin is broken.
    """
    if plugins(PLUGINS):
        all_rules()


@cache
def commit_order() -> tuple[AnyRule, ...]:
    """Every rule, in the order in which a run applies and commits them.

    Branches that never run go first, since what is in them need not be modernized. What simplifies an expression comes
    before what puts it into an f-string: a rule whose turn has passed when another one makes room for it needs a second
    commit.
    """
    return tuple(sorted(all_rules(), key=lambda rule: (not rule.removes_code, FAMILIES.index(rule.family), rule.code)))


def find_rule(code_or_name: str) -> AnyRule:
    """Find a rule by its code or its name, in any case.

    Raises:
        UsageError: there is no such rule; the hint names the nearest one.
    """
    wanted, known = code_or_name.strip().lower(), _known()
    if wanted in known:
        return known[wanted]
    raise UsageError(f"there is no rule {code_or_name!r}", _suggestion(wanted, list(known)))


@cache
def _known() -> Mapping[str, AnyRule]:
    """Every rule by its code and its name, in small letters."""
    return {key.lower(): rule for rule in all_rules() for key in (rule.code, rule.name)}


def select_rules(selection: str | None = None) -> tuple[AnyRule, ...]:
    """Choose rules.

    Args:
        selection: codes, names and families, separated by commas or spaces; all rules when None or empty.

    Returns:
        The chosen rules, each once, ordered by code.

    Raises:
        UsageError: something in the selection names no rule and no family.
    """
    words = (selection or "").replace(",", " ").split()
    if not words:
        return all_rules()
    chosen = {rule.code: rule for word in words for rule in _named(word)}
    return tuple(chosen[code] for code in sorted(chosen))


def _named(word: str) -> tuple[AnyRule, ...]:
    family = tuple(rule for rule in all_rules() if rule.family == word.lower())
    return family or (find_rule(word),)


def _suggestion(wanted: str, known: list[str]) -> str:
    families = sorted({rule.family for rule in all_rules()})
    codes = {rule.code.lower(): rule.code for rule in all_rules()}
    meant = did_you_mean(codes.get(near, near) for near in nearest(wanted, [*known, *families]))
    return f"{meant} `archaeologist rules list` shows all rules".lstrip()
