"""Which Python runs the project's tests: the project's own, not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from archaeologist_tools.errors import TestsUnusable

_SECONDS = 30


def choose_python(python: str | None, root: Path | None) -> str:
    """Gives the interpreter of a project.

    The first that is there of: the given one, the active virtual environment unless it is the one we run in, `.venv` or
    `venv` in the checkout, `python3` on PATH, our own.

    Args:
        python: a path or a command name.
        root: the user's checkout.

    Raises:
        TestsUnusable: the given one is not there or does not start.
    """
    if python is not None:
        return _given(python, root)
    folders = [*_active_environment(), *((root / name for name in (".venv", "venv")) if root else ())]
    candidates = [folder / "bin" / "python" for folder in folders]
    here = next((str(candidate) for candidate in candidates if os.access(candidate, os.X_OK)), None)
    return here or _real(shutil.which("python3", path=_foreign_path())) or sys.executable


def can_import(python: str, module: str, root: Path | None) -> bool:
    """Tells whether an interpreter has a module.

    An interpreter inside the checkout is part of the code under work, so it is looked at, not run: whether the
    project's code may be run is for the user to say.
    """
    if _is_part_of(python, root):
        site = Path(python).parent.parent
        return any(site.glob(f"lib*/python3*/site-packages/{module}*"))
    return _output(python, f"import {module}") is not None


def _given(python: str, root: Path | None) -> str:
    found = shutil.which(python)
    path = found and str(Path(found).absolute())
    real = path if path and _is_part_of(path, root) else _real(path)
    if not real:
        raise TestsUnusable(f"no Python that starts at {python}", "name another one")
    return real


def _is_part_of(python: str, root: Path | None) -> bool:
    return root is not None and Path(python).is_relative_to(root)


def _active_environment() -> list[Path]:
    active = os.environ.get("VIRTUAL_ENV")
    return [Path(active)] if active and Path(active).resolve() != Path(sys.prefix).resolve() else []


def _real(python: str | None) -> str | None:
    """Gives the interpreter behind a shim, which chooses by the folder it is run in and the user's home."""
    return python and (_output(python, "import sys; sys.stdout.write(sys.executable)") or None)


def _output(python: str, code: str) -> str | None:
    """Gives what a piece of code writes, None if it fails."""
    command = [python, "-I", "-c", code]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False, cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else os.fsdecode(done.stdout)


def _foreign_path() -> str:
    """Gives PATH without the folder of the virtual environment that we run in."""
    parts = os.environ.get("PATH", os.defpath).split(os.pathsep)
    ours = Path(sys.prefix, "bin").resolve() if sys.prefix != sys.base_prefix else None
    return os.pathsep.join(part for part in parts if part and Path(part).resolve() != ours)
