"""Documents held against the project: code that does not parse, names and hosts that are nowhere."""

from __future__ import annotations

import pytest

from archaeologist_tools.documentation.documents import broken_code, is_document, strange_hosts, unknown_names

WORDS = frozenset({"Stock", "add", "app"})
PATHS = frozenset({"app", "app/stock.py", "README.md"})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("```python\nx = (\n```\n", 1),
        ("~~~py\nx = (\n~~~\n", 1),
        ("- a\n\n  ```python\n  x = (\n  ```\n", 1),
        (".. code-block:: python\n   :linenos:\n\n   x = (\n\nText.\n", 1),
        (">>> x = (\n", 1),
        ("```python\n>>> x = (\n```\n", 1),
        ("```python\nx = 1\n```\n", 0),
        ("  ```python\n  if x:\n      y\n  ```\n", 0),
        ("```python\n>>> x\n1\n```\n", 0),
        ("```\nx = (\n```\n", 0),
        ("```console\n$ pip install (\n```\n", 0),
        (".. code-block:: sh\n\n   x = (\n", 0),
        (".. code-block:: python\n\n   x = 1\n\n   y = 2\n", 0),
    ],
)
def test_code_that_does_not_parse_is_found(text: str, count: int) -> None:
    assert len(broken_code(text)) == count


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`Stock.add` and `Stock.sub` and ``Stock`` and `sub()`", ["Stock.sub", "sub()"]),
        ("`app/stock.py`, `stock.py`, `./app/`, `app/none.py`, `none.py`, `README.md`", ["app/none.py", "none.py"]),
        ("`pip install x`, `--option`, `$HOME`, `a b`", []),
        ("```\n`none`\n```\n", []),
    ],
)
def test_names_that_are_nowhere_are_found(text: str, unknown: list[str]) -> None:
    assert unknown_names(text, WORDS, PATHS) == unknown


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("see https://evil.example/x and HTTP://Known.org.", ["evil.example"]),
        ("see https://user:pw@evil.example/", ["evil.example"]),
        ("see https://docs.python.org/3/ and http://localhost:8000", []),
        ("no host", []),
    ],
)
def test_hosts_that_the_project_does_not_name_are_found(text: str, hosts: list[str]) -> None:
    assert strange_hosts(text, {"known.org"}.__contains__) == hosts


def test_documents_are_told_by_their_names() -> None:
    assert [path for path in ("a.md", "b/C.RST", "a.py", "a.txt", "md") if is_document(path)] == ["a.md", "b/C.RST"]
