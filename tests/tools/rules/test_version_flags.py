"""AR031 with flags of other modules: what must stay, then what is written."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.models import FlagFact
from archaeologist_tools.source.module import Module, read_module

COMPAT = "import sys\nPY2 = sys.version_info[0] == 2\ntext = str\n"
USE = "if PY2:\n    a\nelse:\n    b\n"
APP = "from .compat import PY2\n" + USE


def rewritten(files: dict[str, str], target: tuple[int, int] = (3, 8)) -> dict[str, str]:
    """The files that AR031 changes, with their new texts."""
    sources = [(path, text.encode()) for path, text in files.items()]
    modules = [module for path, data in sources if isinstance(module := read_module(path, data), Module)]
    facts = merge([file_facts(module) for module in modules])
    results = rewrite_files(sources, rules=("AR031",), target=target, facts=facts)
    return {result.path: result.layers[-1].data.decode() for result in results if result.layers}


@pytest.mark.parametrize(
    "files",
    [
        {"app/core.py": APP},
        {"app/core.py": APP, "app/compat.py": "from x import PY2\n"},
        {"app/core.py": APP, "app/compat.py": "PY2 = f()\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT + "def f():\n    global PY2\n    PY2 = 1\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT + "globals()[x] = 1\n"},
        {"app/core.py": APP, "app/compat.py": "import sys\nPY2 = sys.version_info >= (3, 12)\n"},
        {"app/core.py": APP, "other/compat.py": COMPAT},
        {"app/core.py": APP, "compat.py": "PY2 = f()\n", "app/compat.py": COMPAT, "app/app/compat.py": "x = 1\n"}
        | {"app/sub/core.py": "from compat import PY2\n"},
        {"app/core.py": APP + "PY2 = 1\n", "app/compat.py": COMPAT},
        {"app/core.py": "from compat import *\n" + USE, "app/compat.py": COMPAT},
        {"app/core.py": "from compat import PY2\n" + USE, "a/compat.py": COMPAT, "b/compat.py": "PY2 = f()\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT, "test.py": "import app\napp.core.PY2 = True\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT, "test.py": "@patch('app.core.PY2', True)\ndef f(): pass\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT, "test.py": "patch.object(core, 'PY2', True)\n"},
        {"app/core.py": APP, "app/compat.py": COMPAT, "test.py": "patch.multiple(core, PY2=True)\n"},
        {"app/core.py": "import sys\nif sys.version_info < (3,):\n    x\n", "test.py": "sys.version_info = (2, 7)\n"},
        {"app/core.py": "import app\nif app.compat.PY2:\n    x\n", "app/compat.py": COMPAT},
        {"app/core.py": "from f import x as compat\nif compat.PY2:\n    x\n", "app/compat.py": COMPAT},
    ],
)
def test_left_alone(files: dict[str, str]) -> None:
    assert "app/core.py" not in rewritten(files)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (APP, "from .compat import PY2\nb\n"),
        ("from app.compat import PY2 as OLD_PY2\n" + USE.replace("PY2", "OLD_PY2"), None),
        ("from .compat import PY2, text\n" + USE, "from .compat import text\nb\n"),
        ("from .compat import PY2\nfrom .compat import text\n" + USE, "from .compat import text\nb\n"),
        ("from app import compat\nx = 1 if compat.PY2 else compat.text\n", "from app import compat\nx = compat.text\n"),
        ("from . import compat\nx = not compat.PY2 and y\n", "from . import compat\nx = y\n"),
        ("import app.compat\nx = y if app.compat.PY2 else z\n", "import app.compat\nx = z\n"),
        ("import app.compat as c\nx = y if c.PY2 else z\n", "import app.compat as c\nx = z\n"),
    ],
)
def test_rewritten(before: str, after: str | None) -> None:
    after = after or "from app.compat import PY2 as OLD_PY2\nb\n"
    for folder in ("", "src/", "/tmp/x.1/"):
        found = rewritten({f"{folder}app/core.py": before, f"{folder}app/compat.py": COMPAT})
        assert found[f"{folder}app/core.py"] == after


def test_flag_that_others_take_from_a_module_stays_imported() -> None:
    before = "from .compat import PY2, text\n" + USE
    users = ("from app.core import PY2\n", "import app\nx = app.core.PY2\n")
    for user in users:
        found = rewritten({"app/core.py": before, "app/compat.py": COMPAT, "user.py": user})
        assert found["app/core.py"] == "from .compat import PY2, text\nb\n"


def test_copy_of_six_is_known_to_be_taken_from_a_module() -> None:
    sources = ("from app.compat import six\n", "import app\nx = app.compat.six.moves\n")
    for source in sources:
        module = read_module("user.py", source.encode())
        assert isinstance(module, Module)
        assert "compat.six" in file_facts(module).taken


def test_flag_of_a_later_python_is_known_from_that_target_on() -> None:
    compat = "import sys\nPY37 = sys.version_info >= (3, 7)\n"
    files = {"app/core.py": "from .compat import PY37\nx = 1 if PY37 else 2\n", "app/compat.py": compat}
    assert rewritten(files, (3, 6)) == {}
    assert rewritten(files, (3, 7)) == {"app/core.py": "from .compat import PY37\nx = 1\n"}


@pytest.mark.parametrize(("name", "is_flag"), [("PY2", True), ("is_python_2", True), ("ＰＹ2", True), ("P2", False)])  # noqa: RUF001 - what Python reads as PY2
def test_flag_is_found_however_it_is_written(name: str, *, is_flag: bool) -> None:
    module = read_module("app/compat.py", f"import sys\n{name} = sys.version_info[0] == 2\n".encode())
    assert isinstance(module, Module)
    assert bool(file_facts(module).flags) is is_flag


def test_facts_travel_as_json() -> None:
    module = read_module("app/compat.py", COMPAT.encode())
    assert isinstance(module, Module)
    facts = file_facts(module)
    assert facts.flags == (FlagFact("PY2", value=False, since=0),)
    assert json.loads(json.dumps(asdict(facts)))["flags"] == [{"name": "PY2", "value": False, "since": 0}]
