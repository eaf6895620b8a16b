"""Finds out how the tests of a project are run."""

from __future__ import annotations

import os
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.checks.interpreter import can_import, choose_python
from archaeologist_tools.checks.plan import Runner, TestPlan
from archaeologist_tools.errors import TestsUnusable, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONFIGURED = (
    ("pytest.ini", b""),
    (".pytest.ini", b""),
    ("pytest.toml", b""),
    ("pyproject.toml", b"[tool.pytest"),
    ("setup.cfg", b"[tool:pytest]"),
    ("tox.ini", b"[pytest]"),
)
_SKIPPED = frozenset(
    {"node_modules", "site-packages", "build", "dist", "venv", "env", "vendor", "_vendor", "third_party"}
)
_PYTEST_STYLE = re.compile(rb"^(async )?def test(?!\(|_suite\b|_main\b)|^class Test\w*(\((object)?\))?:", re.MULTILINE)
_UNITTEST_STYLE = re.compile(rb"\bunittest\b|\bTestCase\b")
_PYTEST_NAMES = frozenset({"pytest", "py.test", "pytest-3", "pytest3"})


def detect_tests(
    worktree: Path, *, command: str | None = None, python: str | None = None, root: Path | None = None
) -> TestPlan | None:
    """Finds out how the tests of a checkout are run.

    pytest runs them if it is configured, or if there are tests that unittest does not see, and if the project's Python
    has pytest; unittest's discovery runs them otherwise.

    Args:
        worktree: the checkout to look at; no file of it is run.
        command: what the user said, split as a shell would, but run without one.
        python: the interpreter the user named.
        root: the user's checkout, where virtual environments are looked for.

    Returns:
        None if there are no tests.

    Raises:
        UsageError: the command cannot be split.
        TestsUnusable: there are tests, but only pytest could run them, and the project's Python does not have it.
    """
    interpreter = choose_python(python, root)
    checkout = str(root.resolve()) if root is not None else ""
    if command is not None:
        given = _split(command)
        return TestPlan(_runner(given), given, interpreter, checkout=checkout)
    words = _command(worktree, interpreter, root)
    return None if words is None else TestPlan(_runner(words), words, interpreter, checkout=checkout)


def unittest_arguments(command: Sequence[str]) -> int | None:
    """Gives where in a command `-m unittest` stands, None if it does not."""
    return next((place for place, pair in enumerate(pairwise(command)) if pair == ("-m", "unittest")), None)


def _split(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as problem:
        raise UsageError(f"the test command cannot be read: {problem}") from problem
    if not words:
        raise UsageError("the test command is empty")
    return words


def _runner(command: Sequence[str]) -> Runner:
    pairs = set(pairwise(command))
    if Path(command[0]).name in _PYTEST_NAMES or any(("-m", name) in pairs for name in _PYTEST_NAMES):
        return "pytest"
    return "command" if unittest_arguments(command) is None else "unittest"


def _command(worktree: Path, python: str, root: Path | None) -> tuple[str, ...] | None:
    files = list(_test_files(worktree))
    texts = [_head(file) for file in files]
    for_unittest = any(_UNITTEST_STYLE.search(text) for text in texts)
    for_pytest = any(_PYTEST_STYLE.search(text) for text in texts)
    if (for_pytest or _is_configured(worktree)) and files:
        if can_import(python, "pytest", root):
            return (python, "-m", "pytest")
        if not for_unittest:
            raise TestsUnusable(f"the tests need pytest, and {python} does not have it")
    if not for_unittest:
        return None
    if any(file.name.startswith("test") for file in files):
        return (python, "-m", "unittest", "discover")
    return (python, "-m", "unittest", "discover", "-p", "*_test.py")


def _is_configured(worktree: Path) -> bool:
    if any((worktree / folder / "conftest.py").is_file() for folder in ("", "tests", "test")):
        return True
    return any(mark in _head(worktree / name) for name, mark in _CONFIGURED if (worktree / name).is_file())


def _test_files(worktree: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(worktree):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".py") and (name.startswith("test") or name.endswith("_test.py")):
                yield Path(folder, name)


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(1 << 20)
    except OSError:
        return b""
