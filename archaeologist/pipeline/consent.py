"""Whether the user agreed that a repository's own tests may be run: they are code that nobody has checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archaeologist.artefacts import write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.temporal.state import StateDirectory


def is_trusted(state: StateDirectory, repository: Path) -> bool:
    """Return whether the user agreed once to run this repository's tests."""
    return str(repository) in _trusted(state)


def trust(state: StateDirectory, repository: Path) -> None:
    """Remember that the user agreed."""
    write_durably(_file(state), json.dumps(sorted({*_trusted(state), str(repository)}), indent=1).encode())


def _trusted(state: StateDirectory) -> list[str]:
    try:
        return list(json.loads(_file(state).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return []


def _file(state: StateDirectory) -> Path:
    return state.path / "trusted-tests.json"
