from __future__ import annotations

import pytest

from archaeologist_tui.reading.query import parsed

FIELDS = {"agent": "modernizer", "state": "fail", "path": "app/storage/main.py"}


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
        "path:app/",
        "path:app/sto",
        "path:main",
        "path:Storage",
        "path:main.py",
        "-path:storage/",
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
        "agent:izer",
        "path:storage/",
        "path:minor",
        "-path:main",
    ],
)
def test_what_was_not_asked_for_is_not_found(typed: str) -> None:
    assert not parsed(typed, FIELDS).matches(TEXT, Line())


def test_only_a_name_of_a_field_stands_for_a_field() -> None:
    assert parsed("app/io.py:12", FIELDS).words == ("app/io.py:12",)
    assert parsed("http://x", FIELDS).words == ("http://x",)
    assert not parsed("agent:", FIELDS)


@pytest.mark.parametrize(
    ("before", "after"), [("", "a"), ("a", "ab"), ("ab", "xab"), ("a b", "ab ba"), ("a", "a b"), ("b a", "ba")]
)
def test_more_letters_find_less(before: str, after: str) -> None:
    assert parsed(after).narrows(parsed(before))


@pytest.mark.parametrize(
    ("before", "after"),
    [("a", ""), ("ab", "a"), ("ab", "b a"), ("-a", "-ab"), ("a", "a -b"), ("agent:m", "agent:mo"), ("a", "a agent:m")],
)
def test_what_may_find_something_else_is_looked_for_everywhere(before: str, after: str) -> None:
    assert not parsed(after, ("agent",)).narrows(parsed(before, ("agent",)))
