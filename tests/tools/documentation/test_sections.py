"""Sections of documents: which there are, and that one is replaced and nothing else."""

from __future__ import annotations

import pytest

from archaeologist_tools.documentation.sections import sections_of, with_section
from archaeologist_tools.errors import EditRefused

MARKDOWN = """\
Intro.

# App

```
# no heading
```

## Usage ##

Old.

### Deeper

Old, too.

Setext
------

Last.
"""
RESTRUCTURED = """\
===
App
===

Intro.

Usage
=====

Old.

Deeper
------

::

  more

Last
====

End.
"""


def titles(text: str, *, markdown: bool) -> list[tuple[str, int]]:
    return [(each.title, each.level) for each in sections_of(text, markdown=markdown)]


def test_headings_are_told_from_what_looks_like_some() -> None:
    assert titles(MARKDOWN, markdown=True) == [("App", 1), ("Usage", 2), ("Deeper", 3), ("Setext", 2)]
    assert titles(RESTRUCTURED, markdown=False) == [("App", 1), ("Usage", 2), ("Deeper", 3), ("Last", 2)]
    assert titles("~~~~\n# a\n```\n# b\n~~~\n# c\n~~~~\n# d\n", markdown=True) == [("d", 1)]
    assert titles("a | b\n--- | ---\n\n- x\n---\n\n---\n", markdown=True) == []
    assert titles("====  ====\na     b\n====  ====\n\n----\n\nx\n-\n", markdown=False) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_section_is_replaced_with_those_inside_and_nothing_else(newline: str) -> None:
    old = "Old.\n\n### Deeper\n\nOld, too.\n"
    after = MARKDOWN.replace(old, "New.\n").replace("\n", newline)
    assert with_section(MARKDOWN.replace("\n", newline), "## Usage", "\nNew.\n\n", markdown=True) == after


def test_the_last_section_ends_with_the_document() -> None:
    assert with_section(MARKDOWN, "Setext", "New.", markdown=True) == MARKDOWN.replace("Last.", "New.")
    assert with_section(RESTRUCTURED, "Last", "New.", markdown=False) == RESTRUCTURED.replace("End.", "New.")
    old = "Old.\n\nDeeper\n------\n\n::\n\n  more\n"
    assert with_section(RESTRUCTURED, "Usage", "New.", markdown=False) == RESTRUCTURED.replace(old, "New.\n")


def test_a_new_section_goes_to_the_end() -> None:
    assert with_section(MARKDOWN, "More", "New.", markdown=True) == f"{MARKDOWN}\n## More\n\nNew.\n"
    assert with_section("App\n===\n", "More", "New.", markdown=False) == "App\n===\n\nMore\n----\n\nNew.\n"


def test_a_heading_that_would_end_the_section_is_refused() -> None:
    with pytest.raises(EditRefused, match="the heading 'Other' would end the section"):
        with_section(MARKDOWN, "Usage", "New.\n\n## Other\n", markdown=True)
    assert "#### Other" in with_section(MARKDOWN, "Usage", "New.\n\n#### Other\n", markdown=True)


def test_one_of_several_sections_cannot_be_told() -> None:
    with pytest.raises(EditRefused, match="2 sections are headed 'A'"):
        with_section("# A\n\n# A\n", "A", "New.", markdown=True)
