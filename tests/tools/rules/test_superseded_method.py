"""AR068: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.models import ProjectFacts
from support.rewriting import check_noop, check_transformed, rewrite

THREAD = "import threading\nt = threading.Thread(target=f)\n"
LOG = "import logging\nlog = logging.getLogger(__name__)\n"
CONFIG = "import configparser\nc = configparser.ConfigParser()\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (THREAD + "f(t.setDaemon)\n", "arguments"),
        (THREAD + "t.setDaemon()\n", "arguments"),
        (THREAD + "t.setDaemon(daemonic=True)\n", "arguments"),
        (THREAD + "t.isDaemon(1)\n", "arguments"),
        (THREAD + "t.isAlive\n", "arguments"),
        (THREAD + "t.setDaemon(*x)\n", "layout"),
        (THREAD + "x = t.setDaemon(True)\n", "layout"),
        (THREAD + "t.setDaemon(\n    True)\n", "layout"),
        (THREAD + "t.setName('a'  # why\n    )\n", "layout"),
        (THREAD + "x = f'{t.getName()}'\n", "inside-f-string"),
        (CONFIG + "c.readfp(f, filename='x')\n", "arguments"),
        ("import array\na = array.array('b')\na.fromstring('x')\n", "no-counterpart"),
        ("from html.parser import HTMLParser\nHTMLParser().unescape('x')\n", "no-counterpart"),
    ],
)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR068", reason)


@pytest.mark.parametrize(
    "source",
    [
        "t.setDaemon(True)\n",
        "import threading\nt = f(threading.Thread())\nt.setDaemon(True)\n",
        THREAD + "t = g()\nt.setDaemon(True)\n",
        THREAD + "for t in y:\n    t.setDaemon(True)\n",
        THREAD + "def f(t):\n    t.setDaemon(True)\n",
        THREAD + "def f():\n    global t\n    t = g()\nt.setDaemon(True)\n",
        THREAD + "from x import *\nt.setDaemon(True)\n",
        THREAD + "t, u = threading.Thread(), 1\nt.setDaemon(True)\n",
        "import threading\nclass T(threading.Thread):\n    def f(self):\n        self.setDaemon(True)\n",
        "import threading\nclass A:\n    def f(self):\n        self.t = threading.Thread()\n        self.t.isAlive()\n",
        "from .threading import Thread\nt = Thread()\nt.setDaemon(True)\n",
        "import threading\nthreading = g()\nt = threading.Thread()\nt.setDaemon(True)\n",
        LOG + "log.warning('x')\n",
        "import logging\nlog = logging.getLogger() or g()\nlog.warn('x')\n",
    ],
)
def test_not_found(source: str) -> None:
    result = rewrite(source, "AR068")
    assert not result.layers
    assert not result.refusals


def test_loggers_that_may_be_others() -> None:
    check_noop(LOG + "log.warn('x')\n", "AR068", "own-logger", facts=ProjectFacts(own_logger=True))
    check_noop(LOG + "log.warn('x')\n", "AR068", "own-logger", facts=ProjectFacts(replaced_loggers=("app.log:warn",)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (THREAD + "t.setDaemon(a or b)\n", THREAD + "t.daemon = a or b\n"),
        (THREAD + "t.setName('a')  # why\n", THREAD + "t.name = 'a'  # why\n"),
        (THREAD + "x = t.getName() + 'a', t.isDaemon()\n", THREAD + "x = t.name + 'a', t.daemon\n"),
        (THREAD + "while t.isAlive(): pass\n", THREAD + "while t.is_alive(): pass\n"),
        (THREAD + "t = threading.Thread()\nt.isAlive()\n", THREAD + "t = threading.Thread()\nt.is_alive()\n"),
        (
            "import threading\nx = threading.current_thread().getName()\n",
            "import threading\nx = threading.current_thread().name\n",
        ),
        (
            "from threading import Event as E\ne = E()\ndef f(): return e.isSet()\n",
            "from threading import Event as E\ne = E()\ndef f(): return e.is_set()\n",
        ),
        (
            "import threading\nc = threading.Condition()\nc.notifyAll()\n",
            "import threading\nc = threading.Condition()\nc.notify_all()\n",
        ),
        (LOG + "log.warn('x %s', y)\n", LOG + "log.warning('x %s', y)\n"),
        (CONFIG + "c.readfp(f, 'x')\n", CONFIG + "c.read_file(f, 'x')\n"),
        ("import array\nx = array.array('b').tostring()\n", "import array\nx = array.array('b').tobytes()\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR068")
