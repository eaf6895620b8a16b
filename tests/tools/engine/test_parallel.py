"""Several processes find what one finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine import parallel
from archaeologist_tools.engine.parallel import rewrite_in_parallel
from archaeologist_tools.engine.sweep import rewrite_files

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES, TARGET = ["AR001"], (3, 8)
SHOWN = {
    "lib.py": "LIMIT = 3\ndef name(x):\n    return x.strip() - 1\nclass Box:\n    def size(self):\n        return 1\n",
    "app.py": "import lib\nfrom lib import LIMIT\ndef show(x):\n    return '%s' % lib.name(x), '%s' % x.size()\n",
    "say.py": "from lib import LIMIT\nprint('%d' % LIMIT)\ndef say(text):\n    return '%s' % text\n",
    "use.py": "from say import say as tell\nfrom lib import Box\ntell('a')\ndef box(b):\n    return '%s' % b.lid\n",
    "lid.py": "class Lid:\n    def __init__(self, lid):\n        self.lid = lid\nLid('x')\n",
}
TESTS = {"tests/test_say.py": "import say\ndef test():\n    say.say('b')\n"}


def as_files(sources: dict[str, str]) -> Sequence[tuple[str, bytes]]:
    return [(path, source.encode()) for path, source in sources.items()]


@pytest.fixture(autouse=True)
def _two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


@pytest.mark.parametrize("kept", [8_000_000, 0])
def test_files_are_rewritten_as_by_one_process(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(parallel, "_KEPT_BYTES", kept)
    files = as_files(SHOWN)
    together = rewrite_files(files, rules=RULES, target=TARGET)
    assert rewrite_in_parallel(files, rules=RULES, target=TARGET) == together
    assert sum(len(rewrite.layers) for rewrite in together) == 3
    assert not any(rewrite.refusals for rewrite in together)


def test_files_around_ask_and_answer() -> None:
    files = as_files({path: SHOWN[path] for path in ("app.py", "say.py", "use.py")})
    around = as_files({**TESTS, **{path: SHOWN[path] for path in ("lib.py", "lid.py")}})
    found = rewrite_in_parallel(files, rules=RULES, target=TARGET, around=around)
    together = rewrite_files([*files, *around], rules=RULES, target=TARGET)
    assert found == together[: len(files)]


@pytest.mark.parametrize("kept", [8_000_000, 0])
@pytest.mark.parametrize("enough", [0, 200_000])
def test_files_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch, kept: int, enough: int) -> None:
    monkeypatch.setattr(parallel, "_KEPT_BYTES", kept)
    monkeypatch.setattr(parallel, "_WORTH_A_PROCESS", enough)
    files = as_files({"a.py": "print 'x'\n", "b.py": "def f(:\n", "c.py": "'%s' % f(:\n", "d.py": "x = 1\n"})
    found = rewrite_in_parallel(files, rules=RULES, target=TARGET)
    assert [rewrite.status for rewrite in found] == ["python2", "syntax", "syntax", "ok"]


def test_methods_under_whose_names_more_is_called_are_not_asked_for() -> None:
    files = as_files({"a.py": "a.f = given\nclass A:\n    def g(self): raise E\n"})
    assert parallel._gathered(files, None).asked.untold == {"f", "g"}
