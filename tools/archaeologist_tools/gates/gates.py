"""All gates for one file, cheapest first. Whether the project's tests still pass is found out elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.engine.proof import compile_quietly
from archaeologist_tools.gates.failure import NOTHING_MORE, Allowed, Gate, GateFailure
from archaeologist_tools.gates.interface import changed_definitions, changed_names
from archaeologist_tools.gates.linting import worse
from archaeologist_tools.gates.powers import new_powers
from archaeologist_tools.gates.texts import changed_comments, changes_elsewhere
from archaeologist_tools.gates.versions import too_new
from archaeologist_tools.source.module import Module
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterator


def gate_failures(
    path: str, before: bytes, after: bytes, target: tuple[int, int], *, allowed: Allowed = NOTHING_MORE
) -> tuple[GateFailure, ...]:
    """Look at a Python file after an edit.

    Args:
        path: where it is, relative to the repository.
        before: its bytes before the edit, which parse.
        after: its bytes after it.
        target: the lowest Python that it has to run on.
        allowed: what the edit says that it changes.

    Returns:
        What is wrong, cheapest gate first; ruff is asked only when nothing else is wrong. None when all is well.

    Raises:
        RuffFailed: ruff cannot be used.
    """
    if before == after:
        return ()
    found = [*_protected(path), *changes_elsewhere(before, after, allowed)]
    was, now = read_for(path, before, target), read_for(path, after, target)
    if not isinstance(was, Module) or not isinstance(now, Module):
        broken = now if not isinstance(now, Module) else was
        message = getattr(broken, "message", "")
        return (*found, GateFailure(Gate.SYNTAX, f"{path} does not parse: {message}"))
    found += _uncompilable(was, now)
    if not found:
        found += [*changed_comments(was, now, allowed), *changed_definitions(was, now, allowed)]
        found += [*changed_names(was, now, allowed), *new_powers(was, now), *too_new(was, now, target)]
    return tuple(found or ([] if allowed.same_code else worse(was, now, target, allowed)))


def _protected(path: str) -> Iterator[GateFailure]:
    if is_test_path(path):
        yield GateFailure(Gate.PROTECTED, f"{path} is a test, and tests stay as they are")


def _uncompilable(before: Module, after: Module) -> Iterator[GateFailure]:
    if (after.encoding, after.bom, after.grammar) != (before.encoding, before.bom, before.grammar):
        yield GateFailure(Gate.SYNTAX, f"{after.path} would no longer be read as it was: {before.encoding} before")
        return
    try:
        compile_quietly(after.tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f"line {error.lineno}: {error.msg}" if isinstance(error, SyntaxError) else str(error)
        yield GateFailure(Gate.SYNTAX, f"{after.path} does not compile: {where}")
