"""Functions that tests replace: what the rules leave alone because of them, and what not."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import check_noop, rewrite

READ = "def size(p):\n    f = open(p)\n    data = f.read()\n    f.close()\n    return len(data)\n"
IO_OPEN = "import io\nx = io.open('a')\n"
NOW = "import datetime\nx = datetime.datetime.utcnow()\n"


@pytest.mark.parametrize(
    ("rule", "source", "reason", "test"),
    [
        ("AR010", READ, "patched", "from unittest.mock import patch\npatch('app.open')\n"),
        ("AR010", READ, "patched", "@mock.patch('builtins.open', create=True)\ndef test(opened):\n    pass\n"),
        ("AR010", READ, "patched", "m = MagicMock()\nmock.patch('app.open', m, create=True)\n"),
        ("AR010", READ, "patched", "mock.patch.object(builtins, 'open', fake)\n"),
        ("AR010", READ, "patched", "monkeypatch.setattr('builtins.open', fake)\n"),
        ("AR010", READ, "patched", "import app\napp.open = lambda p: Fake()\n"),
        ("AR116", IO_OPEN, "no-safe-fix", "import io\nmock.patch.object(io, 'open', side_effect=IOError)\n"),
        ("AR116", IO_OPEN, "no-safe-fix", "from unittest import mock\nmock.patch('app._io.open', mock.mock_open())\n"),
        ("AR062", NOW, "patched", "mock.patch('app.core.datetime')\n"),
        ("AR062", NOW, "patched", "import app\nmonkeypatch.setattr(app, 'datetime', Fake)\n"),
        ("AR062", NOW, "patched", "mock.patch('app.core.datetime.utcnow')\n"),
    ],
)
def test_what_a_test_replaces_is_left_alone(rule: str, source: str, reason: str, test: str) -> None:
    modules = [read_module("app.py", source.encode()), read_module("tests/test_app.py", test.encode())]
    facts = merge([file_facts(module) for module in modules if isinstance(module, Module)])
    check_noop(source, rule, reason, facts=facts)


@pytest.mark.parametrize(
    ("rule", "source", "test"),
    [
        ("AR010", READ, "from unittest.mock import mock_open, patch\npatch('app.open', mock_open(read_data='x'))\n"),
        ("AR010", READ, "mock.patch('app.open', create=True, side_effect=open)\n"),
        ("AR010", READ, "mock.patch('app.reopen')\n"),
        ("AR010", READ, "mock.patch('builtins.open', mock.mock_open())\n"),
        ("AR010", READ, "mock.patch('webbrowser.open')\n"),
        ("AR010", READ, "import webbrowser\nwebbrowser.open = fake\n"),
        ("AR010", READ, "class Page:\n    def __init__(self):\n        self.open = True\n"),
        ("AR116", IO_OPEN, "mock.patch('app.reopen')\n"),
        ("AR062", NOW, "kind = 'datetime.datetime'\nother = 'datetime'\n"),
    ],
)
def test_what_no_test_replaces_is_rewritten(rule: str, source: str, test: str) -> None:
    modules = [read_module("app.py", source.encode()), read_module("tests/test_app.py", test.encode())]
    facts = merge([file_facts(module) for module in modules if isinstance(module, Module)])
    assert rewrite(source, rule, facts=facts).layers
