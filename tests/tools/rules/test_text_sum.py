"""AR005 and AR006: which sums and joins of texts become f-strings, and which stay."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

SUM, JOIN = "AR005", "AR006"

SUMS_LEFT_ALONE = [
    ("x = 'a' + b + 'c'\n", "may-be-no-text"),
    ("x = b + 'a' + str(c)\n", "may-be-no-text"),
    ("x = 'a' + b.c + str(d)\n", "may-be-no-text"),
    ("def f(b=''):\n    x = 'a' + b + 'c'\n", "may-be-no-text"),
    ("def f(b: str):\n    x = 'a' + b + 'c'\n", "may-be-no-text"),
    ("class Text(str): ...\nx = 'a' + Text(b) + 'c'\n", "may-be-no-text"),
    ("b = None\nif c:\n    b = 'd'\nx = 'a' + b + 'c'\n", "may-be-no-text"),
    ("str = f\nx = 'a' + str(b) + 'c'\n", "may-be-no-text"),
    ("x = 'a' + str(b, 'ascii')\n", "hard-to-read"),
    ("x = 'a' + str(b + c)\n", "hard-to-read"),
    ("x = 'a' + (str(b) + 'c') + 'd'\n", "hard-to-read"),
    ("x = 'a' + str(b) + str(c) + str(d) + str(e)\n", "hard-to-read"),
    ("x = 'a' + str(some.very_long_name.of_a_value_somewhere)\n", "hard-to-read"),
    ("x = 'a' + str(b['c\\n'])\n", "backslash"),
    ("x = 'a/' + str(b)\n", "special-text"),
    ("x = '\\\\' + str(b)\n", "special-text"),
    ("x = '\\d' + str(b)\n", "special-text"),
    ("x = '^' + str(b) + '$'\n", "special-text"),
    ("x = '{' + str(b) + '}'\n", "special-text"),
    ("x = '<b>' + str(b)\n", "special-text"),
    ("x = '100%' + str(b)\n", "special-text"),
    ("x = r'a' + str(b)\n", "special-text"),
    ("x = 'a' 'b' + str(b)\n", "special-text"),
    ("x = '''a''' + str(b)\n", "special-text"),
    ("x = f'{a}' + 'b' + str(c)\n", "hard-to-read"),
    ("x = re.compile('a' + str(b))\n", "special-text"),
    ("x = open('a' + str(b))\n", "special-text"),
    ("x = ('a' + str(b)) % c\n", "template"),
    ("x = ('a' + str(b)).format(c)\n", "template"),
    ("log.info('a' + str(b))\n", "logging"),
    ("x = _('a' + str(b))\n", "translated"),
    ("db.execute('a' + str(b))\n", "sql"),
    ("x = 'SELECT a FROM ' + str(b)\n", "sql"),
    ("x = ('a' +\n     str(b))\n", "multiline"),
    ("x = '\"' + \"'\" + str(b)\n", "nested-quote"),
    ("x = f\"{'a' + str(b)}\"\n", "inside-f-string"),
]


@pytest.mark.parametrize(("source", "reason"), SUMS_LEFT_ALONE)
def test_sum_left_alone(source: str, reason: str) -> None:
    check_noop(source, SUM, reason)


@pytest.mark.parametrize("source", ["x = 'a' + b\n", "x = a + b + c\n", "x = 'a' + 'b'\n", "x = b'a' + str(b)\n"])
def test_sum_not_found(source: str) -> None:
    result = rewrite(source, SUM)
    assert (result.layers, result.refusals) == ((), ())


SUMS = [
    ("x = 'a' + str(b)\n", "x = f'a{b!s}'\n"),
    ("x = 'a' + repr(b.c) + '.'\n", "x = f'a{b.c!r}.'\n"),
    ("x = str(len(b)) + ' of ' + str(n)\n", "x = f'{len(b)} of {n!s}'\n"),
    ("b = 'c'\nx = 'a' + b + 'd'\n", "b = 'c'\nx = f'a{b}d'\n"),
    ("x = 'a' + ', '.join(b) + '.'\n", "x = f\"a{', '.join(b)}.\"\n"),
    ("x = 'a\\n' + str(b) + '\\t'\n", "x = f'a\\n{b!s}\\t'\n"),
    ('x = "it\'s " + str(b)\n', 'x = f"it\'s {b!s}"\n'),
    ("x = 'a' + str(b) + \"it's\"\n", 'x = f"a{b!s}it\'s"\n'),
    ("x = ('a' + str(b))\n", "x = f'a{b!s}'\n"),
    ("x += u'a' + str(b)\n", "x += f'a{b!s}'\n"),
]


@pytest.mark.parametrize(("before", "after"), SUMS)
def test_sum_written(before: str, after: str) -> None:
    check_transformed(before, after, SUM)


JOINS_LEFT_ALONE = [
    ("x = ' '.join(['a', b])\n", "may-be-no-text"),
    ("x = ' '.join(['a', 1])\n", "may-be-no-text"),
    ("x = ' '.join(['a', *b])\n", "star-operand"),
    ("x = '/'.join(['a', str(b)])\n", "special-text"),
    ("x = r' '.join(['a', str(b)])\n", "special-text"),
    ("x = ' '.join([\n    'a', str(b)])\n", "multiline"),
    ("x = ''.join([str(a), str(b)])\n", "hard-to-read"),
    ("x = ' '.join([str(a), str(b), str(c), str(d)])\n", "hard-to-read"),
    ("log.info(' '.join(['a', str(b)]))\n", "logging"),
    ("x = ' '.join(['a', str(b)]) % c\n", "template"),
]


@pytest.mark.parametrize(("source", "reason"), JOINS_LEFT_ALONE)
def test_join_left_alone(source: str, reason: str) -> None:
    check_noop(source, JOIN, reason)


@pytest.mark.parametrize(
    "source",
    ["x = ' '.join(a)\n", "x = ' '.join(['a'])\n", "x = ' '.join(['a', 'b'])\n", "x = a.join(['a', str(b)])\n",
     "x = ' '.join([str(b)])\n", "x = b' '.join([a, c])\n", "x = ' '.join({'a', str(b)})\n"],
)  # fmt: skip
def test_join_not_found(source: str) -> None:
    result = rewrite(source, JOIN)
    assert (result.layers, result.refusals) == ((), ())


JOINS = [
    ("x = ' '.join(['a', str(b)])\n", "x = f'a {b!s}'\n"),
    ("x = ''.join((repr(a), '.', str(len(b))))\n", "x = f'{a!r}.{len(b)}'\n"),
    ("x = \"'\".join(['a', str(b)])\n", 'x = f"a\'{b!s}"\n'),
    ("a, b = str(c), 'd'\nx = ': '.join([a, b])\n", "a, b = str(c), 'd'\nx = f'{a}: {b}'\n"),
]


@pytest.mark.parametrize(("before", "after"), JOINS)
def test_join_written(before: str, after: str) -> None:
    check_transformed(before, after, JOIN)


class Odd:
    """It is shown in one way, formatted in another, and answers sums itself."""

    def __str__(self) -> str:
        return "shown"

    def __format__(self, spec: str) -> str:
        return "formatted"

    def __radd__(self, other: object) -> str:
        return "added"


@pytest.mark.parametrize("value", [1, 1.5, None, True, b"b", "t", (1,), [2], Odd()])
@pytest.mark.parametrize("code", ["'a ' + str(v) + '.'", "' '.join(['a', str(v), repr(v)])", "'a' + repr(v)"])
def test_text_is_the_same(code: str, value: object) -> None:
    written = rewrite(f"x = {code}\n", SUM, JOIN).layers[-1].data.decode()
    assert eval(written.removeprefix("x = "), {"v": value}) == eval(code, {"v": value})
