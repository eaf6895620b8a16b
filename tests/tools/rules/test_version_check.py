"""AR031: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

SYS = "import sys\n"
OLD = "sys.version_info < (3,)"
NEW = "sys.version_info >= (3, 0)"
TEST = SYS + "from unittest import skipIf, skipUnless\n{}def f(): pass\n"

LEFT_ALONE = [
    (SYS + "if sys.version_info >= (3, 12):\n    x\n", "open"),
    (SYS + "if sys.version_info[1] > 12:\n    x\n", "open"),
    (SYS + "if sys.version_info >= (3, 11, 4):\n    x\n", "open"),
    (SYS + "if sys.version_info < '3':\n    x\n", "open"),
    (SYS + "sys = g()\nif sys.version_info < (3,):\n    x\n", "open"),
    ("if PY2:\n    x\n", "open"),
    ("if \uff30\uff392:\n    x\n", "open"),
    ("from .compat import PY2\nif PY2:\n    x\n", "open"),
    (SYS + "PY3 = sys.version_info[0] == 3\nPY3 = f()\nif PY3:\n    x\n", None),
    (SYS + "def f():\n    global PY3\n    PY3 = 1\nPY3 = sys.version_info[0] == 3\nif PY3:\n    x\n", None),
    (SYS + f"x = {OLD}\n", "no-branch"),
    (SYS + f"assert {OLD}\n", "no-branch"),
    (SYS + f"assert f() == {NEW}\n", "open"),
    (SYS + f"assert {NEW}; x\n", "layout"),
    (SYS + f"assert {NEW}, (  # why\n    'x')\n", "layout"),
    (SYS + "if (3,) <= sys.version_info < (3, 12):\n    x\n", "open"),
    (SYS + "py = sys.version_info\npy = f()\nif py < (3,):\n    x\n", None),
    (SYS + "def f(py):\n    if py < (3,):\n        x\npy = sys.version_info\n", None),
    (SYS + "if f():\n    PY3 = sys.version_info > (3,)\nif PY3:\n    x\n", None),
    (SYS + "if PY3:\n    PY3 = True\nif PY3:\n    x\n", "open"),
    (SYS + "if PY2:\n    PY3 = True\nif PY3:\n    PY2 = True\n", "open"),
    (SYS + "PY3 = sys.version_info > (3,)\nexec(x)\nif PY3:\n    x\n", None),
    (SYS + "PY3 = sys.version_info > (3,)\nexec('PY3 = 1')\nif PY3:\n    x\n", None),
    (SYS + "PY3 = sys.version_info > (3,)\nexec(x, globals())\nif PY3:\n    x\n", None),
    (SYS + "PY3 = sys.version_info > (3,)\ng = vars()\nexec(x, g)\nif PY3:\n    x\n", None),
    (TEST.format(f"@skipIf({NEW}, 'x')\n"), "no-branch"),
    (TEST.format(f"@skipUnless({OLD}, 'x')\n"), "no-branch"),
    (TEST.format(f"@skipIf(x or {NEW}, 'x')\n"), "open"),
    (TEST.format(f"@other({OLD}, 'x')\n"), "no-branch"),
    (TEST.format(f"@skipIf(x, {OLD})\n"), "no-branch"),
    (TEST.format(f"@skipIf(f({OLD}), 'x')\n"), "no-branch"),
    (TEST.format(f"@skipIf({OLD}, 'x')  # why\n"), "layout"),
    (SYS + f"from unittest import skipIf\nf = skipIf({OLD}, 'x')(f)\n", "no-branch"),
    (SYS + f"@skipIf({OLD}, 'x')\ndef f(): pass\n", "no-branch"),
    ("from .sys import version_info\nif version_info < (3,):\n    x\n", None),
    (SYS + f"while {NEW}:\n    x\n", "loop"),
    (SYS + f"while {NEW} or f():\n    x\n", "loop"),
    (SYS + f"while f() and {OLD}:\n    x\n", "open"),
    (SYS + f"def f():\n    while {OLD}:\n        x = 1\n    return x\n", "scope"),
    (SYS + f"x = [y for y in z if {OLD}]\n", "loop"),
    (SYS + f"x = [y for y in z if ({NEW})]\n", "layout"),
    (SYS + f"x = [y for y in z  # why\n     if {NEW}]\n", "layout"),
    (SYS + f"x = [y for y in z if f({NEW})]\n", "open"),
    (SYS + f"x = {OLD} and f()\n", "no-branch"),
    (SYS + f"{OLD} and f()  # why\n", "layout"),
    (SYS + f"def f():\n    {OLD} and (yield)\n", "scope"),
    (SYS + f"def f():\n    x = (yield) if {OLD} else 1\n", "scope"),
    (SYS + f"def f():\n    if {OLD} and (x := g()):\n        y\n    return x\n", "scope"),
    (SYS + f"def f():\n    assert {NEW} or (yield)\n", "scope"),
    (SYS + f"def f():\n    x = ({OLD} and (yield)) or 1\n", "scope"),
    (SYS + f"def f():\n    while {OLD}:\n        x = 1\n    while {OLD}:\n        x = 1\n    return x\n", "scope"),
    (SYS + f"def f():\n    while {OLD}:\n        x\n    if {OLD}:\n        y\n    'text'\n", "scope"),
    (SYS + "if sys.version_info[7] < 3:\n    x\n", "open"),
    (SYS + "X = 3\nif sys.version_info[0] < X:\n    x\n", "open"),
    (SYS + f"{OLD}\n", "no-branch"),
    # What stands in front of the question may have an effect, or fail.
    (SYS + f"if f() and {OLD}:\n    x\n", "open"),
    (SYS + f"if y and {OLD}:\n    x\n", "open"),
    (SYS + f"def f(y):\n    if y and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    if y.z and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    if y == 1 and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    if isinstance(y, z) and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    if isinstance(y.z, str) and {OLD}:\n        x\n", "open"),
    (SYS + f"def f():\n    if isinstance(y, str) and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    del y\n    if isinstance(y, str) and {OLD}:\n        x\n", "open"),
    (SYS + f"str = g()\ndef f(y):\n    if isinstance(y, str) and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    if y is None and g() and {OLD}:\n        x\n", "open"),
    (SYS + f"def f(y):\n    return y is None and {OLD}\n", "no-branch"),
    (SYS + f"def f(y):\n    return y is None or {OLD}\n", "open"),
    (SYS + f"if {OLD}: x; y\nelse:  # keep this\n    z\n", "comment"),
    (SYS + f"a; \\\nif_ = 1 if {OLD} else (  # why\n  2)\n", "comment"),
    (SYS + f"def f():\n    if {OLD}:\n        str = unicode\n    return str\n", "scope"),
    (SYS + f"def f():\n    if {OLD}:\n        yield 1\n    return []\n", "scope"),
    (SYS + f"def f():\n    if {OLD}:\n        global x\n    x = 1\n", "scope"),
    (SYS + f"def f():\n    if {NEW}:\n        'text'\n    x = 1\n", "scope"),
    (SYS + f"def f():\n    if {OLD}:\n        x\n    'text'\n", "scope"),
    (SYS + f"class A:\n    if {OLD}:\n        x\n    if {OLD}:\n        y\n    'text'\n", "scope"),
    (SYS + f"if {OLD}:\n    x\n# of y\nelif y:\n    y\n", "comment"),
    (SYS + f"if {OLD}:\n    x\n# of y\nelse:\n    y\n", "comment"),
    (SYS + f"x = f'{{1 if {NEW} else 2}}'\n", "inside-f-string"),
    (SYS + f"x = y and {NEW}\n", "open"),
    (SYS + f"x = y or {NEW}\n", "open"),
    (SYS + f"if {OLD}:  # noqa\n    x\n", "ignored"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str | None) -> None:
    if reason is None:
        assert rewrite(source, "AR031", target=(3, 11)).layers == ()
    else:
        check_noop(source, "AR031", reason, target=(3, 11))


IF = "if {}:\n    a\nelse:\n    b\n"
CONDITIONS = [
    (OLD, "b\n"),
    (NEW, "a\n"),
    ("sys.version_info[0] == 2", "b\n"),
    ("sys.version_info[0] < 3", "b\n"),
    ("3 <= sys.version_info[0]", "a\n"),
    ("sys.version_info > (2,)", "a\n"),
    ("sys.version_info[:2] >= (2, 7)", "a\n"),
    ("sys.version_info[0:2] > (2, 5)", "a\n"),
    ("sys.version_info.major == 2", "b\n"),
    ("sys.hexversion >= 0x03000000", "a\n"),
    ("sys.version_info >= (3, 11)", "a\n"),
    ("not sys.version_info >= (3, 11)", "b\n"),
    (f"{OLD} and f()", "b\n"),
    (f"{NEW} or f()", "a\n"),
    (f"({NEW} and {OLD}) or {NEW}", "a\n"),
    (f"({OLD})", "b\n"),
    ("sys.version_info[0] in (2,)", "b\n"),
    ("sys.version_info[0] not in (2, 4)", "a\n"),
    ("sys.version_info[1] in (0, 1, 2, 3)", "b\n"),
    ("(2, 7) <= sys.version_info < (3, 0)", "b\n"),
    ("(3, 0) <= sys.version_info < (4, 0)", "a\n"),
]


@pytest.mark.parametrize(("condition", "after"), CONDITIONS)
def test_conditions(condition: str, after: str) -> None:
    check_transformed(
        SYS + "x\n" + IF.format(condition) + "sys\n", SYS + "x\n" + after + "sys\n", "AR031", target=(3, 11)
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"if {OLD}:\n    a\nelif q:\n    b\nelse:\n    c\n", "if q:\n    b\nelse:\n    c\n"),
        (f"if q:\n    a\nelif {OLD}:\n    b\nelse:\n    c\n", "if q:\n    a\nelse:\n    c\n"),
        (f"if q:\n    a\nelif {OLD}:\n    b\nelif r:\n    c\n", "if q:\n    a\nelif r:\n    c\n"),
        (f"if q:\n    a\nelif {OLD}:\n    b\nz\n", "if q:\n    a\nz\n"),
        (f"if q:\n    a\nelif {NEW}:\n    b  # why\nelse:\n    c\n", "if q:\n    a\nelse:\n    b  # why\n"),
        (f"if {NEW}: a = 1; b = 2\nelse: c\n", "a = 1; b = 2\n"),
        (f"if {OLD}:\n    a\nelse: c\n", "c\n"),
        (f"if {NEW}: a  # why\nelse: b\n", "a  # why\n"),
        (f"if {OLD}:\n    a\n# Python 3\nelse:\n    # of b\n    b\n", "# of b\nb\n"),
        (f"if q:\n    if {OLD}:\n        a\n", "if q:\n    pass\n"),
        (f"if q:\n    if {OLD}:\n        a\n    b\n", "if q:\n    b\n"),
        (f"p\n\nif {OLD}:\n    a\n\nq\n", "p\n\nq\n"),
        (f"p\nif {OLD}:\n    a\n    # of a\n# of q\nq\n", "p\n# of q\nq\n"),
        (f"p\nif {NEW}:\n    # of a\n    a\n    # too\nq\n", "p\n# of a\na\n# too\nq\n"),
        (f"if {NEW}:\n    a = '''\n    x\n  y'''\n", "a = '''\n    x\n  y'''\n"),
        (f"if {NEW}:\n\ta = [\n\t\t1,\n\t]\n\tif b:\n\t\tc\n", "a = [\n\t1,\n]\nif b:\n\tc\n"),
        (f"if {NEW}:\r\n    a\r\nelse:\r\n    b\r\n", "a\r\n"),
        (f"if {NEW}:  # Python 3\n    a\nelse:  # Python 2\n    b\n", "a\n"),
        (f"if {NEW}:\n    def f(): pass\nelse:\n    def f(x): pass\n    class A: pass\n", "\n\ndef f(): pass\n\n\n"),
        (f"if {NEW}:\n\n    def f(): pass\n# {{{{{{\n", "\n\ndef f(): pass\n# {{{\n"),
        (f"\nif {NEW}:\n\n    def f(): pass\n\n\n", "\n\ndef f(): pass\n\n\n"),
        (f"# of f\nif {NEW}:\n    def f(): pass\n\n", "# of f\ndef f(): pass\n\n\n"),
        (
            f"class A:\n    y = 1\n    if {NEW}:\n        def f(): pass\n\n",
            "class A:\n    y = 1\n\n    def f(): pass\n\n",
        ),
        (f"class A:\n    if {NEW}:\n        def f(): pass\n    y = 1\n", "class A:\n    def f(): pass\n\n    y = 1\n"),
        (f"if {NEW}:\n    @d\n    def f(): pass\nelse:\n    f = 1\n\n\n", "\n\n@d\ndef f(): pass\n\n\n"),
        (f"def f():\n    if {NEW}:\n        return 1\n    return 2\n", "def f():\n    return 1\n"),
        (f"x = a if {NEW} else b\n", "x = a\n"),
        (f"x = (a if {NEW} else b)\n", "x = a\n"),
        (f"x = f(a if {NEW} else b)\n", "x = f(a)\n"),
        (f"x = (1 if {OLD} else b + c).d\n", "x = (b + c).d\n"),
        (f"x = (lambda: 1) if {NEW} else b\n", "x = (lambda: 1)\n"),
        (f"if q and {NEW}:\n    a\n", "if q:\n    a\n"),
        (f"if {NEW} and (q or r):\n    a\n", "if (q or r):\n    a\n"),
        (f"if q or {OLD} or r:\n    a\n", "if q or r:\n    a\n"),
        (f"x = {NEW} and y\n", "x = y\n"),
        (f"if not ({NEW} and q):\n    a\n", "if not q:\n    a\n"),
        (f"if not (q or {OLD}):\n    a\n", "if not q:\n    a\n"),
        (f"if (q and {NEW} and r):\n    a\n", "if (q and r):\n    a\n"),
        (f"assert q and {NEW}, 'x'\n", "assert q, 'x'\n"),
        (f"x = [q for q in r if q and {NEW}]\n", "x = [q for q in r if q]\n"),
        (f"if ({OLD} or q):\n    a\n", "if q:\n    a\n"),
        (f"if not ({NEW} and (q or r)):\n    a\n", "if not ((q or r)):\n    a\n"),
        (f"x = f ({NEW} and q)\n", "x = f (q)\n"),
        (f"x = f (q if {NEW} else r)\n", "x = f (q)\n"),
        (f"if ({OLD} and q) or r:\n    a\n", "if r:\n    a\n"),
        (f"x = ({OLD} and q) or r\n", "x = r\n"),
        (f"while {OLD}:\n    a\n", ""),
        (f"while {OLD} and f():\n    a\nelse:\n    b\n", "b\n"),
        (f"if q:\n    while {OLD}:\n        a\n", "if q:\n    pass\n"),
        (f"while q and {NEW}:\n    a\n", "while q:\n    a\n"),
        (f"while {OLD} or q:\n    a\n", "while q:\n    a\n"),
        (f"x = [q for q in r if {NEW}]\n", "x = [q for q in r]\n"),
        (f"x = {{q: q for q in (r) if not {OLD} if q}}\n", "x = {q: q for q in (r) if q}\n"),
        (f"x = (q for q in r if (q)\n     if {NEW})\n", "x = (q for q in r if (q))\n"),
        (f"x = [q for q in r if {NEW} and q]\n", "x = [q for q in r if q]\n"),
        (f"x = [q for q in r if {OLD} or q]\n", "x = [q for q in r if q]\n"),
        (f"{OLD} and f()\n", ""),
        (f"if q:\n    {NEW} or f()\n", "if q:\n    pass\n"),
        (f"{NEW} and f()\n", "f()\n"),
        (f"lambda q: q if {NEW} else r\n", "lambda q: q\n"),
        (f"def f(q):\n    if isinstance(q, str) and {OLD}:\n        return\n    g()\n", "def f(q):\n    g()\n"),
        (f"def f(q):\n    if isinstance(q, (str, bytes)) or {NEW}:\n        return\n", "def f(q):\n    return\n"),
        (f"def f(q):\n    if not q is None and 1 and {OLD}:\n        a\n    g()\n", "def f(q):\n    g()\n"),
        (
            f"def f(q: str):\n    q = str(q)\n    x = 1 if q and {OLD} else 2\n",
            "def f(q: str):\n    q = str(q)\n    x = 2\n",
        ),
        (f"def f(q):\n    return (q is None or {NEW}) and q\n", "def f(q):\n    return q\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    head = "import sys\nx = 1\n"
    check_transformed(f"{head}{before}sys\n", f"{head}{after}sys\n", "AR031", target=(3, 11))


def test_import_in_the_dead_branch_goes_with_it_and_with_nothing_else() -> None:
    head = "import sys\ndef f(x):\n    try:\n        g()\n    except E:\n        pass\n"
    dead = "    if sys.version_info[0] < 3:\n        from email.utils import formataddr\n        return formataddr(x)\n"
    check_transformed(f"{head}{dead}    return sys\n", f"{head}    return sys\n", "AR031")


def test_two_dead_branches_that_both_make_a_name_local() -> None:
    # Each could go while the other one stays; without both, the name is that of the module.
    branch = "    if sys.version_info[0] < 3:\n        x = 1\n"
    check_noop(f"import sys\nx = 1\ndef f():\n{branch}    y\n{branch}    return x\n", "AR031", "scope")


def test_flags_of_the_module_and_of_six() -> None:
    head = "import six, sys\nPY2 = sys.version_info[0] == 2\n"
    check_transformed(head + IF.format("PY2") + "six, sys\n", head + "b\nsix, sys\n", "AR031", target=(3, 8))
    check_transformed(head + IF.format("six.PY3") + "six, sys\n", head + "a\nsix, sys\n", "AR031", target=(3, 8))
    check_transformed(head + IF.format("not six.PY2") + "six, sys\n", head + "a\nsix, sys\n", "AR031", target=(3, 8))


def test_flags_that_are_set_in_branches_and_from_a_name_for_the_version() -> None:
    branches = "if sys.version_info < (3,):\n    PY3 = False\nelse:\n    PY3 = True\n"
    check_transformed(f"{SYS}{branches}x = 1 if PY3 else 2\nsys\n", f"{SYS}PY3 = True\nx = 1\nsys\n", "AR031")
    head = f"{SYS}py = sys.version_info\npy3k = py >= (3, 0, 0)\n"
    check_transformed(head + IF.format("py3k") + IF.format("py < (3,)"), f"{head}a\nb\n", "AR031")
    text = "exec('def f(): pass')\nexec(x, module.__dict__)\n"
    check_transformed(f"{head}{text}" + IF.format("py3k"), f"{head}{text}a\n", "AR031")


@pytest.mark.parametrize("part", ["[0]", ".major", "[:2][0]"])
def test_name_for_a_part_of_the_version(part: str) -> None:
    head = f"{SYS}MAJOR = sys.version_info{part}\nPY3 = MAJOR > 2\n"
    check_transformed(head + IF.format("MAJOR < 3") + IF.format("PY3"), f"{head}b\na\n", "AR031")
    assert rewrite(f"{head}MAJOR = 2\n" + IF.format("MAJOR < 3"), "AR031").layers == ()


def test_assertion_that_always_holds() -> None:
    check_transformed(f"{SYS}x\nassert {NEW}, f()\nsys\n", f"{SYS}x\nsys\n", "AR031")
    check_transformed(f"{SYS}def f():\n    assert {NEW}\nsys\n", f"{SYS}def f():\n    pass\nsys\n", "AR031")


def test_decorator_that_never_skips() -> None:
    head = SYS + "import unittest\n"
    for skip in (f"skipIf({OLD}, 'x')", f"skipUnless({NEW}\n    and not {OLD}, 'x')"):
        before = f"{head}class A:\n    @a\n    @unittest.{skip}\n    def f(): pass\nunittest, sys\n"
        check_transformed(before, f"{head}class A:\n    @a\n    def f(): pass\nunittest, sys\n", "AR031")


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("    # converting to Unicode (Python 3 does\n    # this automatically):\n", False),
        ("    # py2 only\n", False),
        ("    # the settings of Python:\n", True),
        ("    # Python 3 has it\n\n", True),
        ("# Python 3 has it\n", True),
        ("    x = 1  # as Python 3 does\n", True),
    ],
)
def test_comment_above_goes_with_its_branch_when_it_is_about_the_version(comment: str, *, kept: bool) -> None:
    before = f"{SYS}def f(x):\n    x.y()\n{comment}    if {OLD}:\n        x = 1\n    return sys\n"
    after = f"{SYS}def f(x):\n    x.y()\n{comment if kept else ''}    return sys\n"
    written = rewrite(before, "AR031").layers[-1].data.decode()
    assert written.replace("\n\n", "\n") == after.replace("\n\n", "\n")
