"""The generated section of a README."""

from __future__ import annotations

import pytest

from archaeologist_tools.source.readme import ModuleLine, ReadmeFacts, choose_readme, readme_section

FACTS = ReadmeFacts(
    (ModuleLine("c.py", ""), ModuleLine("b.py", "Waits."), ModuleLine("a.py", "Reads | <b>writes</b>.")),
    "3.8",
    "python -m unittest",
)


def section(existing: bytes | None, path: str = "README.md", facts: ReadmeFacts = FACTS) -> bytes:
    result = readme_section(existing, path, "stock", facts)
    assert result is not None
    return result


def test_new_markdown() -> None:
    assert (
        section(None).decode()
        == """\
# stock

<!-- archaeologist:begin -->

## Modules

| Module | What it holds |
| --- | --- |
| `a.py` | Reads \\| &lt;b>writes&lt;/b>. |
| `b.py` | Waits. |

Written for Python 3.8 and newer.

Run the tests with:

    python -m unittest

<!-- archaeologist:end -->
"""
    )


def test_section_is_appended_then_replaced_and_the_rest_kept() -> None:
    existing = b"# Stock\n\nBy hand.\n"
    first = section(existing)
    assert first.startswith(existing + b"\n<!-- archaeologist:begin -->")
    assert readme_section(first, "README.md", "stock", FACTS) is None
    longer = first + b"\nMore by hand.\n"
    second = section(longer, facts=ReadmeFacts((), "3.9"))
    assert second.startswith(existing)
    assert second.endswith(b"\nMore by hand.\n")
    assert second.count(b"archaeologist:begin") == 1
    assert b"3.9" in second
    assert b"3.8" not in second


def test_modules_are_listed_by_name_when_there_is_nothing_to_say_of_any() -> None:
    assert b"| `a.py` | |\n" in section(None, facts=ReadmeFacts((ModuleLine("a.py", ""),), "3.8"))


@pytest.mark.parametrize(
    "existing",
    [
        b"<!-- archaeologist:begin -->\n",
        b"<!-- archaeologist:end -->\n<!-- archaeologist:begin -->\n",
        b"<!-- archaeologist:begin --><!-- archaeologist:end --><!-- archaeologist:begin -->",
    ],
)
def test_damaged_markers_are_left_alone(existing: bytes) -> None:
    assert readme_section(existing, "README.md", "stock", FACTS) is None


def test_restructured_text() -> None:
    facts = ReadmeFacts((ModuleLine("a.py", "Reads *all* of `it`_."),), "3.8", "make test")
    text = section(b"Stock\n=====\n", "README.rst", facts).decode()
    assert "\n.. archaeologist:begin\n\n**Modules**\n\n* ``a.py``: Reads \\*all\\* of \\`it\\`\\_.\n" in text
    assert text.endswith("Run the tests with::\n\n    make test\n\n.. archaeologist:end\n")


def test_line_endings_and_encoding_of_the_readme_are_kept() -> None:
    facts = ReadmeFacts((ModuleLine("a.py", "Caf\xe9."),), "3.8")
    windows = section(b"# A\r\n", facts=facts)
    assert windows.count(b"\n") == windows.count(b"\r\n")
    assert "Caf\xe9".encode() in windows
    assert b"Caf?." in section(b"# Caf\xe9\n", facts=facts)


@pytest.mark.parametrize(
    ("paths", "scope", "chosen"),
    [
        ([], "", "README.md"),
        (["a.py", "README.rst"], "", "README.rst"),
        (["README", "README.md", "README.rst"], "", "README.md"),
        (["readme.MD"], "", "readme.MD"),
        (["README.md", "app/a.py"], "app", "app/README.md"),
        (["app/README.txt"], "app/a.py", "app/README.txt"),
        (["docs/README.md"], "", "README.md"),
    ],
)
def test_choice(paths: list[str], scope: str, chosen: str) -> None:
    assert choose_readme(paths, scope) == chosen


@pytest.mark.parametrize("path", ["README.md", "README.rst"])
def test_a_character_that_turns_a_line_around_is_shown_as_what_it_is(path: str) -> None:
    facts = ReadmeFacts((ModuleLine("a\u202eyp.b.py", "Reads\u202e sdrawkcab."),), "3.8")
    text = section(None, path, facts).decode()
    assert "a\\u202eyp.b.py" in text
    assert "\u202e" not in text
