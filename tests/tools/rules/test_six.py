"""AR032: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.models import ProjectFacts
from support.rewriting import check_noop, check_transformed, rewrite

SIX = "import six\n"
ABC = "from abc import ABCMeta\n"
LEFT_ALONE = [
    ("class A(six.with_metaclass(M, B), C): pass\n", "unknown"),
    ("class A(six.with_metaclass(M, B), x=1): pass\n", "unknown"),
    ("class A(six.with_metaclass(*m)): pass\n", "unknown"),
    ("class A(six.with_metaclass(M, make())): pass\n", "unknown"),
    ("class A(six.with_metaclass(M,\n        B)): pass\n", "unknown"),
    ("class A(six.with_metaclass(M, C[int])): pass\n", "unknown"),
    ("A = six.with_metaclass(M, B)\n", "unknown"),
    ("@six.add_metaclass(M)\nclass A: pass\n", "unknown"),
    ("@six.add_metaclass(ABCMeta)\nclass A: pass\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)\n@other\nclass A: pass\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)\nclass A(B): pass\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)\nclass A(x=1): pass\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)\nclass A:\n    def f(self): super().f()\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)  # why\nclass A: pass\n", "unknown"),
    (ABC + "@six.add_metaclass(ABCMeta)\nclass A(  # why\n    object): pass\n", "unknown"),
    ("@six.python_2_unicode_compatible  # why\nclass A: pass\n", "comment"),
    ("A = six.python_2_unicode_compatible(A)\n", "unknown"),
    ("six.reraise(*sys.exc_info())\n", "unknown"),
    ("try: x\nexcept E:\n    def f(): six.reraise(*sys.exc_info())\n", "unknown"),
    ("try: x\nexcept E: y = six.reraise(*sys.exc_info())\n", "unknown"),
    ("try: x\nfinally: six.reraise(*sys.exc_info())\n", "unknown"),
    ("try: x\nexcept E: six.reraise(*info)\n", "unknown"),
    ("six.reraise(E, e, tb)\n", "unknown"),
    ("six.reraise(E, make(), tb)\n", "unknown"),
    ("six.reraise(E, E(), tb) or x\n", "unknown"),
    ("six.reraise(E, E())\n", "unknown"),
    ("try: x\nexcept E as e:\n    e = f()\n    six.reraise(E, e, tb)\n", "unknown"),
    ("x = lambda: six.raise_from(a, b)\n", "unknown"),
    ("six.raise_from(*x)\n", "unknown"),
    ("y = six.ensure_str(x)\n", "type-unknown"),
    ("y = six.ensure_text(None)\n", "type-unknown"),
    ("y = six.ensure_text(b'a' if z else 'b')\n", "type-unknown"),
    ("y = six.ensure_text('a' if z else None)\n", "type-unknown"),
    ("def f(x=b''): return six.ensure_text(x)\n", "type-unknown"),
    ("y = six.ensure_text(bytearray(b'a'))\n", "type-unknown"),
    ("y = six.ensure_text(*'a')\n", "type-unknown"),
    ("y = six.ensure_text((z := 'a'))\n", "type-unknown"),
    ("y = six.ensure_text(s='a')\n", "type-unknown"),
    ("y = six.ensure_text()\n", "type-unknown"),
    ("y = six.ensure_text('a', f())\n", "type-unknown"),
    ("y = six.ensure_text('a', errors=f())\n", "type-unknown"),
    ("y = six.ensure_text(b'a', strict=True)\n", "type-unknown"),
    ("y = six.ensure_text(b'a', **x)\n", "type-unknown"),
    ("y = six.ensure_text(b'a', 'x', 'y', 'z')\n", "type-unknown"),
    ("y = six.ensure_text(\n    b'a')\n", "type-unknown"),
    ("y = six.ensure_text(  # why\n    b'a')\n", "comment"),
    ("six.ensure_text('a')\n", "type-unknown"),
    ("def f(x: bytes): return six.ensure_text(x)\nclass A(bytes):\n    def decode(self): pass\n", "type-unknown"),
    ("y = map(six.ensure_text, z)\n", "unknown"),
    ("six.int2byte(x)\n", "unknown"),
    ("six.get_function_code(*f)\n", "unknown"),
    ("six.assertRegex(f(), 'a', 'b')\n", "unknown"),
    ("io = 1\nx = six.StringIO()\n", "name-taken"),
    ("def f(urllib): return six.moves.urllib.parse.quote\n", "name-taken"),
    ("x = six.moves.urllib.strange.quote\n", "unknown"),
    ("x = six.moves.urllib\n", "unknown"),
    ("x = six.moves.tkinter.Tk\n", "unknown"),
    ("x = six.indexbytes(lambda: 1, 0)\n", "unknown"),
    ("x = six.string_types\n", "unknown"),
    ("x = six.string_types + (int,)\n", "unknown"),
    ("isinstance(six.string_types, x)\n", "unknown"),
    ("six.iteritems(d, x=1)\n", "unknown"),
    ("six.iteritems(*d)\n", "unknown"),
    ("six.b(x)\n", "unknown"),
    ("six.b('\\u00e9')\n", "unknown"),
    ("six.b('\N{LATIN SMALL LETTER E WITH ACUTE}')\n", "unknown"),
    ("six.b('a' 'b')\n", "unknown"),
    ("six.u('\\N{BULLET}')\n", "unknown"),
    ("six.iteritems(  # why\n    d)\n", "comment"),
    ("x = f'{six.text_type(1)}'\n", "inside-f-string"),
    ("def f(c):\n    next = six.next(c)\n", "rebound"),
    ("str = 1\nx = six.text_type\n", "rebound"),
    ("def iter(x): pass\nx = six.iteritems(d)\n", "rebound"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    result = rewrite(SIX + source, "AR032")
    assert result.layers == ()
    # The import of six itself is left alone, too.
    assert {refusal.code for refusal in result.refusals} == {reason, "unknown"}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("from six.moves import range\n", "re-export"),
        ("from six.moves import queue, zip\n", "re-export"),
        ("from six.moves import tkinter\n", "unknown"),
        ("from six.moves import urllib\n", "unknown"),
        ("from six.moves import urllib\nx = f(urllib)\n", "unknown"),
        ("from six.moves import urllib\nx = urllib.quote\n", "unknown"),
        ("from six.moves import urllib as u\nx = u.parse.quote\n", "unknown"),
        ("from six.moves.urllib import strange\n", "unknown"),
        ("from six.moves import *\n", "unknown"),
        ("from six.moves.urllib.parse import strange\n", "unknown"),
        ("from six import text_type\n", "unknown"),
        ("if x: from six.moves import queue\n", "layout"),
        ("from six.moves import queue; x\n", "layout"),
        ("from six.moves import queue, getcwd  # noqa: F401, why\n", "layout"),
        ("from six.moves import (  # why\n    queue)\n", "comment"),
    ],
)
def test_imports_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR032", reason)


def test_six_of_the_project() -> None:
    result = rewrite(SIX + "x = six.text_type\n", "AR032", facts=ProjectFacts(modules=("six",)))
    assert result.layers == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = six.text_type(1), six.binary_type\n", "x = str(1), bytes\n"),
        ("isinstance(x, six.string_types)\n", "isinstance(x, str)\n"),
        ("isinstance(x, (six.string_types, int))\n", "isinstance(x, (str, int))\n"),
        ("isinstance(x, (six.text_type, str))\n", "isinstance(x, str)\n"),
        ("for k, v in six.iteritems(d): pass\n", "for k, v in d.items(): pass\n"),
        ("x = [v for v in six.itervalues(a or b)]\n", "x = [v for v in (a or b).values()]\n"),
        ("x = sorted(six.iterkeys(d), key=f)\n", "x = sorted(d.keys(), key=f)\n"),
        ("x = six.iteritems(d)\n", "x = iter(d.items())\n"),
        ("x = six.viewkeys(d)\n", "x = d.keys()\n"),
        ("x = six.next(y)\n", "x = next(y)\n"),
        ("x = six.b('a\\xff'), six.b(r'\\d'), six.u('b'), six.u(u'c')\n", "x = b'a\\xff', br'\\d', 'b', 'c'\n"),
        ("six.print_(1, file=f)\n", "print(1, file=f)\n"),
        ("for i in six.moves.range(3): pass\n", "for i in range(3): pass\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(SIX + before, after, "AR032")
    vendored = "from lib.extern import six\n"
    check_transformed(vendored + before, after, "AR032")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from six.moves import queue\n", "import queue\n"),
        ("from six.moves import configparser as cp  # why\n", "import configparser as cp  # why\n"),
        ("from six.moves import http_client\n", "import http.client as http_client\n"),
        ("from six.moves import reduce, shlex_quote\n", None),
        ("from six.moves.urllib.parse import quote as q, urljoin\n", "from urllib.parse import quote as q, urljoin\n"),
        (
            "if x:\r\n\tfrom six.moves import queue, getcwd\r\n",
            "if x:\r\n\timport queue\r\n\tfrom os import getcwd\r\n",
        ),
    ],
)
def test_imports_rewritten(before: str, after: str | None) -> None:
    after = after or "from functools import reduce\nfrom shlex import quote as shlex_quote\n"
    check_transformed(before, after, "AR032")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = six.ensure_text(b'a'), six.ensure_str(b'a'), six.ensure_binary(b'a')\n", None),
        ("x = six.ensure_text('a'), six.ensure_str('a'), six.ensure_binary('a')\n", None),
        ("def f(x: bytes): return six.ensure_text(x)\n", "def f(x: bytes): return x.decode()\n"),
        ("def f(x: str): return six.ensure_binary(x)\n", "def f(x: str): return x.encode()\n"),
        ("def f(x: str): return g(six.ensure_text(x))\n", "def f(x: str): return g(x)\n"),
        (
            "def f(x):\n    if isinstance(x, bytes): y = six.ensure_text(x)\n",
            "def f(x):\n    if isinstance(x, bytes): y = x.decode()\n",
        ),
        ("x = six.ensure_text(b'a', 'latin-1')\n", "x = b'a'.decode('latin-1')\n"),
        ("x = six.ensure_text(b'a', f(), errors='ignore',)\n", "x = b'a'.decode(f(), errors='ignore')\n"),
        ("x = six.ensure_binary('a', encoding=e)\n", "x = 'a'.encode(encoding=e)\n"),
        ("x = six.ensure_text('a', 'ascii', errors='x')\n", "x = 'a'\n"),
        ("x = six.ensure_text(b'a' + y.encode())\n", "x = (b'a' + y.encode()).decode()\n"),
        ("x = six.ensure_text('a' + f'{y}')\n", "x = 'a' + f'{y}'\n"),
        ("x = six.ensure_text('a' + f'{y}').upper()\n", "x = ('a' + f'{y}').upper()\n"),
        ("x = z * six.ensure_text('a' + f'{y}')\n", "x = z * ('a' + f'{y}')\n"),
        ("x = f(z, six.ensure_text('a' + f'{y}'))\n", "x = f(z, 'a' + f'{y}')\n"),
        ("x = six.ensure_text('a' if y else 'b')\n", "x = 'a' if y else 'b'\n"),
        ("x = six.ensure_text('a' if y else 'b') % z\n", "x = ('a' if y else 'b') % z\n"),
    ],
)
def test_conversions(before: str, after: str | None) -> None:
    values = "b'a'.decode(), b'a'.decode(), b'a'" if "b'" in before else "'a', 'a', 'a'.encode()"
    check_transformed(SIX + before, after or f"x = {values}\n", "AR032")


def test_conversions_under_other_names() -> None:
    check_transformed("from six import ensure_text as t\nx = t(b'a')\n", "x = b'a'.decode()\n", "AR032")
    check_transformed("from lib.extern import six\nx = six.ensure_str('a')\n", "x = 'a'\n", "AR032")


def test_conversions_that_stay_name_what_to_write() -> None:
    refusals = rewrite(SIX + "x = six.ensure_binary(y)\n", "AR032").refusals
    (message,) = (refusal.message for refusal in refusals if refusal.code == "type-unknown")
    assert message.endswith(": x.encode() for str, x itself for bytes")


CAUGHT = "try:\n    x\nexcept E as e:\n    {}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A(six.with_metaclass(M, B, c.C)): pass\n", "class A(B, c.C, metaclass=M): pass\n"),
        ("class A(six.with_metaclass(a.M)):\n    pass\n", "class A(metaclass=a.M):\n    pass\n"),
        ("class A(six.with_metaclass(M, object), ): pass\n", "class A(object, metaclass=M, ): pass\n"),
        ("@six.python_2_unicode_compatible\nclass A:\n    x = 1\n", "class A:\n    x = 1\n"),
        ("@a\n@six.python_2_unicode_compatible\n@b\nclass A: pass\n", "@a\n@b\nclass A: pass\n"),
        (CAUGHT.format("six.reraise(*sys.exc_info())"), CAUGHT.format("raise")),
        (CAUGHT.format("six.reraise(type(e), e, tb)"), CAUGHT.format("raise e.with_traceback(tb)")),
        (CAUGHT.format("six.reraise(E, E('a', 1), tb)"), CAUGHT.format("raise E('a', 1).with_traceback(tb)")),
        (CAUGHT.format("six.raise_from(F(e), None)"), CAUGHT.format("raise F(e) from None")),
        ("six.assertCountEqual(self, a, b, msg='x')\n", "self.assertCountEqual(a, b, msg='x')\n"),
        ("with six.assertRaisesRegex(self, E, 'a'): pass\n", "with self.assertRaisesRegex(E, 'a'): pass\n"),
        ("x = six.indexbytes(a + b, 0), six.byte2int(c)\n", "x = (a + b)[0], c[0]\n"),
        ("for x in six.iterbytes(a): pass\n", "for x in iter(a): pass\n"),
        ("six.get_method_function(a.b).c, six.get_function_code(f)\n", "a.b.__func__.c, f.__code__\n"),
        ("six.exec_(code, a)\nclass A(six.Iterator): pass\n", "exec(code, a)\nclass A(object): pass\n"),
    ],
)
def test_calls_rewritten(before: str, after: str) -> None:
    check_transformed(SIX + before, after, "AR032")


def test_abc_needs_no_object_beside_it() -> None:
    class_ = "class A({}metaclass=ABCMeta):\n    x = 1\n"
    before = "class A(six.with_metaclass(ABCMeta, object)):\n    x = 1\n"
    check_transformed(ABC + SIX + before, ABC + class_.format(""), "AR032")
    for bases in ("", "()", "(object)", "( object, )"):
        before = f"@six.add_metaclass(ABCMeta)\nclass A{bases}:\n    x = 1\n"
        check_transformed(ABC + SIX + before, ABC + class_.format(""), "AR032")
    before = "@six.add_metaclass(ABCMeta)\nclass A(Exception):\n    x = 1\n"
    check_transformed(ABC + SIX + before, ABC + class_.format("Exception, "), "AR032")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = six.StringIO(), six.BytesIO\n", "import io\nx = io.StringIO(), io.BytesIO\n"),
        ("x = six.moves.cPickle.dumps(1)\n", "import pickle\nx = pickle.dumps(1)\n"),
        ("x = six.moves.urllib.parse.quote\n", "import urllib.parse\nx = urllib.parse.quote\n"),
        ("x = six.moves.reduce(f, y)\n", "import functools\nx = functools.reduce(f, y)\n"),
        ("x = six.moves.html_parser.HTMLParser\n", "import html.parser\nx = html.parser.HTMLParser\n"),
    ],
)
def test_names_of_modules(before: str, after: str) -> None:
    check_transformed(SIX + before, after, "AR032")


def test_module_of_the_project_that_hides_io() -> None:
    result = rewrite(SIX + "x = six.StringIO()\n", "AR032", facts=ProjectFacts(modules=("io",)))
    assert result.layers == ()
    assert {refusal.code for refusal in result.refusals} == {"name-taken", "unknown"}


def test_urllib_of_six_moves() -> None:
    uses = "x = urllib.parse.quote\nurllib.request.urlopen(x), urllib.parse.urljoin\n"
    after = f"import urllib.parse\nimport urllib.request\n{uses}"
    check_transformed(f"from six.moves import urllib\n{uses}", after, "AR032")
    check_transformed("from six.moves.urllib import parse as p\n", "from urllib import parse as p\n", "AR032")


def test_name_imported_from_six() -> None:
    source = "from six import text_type, iteritems\nx = text_type(1)\ny = dict(iteritems(d))\n"
    layers = rewrite(source, "AR032").layers
    assert layers[-1].data.decode().endswith("x = str(1)\ny = dict(d.items())\n")


def test_import_that_is_used_elsewhere_stays() -> None:
    check_transformed(
        SIX + "x = six.text_type(1)\ny = six.ensure_str\n", SIX + "x = str(1)\ny = six.ensure_str\n", "AR032"
    )


def test_copy_of_six_that_others_take_from_a_module_stays() -> None:
    vendored = "from lib.extern import six\n"
    facts = ProjectFacts(taken=("app.six",))
    check_transformed(f"{vendored}x = six.text_type(1)\n", f"{vendored}x = str(1)\n", "AR032", facts=facts)


def test_import_that_was_unused_before_stays() -> None:
    assert rewrite(SIX + "x = 1\n", "AR032").layers == ()


def test_import_of_a_six_of_the_project_stays() -> None:
    facts = ProjectFacts(modules=("six",))
    result = rewrite(SIX + "x = six.text_type(1)\n", "AR032", facts=facts)
    assert not result.layers or result.layers[-1].data.startswith(b"import six")


def test_import_goes_with_the_gap_below_it() -> None:
    before = "import os\n\nimport six\n\nfrom . import a\n\nx = six.text_type(1)\n"
    check_transformed(before, "import os\n\nfrom . import a\n\nx = str(1)\n", "AR032")
