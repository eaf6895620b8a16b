from __future__ import annotations

import pytest

from archaeologist_tui.reading.titles import title_among, title_of


@pytest.mark.parametrize(
    ("summary", "alone", "among"),
    [
        ("apply the rules, batch 3 of 16", "batch 3 of 16: apply the rules", "batch 3 of 16"),
        ("run the project's tests (item 3)", "item 3: run the project's tests", "item 3: run the project's tests"),
        ("modernizer: think (turn 4, gpt-5 (mini))", "turn 4: think, gpt-5 (mini)", "turn 4: think, gpt-5 (mini)"),
        ("commit: Use f-strings (3 edits in 1 file)", "commit: Use f-strings (3 edits in 1 file)",
         "Use f-strings (3 edits in 1 file)"),
        ("item 1 of 4: app/io.py: docstrings", "item 1 of 4: app/io.py: docstrings",
         "item 1 of 4: app/io.py: docstrings"),
        ("judge io.py (turn 2, gpt-5)", "judge io.py (turn 2, gpt-5)", "judge io.py (turn 2, gpt-5)"),
        ("apply the rules, batch 3 of 16 again", "apply the rules, batch 3 of 16 again",
         "apply the rules, batch 3 of 16 again"),
        ("sort the edits by rule", "sort the edits by rule", "sort the edits by rule"),
    ],
)  # fmt: skip
def test_what_tells_steps_apart_comes_first(summary: str, alone: str, among: str) -> None:
    assert (title_of(summary, "modernizer"), title_among(summary, "modernizer")) == (alone, among)
