"""AR001: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

LEFT_ALONE = [
    ("x = '%s' % name\n", "bare-operand"),
    ("x = '%s' % (name)\n", "bare-operand"),
    ("x = '%s %s' % pair()\n", "spread-operand"),
    ("x = '%s' % pair()\n", "bare-operand"),
    ("def f(a):\n    x = '%s' % a\n", "bare-operand"),
    ("def f(*a):\n    x = '%s' % a\n", "bare-operand"),
    ("x = '%(a)s' % mapping()\n", "mapping"),
    ("x = '%(a)s' % {**b}\n", "mapping"),
    ("x = '%(a)s' % {'b': 1}\n", "mapping"),
    ("x = '%(a)s %(a)s' % {'a': f()}\n", "mapping-order"),
    ("x = '%(a)s %(b)s' % {'b': f(), 'a': g()}\n", "mapping-order"),
    ("x = '%(a)s' % locals()\n", "mapping"),
    ("def f(a):\n    if a:\n        del a\n    return '%(a)s' % locals()\n", "mapping"),
    ("def f(a):\n    try:\n        g()\n    except E as a:\n        h()\n    return '%(a)s' % locals()\n", "mapping"),
    ("def f():\n    if g():\n        a = 1\n    x = '%(a)s' % locals()\n", "mapping"),
    ("x = '%(a)d' % d\n", "conversion"),
    ("def f(a):\n    x = '%s %d' % (a, a.pop() + 1)\n", "evaluation-order"),
    ("def f(a, d):\n    x = '%s %s %d' % (a, d.get(1), 2)\n", "evaluation-order"),
    ("m = b.match()\nx = '%s %d' % (a, int(m.group(1)))\n", "evaluation-order"),
    ("import re\nm = re.compile(b)\nx = '%s %d' % (a, len(m.sub(g, b)))\n", "evaluation-order"),
    ("def f(a):\n    d = {1: '2'}\n    x = '%s %s %d' % (a, d.pop(1), 2)\n", "evaluation-order"),
    ("def f(a):\n    d = {1: '2'}\n    x = '%s %s %d' % (a, d.setdefault(1, a), 2)\n", "evaluation-order"),
    ("class A:\n    def lower(self): ...\nx = '%s %s %d' % (a, b.lower(), 2)\n", "evaluation-order"),
    ("import os\nos = g()\nx = '%s %s %d' % (a, os.getcwd(), 2)\n", "evaluation-order"),
    ("import os\nx = '%s %s %d' % (a, os.path.basename(g()), 2)\n", "evaluation-order"),
    ("def f(n: int):\n    x = '%.3d' % (n,)\n", "conversion"),
    ("def f(n: float):\n    x = '%x' % (n,)\n", "conversion"),
    ("def f(n: str):\n    x = '%d' % (n,)\n", "conversion"),
    ("cursor.execute('... %s' % (a,))\n", "sql"),
    ("q = 'SELECT * FROM t WHERE x = %s' % (a,)\n", "sql"),
    ("x = '%(a)s-%(a)s' % (d,)\n", "mapping"),
    ("x = '%d' % (n,)\n", "conversion"),
    ("x = '%s %x' % (n, n)\n", "conversion"),
    ("x = '%.2f' % (n,)\n", "conversion"),
    ("x = '%c' % (n,)\n", "conversion"),
    ("x = '%s %' % (n,)\n", "conversion"),
    ("x = '%*s' % (w, n)\n", "star-operand"),
    ("x = '%.*s' % (w, n)\n", "star-operand"),
    ("x = '%s %s' % (*pair,)\n", "star-operand"),
    ("x = '%s %s' % (a,)\n", "argument-count"),
    ("x = '%s' % (a, b)\n", "argument-count"),
    ("x = '\\x25s' % (a,)\n", "conversion"),
    ("x = '\\x25s %s' % (a, b)\n", "conversion"),
    ("x = '\\045d' % (a,)\n", "conversion"),
    ("x = '%\\x73' % (a,)\n", "conversion"),
    ("x = '%' 's' % (a,)\n", "conversion"),
    ("log.info('%s' % (a,))\n", "logging"),
    ("self.log.warning('%s' % (a,))\n", "logging"),
    ("logger.log(10, '%s' % (a,))\n", "logging"),
    ("x = _('%s' % (a,))\n", "translated"),
    ("x = gettext.gettext('%s' % (a,))\n", "translated"),
    ("x = '%s' % (\n    a,  # why\n)\n", "comment"),
    ("x = ('%s') \\\n    % (a, # why\n       )\n", "comment"),
    ("x = '%s' % ('a\\n'.join(b),)\n", "backslash"),
    ("x = '%s' % (b['#'],)\n", "backslash"),
    ("x = '\"%s\"' % (b['k\"'],)\n", "nested-quote"),
    ("x = '%s' % (b['k\"'] + c[\"d\"],)\n", "nested-quote"),
    ("x = '''%s''' % (b['''k'''] + c[\"d\"],)\n", "nested-quote"),
    ('x = \'%s\' % (f("""\n    1"""),)\n', "multiline"),
    ("x = '%s' % (lambda: 3,)\n", "hard-to-read"),
    ("x = '%s' % ((lambda: 3)(),)\n", "hard-to-read"),
    ("x = '%s' % (a_long_condition_is_hard or to_read_in_braces or so,)\n", "hard-to-read"),
    ("def f():\n    x = '%s' % ((yield),)\n", "hard-to-read"),
    ("x = '%s' % ('a\"',)\n", "hard-to-read"),
    ("x = '%r' % ('a',)\n", "hard-to-read"),
    ("x = '%s' % (super(A, b),)\n", "nested-legacy"),
    ("x = f\"{'%s' % (a,)}\"\n", "inside-f-string"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR001", reason)


@pytest.mark.parametrize(
    "source",
    ["x = n % (1,)\n", "x = b'%s' % (a,)\n", "x = 'a' '%s'\n", "x = str.__mod__('%s', (a,))\n", "x = f'%s' % (a,)\n"],
)
def test_not_found(source: str) -> None:
    result = rewrite(source, "AR001")
    assert (result.layers, result.refusals) == ((), ())


REWRITTEN = [
    ("x = '%s' % (a,)\n", "x = f'{a!s}'\n"),
    ("x = '%r and %a' % (a, b.c)\n", "x = f'{a!r} and {b.c!a}'\n"),
    ("x = '%5s|%-5s|%.3s|%05s' % (a, b, c, d)\n", "x = f'{a!s:>5}|{b!s:5}|{c!s:.3}|{d!s:>5}'\n"),
    ("x = '\"%s\"' % (b['k'],)\n", 'x = f\'"{b["k"]!s}"\'\n'),
    ("x = '%s' % (b['k'] + c[\"d\"],)\n", 'x = f\'{(b["k"] + c["d"])!s}\'\n'),
    ("x = '100%% of %s' % (a,)\n", "x = f'100% of {a!s}'\n"),
    ("x = '{%s}' % (a,)\n", "x = f'{{{a!s}}}'\n"),
    ("x = '\\N{BULLET} %s {}' % (a,)\n", "x = f'\\N{BULLET} {a!s} {{}}'\n"),
    ("x = r'\\d{2}\\N{x}%s' % (a,)\n", "x = fr'\\d{{2}}\\N{{x}}{a!s}'\n"),
    ("x = u'%s' % (a,)\n", "x = f'{a!s}'\n"),
    ("x = U'%s' u'%%' % (a,)\n", "x = f'{a!s}' '%'\n"),
    ("x = '%s' % (a != b,)\n", "x = f'{(a != b)!s}'\n"),
    ("x = '%s' % (a if b else c,)\n", "x = f'{(a if b else c)!s}'\n"),
    ("x = '%s' % (f(\n    1,\n    2),)\n", "x = f'{f(1, 2)!s}'\n"),
    ("x = '%s' % (a + b,)\n", "x = f'{(a + b)!s}'\n"),
    ("x = '%s' % (-a,)\n", "x = f'{(-a)!s}'\n"),
    ("x = '%s' % (b['k'],)\n", "x = f\"{b['k']!s}\"\n"),
    ('x = "%s" % (b["k"],)\n', "x = f'{b[\"k\"]!s}'\n"),
    ("x = '''%s''' % (b['k'],)\n", "x = f'''{b['k']!s}'''\n"),
    ("def f(): return'%s' % (a,)\n", "def f(): return f'{a!s}'\n"),
    ("x = '%s' % (a,)if b else c\n", "x = f'{a!s}'if b else c\n"),
    ("x = ('%s') % (a,)\n", "x = f'{a!s}'\n"),
    ("x = '%s' % \\\n    (a,)\n", "x = f'{a!s}'\n"),
    ("x = ('%s'  # why\n     ) % (a,)\n", "x = (f'{a!s}'  # why\n     )\n"),
    (
        "x = ('one %s '  # first\n     'two '\n     '%s') % (a, b)\n",
        "x = (f'one {a!s} '  # first\n     'two '\n     f'{b!s}')\n",
    ),
    ("x = 'a %s' \\\n    'b' % (a,)\n", "x = f'a {a!s}' \\\n    'b'\n"),
    ("x = '''\n%s\n''' % (a,)\n", "x = f'''\n{a!s}\n'''\n"),
    ("async def f():\n    return '%s' % (await g(),)\n", "async def f():\n    return f'{await g()!s}'\n"),
    ("x = '%s' % (a,) % b\n", "x = f'{a!s}' % b\n"),
    ("x = '%s' % (a,) + '%s' % (b,)\n", "x = f'{a!s}' + f'{b!s}'\n"),
    ("assert x, '%s' % (x,)\n", "assert x, f'{x!s}'\n"),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str) -> None:
    result = check_transformed(before, after, "AR001")
    assert {edit.evidence for layer in result.layers for edit in layer.edits} == {"identical"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = '%s/%s' % ('ui', a)\n", "x = f'ui/{a!s}'\n"),
        ("x = '%4s|%s' % ('', a)\n", "x = f'    |{a!s}'\n"),
        ("x = '{%s}' % ('a',)\n", "x = '{a}'\n"),
        ("x = '%d of %r' % (len(a), b)\n", "x = f'{len(a)} of {b!r}'\n"),
        ("def f(n: int):\n    return '%05d|%x' % (n, n)\n", "def f(n: int):\n    return f'{n:05d}|{n:x}'\n"),
        ("x = '%(a)s %(b)r' % {'a': a, 'b': b}\n", "x = f'{a!s} {b!r}'\n"),
        ("x = '%(a)s %(b)s' % d\n", "x = f\"{d['a']!s} {d['b']!s}\"\n"),
        ("def f(a):\n    return '%(a)s' % locals()\n", "def f(a):\n    return f'{a!s}'\n"),
        ("x = 'n=%s' % len(a)\n", "x = f'n={len(a)}'\n"),
        ("x = '%s' % len(a)\n", "x = str(len(a))\n"),
        ("x = '%r' % [a]\n", "x = repr([a])\n"),
        ("str = 1\nx = '%s' % len(a)\n", "str = 1\nx = f'{len(a)}'\n"),
        ("x = '%d' % (a / 2.0 * len(b),)\n", "x = f'{int(a / 2.0 * len(b))}'\n"),
        (
            "import re\nm = re.match('(.)', b)\nx = '%s %d' % (a, int(m.group(1)) + 1)\n",
            "import re\nm = re.match('(.)', b)\nx = f'{a!s} {int(m.group(1)) + 1}'\n",
        ),
        ("x = '%d' % (a * len(b),)\n", "x = '%d' % (a * len(b),)\n"),
    ],
)
def test_rewritten_by_what_the_values_are(before: str, after: str) -> None:
    result = rewrite(before, "AR001")
    assert (result.layers[-1].data.decode() if result.layers else before) == after


def test_nested_format_stays_a_format_of_formats() -> None:
    # The inner one has no f-string, so the outer one keeps its place for a rule that may come later.
    check_noop_codes = {refusal.code for refusal in rewrite("x = '%s' % ('%d' % (n,),)\n", "AR001").refusals}
    assert check_noop_codes == {"conversion", "nested-legacy"}


def test_inner_format_is_rewritten_and_the_outer_one_left_alone() -> None:
    result = rewrite("x = '%s' % (\"%s\" % (n,),)\n", "AR001")
    assert result.layers[-1].data == b"x = '%s' % (f\"{n!s}\",)\n"
    assert [refusal.code for refusal in result.refusals] == ["hard-to-read"]


def test_old_super_inside_an_operand_is_rewritten_first() -> None:
    before = "class A(B):\n    def f(self):\n        return '<%s>' % (super(A, self).f(),)\n"
    result = rewrite(before, "AR001", "AR021")
    assert [layer.rule for layer in result.layers] == ["AR021", "AR001"]
    assert result.layers[-1].data.endswith(b"return f'<{super().f()!s}>'\n")


LONG = "a_rather_long_name_for_a_value"


def test_long_text_is_broken_behind_blanks() -> None:
    before = f"x = f('%s of %s was not found in the place where %s is kept' %\n      ({LONG}, b, c))\n"
    after = f"x = f(f'{{{LONG}!s}} of {{b!s}} was not found in the '\n      f'place where {{c!s}} is kept')\n"
    check_transformed(before, after, "AR001")


def test_long_text_outside_brackets_gets_parentheses() -> None:
    before = f"x = 'some text that goes on and on %s and on %s' % (\n    {LONG}, b)\n"
    after = f"x = (f'some text that goes on and on {{{LONG}!s}} and '\n     f'on {{b!s}}')\n"
    check_transformed(before, after, "AR001")


def test_too_long_for_the_file_is_left_alone() -> None:
    longer = f"{LONG}.{LONG}.{LONG}"
    check_noop(f"x = 'some_text_without_blanks:%s,%s' % (\n    {longer},\n    {LONG})\n", "AR001", "too-long")


def test_long_text_without_blanks_is_broken_between_its_values() -> None:
    before = f"x = 'some_text_without_blanks:%s,%s' % (\n    {LONG}, {LONG})\n"
    after = f"x = (f'some_text_without_blanks:{{{LONG}!s}},'\n     f'{{{LONG}!s}}')\n"
    check_transformed(before, after, "AR001")


def test_line_endings_inside_the_literal_are_kept() -> None:
    before = "x = ('a %s'\r\n     'b') % (a,)\r\ny = 1\n"
    check_transformed(before, "x = (f'a {a!s}'\r\n     'b')\r\ny = 1\n", "AR001")


def test_mixed_line_endings_inside_the_literal_are_left_alone() -> None:
    check_noop("x = ('a %s'\r\n     'b'\n     'c') % (a,)\n", "AR001", "multiline")


def test_target_without_f_strings() -> None:
    check_noop("x = '%s' % (a,)\n", "AR001", "target-too-old", target=(3, 5))


def test_values_are_computed_before_they_are_written_where_the_compiler_does_not_spread_the_template() -> None:
    before, after = "x = '%s %s' % (a, a.pop())\n", "x = f'{a!s} {a.pop()!s}'\n"
    check_noop(before, "AR001", "evaluation-order", target=(3, 10))
    check_transformed(before, after, "AR001", target=(3, 11))


@pytest.mark.parametrize(
    ("before", "call"),
    [
        ("import os\n", "os.getpid()"),
        ("from html import escape\n", "escape(b)"),
        ("d = {1: '2'}\n", "d.get(b, 3)"),
        ("", "b.lower()"),
        ("", "b.strftime('x')"),
    ],
)
def test_call_that_only_reads_may_stand_behind_a_value(before: str, call: str) -> None:
    written = rewrite(f"{before}x = '%s %s %d' % (a, {call}, 2)\n", "AR001").layers[-1].data.decode()
    assert f"{{a!s}} {{{call.replace(chr(39), chr(34))}" in written.replace("'x'", '"x"')
