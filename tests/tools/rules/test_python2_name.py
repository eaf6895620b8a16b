"""AR030: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed

LEFT_ALONE = [
    ("unicode('a')\n", "no-stand-in"),
    ("unicode = f\nunicode('a')\n", "no-stand-in"),
    ("unicode = str\nif x:\n    unicode = g\nunicode('a')\n", "no-stand-in"),
    ("if x:\n    unicode = str\nunicode('a')\n", "no-stand-in"),
    ("def f(unicode):\n    return unicode('a')\n", "no-stand-in"),
    ("from x import *\nunicode = str\nunicode('a')\n", "no-stand-in"),
    ("from x import unicode\nunicode('a')\n", "no-stand-in"),
    ("str = f\nunicode = str\nunicode('a')\n", "no-stand-in"),
    ("unicode = str\nglobals()['unicode'] = 1\nunicode('a')\n", "no-stand-in"),
    ("d.iteritems()\n", "method"),
    ("d.has_key(1)\n", "method"),
    ("unicode = str\nx = f'{unicode(1)}'\n", "inside-f-string"),
    ("try:\n    unicode\nexcept ValueError:\n    unicode = str\n", "optional"),
    ("try:\n    unicode\nexcept NameError as e:\n    unicode = str\n", "re-raise"),
    ("try:\n    unicode\nexcept NameError:\n    raise\n", "re-raise"),
    ("try:\n    x()\n    unicode\nexcept NameError:\n    pass\n", "no-stand-in"),
    ("try:\n    unicode\nexcept NameError:\n    pass\nelse:\n    x\n", "no-stand-in"),
    ("from x import *\ntry:\n    unicode\nexcept NameError:\n    y\n", "no-stand-in"),
    ("from x import unicode\ntry:\n    unicode\nexcept NameError:\n    y\n", "no-stand-in"),
    ("unicode = str\nunicode('a')  # noqa\n", "ignored"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR030", reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("basestring = str\ndef f(x):\n    return isinstance(x, basestring)\n", None),
        (
            "unicode = basestring = 1\nlong = int\nx = isinstance(y, (int, long))\n",
            "unicode = basestring = 1\nlong = int\nx = isinstance(y, int)\n",
        ),
        (
            "long = int\nx = isinstance(y, (int, long, float)), (int, long)\n",
            "long = int\nx = isinstance(y, (int, float)), (int, int)\n",
        ),
        ("xrange = range\nfor i in xrange(3): pass\n", None),
        ("try:\n    basestring\nexcept NameError:  # Python 3\n    basestring = str\n", "basestring = str\n"),
        ("try:\n    text = unicode\nexcept NameError:\n    text = str\n", "text = str\n"),
        ("try:\n    unicode = unicode\nexcept NameError:\n    unicode = str\n", "unicode = str\n"),
        (
            "def f():\n    try:\n        g = raw_input\n    except NameError:\n        g = input\n    g()\n",
            "def f():\n    g = input\n    g()\n",
        ),
        ("try:\n    unicode\nexcept NameError:\n    unicode = str\nunicode(1)\n", "unicode = str\nstr(1)\n"),
    ],
)
def test_rewritten(before: str, after: str | None) -> None:
    if after is None:
        after = before.replace("x, basestring", "x, str").replace("in xrange", "in range")
    check_transformed(before, after, "AR030")
