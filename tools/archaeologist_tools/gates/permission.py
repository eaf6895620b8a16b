"""What edits may change, read off the edits: it has to be known again when all edits of an agent are looked at."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.gates.failure import Allowed
from archaeologist_tools.surgery.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.engine.base import Edit

_OPERATIONS = frozenset(Operation)


def allowed_by(edits: Iterable[Edit]) -> Allowed:
    """Tell what edits of one file, made one after the other, may change in it together.

    Args:
        edits: the edits, those of rules among them.

    Raises:
        UsageError: an edit is neither an operation's nor a rule's.
    """
    edits = list(edits)
    rules = {edit.rule: find_rule(edit.rule) for edit in edits if edit.rule not in _OPERATIONS}
    dropping = {code for code, rule in rules.items() if rule.removes_code or rule.removes_comments}
    moved = [edit for edit in edits if edit.rule == Operation.STATE]
    return Allowed(
        definitions=None,
        added=frozenset(name for edit in moved for name in _defined(edit.after)),
        removed=frozenset(name for edit in moved for name in _assigned(edit.before)),
        dropped=tuple(edit.before for edit in edits if edit.rule in {*dropping, Operation.DROP}),
        documents=any(edit.rule == Operation.DOCSTRING for edit in edits),
        by_rules=bool(rules),
        same_code=bool(edits) and all(edit.rule == Operation.DOCSTRING for edit in edits),
    )


def _defined(text: str) -> Iterator[str]:
    yield from (node.name for node in _statements(text) if isinstance(node, ast.ClassDef))


def _assigned(text: str) -> Iterator[str]:
    for node in _statements(text):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _statements(text: str) -> list[ast.stmt]:
    """The statements of a text that stands at the top level; none for a part of a statement."""
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError):
        return []
