"""Fixes of ruff that are right nearly always: the cases where they are not."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed

LEFT_ALONE = [
    ("AR102", "h = open(p, 'r', -1, 'utf-8')\n", "no-safe-fix"),
    ("AR102", "h = open(p, 'r', **k)\n", "no-safe-fix"),
    ("AR103", "def f():\n    str('text')\n", "check-failed"),
    ("AR113", "from six import *\nx = type('')\n", "rebound"),
    ("AR114", "from datetime import timezone\ndef f():\n    UTC = timezone.utc\n", "name-taken"),
    ("AR114", "from datetime import UTC, timezone\ndef f():\n    for UTC in [timezone.utc]: pass\n", "name-taken"),
    ("AR116", "import io\nopen = print\nio.open('a')\n", "rebound"),
    ("AR117", "import subprocess\nsubprocess.run(x, universal_newlines=True, **k)\n", "no-safe-fix"),
    ("AR119", "from six import *\ny = list(sorted(x))\n", "rebound"),
    ("AR120", "x = getattr(y, '\N{LATIN SMALL LETTER LONG S}')\n", "no-safe-fix"),
    ("AR120", "x = getattr(\n    y,\n    'a')\n", "no-safe-fix"),
    ("AR120", "from six import *\nx = getattr(y, 'a')\n", "rebound"),
    ("AR121", "setattr(f().x, 'a', g())\n", "no-safe-fix"),
    ("AR121", "setattr(x, 'a', (x := y))\n", "no-safe-fix"),
    ("AR121", "setattr(x, 'a', lambda: 1)\n", "no-safe-fix"),
    ("AR122", "try:\n    pass\nexcept (  # why\n    ValueError,):\n    pass\n", "no-safe-fix"),
    ("AR124", "x = self.y if self.y else 1\n", "no-safe-fix"),
    ("AR124", "x = (y\n     if y else 1)\n", "no-safe-fix"),
    ("AR124", "x = y[0] if y[0] else 1\n", "no-safe-fix"),
    ("AR125", "import re\nre.compile('a', re.T)\n", "no-safe-fix"),
    ("AR126", "x = type(y) == type(None)\n", "no-safe-fix"),
    ("AR128", "class A:\n    def f(self):\n        g(**{'__a': 1})\n", "no-safe-fix"),
    ("AR128", "g(**{\n    'a': 1,\n})\n", "no-safe-fix"),
    ("AR128", "g(**{'\N{LATIN SMALL LETTER LONG S}': 1})\n", "no-safe-fix"),
    ("AR129", "x = range(0, *y)\n", "no-safe-fix"),
    ("AR129", "from six import *\nx = range(0, 3)\n", "rebound"),
    ("AR130", "def f():\n    g()\n    return None  # why\n", "comment-on-line"),
    ("AR134", "from six import *\nx = not not y\n", "rebound"),
]


@pytest.mark.parametrize(("rule", "source", "reason"), LEFT_ALONE)
def test_left_alone(rule: str, source: str, reason: str) -> None:
    check_noop(source, rule, reason, target=(3, 11))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("AR102", "h = open(p, 'r', encoding='utf-8')\n", "h = open(p, encoding='utf-8')\n"),
        ("AR113", "x = type(u''), type(b''), type(1)\n", "x = str, bytes, int\n"),
        (
            "AR114",
            "from datetime import timezone\nx = timezone.utc\n",
            "from datetime import UTC\nx = UTC\n",
        ),
        (
            "AR114",
            "from datetime import datetime, timezone, tzinfo\nx = timezone.utc\n",
            "from datetime import UTC, datetime, tzinfo\nx = UTC\n",
        ),
        (
            "AR114",
            "from datetime import timezone, tzinfo, date\nx = timezone.utc\n",
            "from datetime import tzinfo, date, UTC\nx = UTC\n",
        ),
        (
            "AR114",
            "from datetime import (\n    date,\n    timezone,\n)\nx = timezone.utc, timezone.min\n",
            "from datetime import (\n    date,\n    timezone,\n)\nfrom datetime import UTC\nx = UTC, timezone.min\n",
        ),
        (
            "AR118",
            "from functools import lru_cache, wraps\n@lru_cache(maxsize=None)\ndef f(): pass\n",
            "from functools import cache, wraps\n@cache\ndef f(): pass\n",
        ),
        ("AR122", "class E(Exception): 0\ntry: 1\nexcept (E,): 2\n", "class E(Exception): 0\ntry: 1\nexcept E: 2\n"),
        ("AR120", "x = getattr(y + z, 'a').b\n", "x = (y + z).a.b\n"),
        ("AR120", "x = getattr(1, 'real')\n", "x = (1).real\n"),
        ("AR124", "f(x if x else y if z else 1)\n", "f(x or (y if z else 1))\n"),
        ("AR128", "g(*a, **{'x': 1}, **k)\n", "g(*a, x=1, **k)\n"),
        ("AR131", "if a:\n\tb\nelse:\n\tif c:\n\t\td\n\telse:\n\t\te\n", "if a:\n\tb\nelif c:\n\td\nelse:\n\te\n"),
        (
            "AR131",
            "if a:\r\n    b\r\nelse:\r\n    if c:\r\n        d = '''\r\n  e'''\r\n",
            "if a:\r\n    b\r\nelif c:\r\n    d = '''\r\n  e'''\r\n",
        ),
        ("AR132", "for a in b:\n    c\nelse:\n    # why\n    d\n", "for a in b:\n    c\n# why\nd\n"),
    ],
)
def test_rewritten(rule: str, before: str, after: str) -> None:
    check_transformed(before, after, rule, target=(3, 11))
