"""AR002: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

LEFT_ALONE = [
    ("'{}'.format(*a)", "star-operand"),
    ("'{a}'.format(**a)", "star-operand"),
    ("'{} {}'.format(a)", "argument-count"),
    ("'{}'.format(a, b)", "argument-count"),
    ("'{b}'.format(a=a)", "argument-count"),
    ("'{0} {0}'.format(f())", "repeated-operand"),
    ("'{0} {0}'.format(a.b)", "repeated-operand"),
    ("'{1} {0}'.format(f(), g())", "evaluation-order"),
    ("'{b} {a}'.format(a=f(), b=g())", "evaluation-order"),
    ("'{} {}'.format(y, y.pop())", "evaluation-order"),
    ("'{[x]} {}'.format(d, len(d))", "evaluation-order"),
    ("'{0.x} {1}'.format(a, a.x)", "evaluation-order"),
    ("'{} {0}'.format(a)", "field"),
    ("'{0.__x}'.format(a)", "field"),
    ("'{0.ﬁ}'.format(a)", "field"),
    ("'{0[99999999999999999999]}'.format(a)", "field"),
    ("'{'.format()", "field"),
    ("'}'.format()", "field"),
    ("'\\x7b\\x7d'.format(a)", "field"),
    ("'{:\\n}'.format(a)", "field"),
    ("'{' '}'.format(a)", "field"),
    ("'{a[!]}'.format(a=a)", "field"),
    ("'{0.real}'.format('a')", "hard-to-read"),
    ("_('{}'.format(a))", "translated"),
    ("log.info('{}'.format(a))", "logging"),
    ("'{}'.format(\n    a,  # why\n)", "comment"),
    ("'{}'.format('\\n'.join(a))", "backslash"),
    ("'{}\"'.format(b['k\"'])", "nested-quote"),
    ("'{}'.format(lambda: 1)", "hard-to-read"),
    ("'{:>4}'.format('a')", "hard-to-read"),
    ("'{!r}'.format('a')", "hard-to-read"),
    ("'{0} {0:>4}'.format('a')", "hard-to-read"),
    ("'{:{}}'.format(a, '4')", "hard-to-read"),
    ("'{}'.format('{')", "hard-to-read"),
    ("f\"{'{}'.format(a)}\"", "inside-f-string"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(f"x = {source}\n", "AR002", reason)


@pytest.mark.parametrize("source", ["x.format(a)", "'{}'.format", "b'{}'.decode().format(a)", "str.format('{}', a)"])
def test_not_found(source: str) -> None:
    result = rewrite(f"x = {source}\n", "AR002")
    assert (result.layers, result.refusals) == ((), ())


REWRITTEN = [
    ("'{}'.format(a)", "f'{a}'"),
    ("'{0}{1}{0}'.format(a, b)", "f'{a}{b}{a}'"),
    ("'{a!r:>{w}}|{b:%Y}'.format(a=y, w=w, b=d)", "f'{y!r:>{w}}|{d:%Y}'"),
    ("'{:{}}'.format(a, w)", "f'{a:{w}}'"),
    ("'{{{}}}'.format(a)", "f'{{{a}}}'"),
    ("'{{}}'.format()", "'{}'"),
    ("'{0.x}'.format(a + b)", "f'{(a + b).x}'"),
    ("'{0.__x__} {0.x_1}'.format(a)", "f'{a.__x__} {a.x_1}'"),
    ("'{0} {1.x}'.format(f(), a)", "f'{f()} {a.x}'"),
    ("'{a[b]} {a[0]}'.format(a=y)", "f\"{y['b']} {y[0]}\""),
    ("'{}'.format({1: 2})", "f'{ {1: 2}}'"),
    ("'\\N{BULLET} {}'.format(a)", "f'\\N{BULLET} {a}'"),
    ("r'\\d{{2}}{}'.format(a)", "fr'\\d{{2}}{a}'"),
    ("('a {}'\n     '{{x}}').format(a)", "(f'a {a}'\n     '{x}')"),
    ("'{} {}'.format(f(), a)", "f'{f()} {a}'"),
    ("'{} {}'.format(len(y), y.pop())", "f'{len(y)} {y.pop()}'"),
    ("u'{}'.format(a)", "f'{a}'"),
    ("'{}: {}'.format('a b', a)", "f'a b: {a}'"),
    ("'{0}{0}'.format('a')", "'aa'"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(f"x = {before}\n", f"x = {after}\n", "AR002")


@pytest.mark.parametrize("source", ["'{}'.format('text')", "'{0}{0}'.format('text')", "'%s' % ('text',)"])
def test_a_text_alone_becomes_no_docstring(source: str) -> None:
    rule = "AR001" if "%" in source else "AR002"
    check_noop(f"def f():\n    {source}\n", rule, "no-safe-fix")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 'a {}' ''.format(b)\n", "x = f'a {b}'\n"),
        ("x = '' 'a {}'.format(b)\n", "x = f'a {b}'\n"),
        ("x = ('a {}'\n     ''.format(b))\n", "x = f'a {b}'\n"),
        ("x = ('a {}' ' ' ''.format(b))\n", "x = f'a {b}' ' '\n"),
        ("x = ('a {}'  # why\n     ''.format(b))\n", "x = (f'a {b}'  # why\n     '')\n"),
    ],
)
def test_an_empty_text_that_only_held_the_call_goes(before: str, after: str) -> None:
    check_transformed(before, after, "AR002")
