"""Starts git so that nothing in a hostile repository or an odd configuration can run or bend the result.

Hooks, fsmonitor, external diffs, textconv, filters, lazy fetches, signing, pagers and prompts are off; no `GIT_*`
variable is inherited; messages are English, because errors are told apart by them. Content goes in and out through
pipes, so that a git whose parent was killed reads an end of file and ends, too.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.errors import ArchaeologistError, DiskFull, GitFailed, RepositoryError, RepositoryGone
from archaeologist_tools.git.environment import environment

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

_DIFFING = frozenset({"diff", "diff-tree", "diff-index", "log", "show"})
_CHUNK = 1 << 16
_FULL = re.compile(rb"No space left on device|Disk quota exceeded|File too large")
_DUBIOUS = re.compile(r"dubious ownership in repository at '(.*?)'", re.DOTALL)
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_INTERRUPTED = frozenset({-signal.SIGINT, 128 + signal.SIGINT})
_FILTER_KEY = r"^filter\..*\.(clean|smudge|process|required)$"


@dataclass(frozen=True)
class Git:
    """The git of one repository.

    Args:
        git_dir: the absolute git folder (`.git`, that of a linked worktree, or that of a submodule).
    """

    git_dir: Path

    def run(
        self,
        *args: str,
        input: bytes = b"",  # noqa: A002 - the name that subprocess.run has for it
        env: Mapping[str, str] | None = None,
        work_tree: Path | None = None,
    ) -> bytes:
        """Runs one git command to its end.

        Args:
            args: the command and its arguments, e.g. `"rev-parse", "HEAD"`.
            input: what the command reads from stdin.
            env: variables to set besides the safe ones, e.g. `GIT_INDEX_FILE`.
            work_tree: the checkout a command looks at or writes; only then can filters matter, and they are emptied.

        Returns:
            What the command wrote to stdout.

        Raises:
            GitFailed: git ended with an error.
            DiskFull: nothing more can be written.
            RepositoryGone: the git folder is not there any more.
        """
        done = self._finish(args, input, env, work_tree)
        if done.returncode:
            raise self._failure(args, done.returncode, done.stderr)
        return done.stdout

    def ask(self, *args: str, env: Mapping[str, str] | None = None) -> str | None:
        """Runs a query whose exit code 1 means "there is none".

        Returns:
            The answer without its final newline, or None.

        Raises:
            GitFailed: any other exit code; `DiskFull` and `RepositoryGone` as for `run`.
        """
        done = self._finish(args, b"", env, None)
        if done.returncode == 1 and self.git_dir.is_dir():
            return None
        if done.returncode:
            raise self._failure(args, done.returncode, done.stderr)
        return os.fsdecode(done.stdout.removesuffix(b"\n"))

    def records(self, *args: str, env: Mapping[str, str] | None = None) -> Generator[bytes]:
        """Runs one git command with NUL-separated output and gives its records while it is still running.

        Args:
            args: the command and its arguments.
            env: variables to set besides the safe ones.

        Raises:
            GitFailed: after the last record; `DiskFull` and `RepositoryGone` as for `run`.
        """
        with tempfile.TemporaryFile() as complaint:
            try:
                process = subprocess.Popen(
                    self._command(args, None),
                    cwd=self.git_dir,
                    env=environment(variables=env),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=complaint,
                )
            except OSError as problem:
                raise self._not_started(problem) from problem
            with process:
                try:
                    yield from _split(process)
                except BaseException:
                    # A caller that stops early must not wait for the rest.
                    process.terminate()
                    raise
            complaint.seek(0)
            if process.returncode:
                raise self._failure(args, process.returncode, complaint.read())

    def _command(self, args: tuple[str, ...], work_tree: Path | None) -> list[str]:
        tree = [] if work_tree is None else [f"--work-tree={work_tree}"]
        plain = ["--no-ext-diff", "--no-textconv"] if args[0] in _DIFFING else []
        return ["git", "--no-pager", f"--git-dir={self.git_dir}", *tree, args[0], *plain, *args[1:]]

    def _finish(
        self, args: tuple[str, ...], data: bytes, env: Mapping[str, str] | None, work_tree: Path | None
    ) -> subprocess.CompletedProcess[bytes]:
        settings = {} if work_tree is None else self._emptied_filters()
        try:
            return subprocess.run(
                self._command(args, work_tree),
                cwd=work_tree or self.git_dir,
                env=environment(settings, env),
                input=data,
                capture_output=True,
                check=False,
            )
        except OSError as problem:
            raise self._not_started(problem) from problem

    def _emptied_filters(self) -> dict[str, str]:
        keys = (self.ask("config", "-z", "--name-only", "--get-regexp", _FILTER_KEY) or "").split("\0")
        return {key: "false" if key.endswith(".required") else "" for key in keys if key}

    def _not_started(self, problem: OSError) -> ArchaeologistError:
        if not self.git_dir.is_dir():
            return _gone(self.git_dir)
        return _not_started(problem)

    def _failure(self, args: tuple[str, ...], code: int, complaint: bytes) -> ArchaeologistError:
        if not self.git_dir.is_dir() or complaint.startswith(b"fatal: not a git repository"):
            return _gone(self.git_dir)
        return failure(args, code, complaint)


def discover(folder: Path, *args: str, env: Mapping[str, str] | None = None) -> bytes:
    """Runs git in a folder without saying which repository is meant: git finds it, and checks who owns it.

    Raises:
        RepositoryError: the repository belongs to somebody else (`safe.directory`).
        GitFailed: git ended with another error.
    """
    try:
        done = subprocess.run(
            ["git", "--no-pager", *args],
            cwd=folder,
            env=environment(variables=env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as problem:
        raise _not_started(problem) from problem
    if done.returncode:
        raise failure(args, done.returncode, done.stderr)
    return done.stdout


def failure(args: tuple[str, ...], code: int, complaint: bytes) -> ArchaeologistError:
    """Names the error that a git process ended with.

    Raises:
        KeyboardInterrupt: somebody pressed Ctrl-C, which every process of the terminal gets.
    """
    if code in _INTERRUPTED:
        raise KeyboardInterrupt
    text = complaint.decode(errors="replace").strip()
    if code == -signal.SIGXFSZ or _FULL.search(complaint):
        return DiskFull(f"git {args[0]} could not write: {text or 'file too large'}")
    if dubious := _DUBIOUS.search(text):
        hint = f"if you trust it: `git config --global --add safe.directory '{dubious[1]}'`"
        return RepositoryError(f"the repository {dubious[1]} belongs to another user", hint)
    if "promisor" in text or "transport 'none'" in text or "lazy fetch" in text:
        return GitFailed(
            f"git {args[0]} lacks objects of this partial clone: {text}",
            "fetch them: `git fetch --refetch --no-filter`",
        )
    return GitFailed(f"git {args[0]} ended with {code}: {text or 'no message'}")


def disk_full(problem: OSError) -> DiskFull | None:
    """Gives the error of a failed write of our own when there was no space for it."""
    return DiskFull(f"could not write: {problem}") if problem.errno in _NO_SPACE else None


def _split(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    rest = b""
    while process.stdout is not None and (chunk := process.stdout.read(_CHUNK)):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _gone(git_dir: Path) -> RepositoryGone:
    return RepositoryGone(f"the repository of {git_dir} is not there any more")


def _not_started(problem: OSError) -> ArchaeologistError:
    if isinstance(problem, FileNotFoundError):
        return GitFailed("git cannot be started: it is not on PATH", "install git 2.36 or newer")
    return disk_full(problem) or GitFailed(f"git cannot be started: {problem}")
