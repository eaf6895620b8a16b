"""What edits may change is read off them again: no more than they said, for all edits of a file together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import UsageError
from archaeologist_tools.gates.failure import Gate
from archaeologist_tools.gates.gates import gate_failures
from archaeologist_tools.gates.permission import allowed_by
from archaeologist_tools.surgery.documenting import set_docstring
from archaeologist_tools.surgery.rewriting import rewrite_function
from archaeologist_tools.surgery.state import move_state
from support.rewriting import rewrite
from support.surgery import module

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.layers import Layer

SOURCE = (
    "total = 0\n\n\ndef f():  # why\n    global total\n    total += 1\n    return None\n\n\ndef g(): return total\n"
)


def gates(source: str, layers: Sequence[Layer], after: bytes | None = None) -> list[Gate]:
    """The gates that do not let edits pass, of a file with these or with other bytes."""
    allowed = allowed_by(edit for layer in layers for edit in layer.edits)
    data = layers[-1].data if after is None else after
    return [each.gate for each in gate_failures("a.py", source.encode(), data, (3, 8), allowed=allowed)]


def test_comments_go_with_code_that_is_dropped_and_no_others() -> None:
    new = "def f():\n    global total\n    total += 1\n"
    dropped = rewrite_function(module(SOURCE), "f", new, drops=True)
    assert gates(SOURCE, [dropped]) == []
    assert gates(SOURCE, [rewrite_function(module(SOURCE), "f", new)]) == [Gate.COMMENTS]
    source = f"# head\n{SOURCE}"
    dropped = rewrite_function(module(source), "f", new, drops=True)
    assert gates(source, [dropped], dropped.data.removeprefix(b"# head\n")) == [Gate.COMMENTS]


def test_names_that_were_moved_may_go_and_no_others() -> None:
    source = f"other = 1\n{SOURCE}"
    moved = move_state(module(source), ["total"], "State", used_elsewhere={})
    assert gates(source, [moved]) == []
    assert gates(source, [moved], moved.data.replace(b"other = 1\n", b"")) == [Gate.INTERFACE]
    assert gates(source, [moved], moved.data + b"\n\nclass More:\n    pass\n") == [Gate.DEFINITIONS]


def test_docstrings_may_come_and_nothing_else() -> None:
    documented = set_docstring(module(SOURCE), "g", "Give it.")
    assert gates(SOURCE, [documented]) == []
    assert gates(SOURCE, [documented], documented.data.replace(b"def f():", b"def f(x):")) == [Gate.DEFINITIONS]


def test_rules_look_after_definitions_themselves_and_not_after_powers() -> None:
    source = "from collections import namedtuple\n\nPoint = namedtuple('Point', ['x', 'y'])\n"
    layers = rewrite(source, "named-tuple-call").layers
    assert b"class Point" in layers[-1].data
    assert gates(source, layers) == []
    assert gates(source, layers, layers[-1].data + b"eval('1')\n") == [Gate.POWERS]


def test_an_edit_of_nobody_is_no_permission() -> None:
    layer = rewrite_function(module(SOURCE), "g", "def g(): return total + 1")
    with pytest.raises(UsageError, match="there is no rule"):
        allowed_by([type(edit)(**{**vars(edit), "rule": "AR999"}) for edit in layer.edits])
