"""Which values are surely no text, so that `int()` and `float()` take what `%d` and `%f` take, and which may be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

COUNTABLE = [
    ("def f(n):\n    if n < 5:\n        ", "n", "int(n)"),
    ("def f(n):\n    if 5 >= n:\n        ", "n", "int(n)"),
    ("def f(n):\n    if not 0 <= n <= 9:\n        ", "n", "int(n)"),
    ("def f(n, a):\n    if n > len(a) - 1:\n        ", "n", "int(n)"),
    ("def f(n):\n    m = n - 1\n    ", "n", "int(n)"),
    ("def f(n):\n    m = -n\n    ", "n", "int(n)"),
    ("def f(n, m):\n    if min(m, n) < 0:\n        ", "n", "int(n)"),
    ("def f(n, m):\n    k = max(m, n) - 1\n    ", "n", "int(n)"),
    ("def f(n):\n    for k in range(1, n):\n        ", "n", "int(n)"),
    ("def f(n):\n    k = chr(n)\n    ", "n", "int(n)"),
    ("def f(n):\n    k = ' ' * n\n    ", "n", "int(n)"),
    ("def f(n, m):\n    k = n * [m]\n    ", "n", "int(n)"),
    ("def f(n, m):\n    k = n - m\n    ", "k", "int(k)"),
    ("def f(n, m):\n    k = n if m else 0\n    k += 1\n    ", "k", "int(k)"),
    ("def f(a):\n    ", "a.b - 1", "int(a.b - 1)"),
    ("def f(a):\n    ", "a[0] + 1", "int(a[0] + 1)"),
    ("def f(a):\n    ", "a // 3 * 2 % 5", "int(a // 3 * 2 % 5)"),
    ("def f(a):\n    ", "-a", "int(-a)"),
    ("def f(a, b):\n    ", "a - 1 if b else 0", "int(a - 1 if b else 0)"),
    ("def f(n: float):\n    ", "n", "int(n)"),
    ("import itertools\nc = itertools.count(1, 0.5)\n", "next(c)", "int(next(c))"),
]


@pytest.mark.parametrize(("before", "value", "field"), COUNTABLE)
def test_countable(before: str, value: str, field: str) -> None:
    check_transformed(f"{before}s = '%d.' % ({value},)\n", f"{before}s = f'{{{field}}}.'\n", "AR001")


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("%5d", "int(n):5d"),
        ("%-5d", "int(n):<5d"),
        ("%+05i", "int(n):+05d"),
        ("%.1f", "float(n):.1f"),
        ("%9.2f", "float(n):9.2f"),
        ("%g", "float(n):g"),
    ],
)
def test_countable_in_a_layout(template: str, field: str) -> None:
    before = "def f(n):\n    if n < 5:\n        return "
    check_transformed(f"{before}'{template}' % n\n", f"{before}f'{{{field}}}'\n", "AR001")


PERHAPS_TEXT = [
    ("def f(n):\n    ", "n"),
    ("def f(n):\n    if n == 5:\n        ", "n"),
    ("def f(n):\n    if n != 5 and n in d:\n        ", "n"),
    ("def f(n, m):\n    if n < m:\n        ", "n"),
    ("def f(n):\n    if n < '5':\n        ", "n"),
    ("def f(n):\n    if m or n < 5:\n        ", "n"),
    ("def f(n):\n    if n < 5:\n        n = g()\n    ", "n"),
    ("def f(n):\n    if m:\n        k = n - 1\n    ", "n"),
    ("def f(n):\n    try:\n        k = n - 1\n    except TypeError:\n        pass\n    ", "n"),
    ("def f(n):\n    try:\n        k = n - 1\n    except TypeError:\n        ", "n"),
    ("def f(n):\n    if n < 5:\n        def g():\n            ", "n"),
    ("def f(n):\n    k = lambda: n - 1\n    ", "n"),
    ("def f(n, m):\n    k = n - m\n    ", "n"),
    ("def f(n):\n    k = n / p\n    ", "n"),
    ("def f(n, m):\n    if min(m, n) < m:\n        ", "n"),
    ("def f(n, m):\n    if min(m, n) == 0:\n        ", "n"),
    ("def f(n):\n    if min(n) < 0:\n        ", "n"),
    ("def f(n, m):\n    if min(m, n, key=len) < 0:\n        ", "n"),
    ("def f(n, m):\n    k = min(m, n)\n    ", "n"),
    ("min = g\ndef f(n, m):\n    if min(m, n) < 0:\n        ", "n"),
    ("def f(n):\n    for k in reversed(n):\n        ", "n"),
    ("range = g\ndef f(n):\n    for k in range(n):\n        ", "n"),
    ("def f(n):\n    k = p.range(n)\n    ", "n"),
    ("def f(n):\n    k = n * 3\n    ", "n"),
    ("def f(n, m):\n    k = n * m\n    ", "n"),
    ("def f(n, m):\n    k = ' ' * m if n else 0\n    ", "n"),
    ("def f(n):\n    ", "n * 2"),
    ("def f(n, m):\n    ", "n + m"),
    ("def f(n, m):\n    ", "n % m"),
    ("def f(n, m):\n    ", "n @ m"),
    ("def f(n):\n    ", "n or 1"),
    ("def f(n, m):\n    ", "n - 1 if m else m"),
    ("def f(n):\n    k = n - 1\n    k = g(k)\n    ", "k"),
    ("def f(n, m):\n    k = n - 1\n    if m:\n        k = m\n    ", "k"),
    ("def f(n):\n    k = n\n    k += m\n    ", "k"),
    ("def f(n):\n    k = n\n    k *= 2\n    ", "k"),
    ("def f(n):\n    global k\n    k = n - 1\n    g()\n    ", "k"),
    ("def f(n):\n    k, j = n - 1\n    ", "k"),
    ("def f(a):\n    if a.b < 5:\n        a = g()\n    ", "a.b"),
    ("def f(a):\n    if a[0] < 5:\n        a[0] = g()\n        ", "a[0]"),
    ("def f(a):\n    if a[0] < 5:\n        g(a)\n        ", "a[0]"),
    ("def f(a):\n    if a.b < 5:\n        a.b = g()\n        ", "a.b"),
    ("len = g\ndef f(n, a):\n    if n < len(a):\n        ", "n"),
    ("int = g\ndef f(n):\n    if n < 5:\n        ", "n"),
    ("def f(n: str):\n    if n < 5:\n        ", "n"),
    ("def f(n: int | str):\n    ", "n"),
    ("def f(n):\n    k = n - 1 if m else '5'\n    ", "k"),
    ("def f(n):\n    ", "g(n - 1)"),
]


@pytest.mark.parametrize(("before", "value"), PERHAPS_TEXT)
def test_perhaps_text(before: str, value: str) -> None:
    check_noop(f"{before}s = '%d.' % ({value},)\n", "AR001", "conversion")


@pytest.mark.parametrize("template", ["%x", "%X", "%o", "%c", "%.3d"])
def test_conversions_that_int_and_float_do_not_stand_for(template: str) -> None:
    check_noop(f"def f(n):\n    if n < 5:\n        s = '{template}.' % (n,)\n", "AR001", "conversion")


def test_float_of_another_meaning() -> None:
    check_noop("float = g\ndef f(n):\n    if n < 5:\n        s = '%f.' % (n,)\n", "AR001", "conversion")


class Whole:
    """Has a whole number to give, and can be computed with."""

    def __repr__(self) -> str:
        return "Whole()"

    def __int__(self) -> int:
        return 7

    def __float__(self) -> float:
        return 7.5

    def __sub__(self, other: int) -> Whole:
        return self


VALUES = (3, -3, True, 3.7, -3.7, 1e30, float("inf"), float("nan"), Decimal("3.75"), Fraction(7, 2), Whole(), None, "5")


@pytest.mark.parametrize("template", ["%d", "%05d", "%-7i|", "%.2f", "%9.1e"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_both_give_the_same_text_or_none(template: str, value: object) -> None:
    source = f"def f(n):\n    n -= 1\n    return '{template}' % n\n"
    after = rewrite(source, "AR001").layers[-1].data.decode()
    assert "%" not in after
    assert _called(source, value) == _called(after, value)


def _called(source: str, value: object) -> object:
    space: dict[str, object] = {}
    exec(source, space)
    try:
        return space["f"](value)  # type: ignore[operator]  # it is the function
    except (TypeError, ValueError, OverflowError) as error:
        return type(error)
