"""Opens a file of a branch in a person's editor: a copy, as the checkout is never touched."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from archaeologist.review.model import LeftPlace
from archaeologist_tools.errors import UsageError
from archaeologist_tools.git.diff import commit_diff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.app import App

    from archaeologist.review.model import ReviewHunk
    from archaeologist_tools.git.command import Git

_GOTO = frozenset({"code", "code-insiders", "codium", "cursor", "windsurf"})
_COLON = frozenset({"hx", "helix"})
_COLON_AND_WAIT = frozenset({"subl", "zed"})
_DEFAULT = "vi"
_READ_ONLY = 0o444


async def open_copy(app: App[Any], git: Git, tip: str, target: LeftPlace | ReviewHunk, editor: str) -> None:
    """Give the terminal to an editor that shows a file as the branch has it, until a person closes it.

    Args:
        app: whose terminal it is.
        git: the repository.
        tip: the newest commit of the branch.
        target: what is to be seen: its file and line.
        editor: command line of the editor; empty for that of the environment.

    Raises:
        GitFailed: the branch does not have the file any more.
        UsageError: the editor cannot be started, or ends with an error, or the terminal cannot be given away.
    """
    line = await asyncio.to_thread(line_of, git, target, tip)
    with copied(git, tip, target.path) as copy:
        command = editor_command(editor_of(editor, os.environ), copy, line)
        try:
            with app.suspend():
                problem = run_editor(command)  # raises nothing: Textual would not take the terminal back
        except SuspendNotSupported:
            raise UsageError("this terminal cannot be given to an editor", "read the file in another one") from None
    app.refresh()
    if problem:
        raise UsageError(problem, "set EDITOR, or `editor` in the configuration")


def editor_of(configured: str, environment: Mapping[str, str]) -> str:
    """Return the command line of the editor: the configured one, VISUAL, EDITOR, or vi."""
    return configured or environment.get("VISUAL") or environment.get("EDITOR") or _DEFAULT


def editor_command(editor: str, path: Path, line: int) -> list[str]:
    """Return how an editor is told to open a file at a line, and to end only when a person closes it.

    Raises:
        UsageError: the command line of the editor cannot be read.
    """
    try:
        words = shlex.split(editor)
    except ValueError as error:
        raise UsageError(f"the editor {editor!r} cannot be started: {error}", "set EDITOR, or `editor`") from None
    if not words:
        return [_DEFAULT, f"+{line}", str(path)]
    name = Path(words[0]).name
    if name in _GOTO:
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    if name in _COLON | _COLON_AND_WAIT:
        return [*words, *(["--wait"] if name in _COLON_AND_WAIT else []), f"{path}:{line}"]
    return [*words, f"+{line}", str(path)]


def line_of(git: Git, target: LeftPlace | ReviewHunk, tip: str) -> int:
    """Return where a hunk, or a place that was left alone, is in the file as the branch has it."""
    if isinstance(target, LeftPlace):
        return target.line
    return _line_at(git, target.path, target.line, target.commit.commit, tip)


def _line_at(git: Git, path: str, line: int, was: str, now: str) -> int:
    """Return where a line of a file at one commit is at a later one; the nearest line when it is gone."""
    if was == now:
        return line
    shift = 0
    for diff in commit_diff(git, was, now):
        for block in (block for hunk in diff.hunks for block in hunk.blocks) if diff.path == path else ():
            if block.old_end < line:
                shift += (block.new_end - block.new_start) - (block.old_end - block.old_start)
            elif block.old_start < line:
                return block.new_start + 1
    return line + shift


@contextmanager
def copied(git: Git, commit: str, path: str) -> Iterator[Path]:
    """Give a read-only copy of a file as a commit has it, for as long as somebody looks at it.

    Raises:
        GitFailed: the commit does not have the file.
    """
    content = git.run("cat-file", "blob", f"{commit}:{path}")
    with tempfile.TemporaryDirectory(prefix="archaeologist-") as folder:
        copy = Path(folder) / "read-only-copy" / PurePosixPath(path).name
        copy.parent.mkdir()
        copy.write_bytes(content)
        copy.chmod(_READ_ONLY)
        yield copy


def run_editor(command: Sequence[str]) -> str:
    """Start an editor in this terminal, and wait until it is closed; return what went wrong, which is mostly nothing.

    Ctrl-C is the editor's alone. A handler that does nothing keeps it from ending this program, as an ignored signal
    would; but that the editor would inherit.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.run(command, check=False).returncode
    except OSError as error:
        return f"the editor {command[0]!r} cannot be started: {error.strerror}"
    finally:
        signal.signal(signal.SIGINT, before)
    return f"the editor {command[0]!r} ended with exit code {code}" if code else ""
