"""Ruff's fixes under our codes: each is declined where ruff's own word is not enough."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine import ruff
from archaeologist_tools.errors import RuffFailed
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import check_noop, check_transformed, rewrite, survey

COOKIE = "# -*- coding: utf-8 -*-\n"


@pytest.mark.parametrize(
    ("rule", "source", "reason"),
    [
        ("AR033", "from __future__ import annotations\n", "no-safe-fix"),
        ("AR033", "from __future__ import division\nx = [division]\n", "no-safe-fix"),
        ("AR033", "from __future__ import division  # why\n", "no-safe-fix"),
        ("AR036", "try:\n    pass\nexcept WindowsError:\n    pass\n", "no-safe-fix"),
        ("AR036", "OSError = 1\ntry:\n    pass\nexcept IOError:\n    pass\n", "rebound"),
        ("AR036", "from x import *\ntry:\n    pass\nexcept IOError:\n    pass\n", "rebound"),
        ("AR036", "IOError = 1\ntry:\n    pass\nexcept IOError:\n    pass\n", "rebound"),
        ("AR036", "from x import socket\ntry:\n    pass\nexcept socket.error:\n    pass\n", "rebound"),
        ("AR036", "socket = g()\ntry:\n    pass\nexcept socket.error:\n    pass\n", "rebound"),
        ("AR036", "x = f'{IOError}'\n", "inside-f-string"),
        ("AR036", "try:\n    pass\nexcept (IOError,  # why\n        OSError):\n    pass\n", "comment"),
        ("AR037", "# coding: latin-1\nx = 1\n", "no-safe-fix"),
        ("AR037", "# By Jim; coding: utf-8\nx = 1\n", "comment-on-line"),
        ("AR102", "x = open('a', 'rU')\n", "no-safe-fix"),
        ("AR102", "from os import *\nx = open('a', 'r')\n", "rebound"),
        ("AR111", "def f():\n    '''Docs.'''\n    pass  # pragma: no cover\n", "comment-on-line"),
        ("AR034", "x = u'a'  # noqa: UP025\n", "ignored"),
        ("AR133", "class A:\n    def limit(self):\n        'The limit.'\n        return None\n", "no-safe-fix"),
    ],
)
def test_left_alone(rule: str, source: str, reason: str) -> None:
    check_noop(source, rule, reason, target=(3, 11))


def test_last_import_from_future_needs_python_3_7() -> None:
    check_noop("from __future__ import generator_stop\n", "AR033", "no-safe-fix", target=(3, 6))
    check_transformed("from __future__ import generator_stop\n", "", "AR033", target=(3, 7))


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("AR033", "from __future__ import division, annotations\n", "from __future__ import annotations\n"),
        ("AR034", "x = u'a' u\"b\" 'c'\n", "x = 'a' \"b\" 'c'\n"),
        ("AR036", "import socket\ntry:\n    socket.x()\nexcept (socket.error, OSError):\n    pass\n", None),
        (
            "AR036",
            "import socket\ntry:\n    pass\nexcept socket.error:\n    socket\n",
            "import socket\ntry:\n    pass\nexcept OSError:\n    socket\n",
        ),
        ("AR036", "import os as o\nx = o.error, o\n", "import os as o\nx = OSError, o\n"),
        ("AR036", "raise IOError(2, 'x')\n", "raise OSError(2, 'x')\n"),
        ("AR036", "isinstance(e, (IOError, OSError, KeyError))\n", "isinstance(e, (OSError, KeyError))\n"),
        ("AR036", "x = (IOError, OSError)\n", "x = (OSError, OSError)\n"),
        ("AR037", "#!/bin/sh\n" + COOKIE + "x = '\N{BULLET}'\n", "#!/bin/sh\nx = '\N{BULLET}'\n"),
        ("AR037", "# coding: utf8\nx = 1\n", "x = 1\n"),
        ("AR037", "# vim: set fileencoding=utf-8 :\nx = 1\n", "x = 1\n"),
        ("AR103", "x = str('a').upper()\n", "x = 'a'.upper()\n"),
        ("AR104", "print((1))\n", "print(1)\n"),
        ("AR106", "x = 1;  # why\n", "x = 1  # why\n"),
        ("AR110", "x = '\\d'\n", "x = r'\\d'\n"),
        ("AR110", "x = '\\d\\n'\n", "x = '\\\\d\\n'\n"),
    ],
)
def test_rewritten(rule: str, before: str, after: str | None) -> None:
    if after is None:
        after = before.replace("(socket.error, OSError)", "OSError")
    check_transformed(before, after, rule)


def test_cookie_stays_when_the_line_below_would_become_one() -> None:
    # Without the first line, the second would declare latin-1 for a UTF-8 file.
    source = f"#!/bin/sh\n{COOKIE}# coding: latin-1\nx = '\N{BULLET}'\n"
    result = rewrite(source, "AR037")
    assert result.layers == () or "latin" not in result.layers[-1].data.decode().splitlines()[1]


def test_file_in_another_encoding_is_handed_to_ruff_decoded() -> None:
    source = "# coding: latin-1\nx = 'caf\xe9', u'\xe9'\n".encode("latin-1")
    (layer,) = rewrite(source, "AR034").layers
    assert layer.data == "# coding: latin-1\nx = 'caf\xe9', '\xe9'\n".encode("latin-1")


def test_byte_order_mark_and_carriage_returns_do_not_shift_places() -> None:
    source = b"\xef\xbb\xbf# caf\xc3\xa9\r\nx = u'\xc3\xa9', u'b'\r\n"
    (layer,) = rewrite(source, "AR034").layers
    assert layer.data == b"\xef\xbb\xbf# caf\xc3\xa9\r\nx = '\xc3\xa9', 'b'\r\n"


def test_finding_of_an_adopted_rule_has_our_code_and_the_place_in_bytes() -> None:
    (finding,) = survey("x = '\xe9'; y = str('a')\n".encode(), "AR103").findings
    assert (finding.rule, finding.span.start, finding.span.line, finding.span.column) == ("AR103", 14, 1, 15)


def test_ruff_reads_no_configuration_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUFF_OUTPUT_FORMAT", "full")
    monkeypatch.setenv("RUFF_OUTPUT_FILE", "/nonexistent/out")
    assert survey("x = str('a')\n", "AR103").findings


def test_broken_ruff_is_an_error_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "_program", lambda: "/nonexistent/ruff")
    module = read_module("a.py", b"x = 1\n")
    assert isinstance(module, Module)
    with pytest.raises(RuffFailed) as caught:
        ruff.diagnose([module], ["UP025"], (3, 8))
    assert "pip install" in caught.value.hint


def test_unknown_code_is_ruffs_error() -> None:
    module = read_module("a.py", b"x = 1\n")
    assert isinstance(module, Module)
    with pytest.raises(RuffFailed, match="status 2"):
        ruff.diagnose([module], ["ZZZ999"], (3, 8))
