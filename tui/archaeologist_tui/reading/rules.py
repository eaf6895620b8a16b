"""What rules are called. Loads them all when it is asked first, which takes a moment: not for the event loop."""

from __future__ import annotations

from functools import lru_cache

from archaeologist_tools.engine.base import Fixer
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.errors import ArchaeologistError


@lru_cache(maxsize=512)
def rule_name(code: str) -> str:
    """Return a rule's name; nothing for what is no rule, as the kinds of what an agent finds."""
    try:
        return find_rule(code).name
    except ArchaeologistError:
        return ""


@lru_cache(maxsize=512)
def rule_title(code: str) -> str:
    """Return what a rule does, in a few words; nothing for what is no rule."""
    try:
        return find_rule(code).title
    except ArchaeologistError:
        return ""


@lru_cache(maxsize=512)
def rule_fixer(code: str) -> Fixer:
    """Return who rewrites what a rule finds; a person for what is no rule."""
    try:
        return find_rule(code).fixer
    except ArchaeologistError:
        return Fixer.PERSON
