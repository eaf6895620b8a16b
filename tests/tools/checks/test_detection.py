from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.checks.interpreter import can_import, choose_python
from archaeologist_tools.checks.tests import detect_tests
from archaeologist_tools.errors import TestsUnusable, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Project = Callable[[Mapping[str, str]], Path]

CASE = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"
FUNCTION = "def test_a():\n    assert True\n"


@pytest.mark.parametrize(
    ("files", "runner"),
    [
        ({"tests/test_a.py": CASE}, "unittest"),
        ({"tests/test_a.py": CASE + "def test_suite():\n    pass\n"}, "unittest"),
        ({"tests/test_a.py": FUNCTION}, "pytest"),
        ({"tests/test_a.py": "class TestA(object):\n    def test_a(self): pass\n"}, "pytest"),
        ({"tests/test_a.py": CASE, "tests/test_b.py": FUNCTION}, "pytest"),
        ({"tests/test_a.py": CASE + FUNCTION}, "pytest"),
        ({"tests/test_a.py": CASE, "pytest.ini": ""}, "pytest"),
        ({"tests/test_a.py": CASE, "pyproject.toml": "[tool.pytest.ini_options]\n"}, "pytest"),
        ({"tests/test_a.py": CASE, "setup.cfg": "[tool:pytest]\n"}, "pytest"),
        ({"tests/test_a.py": CASE, "tox.ini": "[pytest]\n"}, "pytest"),
        ({"tests/test_a.py": CASE, "tests/conftest.py": ""}, "pytest"),
        ({"tests/test_a.py": CASE, "setup.cfg": "[metadata]\n", "tox.ini": "[tox]\n"}, "unittest"),
    ],
)
def test_the_runner(project: Project, files: dict[str, str], runner: str) -> None:
    plan = detect_tests(project(files), python=sys.executable)
    assert plan is not None
    assert plan.runner == runner
    assert plan.command[0] == plan.python == sys.executable


@pytest.mark.parametrize(
    "files",
    [{"app.py": ""}, {"pytest.ini": ""}, {"vendor/test_a.py": FUNCTION}, {".tox/test_a.py": CASE}, {"test.py": ""}],
)
def test_no_tests(project: Project, files: dict[str, str]) -> None:
    assert detect_tests(project(files), python=sys.executable) is None


def fake_python(folder: Path, *packages: str) -> Path:
    """Makes what looks like a virtual environment; its interpreter must not be started."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ntouch {folder}/started\n", encoding="ascii")
    python.chmod(0o755)
    site = folder / "lib" / "python3.11" / "site-packages"
    for package in packages:
        (site / package).mkdir(parents=True)
    return python


def test_pytest_that_the_project_does_not_have(project: Project) -> None:
    folder = project({"test_a.py": FUNCTION})
    fake_python(folder / ".venv")
    with pytest.raises(TestsUnusable, match="pytest"):
        detect_tests(folder, root=folder)
    (folder / "test_b.py").write_text(CASE, encoding="ascii")
    plan = detect_tests(folder, root=folder)
    assert plan is not None
    assert plan.runner == "unittest"


def test_an_interpreter_of_the_checkout_is_not_started_to_look(project: Project) -> None:
    folder = project({"test_a.py": FUNCTION})
    python = fake_python(folder / "venv", "pytest")
    plan = detect_tests(folder, root=folder)
    assert plan is not None
    assert (plan.python, plan.runner, plan.checkout) == (str(python), "pytest", str(folder))
    assert not (folder / "venv" / "started").exists()


def test_which_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    active, own = fake_python(tmp_path / "active"), fake_python(tmp_path / "root" / ".venv")
    root = tmp_path / "root"
    assert choose_python(None, root) == str(own)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert choose_python(None, root) == str(active)
    assert choose_python(str(own), root) == str(own)
    assert choose_python(sys.executable, root) == sys.executable
    with pytest.raises(TestsUnusable, match="starts"):
        choose_python(str(own), None)
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert choose_python(None, root) == str(own)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose_python(None, tmp_path) == sys.executable
    with pytest.raises(TestsUnusable):
        choose_python(str(tmp_path / "nothing"), None)


def test_what_an_interpreter_has() -> None:
    assert can_import(sys.executable, "json", None)
    assert not can_import(sys.executable, "no_such_module", None)
    assert not can_import("/no/such/python", "json", None)


@pytest.mark.parametrize(
    ("command", "runner"),
    [
        ("pytest -x tests", "pytest"),
        ("python -m pytest", "pytest"),
        ("/usr/bin/py.test", "pytest"),
        ("coverage run -m pytest", "pytest"),
        ("python -W error -m unittest -v tests.test_a", "unittest"),
        ("python setup.py test", "command"),
        ("tox", "command"),
        ("sh -c 'pytest; true'", "command"),
    ],
)
def test_a_command(tmp_path: Path, command: str, runner: str) -> None:
    plan = detect_tests(tmp_path, command=command, python=sys.executable)
    assert plan is not None
    assert plan.runner == runner
    assert plan.command[0] == command.split(maxsplit=1)[0]


@pytest.mark.parametrize("command", ["", "  ", "pytest 'tests"])
def test_a_command_that_is_none(tmp_path: Path, command: str) -> None:
    with pytest.raises(UsageError):
        detect_tests(tmp_path, command=command)
