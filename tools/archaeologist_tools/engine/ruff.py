"""One ruff process for many files; its edits are data here and are applied, or not, one by one.

Ruff reads UTF-8 only, so each file is handed over decoded, under a number instead of its name, and positions are mapped
back to bytes of the original. `noqa` comments are honoured by this package, not by ruff, so that they can be reported.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ruff import find_ruff_bin  # type: ignore[import-untyped]  # ruff's package has no types

from archaeologist_tools.errors import RuffFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist_tools.source.module import Module

_Edit: TypeAlias = tuple[int, int, str]

# Making a file on a disk may take ten times as long as checking it.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder with a name of its own is made in it
# The oldest and newest Python that ruff has a name for.
_OLDEST, _NEWEST = (3, 7), (3, 14)
_IMPORT = re.compile(r"\s*from\s+(?P<module>[\w.]+)\s+import\s+\(?(?P<names>[\w\s,.]+)\)?\s*")


@dataclass(frozen=True)
class Diagnostic:
    """What ruff found at one place.

    Attributes:
        code: ruff's code.
        start: byte offset in the file.
        end: byte offset in the file.
        message: ruff's words.
        fix: start, end and new text when there is a safe fix; several edits of one fix are one text.
        imports: the statements that the fix depends on, which are no part of it.
    """

    code: str
    start: int
    end: int
    message: str
    fix: tuple[int, int, str] | None
    imports: tuple[str, ...] = ()


def diagnose(modules: Sequence[Module], codes: Sequence[str], target: tuple[int, int]) -> list[list[Diagnostic]]:
    """Run ruff over modules.

    Args:
        modules: the files; the result is in their order.
        codes: ruff's codes; without any, no process is started.
        target: the Python to write for.

    Raises:
        RuffFailed: ruff cannot be started or ended with an error.
    """
    found: list[list[Diagnostic]] = [[] for _ in modules]
    if not modules or not codes:
        return found
    texts = [_in_utf8(module) for module in modules]
    with tempfile.TemporaryDirectory(prefix="archaeologist-ruff-", dir=_memory(texts)) as folder:
        for number, text in enumerate(texts):
            # `Path.write_bytes` takes three times as long.
            with open(f"{folder}{os.sep}{number}.py", "xb") as file:  # noqa: PTH123
                file.write(text)
        report = _run(folder, codes, target)
    for entry in report:
        number = int(Path(entry["filename"]).stem)
        # A file that ruff cannot parse gives an entry without a code of its own.
        if entry["code"] in codes:
            found[number].append(_diagnostic(entry, modules[number]))
    return found


def _in_utf8(module: Module) -> bytes:
    return module.data[module.bom :] if module.encoding == "utf-8" else module.text.encode()


def _memory(texts: Sequence[bytes]) -> Path | None:
    """A folder in memory with twice the room that some texts need; None where the system has none."""
    try:
        room = os.statvfs(_IN_MEMORY)
    except (OSError, AttributeError):
        return None
    blocks = sum(len(text) // room.f_frsize + 1 for text in texts)
    return _IN_MEMORY if 2 * blocks < room.f_bavail and os.access(_IN_MEMORY, os.W_OK | os.X_OK) else None


def _run(folder: str, codes: Sequence[str], target: tuple[int, int]) -> list[dict[str, Any]]:
    version = min(max(target, _OLDEST), _NEWEST)
    command = [
        _program(),
        "check",
        "--isolated",
        "--no-cache",
        "--no-fix",
        "--ignore-noqa",
        "--exit-zero",
    ]
    command += ["--quiet", "--output-format", "json", "--select", ",".join(codes)]
    command += ["--target-version", f"py{version[0]}{version[1]}", "--no-respect-gitignore", "."]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUFF_")}
    # Several processes of ours run side by side; threads of their own would only be in each other's way.
    environment["RAYON_NUM_THREADS"] = "1"
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=True, stdin=subprocess.DEVNULL
        )
        report: list[dict[str, Any]] = json.loads(done.stdout or b"[]")
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RuffFailed(f"ruff ended with status {error.returncode}: {''.join(last)}") from error
    except (OSError, ValueError) as error:
        raise RuffFailed(f"ruff cannot be used: {error}") from error
    return report


@cache
def _program() -> str:
    """Give the path of ruff's binary: `python -m ruff` costs a start of Python for every batch.

    Raises:
        RuffFailed: it is not installed.
    """
    try:
        return str(find_ruff_bin())
    except FileNotFoundError as error:
        raise RuffFailed(f"ruff cannot be found: {error}") from error


def _diagnostic(entry: Mapping[str, Any], module: Module) -> Diagnostic:
    start, end = _extent(entry, module)
    edits = _edits(entry["fix"], module)
    brought = _brought(edits[0], module) if len(edits) > 1 else ""
    fix = _joined(edits[bool(brought) :], module) if edits else None
    return Diagnostic(entry["code"], start, end, entry["message"], fix, (brought,) if brought else ())


def _extent(entry: Mapping[str, Any], module: Module) -> tuple[int, int]:
    places = (entry["location"], entry["end_location"])
    start, end = (module.character_offset(place["row"], place["column"]) for place in places)
    return start, end


def _edits(fix: Mapping[str, Any] | None, module: Module) -> list[_Edit]:
    """The edits of a safe fix, in the order of their places."""
    if not fix or fix["applicability"] != "safe":
        return []
    edits = sorted((*_extent(edit, module), edit["content"]) for edit in fix["edits"])
    # Ruff may rewrite a statement as itself, to keep other fixes away from it.
    return [edit for edit in edits if _text(module, edit[0], edit[1]) != edit[2]]


def _brought(edit: _Edit, module: Module) -> str:
    """The import of a name that an edit puts in, beside others or alone; empty when it does something else."""
    start, end, content = edit
    after, before = _IMPORT.fullmatch(content), _IMPORT.fullmatch(_text(module, start, end))
    if after is None or (before is None and start != end):
        return ""
    added = _names(after) - (_names(before) if before else set())
    return f"from {after['module']} import {added.pop()}" if len(added) == 1 else ""


def _names(statement: re.Match[str]) -> set[str]:
    return {name.strip() for name in statement["names"].split(",")} - {""}


def _joined(edits: Sequence[_Edit], module: Module) -> _Edit:
    parts, position = [], edits[0][0]
    for start, end, content in edits:
        parts += [_text(module, position, start), content]
        position = end
    return edits[0][0], position, "".join(parts)


def _text(module: Module, start: int, end: int) -> str:
    return module.data[start:end].decode(module.encoding)
