"""One more import: where it goes, and why it may not."""

from __future__ import annotations

import pytest

from archaeologist_tools.surgery.importing import add_import
from support.surgery import module, refusal

SOURCE = '''\
"""Doc."""

from __future__ import absolute_import

import os
import sys as system
from collections import OrderedDict

import six

from .models import Item

json = None


def f(path):
    global late
    return open(path)
'''


def imported(statement: str, source: str = SOURCE, target: tuple[int, int] = (3, 8)) -> str:
    return add_import(module(source, target=target), statement, target).data.decode()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("", "give one import statement and nothing else"),
        ("import", "the import does not parse"),
        ("import re; import io", "give one import statement"),
        ("x = 1", "give one import statement"),
        ("import re\nprint(1)", "give one import statement"),
        ("from re import *", "`import *` hides what a name is"),
        ("import os", "`import os` is there already, on line 5"),
        ("from collections import OrderedDict", "is there already, on line 7"),
        ("import sys as system", "is there already, on line 6"),
        ("from .models import Item", "is there already, on line 11"),
        ("import json", "`json` is bound on line 13 of app/stock.py already; import it under another name"),
        ("import f", "`f` is bound on line 16"),
        ("from a import b as six", "`six` is bound on line 9"),
        ("import late", "`late` may be bound in app/stock.py in a way that cannot be seen"),
        ("from io import open", "app/stock.py uses the builtin `open`"),
        ("from .. import a", "`from .. import a` leads out of the package of app/stock.py"),
        ("from ..a import b", "leads out of the package"),
        ("from __future__ import division", "only `annotations` does anything on Python 3"),
        ("from __future__ import annotations as a", "only `annotations` does anything"),
    ],
)
def test_refused(statement: str, reason: str) -> None:
    assert reason in refusal(add_import, SOURCE, statement, (3, 8))


@pytest.mark.parametrize(
    ("source", "statement", "reason"),
    [
        ("from a import *\nx = 1\n", "import re", "cannot be seen"),
        ("globals()['re'] = 1\n", "import re", "cannot be seen"),
        ("", "import re", "holds no code"),
        ("from __future__ import annotations\n", "from __future__ import annotations", "is there already"),
        ("import typer\n", "from __future__ import annotations", "reads annotations when it runs"),
    ],
)
def test_refused_in_other_files(source: str, statement: str, reason: str) -> None:
    assert reason in refusal(add_import, source, statement, (3, 8))


def test_what_nobody_has_is_refused() -> None:
    reason = refusal(add_import, SOURCE, "import requestz", (3, 8), {"re", "os"})
    assert reason == "`requestz` is neither of the standard library nor imported anywhere in the project"
    assert add_import(module(SOURCE), "import re", (3, 8), {"re"}).edits


def test_lazy_annotations_need_a_python_that_has_them() -> None:
    assert "needs Python 3.7" in refusal(add_import, SOURCE, "from __future__ import annotations", (3, 6))


@pytest.mark.parametrize(
    ("statement", "old", "new"),
    [
        ("import re", "import os\n", "import os\nimport re\n"),
        ("from io import StringIO", "Dict\n", "Dict\nfrom io import StringIO\n"),
        ("import numpy as np", "import six\n", "import numpy as np\nimport six\n"),
        ("from six.moves import range as r", "import six\n", "import six\nfrom six.moves import range as r\n"),
        ("from .models import Stock", "import Item", "import Item, Stock"),
        ("from .models import Area as A", "import Item", "import Area as A, Item"),
        ("from . import views", "from .models", "from . import views\nfrom .models"),
        ("import os.path", "import os\n", "import os\nimport os.path\n"),
        ("from collections import deque", "OrderedDict\n", "OrderedDict, deque\n"),
        (
            "from __future__ import annotations",
            "absolute_import\n",
            "absolute_import\nfrom __future__ import annotations\n",
        ),
    ],
)
def test_an_import_goes_where_its_kind_stands(statement: str, old: str, new: str) -> None:
    assert imported(statement) == SOURCE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("source", "statement", "after"),
    [
        ("x = 1\n", "import re", "import re\n\nx = 1\n"),
        (
            "#!/bin/sh\nx = 1\n",
            "from __future__ import annotations",
            "#!/bin/sh\nfrom __future__ import annotations\n\nx = 1\n",
        ),
        ("'Doc.'", "from __future__ import annotations", "'Doc.'\n\nfrom __future__ import annotations\n"),
        ("import os\r\nx = 1\r\n", "from . import a", "import os\r\n\r\nfrom . import a\r\nx = 1\r\n"),
        ("def f():\n    return re\n", "import re", "import re\n\n\ndef f():\n    return re\n"),
        ("def f():\n    re = 1\n", "import re", "import re\n\n\ndef f():\n    re = 1\n"),
    ],
)
def test_files_without_any(source: str, statement: str, after: str) -> None:
    assert imported(statement, source) == after
