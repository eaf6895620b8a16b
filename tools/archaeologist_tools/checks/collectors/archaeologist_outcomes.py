"""Writes each test's outcome to a file, one JSON line at a time, so that a crash loses nothing.

Runs inside the project's own interpreter (Python 3.8 and later), next to the project's tests; imports nothing of ours.
The variables that name the file are taken out of the environment, so tests that start tests do not write into it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import IO, Any

_PATH = os.environ.pop("ARCHAEOLOGIST_OUTCOMES", "")
_CHECKOUT = os.environ.pop("ARCHAEOLOGIST_CHECKOUT", "")
_START = os.getcwd()  # noqa: PTH109 - tests may change it, and only the text is wanted
_PID = os.getpid()
_stream: IO[str] | None = None


def start() -> bool:
    """Opens the file; False when nobody asked for outcomes."""
    global _stream  # noqa: PLW0603 - one process has one file
    if _PATH and _stream is None:
        _stream = open(_PATH, "a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115, PTH123 - open to the end
    return _stream is not None


def record(name: str, outcome: str) -> None:
    """Writes the outcome of one test, or of one part of it."""
    _write({"test": name, "outcome": outcome})


def finish() -> None:
    """Writes which modules came from the user's checkout, where none should come from."""
    _write({"foreign": sorted(name for name, module in list(sys.modules.items()) if _is_foreign(module))})


def relative(root: str, name: str) -> str:
    """Gives a test's name relative to where the tests were started instead of to a root."""
    path, separator, rest = name.partition("::")
    if os.path.realpath(root) == os.path.realpath(_START):
        return name
    return os.path.relpath(os.path.join(root, path), _START).replace(os.sep, "/") + separator + rest  # noqa: PTH118


def _write(line: dict[str, Any]) -> None:
    # A forked child has the same stream, and is not the one whose tests count.
    if _stream is not None and os.getpid() == _PID:
        _stream.write(json.dumps(line) + "\n")
        _stream.flush()


def _is_foreign(module: Any) -> bool:
    path = getattr(module, "__file__", None)
    if not _CHECKOUT or not isinstance(path, str):
        return False
    allowed = (_START + os.sep, sys.prefix + os.sep)
    return path.startswith(_CHECKOUT + os.sep) and not path.startswith(allowed) and "site-packages" not in path
