"""Who else may use a name of a module: whoever names both."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.mentions import mentions_elsewhere


@pytest.mark.parametrize(
    ("path", "other", "text", "found"),
    [
        ("app/stock.py", "app/views.py", "from .stock import total", True),
        ("app/stock.py", "app/views.py", "\nimport app.stock as s\ns.total", True),
        ("app/stock.py", "setup.cfg", "x = app.stock:total", True),
        ("app/stock.py", "app/views.py", "from stocks import total", False),
        ("app/stock.py", "app/views.py", "from stock import totals", False),
        ("app/stock.py", "app/stock.py", "stock total", False),
        ("app/__init__.py", "app/views.py", "from . import total", True),
        ("app/__init__.py", "web/views.py", "from app import total", True),
        ("app/__init__.py", "web/views.py", "from web import total", False),
    ],
)
def test_a_name_beside_its_module_counts(path: str, other: str, text: str, *, found: bool) -> None:
    place = f"{other}, line {text.count(chr(10)) + 1}"
    assert mentions_elsewhere(path, ["total"], [(other, text.encode())]) == ({"total": place} if found else {})
