"""Names that modules take from one another although they come from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import rewrite

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts

LENDER = "from six import text_type\nfrom io import open\nx = text_type(1)\ny = open('a')\n"


def facts(**files: str) -> ProjectFacts:
    modules = [read_module(f"app/{name}.py", source.encode()) for name, source in files.items()]
    return merge([file_facts(module) for module in modules if isinstance(module, Module)])


def after(taker: str) -> str:
    known = facts(core=LENDER, other=taker)
    return rewrite(LENDER, "AR032", facts=known, path="app/core.py").layers[-1].data.decode()


@pytest.mark.parametrize(
    "taker",
    [
        "from .core import text_type\n",
        "from app.core import open, text_type as t\n",
        "import app.core\napp.core.text_type\n",
        "import app.core as c\nc.text_type\n",
        "from . import core\ncore.text_type(1)\n",
        "mock.patch('app.core.text_type')\n",
    ],
)
def test_import_that_others_take_stays(taker: str) -> None:
    assert "from six import text_type\n" in after(taker)


@pytest.mark.parametrize(
    "taker",
    [
        "from six import text_type\n",
        "from .other import text_type\n",
        "from .core import x\n",
        "import six\nsix.text_type\n",
        "core = f()\ncore.text_type\n",
        "text = 'text_type'\n",
    ],
)
def test_import_that_nobody_takes_goes(taker: str) -> None:
    assert "from six import text_type\n" not in after(taker)


def test_only_what_comes_from_elsewhere_is_known_to_be_taken() -> None:
    taker = "from .core import x, open\nfrom other.place import PY2, six\nimport os\nos.path\n"
    assert facts(core=LENDER, taker=taker).taken == ("core.open", "place.PY2", "place.six")


def test_module_variable_that_another_file_sets_is_no_evidence() -> None:
    source = "LIMIT = 5\n\n\ndef f():\n    return 'n=%d' % LIMIT\n"
    alone = rewrite(source, "AR001", facts=facts(core=source), path="app/core.py")
    assert "f'n={LIMIT}'" in alone.layers[-1].data.decode()
    known = facts(core=source, test="from app import core\ncore.LIMIT = 2.5\n")
    assert rewrite(source, "AR001", facts=known, path="app/core.py").layers == ()
