from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.excerpts import lines_of, numbered
from archaeologist_tools.source.module import MAX_BYTES
from support.snapshots import snapshot_of

if TYPE_CHECKING:
    from archaeologist_tools.git.snapshot import Snapshot

ENOUGH = 10_000
STOCK = '''\
"""Stock."""

import os

LIMIT = 3


@register
class Stock:
    """What is there."""

    unit = 1

    @property
    def left(self):
        total = 0
        return total

    def add(self, n): self.n = n


def outer(a,
          b=LIMIT):
    def inner():
        return a

    return inner


if os.name == "nt":
    LIMIT = 4
'''


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    files: dict[str, str | bytes] = {
        "app/stock.py": STOCK,
        "app/latin.py": b"# coding: latin-1\r\n\r\ndef umlaut():\r\n    return '\xe4'\r\n",
        "app/old.py": b"def f():\n    print 'hello'\n",
        "app/separators.py": "a = '\u2028'\x0c\nb = 2\n",
        "app/wide.py": f"x = '{'y' * 3000}'\nz = 1\n",
        "app/huge.py": b"x = 1\n" * (MAX_BYTES // 6 + 1),
        "app/empty.py": b"",
        "app/picture.png": b"\x89PNG\0",
        "settings.py": 'NAME = "shop"\nPASSWORD = "hT7#kk2!pq9Z"\n',
    }
    return snapshot_of(tmp_path_factory.mktemp("excerpts") / "shop", files)


def test_lines_are_numbered_and_separated_by_a_tab() -> None:
    assert numbered("a\r\nb\rc\nd", 2, 3) == "2\tb\n3\tc"
    assert numbered("a\nb") == "1\ta\n2\tb"
    assert numbered("a\nb", 2, 99) == "2\tb"


def test_of_a_long_line_the_beginning_is_shown_and_the_rest_told(snapshot: Snapshot) -> None:
    first, second = lines_of(snapshot, "app/wide.py", 1, None, ENOUGH).text.split("\n")
    assert first == f"1\tx = '{'y' * 495} [cut: 2506 more characters]"
    assert second == "2\tz = 1"


def test_only_what_ends_a_line_for_python_ends_one(snapshot: Snapshot) -> None:
    assert lines_of(snapshot, "app/separators.py", 2, 2, ENOUGH).text == "2\tb = 2"


def test_secrets_are_taken_out_and_counted_where_they_are_shown(snapshot: Snapshot) -> None:
    whole = lines_of(snapshot, "settings.py", 1, None, ENOUGH)
    assert whole.lines[1].text.startswith('PASSWORD = "[REDACTED')
    assert whole.redacted == 1
    assert lines_of(snapshot, "settings.py", 1, 1, ENOUGH).redacted == 0


@pytest.mark.parametrize(("first", "last"), [(0, 3), (32, None), (40, 50), (5, 4)])
def test_lines_that_are_not_there_are_refused(snapshot: Snapshot, first: int, last: int | None) -> None:
    with pytest.raises(EditRefused, match=r"app/stock\.py has lines 1 to 31"):
        lines_of(snapshot, "app/stock.py", first, last, ENOUGH)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("app/huge.py", "are data, not code"),
        ("app/picture.png", "is binary"),
        ("app", "is a folder"),
        ("../app/stock.py", "there is no file"),
        ("/etc/passwd", "there is no file"),
        (".git/config", "there is no file"),
    ],
)
def test_what_is_no_text_of_the_repository_is_refused(snapshot: Snapshot, path: str, reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        lines_of(snapshot, path, 1, None, ENOUGH)
