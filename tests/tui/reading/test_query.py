from __future__ import annotations

import pytest

from archaeologist_tui.reading.query import parsed

FIELDS = {"agent": "modernizer", "state": "fail"}


class Line:
    def field(self, name: str) -> str:
        return FIELDS.get(name, "")


TEXT = "commit: drop the base class in app/io.py"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "commit",
        "IO.py commit",
        '"base class"',
        '"base cl',
        "agent:modernizer",
        "agent:mod state:FAIL",
        "agent:documenter agent:modernizer",
        "-survey",
        "-agent:documenter",
        "commit:",
    ],
)
def test_what_was_asked_for_is_found(typed: str) -> None:
    assert parsed(typed, FIELDS).matches(TEXT, Line())


@pytest.mark.parametrize(
    "typed",
    [
        "survey",
        "commit survey",
        '"class base"',
        "agent:documenter",
        "agent:modernizer state:ok",
        "-commit",
        "commit -io.py",
        "-agent:modernizer",
        "agent:modernizer -state:fail",
        "kind:commit",
    ],
)
def test_what_was_not_asked_for_is_not_found(typed: str) -> None:
    assert not parsed(typed, FIELDS).matches(TEXT, Line())


def test_only_a_name_of_a_field_stands_for_a_field() -> None:
    assert parsed("app/io.py:12", FIELDS).words == ("app/io.py:12",)
    assert parsed("http://x", FIELDS).words == ("http://x",)
    assert not parsed("agent:", FIELDS)
