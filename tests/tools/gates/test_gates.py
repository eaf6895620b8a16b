"""The gates: every kind of edit that must not pass, with what the model is told, and the honest ones that pass."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.ruff import diagnose
from archaeologist_tools.gates.failure import NOTHING_MORE, Allowed, Gate
from archaeologist_tools.gates.gates import gate_failures
from archaeologist_tools.gates.linting import codes
from archaeologist_tools.gates.powers import powers_of_examples
from support.surgery import module

TARGET = (3, 8)
STOCK = '''\
import os

LIMIT = 1
__all__ = ["Stock", "run"]


class Stock(object):
    """Doc."""

    size = 3

    def add(self, name, count=[], *rest, key=None):  # why
        "Doc"
        self.total = count
        return os.path.join(name)

    @property
    def first(self):
        def inner():
            return 1
        return inner()


def run(shell):
    os.system("ls %s" % LIMIT)
'''


def failures(
    old: str, new: str, allowed: Allowed = NOTHING_MORE, source: str = STOCK, path: str = "app/stock.py"
) -> list[tuple[Gate, str]]:
    assert source.count(old) == 1, old
    found = gate_failures(path, source.encode(), source.replace(old, new).encode(), TARGET, allowed=allowed)
    return [(failure.gate, failure.message) for failure in found]


@pytest.mark.parametrize(
    ("old", "new", "gate", "message"),
    [
        ("return inner()", "return (", Gate.SYNTAX, "app/stock.py does not parse: line 21: '(' was never closed"),
        ("return inner()", "await inner()", Gate.SYNTAX, "does not compile: line 21: 'await' outside async function"),
        ("return inner()", "return (x := inner(y=1, y=2))", Gate.SYNTAX, "keyword argument repeated: y"),
        ("import os\n", "# coding: latin-1\nimport os\n", Gate.SYNTAX, "would no longer be read as it was: utf-8"),
        ("  # why", "", Gate.COMMENTS, "a comment of line 12 is lost: # why"),
        ("# why", "# because", Gate.COMMENTS, "a comment of line 12 is lost: # why"),
        ("name, count", "name, number", Gate.DEFINITIONS, "the parameters of `Stock.add` changed from (self, name, co"),
        ("key=None", "key", Gate.DEFINITIONS, "the parameters of `Stock.add` changed from"),
        ("*rest", "*", Gate.DEFINITIONS, "the parameters of `Stock.add` changed"),
        ("self, name", "self, name, /", Gate.DEFINITIONS, "the parameters of `Stock.add` changed"),
        ("count=[]", "count=()", Gate.DEFINITIONS, "default values of `Stock.add` changed from [], None to (), None"),
        ("    @property\n", "", Gate.DEFINITIONS, "the decorators of `Stock.first` changed from @property to none"),
        ('        "Doc"\n', "", Gate.DEFINITIONS, "the docstring of `Stock.add` changed from 'Doc' to none, line 12"),
        ("Stock(object)", "Stock(dict)", Gate.DEFINITIONS, "the bases of `Stock` changed from none to dict"),
        ("def run", "async def run", Gate.DEFINITIONS, "the kind of `run` changed from function to async function"),
        ('"Doc"', '"Docs"', Gate.DEFINITIONS, "the docstring of `Stock.add` changed from 'Doc' to 'Docs', line 12"),
        ("return inner()", "yield inner()", Gate.DEFINITIONS, "the kind of `Stock.first` changed from function to gen"),
        ("return inner()", "return inner()  # noqa", Gate.COMMENTS, "line 21 tells a tool to look away: # noqa"),
        ("# why", "# why\n        # type: ignore[x]", Gate.COMMENTS, "tells a tool to look away: # type: ignore[x]"),
        ("count=[]", "count: list[int] = []", Gate.LINT, "line 12: Missing `from __future__ import annotations`"),
        ("def run", "def go", Gate.DEFINITIONS, "`run` of line 24 is gone"),
        ("def run", "def go(): pass\ndef run", Gate.DEFINITIONS, "`go` on line 24 is new"),
        ("def inner", "def within", Gate.DEFINITIONS, "`Stock.first.inner` of line 19 is gone"),
        ("LIMIT = 1\n", "LIMIT = BOUND = 1\n", Gate.INTERFACE, "the file defines the new public name `BOUND`"),
        ("LIMIT = 1\n", "", Gate.INTERFACE, "the file no longer defines `LIMIT`"),
        ("import os\n", "import os as _os\n", Gate.INTERFACE, "the file no longer defines `os`"),
        ('"Stock", "run"', '"Stock"', Gate.INTERFACE, "`__all__` changed"),
        ("size = 3", "pass", Gate.INTERFACE, "class `Stock` no longer defines `size`"),
        ("size = 3", "size = width = 3", Gate.INTERFACE, "class `Stock` defines the new public name `width`"),
        ("self.total", "total", Gate.INTERFACE, "methods of `Stock` no longer set the attribute `total`"),
        ("return inner()", "return inne()", Gate.NAMES, "line 21: Undefined name `inne` (F821)"),
        ("return inner()", "import re", Gate.NAMES, "line 21: `re` imported but unused (F401)"),
        ("return 1\n", "return 1 is 1\n", Gate.LINT, "line 20: Use `==` to compare constant literals (F632)"),
        ("return 1\n", "try: return 1\n            except: return 2\n", Gate.LINT, "Do not use bare `except` (E722)"),
        ("return inner()", "x = 1", Gate.LINT, "line 21: Local variable `x` is assigned to but never used (F841)"),
    ],
)
def test_refused(old: str, new: str, gate: Gate, message: str) -> None:
    found = failures(old, new)
    assert [each for each, text in found if message in text] == [gate], found


@pytest.mark.parametrize(
    ("new", "what", "version"),
    [
        ("return 'a'.removeprefix('b')", "'str.removeprefix' member", "3.9"),
        ("return [*zip([], [], strict=True)]", "'zip(strict)'", "3.10"),
        ("import functools\n        return functools.cache", "'functools.cache' member", "3.9"),
        ("return {1: 2} | {3: 4}", "dict union (dict | dict)", "3.9"),
        ("import tomllib\n        return tomllib", "'tomllib' module", "3.11"),
    ],
)
def test_what_the_target_does_not_have_is_refused(new: str, what: str, version: str) -> None:
    message = f"{what} needs Python {version}, and this has to run on 3.8"
    assert any(gate is Gate.VERSION and message in text for gate, text in failures("return inner()", new))


def test_what_the_file_needs_already_passes() -> None:
    source = "import tomllib\n\n\ndef f(x):\n    return tomllib.loads(x)\n"
    assert failures("return tomllib", "# why\n    return tomllib", source=source) == []
    legacy = "def f(x):\n    return unicode(x), f'{x}'\n"
    assert failures("f'{x}'", "f'{x!r}'", source=legacy) == []
    message = failures("f'{x}'", "''.removeprefix(x)  # novm", source=legacy)[0][1]
    assert "needs Python 3.9" in message
    assert failures("return inner()", "return (lambda x, y: x if y else inner)(1, 2)") == []


@pytest.mark.parametrize(
    ("new", "power"),
    [
        ("return eval('1')", "eval"),
        ("return open('/tmp/x', 'w')", "open"),
        ("f = eval\n        return f('1')", "eval"),
        ("import socket", "socket"),
        ("from urllib.request import urlopen\n        return urlopen", "urllib.request.urlopen"),
        ("import subprocess as sp\n        return sp.run", "subprocess.run"),
        ("import pickle\n        return pickle.loads(b'')", "pickle.loads"),
        ("from os import popen\n        return popen('x')", "os.popen"),
        ("return os.execvp", "os.execvp"),
        ("return os.system", "os.system"),
        ("return getattr(os, 'sys' + 'tem')('x')", "getattr(os)"),
        ("return globals()['os']", "globals()"),
        ("return __import__('os')", "__import__"),
        ("return ().__class__.__subclasses__()", "__subclasses__"),
        ("from six.moves import urllib\n        return urllib", "six.moves.urllib"),
        ("import asyncio\n        return asyncio.create_subprocess_shell", "asyncio.create_subprocess_shell"),
        ("return os.__dict__['system']", "os.__dict__"),
        ("import types\n        return types.CodeType", "types.CodeType"),
        ("import operator\n        return operator.attrgetter('system')(os)", "operator.attrgetter"),
        ("return f'{eval(1)}'", "eval"),
        ("import sys\n        return sys.modules", "sys.modules"),
        ("return os.path.os.system('x')", "os.path.os.system"),
        ("import logging\n        return logging.os.popen('x')", "logging.os.popen"),
        ("from app.compat import subprocess", "app.compat.subprocess"),
        ("import posix\n        return posix.system('x')", "posix.system"),
    ],
)
def test_powers_that_were_not_there_are_refused(new: str, power: str) -> None:
    message = f"brings `{power}`, which an edit must not add"
    assert any(gate is Gate.POWERS and message in text for gate, text in failures("return inner()", new))


def test_a_power_may_be_written_in_another_way_and_not_handed_something_else() -> None:
    assert failures('"ls %s" % LIMIT', 'f"ls {LIMIT}"') == []
    message = "line 25 hands `os.system` a new text, `curl`"
    assert failures('"ls %s" % LIMIT', 'f"curl {LIMIT}"') == [(Gate.POWERS, message)]


@pytest.mark.parametrize(
    "new",
    [
        "from urllib.parse import quote\n        return quote('a')",
        "import re\n        return re.compile('a')",
        "from app.compat import os as here\n        return here.sep",
        "from app.compat import http\n        return http.Answer()",
    ],
)
def test_what_only_sounds_like_a_power_passes(new: str) -> None:
    assert failures("return inner()", new) == []


AROUND = "import os\nimport json as text\nfrom os import system as run\nfrom app import shop\n\ndef add(): pass\n"


@pytest.mark.parametrize(
    ("example", "power"),
    [
        ("import os; os.system('x')", "os.system"),
        ("os.system('x')", "os.system"),
        ("run('x')", "os.system"),
        ("import subprocess", "subprocess"),
        ("from urllib.request import urlopen", "urllib.request.urlopen"),
        ("__import__('os')", "__import__"),
        ("eval('1')", "eval"),
        ("open('x').read()", "open"),
        ("add.__globals__['os']", "__globals__"),
        ("().__class__.__bases__[0].__subclasses__()", "__bases__"),
        ("getattr(os, 'sys' + 'tem')", "getattr(os)"),
        ("vars(os)", "vars(os)"),
        ("globals()['o' + 's']", "globals()"),
        ("import app.shop; app.shop.os.system('x')", "app.shop.os.system"),
        ("shop.subprocess.run('x')", "app.shop.subprocess.run"),
        ("from app.shop import os as it; it.popen('x')", "app.shop.os.popen"),
        ("for each in [1]:\n    text.codecs.builtins.exec('x')", "json.codecs.builtins.exec"),
        ("f = lambda: os.kill(1, 9)", "os.kill"),
    ],
)
def test_examples_have_no_powers_at_all(example: str, power: str) -> None:
    assert power in powers_of_examples(["1 + 1", example], module(AROUND))


@pytest.mark.parametrize(
    "example",
    ["add()", "os.path.join('a', 'b')", "text.dumps({})", "x = shop.open()", "shop.code", "re.compile('a')", "run"],
)
def test_examples_of_what_is_harmless_pass(example: str) -> None:
    assert powers_of_examples(["import re", example], module(AROUND.replace(" as run", " as walk"))) == []


def test_examples_of_a_document_have_no_names_but_their_own() -> None:
    assert powers_of_examples(["from app import add", "add()"], None) == []
    assert powers_of_examples(["import shutil", "shutil.rmtree('x')"], None) == ["shutil.rmtree"]


@pytest.mark.parametrize("path", ["tests/test_stock.py", "app/conftest.py", "test/data.py"])
def test_tests_are_never_written(path: str) -> None:
    assert failures("return inner()", "return 1", path=path) == [
        (Gate.PROTECTED, f"{path} is a test, and tests stay as they are")
    ]


def test_bytes_that_the_edit_does_not_name_stay() -> None:
    place = STOCK.index("return inner()")
    named = Allowed(spans=((place, place + len("return inner()")),))
    assert failures("return inner()", "return 1 + inner()", named) == []
    assert failures("LIMIT = 1", "LIMIT = 2", named)[0] == (
        Gate.ELSEWHERE,
        "code from line 1 on changed that the edit does not name",
    )
    assert failures("% LIMIT", "% 1", named)[0][0] is Gate.ELSEWHERE
    assert failures("size = 3", "size = 4", Allowed(spans=()))[0][0] is Gate.ELSEWHERE


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("return inner()", "return 1 + inner()", Allowed()),
        ("Stock(object)", "Stock", Allowed()),
        ("count=[]", "count: list = []", Allowed()),
        ("  # why", "", Allowed(dropped=("def add(self):  # why",))),
        ("count=[]", "count=()", Allowed(definitions=frozenset({"Stock.add"}))),
        ("def inner", "def inner", Allowed()),
        ("    size = 3\n", "    size = 3\n\n    def _more(self): pass\n", Allowed(definitions=frozenset({"Stock"}))),
        ("def run", "class State: pass\n\n\ndef run", Allowed(added=frozenset({"State"}))),
        ("import os\n", "import os\nimport re\n", Allowed(unused_imports=True)),
        ("def inner():\n            return 1\n        return inner()", "return 1", Allowed(definitions=None)),
    ],
)
def test_what_an_edit_says_that_it_changes_passes(old: str, new: str, allowed: Allowed) -> None:
    assert failures(old, new, allowed) == []


def test_what_stands_inside_of_a_changed_function_is_its_own_affair() -> None:
    old = "        def inner():\n            return 1\n        return inner()"
    assert failures(old, "        return 1")[0][0] is Gate.DEFINITIONS
    assert failures(old, "        return 1", Allowed(definitions=frozenset({"Stock.first"}))) == []


def test_mistakes_that_were_there_may_stay_and_move() -> None:
    source = "import re\n\n\ndef f():\n    return undefined\n"
    assert failures("def f", "# a remark\n\n\ndef f", source=source) == []
    assert failures("return undefined", "return undefined, undefined", source=source) == [
        (Gate.NAMES, "line 5: Undefined name `undefined` (F821)")
    ]


def test_a_file_that_did_not_parse_is_not_edited() -> None:
    assert failures("print 1", "print(1)", source="print 1\n")[0][0] is Gate.SYNTAX


def test_ruff_knows_every_code_that_is_asked_for() -> None:
    assert diagnose([module("x = 1\n")], codes(), TARGET) == [[]]


def test_what_a_star_brings_cannot_be_seen() -> None:
    assert (Gate.POWERS, "line 2 brings `os.*`, which an edit must not add") in failures(
        "import os\n", "import os\nfrom os import *\n"
    )


def test_docstrings_may_come_and_change_and_not_go_when_that_is_said() -> None:
    documents = Allowed(documents=True)
    assert failures("return inner()", "return inner()", documents) == []
    assert failures('"Doc"', '"Docs"', documents) == []
    assert failures("def run(shell):\n", "def run(shell):\n    'Run.'\n", documents) == []
    assert failures('        "Doc"\n', "", documents)[0][0] is Gate.DEFINITIONS
