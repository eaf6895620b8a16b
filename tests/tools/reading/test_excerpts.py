from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.errors import EditRefused
from archaeologist_tools.reading.excerpts import based_on, code_of, excerpt_of, lines_of, numbered
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
PROPERTY = """\
class A:
    @property
    def x(self): pass

    y = 1

    @x.setter
    def x(self, value): pass
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    files: dict[str, str | bytes] = {
        "app/stock.py": STOCK,
        "app/latin.py": b"# coding: latin-1\r\n\r\ndef umlaut():\r\n    return '\xe4'\r\n",
        "app/property.py": PROPERTY,
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


def test_a_method_is_shown_with_its_decorators_and_its_place(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/stock.py", "Stock.left", ENOUGH)
    assert excerpt.text.split("\n") == [
        "14\t    @property",
        "15\t    def left(self):",
        "16\t        total = 0",
        "17\t        return total",
    ]
    oid = snapshot.oid("app/stock.py")
    assert excerpt.label == f"app/stock.py, `Stock.left`, lines 14-17 of 31, based_on={oid[:12]}"
    assert based_on(oid) == oid[:12]


@pytest.mark.parametrize("qualname", ["", "Stock.gone"])
def test_a_module_is_shown_with_folded_functions(snapshot: Snapshot, qualname: str) -> None:
    shown = code_of(snapshot, "app/stock.py", qualname, ENOUGH).text.split("\n")
    assert shown[13:] == [
        "14\t    @property",
        "15\t    def left(self):",
        "16\t        ... [to line 17]",
        "18\t",
        "19\t    def add(self, n): self.n = n",
        "20\t",
        "21\t",
        "22\tdef outer(a,",
        "23\t          b=LIMIT):",
        "24\t    ... [to line 27]",
        "28\t",
        "29\t",
        '30\tif os.name == "nt":',
        "31\t    LIMIT = 4",
    ]


def test_what_there_is_no_room_for_is_told_with_how_to_read_on(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/stock.py", "Stock", 60)
    assert excerpt.lines[-1].number == 11
    assert (excerpt.cut, excerpt.rest) == (12, "[cut: read on with first_line=12 and last_line=19]")
    assert excerpt_of(snapshot, "app/stock.py", "Stock", 60).endswith(
        "\n[cut: read on with first_line=12 and last_line=19]"
    )
    assert excerpt_of(snapshot, "app/stock.py", "Stock", ENOUGH).count("cut") == 0


def test_the_code_stands_in_a_fence_under_its_path_and_hash(snapshot: Snapshot) -> None:
    head, *lines, last = excerpt_of(snapshot, "app/stock.py", "outer", ENOUGH).split("\n")
    assert "app/stock.py" in head
    assert f"based_on={snapshot.oid('app/stock.py')[:12]}" in head
    assert lines[0] == "22\tdef outer(a,"
    assert not last.startswith("27\t")


def test_the_functions_of_a_property_are_shown_together(snapshot: Snapshot) -> None:
    excerpt = code_of(snapshot, "app/property.py", "A.x", ENOUGH)
    assert [line.number for line in excerpt.lines] == [2, 3, 7, 8]
    assert "`A.x`, lines 2-8 of 8" in excerpt.label


def test_files_are_shown_in_their_own_encoding(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/latin.py", "umlaut", ENOUGH).text == "3\tdef umlaut():\n4\t    return 'ä'"


def test_a_file_that_is_no_python_3_is_shown_as_it_is(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/old.py", "f", ENOUGH).text == "1\tdef f():\n2\t    print 'hello'"


def test_an_empty_file_can_be_shown(snapshot: Snapshot) -> None:
    assert code_of(snapshot, "app/empty.py", "", ENOUGH).text == "1\t"


def test_secrets_are_taken_out_and_counted_where_they_are_shown(snapshot: Snapshot) -> None:
    whole = lines_of(snapshot, "settings.py", 1, None, ENOUGH)
    assert "hT7#kk2!pq9Z" not in excerpt_of(snapshot, "settings.py", "", ENOUGH)
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
        excerpt_of(snapshot, path, "", ENOUGH)
