"""Imports that edits need come in where a person would put them; those that edits orphaned go."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.base import Evidence, Span, make_edit
from archaeologist_tools.engine.guard import Checked, read_for
from archaeologist_tools.engine.imports import can_import
from archaeologist_tools.engine.registry import find_rule
from archaeologist_tools.engine.trial import Trial
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, read_module

PATHLIB = "from pathlib import Path"


def rewritten(source: str, before: str, after: str, *imports: str, facts: ProjectFacts | None = None) -> str:
    data = source.encode()
    start = data.index(before.encode())
    span = Span(start, start + len(before.encode()), 1, 1)
    module = read_for("app/core.py", data, (3, 8))
    assert isinstance(module, Module)
    edit = make_edit(
        "AR020", module.path, span, before=before, after=after, evidence=Evidence.PROVED, reason="", imports=imports
    )
    outcome = Trial([find_rule("AR020")], Checked(module), facts or ProjectFacts()).run([edit])
    assert outcome.own == (edit,), outcome.refusals
    return outcome.checked.module.data.decode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = OLD\n", "from pathlib import Path\n\nx = Path\n"),
        ("# head\ndef f():\n    OLD\n", "# head\nfrom pathlib import Path\n\n\ndef f():\n    Path\n"),
        ("# head\n@d\ndef f():\n    OLD\n", "# head\nfrom pathlib import Path\n\n\n@d\ndef f():\n    Path\n"),
        ('"""Doc."""\n\nx = OLD\n', '"""Doc."""\n\nfrom pathlib import Path\n\nx = Path\n'),
        (
            "from __future__ import annotations\n\nx = OLD\n",
            "from __future__ import annotations\n\nfrom pathlib import Path\n\nx = Path\n",
        ),
        ("import os\nimport sys\nx = OLD\n", "import os\nimport sys\nfrom pathlib import Path\nx = Path\n"),
        (
            "import os\nfrom sys import argv\nx = OLD\n",
            "import os\nfrom pathlib import Path\nfrom sys import argv\nx = Path\n",
        ),
        (
            "import sys\nimport os\nimport foo\nx = OLD\n",
            "import sys\nimport os\nfrom pathlib import Path\nimport foo\nx = Path\n",
        ),
        ("import foo\nx = OLD\n", "from pathlib import Path\nimport foo\nx = Path\n"),
        ("import sys\r\nx = OLD\r\n", "import sys\r\nfrom pathlib import Path\r\nx = Path\r\n"),
        (
            '"""Doc."""\n\n__docformat__ = "rst"\n\nimport os\n\nx = OLD\n',
            '"""Doc."""\n\n__docformat__ = "rst"\n\nimport os\nfrom pathlib import Path\n\nx = Path\n',
        ),
        # Beside what comes from the same module, where that is imported before anything can need it.
        (
            "if a:\n    b()\nfrom pathlib import PurePath\n\ndef f():\n    return OLD\n",
            "if a:\n    b()\nfrom pathlib import Path, PurePath\n\ndef f():\n    return Path\n",
        ),
        (
            "if a:\n    b()\n\ndef f():\n    return OLD\n\nfrom pathlib import PurePath\n",
            "from pathlib import Path\n\nif a:\n    b()\n\ndef f():\n    return Path\n\nfrom pathlib import PurePath\n",
        ),
        (
            "import os\n__all__ = ['a', 'b']\nimport sys\nx = OLD\n",
            "import os\n__all__ = ['a', 'b']\nimport sys\nfrom pathlib import Path\nx = Path\n",
        ),
        (
            '"""Doc."""\n__version__ = "1"\n\nx = OLD\n',
            '"""Doc."""\n__version__ = "1"\n\nfrom pathlib import Path\n\nx = Path\n',
        ),
        (
            "import os\n__all__ = names()\nimport sys\nx = OLD\n",
            "import os\nfrom pathlib import Path\n__all__ = names()\nimport sys\nx = Path\n",
        ),
        ("from pathlib import PurePath\nx = OLD\n", "from pathlib import Path, PurePath\nx = Path\n"),
        ("from pathlib import A\nx = OLD\n", "from pathlib import A, Path\nx = Path\n"),
        ("from pathlib import Z, A as B\nx = OLD\n", "from pathlib import Z, A as B, Path\nx = Path\n"),
        (
            "from pathlib import (\n    A)\nx = OLD\n",
            "from pathlib import (\n    A)\nfrom pathlib import Path\nx = Path\n",
        ),
        (
            "from pathlib import A  # why\nx = OLD\n",
            "from pathlib import A  # why\nfrom pathlib import Path\nx = Path\n",
        ),
        ("from .pathlib import A\nx = OLD\n", "from pathlib import Path\nfrom .pathlib import A\nx = Path\n"),
        ("from pathlib import Path\nx = OLD\n", "from pathlib import Path\nx = Path\n"),
        ("from pathlib import PurePath, Path\nx = OLD\n", "from pathlib import PurePath, Path\nx = Path\n"),
        (
            "try:\n    import json\nexcept ImportError:\n    json = None\nx = OLD\n",
            "from pathlib import Path\n\ntry:\n    import json\nexcept ImportError:\n    json = None\nx = Path\n",
        ),
    ],
)
def test_needed_import_is_added_once_where_a_person_would_put_it(source: str, expected: str) -> None:
    assert rewritten(source, "OLD", "Path", PATHLIB) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\nx = os.sep\n", "x = 1\n"),
        ("import os, sys\nx = os.sep\nsys.exit\n", "import sys\nx = 1\nsys.exit\n"),
        ("from os import sep, path\nx = os.sep\n", "from os import sep, path\nx = 1\n"),
        ("def f():\n    import os\n    return os.sep\n", "def f():\n    return 1\n"),
        ("import os.path\nx = os.sep\n", "x = 1\n"),
        ("import os as o\nimport os\nx = os.sep\n", "import os as o\nx = 1\n"),
    ],
)
def test_orphaned_import_goes(source: str, expected: str) -> None:
    assert rewritten(source, "os.sep", "1") == expected


@pytest.mark.parametrize(
    "source",
    [
        "import os  # for plugins\nx = os.sep\n",
        "import os; y = 1\nx = os.sep\n",
        "import os\nx = os.sep\nprint(os)\n",
        "import os\n__all__ = ['os']\nx = os.sep\n",
        "import os\nx = os.sep\nos = None\n",
        "try:\n    import os\nexcept ImportError:\n    pass\nx = os.sep\n",
        "from foreign import os\nx = os.sep\n",
        "import os\nx = os.sep\nglobals().update(y)\n",
    ],
)
def test_import_that_may_be_needed_stays(source: str) -> None:
    assert rewritten(source, "os.sep", "1") == source.replace("os.sep", "1")


@pytest.mark.parametrize("facts", [ProjectFacts(reached=("os",)), ProjectFacts(starred=("core",))])
def test_import_that_others_reach_through_the_module_stays(facts: ProjectFacts) -> None:
    source = "import os\nx = os.sep\n"
    assert rewritten(source, "os.sep", "1", facts=facts) == "import os\nx = 1\n"


def test_unused_import_that_no_edit_touched_stays() -> None:
    assert rewritten("import os\nx = 2\n", "2", "1") == "import os\nx = 1\n"


@pytest.mark.parametrize(
    ("source", "free"),
    [
        ("x = 1\n", True),
        ("from pathlib import Path\nPath()\n", True),
        ("Path = 1\n", False),
        ("from pathlib import Path\ndef f(Path): pass\n", False),
        ("from other import Path\n", False),
        ("from other import *\n", False),
        ("def f():\n    return Path\n", False),
        ("try:\n    from pathlib import Path\nexcept ImportError:\n    Path = None\n", False),
        ("class A:\n    from pathlib import Path\n", False),
        ("def f():\n    global Path\n", False),
    ],
)
def test_name_is_free_or_means_just_that(source: str, free: bool) -> None:
    module = read_module("app.py", source.encode())
    assert isinstance(module, Module)
    assert can_import(PATHLIB, module, Index(module.tree)) is free
