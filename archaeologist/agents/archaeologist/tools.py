"""What the archaeologist looks with; the other agents that read code share some of it.

Nothing here changes a file. All text goes out through `observing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.steps.editing import desk_of
from archaeologist.agents.steps.observing import CHARACTERS, observed, observed_excerpt
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.tools import tool
from archaeologist.errors import EditRefused
from archaeologist.wording import counted, first_of
from archaeologist_tools.git import blame as git_blame
from archaeologist_tools.git import history as git_history
from archaeologist_tools.reading import callers, module_state, outlines, unused, usages
from archaeologist_tools.reading import duplicates as clones
from archaeologist_tools.reading import lint as linting
from archaeologist_tools.reading import metrics as measuring
from archaeologist_tools.reading.excerpts import HASH_DIGITS, lines_of
from archaeologist_tools.reading.files import modules_of, paths_in, python_in, python_of
from archaeologist_tools.reading.listing import listing
from archaeologist_tools.reading.places import without_secrets
from archaeologist_tools.source.module import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.source.module import Module

LINES_AT_ONCE = 400
PLACES_SHOWN = 60
ROWS_SHOWN = 40
COMMITS_SHOWN = 20
UNREADABLE_TOLD = 10
MOST_MODULES = 2_000
"""Modules that one call reads; with more, it has to be about a folder."""


@tool(read_only=True)
def list_files(folder: str = "", pattern: str = "", *, context: ToolContext) -> ToolResult:
    """List files with their bytes; folders only, where there are many files.

    Args:
        pattern: a glob such as `*.py`
    """
    found = listing(desk_of(context).snapshot, folder, pattern)
    return observed("\n".join(found.rows), "files", note=_count(found.files, "file", found.shown))


@tool(read_only=True)
def read(path: str, first_line: int = 1, last_line: int | None = None, *, context: ToolContext) -> ToolResult:
    """Read lines of a file, at most 400 at once. Gives the hash that edits name as `based_on`."""
    excerpt = lines_of(desk_of(context).snapshot, path, first_line, last_line, CHARACTERS, most=LINES_AT_ONCE)
    return observed_excerpt(excerpt)


@tool(read_only=True)
def outline(path: str, *, context: ToolContext) -> ToolResult:
    """List the classes and functions of a Python file: lines, signature, complexity."""
    snapshot = desk_of(context).snapshot
    rows = list(map(str, outlines.outline(python_of(snapshot, path))))
    return _rows(rows, f"{path}, based_on={snapshot.oid(path)[:HASH_DIGITS]}", "definition", most=250)


@tool(read_only=True)
def find_usages(name: str, folder: str = "", *, context: ToolContext) -> ToolResult:
    """Find where a name stands: definitions, imports, calls, reads, writes, and in texts and comments.

    Args:
        name: without dots
    """
    snapshot = desk_of(context).snapshot
    found = usages.usages(snapshot, name, folder)
    rows = [*map(str, without_secrets(snapshot, found.places[:PLACES_SHOWN])), *_unreadable(found.unreadable)]
    return _found(rows, f"usages of {name}", len(found.places), found.files, found.searched)


@tool(read_only=True)
def find_callers(path: str, qualname: str, *, context: ToolContext) -> ToolResult:
    """Find who calls a function or class; `perhaps` where only the name says so.

    Args:
        path: where it is defined
        qualname: as in `Stock.add`
    """
    snapshot = desk_of(context).snapshot
    found = callers.callers(snapshot, path, qualname)
    rows = [*map(str, without_secrets(snapshot, found.places[:PLACES_SHOWN])), *_unreadable(found.unreadable)]
    return _found(rows, f"callers of {path}::{qualname}", len(found.places), found.files, found.searched)


@tool(read_only=True, seconds=180)
def metrics(path: str, *, context: ToolContext) -> ToolResult:
    """Measure a Python file, or compare those of a folder: size, complexity, longest functions, imports.

    Args:
        path: empty for the whole repository
    """
    snapshot = desk_of(context).snapshot
    paths = python_in(snapshot, path)
    if list(paths) == [path]:
        return observed(str(measuring.metrics_of(python_of(snapshot, path))), path)
    unreadable = list[str]()
    modules = _modules(context, path, paths, unreadable)
    measured = sorted(map(measuring.metrics_of, modules), key=lambda each: -each.complexity)
    rows = [*map(measuring.row_of, measured[:ROWS_SHOWN]), *_unreadable(unreadable)]
    label = f"{measuring.HEADER}, of modules below {path or 'the top'}"
    return _rows(rows, label, "module", total=len(measured))


@tool(read_only=True, seconds=300)
def duplicates(folder: str = "", *, context: ToolContext) -> ToolResult:
    """Find functions that are alike but for names of variables, comments and layout."""
    unreadable = list[str]()
    paths = python_in(desk_of(context).snapshot, folder)
    groups = clones.duplicates(_modules(context, folder, paths, unreadable))
    rows = [" = ".join(map(str, copies)) for copies in groups]
    return _rows([*rows[:ROWS_SHOWN], *_unreadable(unreadable)], "functions that are alike", "group", total=len(rows))


@tool(read_only=True, seconds=300)
def unused_definitions(folder: str = "", *, context: ToolContext) -> ToolResult:
    """Find classes and functions whose name stands nowhere else in the repository, with what speaks against it."""
    found = unused.unused_definitions(desk_of(context).snapshot, folder)
    rows = [*map(str, found.definitions[:ROWS_SHOWN]), *_unreadable(found.unreadable)]
    return _rows(rows, "definitions that nothing names", "definition", total=len(found.definitions))


@tool(read_only=True)
def globals_written(path: str, *, context: ToolContext) -> ToolResult:
    """List variables of a Python file that functions or other modules change, with where."""
    snapshot = desk_of(context).snapshot
    rows = []
    for each in module_state.written_globals(snapshot, python_of(snapshot, path)):
        rows.append(f"{each.name} (line {each.line or '-'}), read by {counted(each.readers, 'function')}")
        rows += [f"  {place}" for place in each.writers[:PLACES_SHOWN]]
    return _rows(rows, f"changing variables of {path}", "line", most=120)


@tool(read_only=True)
def history(path: str, *, context: ToolContext) -> ToolResult:
    """List the newest commits that changed a file or folder."""
    desk = desk_of(context)
    paths_in(desk.before(), path)  # refuses what is not there
    found = git_history.changes(desk.snapshot.git, desk.workspace.commit, path.strip("/."), COMMITS_SHOWN)
    rows = [f"{each.commit[:10]} {each.day} {each.author}: {each.subject}" for each in found]
    return _rows(rows, f"history of {path}", "commit")


@tool(read_only=True)
def blame(path: str, first_line: int, last_line: int, *, context: ToolContext) -> ToolResult:
    """Tell which commits wrote lines of a file."""
    desk = desk_of(context)
    excerpt = lines_of(desk.before(), path, first_line, last_line, limit=1)
    found = git_blame.blame(desk.snapshot.git, desk.workspace.commit, path, excerpt.first, excerpt.last)
    rows = [f"{each.first}-{each.last} {each.commit[:10]} {each.day} {each.author}: {each.subject}" for each in found]
    return _rows(rows, f"who wrote {path}", "group of lines")


@tool(read_only=True)
def lint(path: str, *, context: ToolContext) -> ToolResult:
    """List what a linter says of a Python file: likely mistakes, dead code, risky calls, tangles."""
    desk = desk_of(context)
    rows = list(map(str, linting.remarks(python_of(desk.snapshot, path), desk.target)))
    return _rows(rows, f"ruff on {path}", "remark", most=80)


def _modules(context: ToolContext, folder: str, paths: Sequence[str], unreadable: list[str]) -> Iterator[Module]:
    """Yield modules one by one, as their trees are large, and note what is said of those that cannot be read."""
    if len(paths) > MOST_MODULES:
        raise EditRefused(f"{folder or 'the repository'} has {len(paths)} Python files; name a folder with fewer")
    for each in modules_of(desk_of(context).snapshot, paths):
        if isinstance(each, Unreadable):
            unreadable.append(f"{each.path}: {each.message}")
        else:
            yield each


def _rows(
    rows: Sequence[str],
    label: str,
    what: str,
    *,
    most: int = ROWS_SHOWN + UNREADABLE_TOLD + 1,
    total: int | None = None,
) -> ToolResult:
    """Show rows; `total` where those of which they are the first are more."""
    if not rows:
        return ToolResult(f"no {what}s")
    note = _count(len(rows), what, most) if total is None else _count(total, what, ROWS_SHOWN)
    return observed("\n".join(rows[:most]), label, note=note)


def _found(rows: Sequence[str], label: str, places: int, files: int, searched: int) -> ToolResult:
    note = f"{_count(places, 'place', PLACES_SHOWN)} in {counted(files, 'file')}"
    note += f", of which {searched} were searched" if searched < files else ""
    return observed("\n".join(rows), label, note=note) if rows else ToolResult(note)


def _count(total: int, what: str, shown: int) -> str:
    return counted(total, what) + (f", {shown} shown" if shown < total else "")


def _unreadable(told: Sequence[str]) -> list[str]:
    """Say which files are missing in a result, and why."""
    return first_of([f"cannot be read as Python 3: {each}" for each in told], UNREADABLE_TOLD)
