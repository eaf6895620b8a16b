"""How a rule makes itself known: the decorator that every rule's class carries.

Apart from the registry, which imports all rules, because every rule imports this.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from archaeologist_tools.engine.base import AnyRule
from archaeologist_tools.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES = ("syntax", "state", "types", "files", "paths", "strings", "docs")
"""In the order in which a run applies and commits their rules."""

_OWN_PACKAGE = "archaeologist_tools."
_OWN_PREFIX = "AR"
_CODE = re.compile(r"[A-Z]{2,8}[0-9]{1,4}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_RuleType = TypeVar("_RuleType", bound=type[AnyRule])
_registered: dict[str, AnyRule] = {}


def register(kind: _RuleType) -> _RuleType:
    """Class decorator: make the rule known to the registry."""
    add(kind())
    return kind


def add(rule: AnyRule) -> None:
    """Make a rule known to the registry, which imports the modules that call this.

    Raises:
        ValueError: another rule has the code or the name already.
        UsageError: a plugin's rule has a code of ours, or a code, name or family that is none.
    """
    if not type(rule).__module__.startswith(_OWN_PACKAGE):
        _check_foreign(rule)
    for known in _registered.values():
        if known.code == rule.code or known.name == rule.name:
            raise ValueError(f"{rule.code} {rule.name} is registered twice")
    _registered[rule.code] = rule


@contextmanager
def all_or_none() -> Iterator[None]:
    """Forget the rules that were added within, when it ends with an error."""
    before = dict(_registered)
    try:
        yield
    except BaseException:
        _registered.clear()
        _registered.update(before)
        raise


def _check_foreign(rule: AnyRule) -> None:
    if not _CODE.fullmatch(rule.code) or rule.code.startswith(_OWN_PREFIX):
        hint = f"2 to 8 capital letters and a number, such as ACME001; {_OWN_PREFIX} is taken"
        raise UsageError(f"a rule may not have the code {rule.code!r}", hint)
    if not _NAME.fullmatch(rule.name):
        raise UsageError(f"{rule.code}: a rule may not have the name {rule.name!r}", "small letters with dashes")
    if rule.family not in FAMILIES:
        raise UsageError(f"{rule.code}: there is no family {rule.family!r}", f"one of {', '.join(FAMILIES)}")


def registered() -> tuple[AnyRule, ...]:
    """The rules registered so far, by code."""
    return tuple(_registered[code] for code in sorted(_registered))
