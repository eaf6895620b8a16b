from __future__ import annotations

import sys
from pathlib import Path

from archaeologist.pipeline.consent import how_run

CASE = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"


def test_how_tests_would_be_run_is_told_without_running_anything_of_the_repository(tmp_path: Path) -> None:
    assert how_run(tmp_path, None, sys.executable) == "no tests are found here: none would be run"
    (tmp_path / "test_a.py").write_text(f"open('ran', 'w')\n{CASE}", encoding="ascii")
    assert how_run(tmp_path, None, sys.executable).endswith(f"{Path(sys.executable).name} -m unittest discover")
    assert how_run(tmp_path, "tox -e 'py 3'", sys.executable) == "they are run by: tox -e 'py 3'"
    assert how_run(tmp_path, "'", sys.executable).startswith("they cannot be run: the test command cannot be read")
    assert not list(tmp_path.rglob("ran"))
