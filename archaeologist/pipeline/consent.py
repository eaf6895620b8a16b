"""Whether the user agreed that a repository's own tests may be run: they are code that nobody has checked."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from archaeologist.artefacts import write_durably
from archaeologist_tools.checks.detection import detect_tests
from archaeologist_tools.errors import TestsUnusable, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.temporal.state import StateDirectory


def is_trusted(state: StateDirectory, repository: Path) -> bool:
    """Return whether the user agreed once to run this repository's tests."""
    return str(repository) in _trusted(state)


def trust(state: StateDirectory, repository: Path) -> None:
    """Remember that the user agreed."""
    write_durably(_file(state), json.dumps(sorted({*_trusted(state), str(repository)}), indent=1).encode())


def how_run(repository: Path, command: str | None, python: str | None) -> str:
    """Return in words how a repository's tests would be run, as its checkout looks; nothing of it is run for that.

    Args:
        repository: the user's checkout.
        command: what the user said; None to find it out.
        python: the interpreter that the user named; None for the project's own.
    """
    try:
        plan = detect_tests(repository, command=command, python=python, root=repository)
    except (TestsUnusable, UsageError) as error:
        return f"they cannot be run: {error}"
    return f"they are run by: {shlex.join(plan.command)}" if plan else "no tests are found here: none would be run"


def _trusted(state: StateDirectory) -> list[str]:
    try:
        return list(json.loads(_file(state).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return []


def _file(state: StateDirectory) -> Path:
    return state.path / "trusted-tests.json"
