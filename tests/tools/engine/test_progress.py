"""A file is looked at as often as something may come of it, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.progress import Progress
from archaeologist_tools.engine.registry import all_rules
from support.rewriting import rewrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.engine.ruff import Diagnostic

ALL = [rule.code for rule in all_rules()]
NESTED = "z = '%s %s' % ('%s' % y, x)\n"


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The file as it is in each round."""
    seen: list[bytes] = []
    run = Progress.run

    def counted(progress: Progress, awake: Sequence[AnyRule], diagnostics: Sequence[Diagnostic]) -> bool:
        seen.append(progress.module.data)
        return run(progress, awake, diagnostics)

    monkeypatch.setattr(Progress, "run", counted)
    return seen


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\n", 0),
        ("# coding: utf-8\nx = 1\n", 1),
        ("#!/bin/sh\n# coding: utf-8\n\n\nx = '%s' % y\n", 1),
        # What else may come of it: the second cookie, other edits, one that waits, a refusal that rests on layout.
        ("# coding: utf-8\n# coding: utf-8\nx = 1\n", 2),
        ("# coding: utf-8\nx = '%d' % 1\n", 2),
        ("# coding: utf-8\nfrom __future__ import division\nx = 1\n", 2),
        ("# coding: utf-8\nu'a'\n", 3),
        ("# coding: utf-8\nx = 1\n" + NESTED, 2),
        ("# coding: utf-8\nx = '%s' % y\n", 2),
    ],
)
def test_file_is_not_looked_at_again_when_only_a_comment_above_it_went(
    source: str, expected: int, rounds: list[bytes]
) -> None:
    result = rewrite(source, *ALL)
    assert len(rounds) == expected
    again = rewrite(result.layers[-1].data if result.layers else source, *ALL)
    assert (again.layers, again.refusals) == ((), result.refusals)
