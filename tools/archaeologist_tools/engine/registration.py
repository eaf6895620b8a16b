"""How a rule makes itself known: the decorator that every rule's class carries.

Apart from the registry, which imports all rules, because every rule imports this.
"""

from __future__ import annotations

from typing import TypeVar

from archaeologist_tools.engine.base import AnyRule

_RuleType = TypeVar("_RuleType", bound=type[AnyRule])
_registered: dict[str, AnyRule] = {}


def register(kind: _RuleType) -> _RuleType:
    """Class decorator: make the rule known to the registry."""
    add(kind())
    return kind


def add(rule: AnyRule) -> None:
    """Make a rule known to the registry; the registry imports every module of this package.

    Raises:
        ValueError: another rule has the code or the name already.
    """
    for known in _registered.values():
        if known.code == rule.code or known.name == rule.name:
            raise ValueError(f"{rule.code} {rule.name} is registered twice")
    _registered[rule.code] = rule


def registered() -> tuple[AnyRule, ...]:
    """The rules registered so far, by code."""
    return tuple(_registered[code] for code in sorted(_registered))
