"""AR026, AR060 to AR064: what must stay, then what is written."""

from __future__ import annotations

import pkgutil
import tomllib
from pathlib import Path

import pytest

from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source import library
from support.rewriting import check_noop, check_transformed, rewrite, survey

TEST = "class T(unittest.TestCase):\n    def test(self):\n        self.{}(1, 1)\n"

LEFT_ALONE = [
    ("AR026", "x == None\n", "unknown-type"),
    ("AR026", "def f(x=1):\n    return x == None\n", "unknown-type"),
    ("AR026", "class A(str): pass\ndef f():\n    x = A()\n    return x == None\n", "unknown-type"),
    ("AR026", "x = 'a' == None == y\n", "layout"),
    ("AR026", "x = f'{str(1) == None}'\n", "inside-f-string"),
    ("AR060", "import inspect\ninspect.getargspec(f)\n", "no-counterpart"),
    ("AR060", "import imp\n", "no-counterpart"),
    ("AR060", "from base64 import encodestring\n", "no-counterpart"),
    ("AR060", "import base64\nx = f'{base64.encodestring(y)}'\n", "inside-f-string"),
    ("AR060", "import unittest\nunittest.makeSuite(x, True)\n", "arguments"),
    ("AR060", "import unittest\nunittest.makeSuite(s=x)\n", "arguments"),
    ("AR060", "import unittest\nunittest.makeSuite(*x)\n", "arguments"),
    ("AR060", "import unittest\nf = unittest.makeSuite\n", "arguments"),
    ("AR060", "import unittest\nunittest.makeSuite(  # why\n    x)\n", "arguments"),
    ("AR060", "import os\ndef f(errno):\n    return os.errno\n", "name-taken"),
    ("AR060", "import tarfile\nstat = 1\ntarfile.filemode(x)\n", "name-taken"),
    ("AR060", "import fractions\nfractions.gcd(1, 2)\n", "no-counterpart"),
    ("AR061", "import xml.etree.cElementTree\n", "no-counterpart"),
    ("AR060", "from pipes import quote, Template\n", "no-counterpart"),
    ("AR060", "from os import errno\n", "no-counterpart"),
    ("AR060", "try:\n    from pipes import quote\nexcept ImportError:\n    quote = None\n", "attempt"),
    ("AR061", "try:\n    import xml.etree.cElementTree as ET\nexcept ImportError:\n    ET = None\n", "attempt"),
    ("AR060", "import Queue\n", "no-counterpart"),
    ("AR061", "from threading import currentThread\n", "no-counterpart"),
    ("AR061", "import asyncio\nasyncio.get_event_loop()\n", "no-counterpart"),
    ("AR061", "import optparse\n", "no-counterpart"),
    ("AR062", "import datetime\ndatetime.datetime.utcnow(1)\n", "arguments"),
    ("AR062", "import datetime\ndatetime.datetime.utcfromtimestamp(*x)\n", "arguments"),
    ("AR062", "import datetime\ndatetime.datetime.utcfromtimestamp(t=1)\n", "arguments"),
    ("AR062", "import datetime\ndatetime.datetime.utcfromtimestamp((1))\n", "arguments"),
    ("AR062", "import datetime\ndatetime.datetime.utcnow(  # why\n)\n", "comment"),
    ("AR062", "from datetime import datetime\nfrom django.utils import timezone\ndatetime.utcnow()\n", "name-taken"),
    ("AR062", "from datetime import datetime\ndef f(timezone):\n    return datetime.utcnow()\n", "name-taken"),
    ("AR062", "import datetime\nx = f'{datetime.datetime.utcnow()}'\n", "inside-f-string"),
    ("AR063", TEST.replace("TestCase", "Base").format("assertEquals"), "other-class"),
    ("AR063", "def test(self):\n    self.assertEquals(1, 1)\n", "other-class"),
    ("AR063", TEST.format("assertEquals") + "    def assertEqual(self, a, b): pass\n", "own-method"),
    ("AR063", TEST.format("assertEquals") + "    assertEquals = f\n", "own-method"),
    ("AR063", TEST.format("assertEquals") + "T.assertEquals = f\n", "own-method"),
    ("AR064", "try:\n    from collections import Mapping\nexcept ImportError:\n    pass\n", "attempt"),
    ("AR064", "from collections import (  # why\n    Mapping)\n", "comment"),
    ("AR064", "from collections import Mapping; x\n", "layout"),
    ("AR064", "from collections import Mapping, deque  # why\n", "layout"),
    ("AR064", "import collections as c\nx = c.Mapping\n", "renamed"),
]


@pytest.mark.parametrize(("rule", "source", "reason"), LEFT_ALONE)
def test_left_alone(rule: str, source: str, reason: str) -> None:
    check_noop(source, rule, reason, target=(3, 11))


NOT_FOUND = [
    ("AR060", "from .imp import x\n"),
    ("AR060", "sys.maxint\n"),
    ("AR060", "try:\n    import Queue\nexcept ImportError:\n    import queue as Queue\n"),
    ("AR060", "def escape(x): pass\nescape(1)\n"),
    ("AR060", "from .cgi import escape\nescape(1)\n"),
    ("AR060", "import sys\nsys = f()\nsys.maxint\n"),
    ("AR061", "log.warn('x')\n"),
    ("AR062", "from x import datetime\ndatetime.utcnow()\n"),
    ("AR062", "x = y.datetime.utcnow()\n"),
    ("AR063", "x.assertEquals(1)\n"),
    ("AR064", "from x.collections import Mapping\n"),
]


@pytest.mark.parametrize(("rule", "source"), NOT_FOUND)
def test_not_found(rule: str, source: str) -> None:
    assert survey(source, rule).findings == ()


LOADER = "unittest.TestLoader().loadTestsFrom"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import cgi\nx = cgi.escape(a + b)\n", "import html\nx = html.escape(a + b, quote=False)\n"),
        ("from cgi import escape\nx = escape(y)\n", "import html\nx = html.escape(y, quote=False)\n"),
        ("import imp\nm = imp.new_module('x')\n", "import types\nm = types.ModuleType('x')\n"),
        ("import imp as i\ni.reload(m)\n", "import importlib\nimportlib.reload(m)\n"),
        ("from imp import reload\nreload(m)\n", "from importlib import reload\nreload(m)\n"),
        ("from pipes import quote as q\nq(m)\n", "from shlex import quote as q\nq(m)\n"),
        ("import os\nx = os.errno.ENOENT, os.sep\n", "import errno\nimport os\nx = errno.ENOENT, os.sep\n"),
        (
            "import unittest\nx = unittest.makeSuite(T), unittest.findTestCases(m)\n",
            f"import unittest\nx = {LOADER}TestCase(T), {LOADER}Module(m)\n",
        ),
    ],
)
def test_things_that_are_elsewhere(before: str, after: str) -> None:
    check_transformed(before, after, "AR060", target=(3, 8))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import xml.etree.cElementTree as ET\n", "import xml.etree.ElementTree as ET\n"),
        ("from xml.etree import cElementTree as ET\n", "from xml.etree import ElementTree as ET\n"),
        ("from xml.etree import cElementTree\n", "from xml.etree import ElementTree as cElementTree\n"),
        ("from xml.etree.cElementTree import parse\n", "from xml.etree.ElementTree import parse\n"),
    ],
)
def test_deprecated_module_with_another_name(before: str, after: str) -> None:
    check_transformed(before, after, "AR061", target=(3, 8))


def test_module_of_the_project_that_hides_the_new_one() -> None:
    facts = ProjectFacts(modules=("errno",))
    check_noop("import os\nx = os.errno.ENOENT\n", "AR060", "name-taken", facts=facts)


def test_list_is_sound() -> None:
    data = tomllib.loads(Path(library.__file__).with_name("library.toml").read_text(encoding="utf-8"))
    for name, fields in {**data["modules"], **data["names"]}.items():
        assert set(fields) <= {"instead", "rename", "moved", "call", "removed"}, name
        assert {"instead", "rename", "moved", "call"} & set(fields), name
        assert fields.get("call", "({})").count("{}") == 1, name
        if new := fields.get("moved") or fields.get("call", "").partition("(")[0]:
            assert pkgutil.resolve_name(new) is not None, name
        if "rename" in fields:
            assert pkgutil.resolve_name(f"{name.rpartition('.')[0]}.{fields['rename']}") is not None, name


def test_module_of_the_project_by_the_same_name() -> None:
    facts = ProjectFacts(modules=("imp", "logging", "datetime"))
    source = "import imp, logging, datetime\nlogging.warn('x')\ndatetime.datetime.utcnow()\n"
    result = rewrite(source, "AR060", "AR061", "AR062", facts=facts)
    assert (result.layers, result.refusals) == ((), ())


UTC = "timezone.utc"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("AR026", "x = str(y)==None\n", "x = str(y) is None\n"),
        ("AR026", "x = (str(y))!= None\n", "x = (str(y)) is not None\n"),
        ("AR026", "x = None == [1]\n", "x = None is [1]\n"),
        ("AR060", "import base64 as b\nx = b.decodestring(y)\n", "import base64 as b\nx = b.decodebytes(y)\n"),
        (
            "AR061",
            "import threading\nx = threading.currentThread\n",
            "import threading\nx = threading.current_thread\n",
        ),
        (
            "AR062",
            "import datetime as d\nx = d.datetime.utcfromtimestamp(1 + y)\n",
            f"import datetime as d\nx = d.datetime.fromtimestamp(1 + y, d.{UTC}).replace(tzinfo=None)\n",
        ),
        (
            "AR062",
            "from datetime import datetime, timezone\nx = datetime.utcnow().date()\n",
            f"from datetime import datetime, timezone\nx = datetime.now({UTC}).date()\n",
        ),
        (
            "AR062",
            "import datetime as d\nd.datetime.utcfromtimestamp(\n    y,\n).isoformat()\n",
            f"import datetime as d\nd.datetime.fromtimestamp(\n    y, d.{UTC}\n).replace(tzinfo=None).isoformat()\n",
        ),
        (
            "AR062",
            "from datetime import datetime, timezone\nx = datetime.utcnow().replace(tzinfo=y)\n",
            f"from datetime import datetime, timezone\nx = datetime.now({UTC}).replace(tzinfo=y)\n",
        ),
        (
            "AR062",
            "from datetime import datetime, timezone\nx = datetime.utcnow().strftime('%HZ')\n",
            f"from datetime import datetime, timezone\nx = datetime.now({UTC}).strftime('%HZ')\n",
        ),
        (
            "AR062",
            "from datetime import datetime, timezone\nx = datetime.utcnow().strftime('%H%z')\n",
            f"from datetime import datetime, timezone\nx = datetime.now({UTC}).replace(tzinfo=None).strftime('%H%z')\n",
        ),
        ("AR063", TEST.format("assertEquals"), TEST.format("assertEqual")),
        ("AR063", TEST.format("assert_"), TEST.format("assertTrue")),
        ("AR064", "from collections import Mapping as M  # why\n", "from collections.abc import Mapping as M  # why\n"),
        (
            "AR064",
            "if x:\r\n\tfrom collections import Set, deque\r\n",
            "if x:\r\n\tfrom collections import deque\r\n\tfrom collections.abc import Set\r\n",
        ),
    ],
)
def test_rewritten(rule: str, before: str, after: str) -> None:
    check_transformed(before, after, rule, target=(3, 8))


def test_zone_is_imported_where_the_class_is() -> None:
    result = rewrite("from datetime import datetime\nx = datetime.utcnow()\n", "AR062")
    text = result.layers[-1].data.decode()
    assert "timezone" in text.splitlines()[0] + text.splitlines()[1]
    names: dict[str, object] = {}
    exec(text, names)
    assert getattr(names["x"], "tzinfo", 1) is None


def test_alias_names_are_those_of_the_standard_library() -> None:
    (finding,) = survey("import optparse\n", "AR061").findings
    assert finding.message.startswith("optparse is deprecated; use argparse")
    (finding,) = survey("import imp\n", "AR060").findings
    assert finding.message == "imp is missing from Python 3.12 on; use importlib"
