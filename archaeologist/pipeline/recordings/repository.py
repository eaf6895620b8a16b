"""The part of a repository that a recording holds: the base without its past, what the run made of it, its notes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist_tools.git.command import Git, discover
from archaeologist_tools.git.notes import LEDGER, NOTES, read_note, write_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archaeologist.domain.run import RunScope

CONFIGURATION = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
CONFIGURATION_SHA256 = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
"""What the configuration of a recorded repository says, and all that it may say: git can be made to start programs."""

_OBJECTS = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])")
_SHA256_DIGITS = 64


def copy_repository(run: RunScope, tip: str, target: Path, texts: Iterable[str], change: Callable[[str], str]) -> None:
    """Make a bare repository of what a run worked on.

    Args:
        run: the user's repository, base and branch.
        tip: the last commit of the branch, or the base.
        target: where the new one goes.
        texts: what the run wrote; objects that it names come along, such as commits that are on no branch yet.
        change: takes this machine out of the notes.

    Raises:
        RepositoryGone: it is not there any more.
        GitFailed: the base, or what the run made of it, is not there any more.
    """
    source = Git(Path(run.git_dir))
    sha256 = len(run.base) == _SHA256_DIGITS
    discover(target.parent, "init", "-q", "--bare", f"--object-format={'sha256' if sha256 else 'sha1'}", str(target))
    git = Git(target)
    commits, blobs = _named(source, run.base, texts)
    wanted = "\n".join(["--shallow " + run.base, run.base, tip, *commits, *blobs, ""])
    pack = source.run("pack-objects", "--revs", "--stdout", "-q", input=wanted.encode())
    (target / "shallow").write_text(run.base + "\n", encoding="ascii")
    git.run("index-pack", "--stdin", input=pack)
    git.run("update-ref", f"refs/heads/{run.branch}", tip)
    git.run("symbolic-ref", "HEAD", f"refs/heads/{run.branch}")
    for ref in (NOTES, LEDGER):
        note = read_note(source, tip, ref)
        if note is not None:
            write_note(
                git, tip, change(note.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"), ref
            )
    _tidy(target, CONFIGURATION_SHA256 if sha256 else CONFIGURATION)


def _named(git: Git, base: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the commits on top of the base and the blobs that texts name."""
    named = dict.fromkeys(found for text in texts for found in _OBJECTS.findall(text))
    answers = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", input="\n".join([*named, ""]).encode())
    kinds = dict(line.split(" ", 1) for line in answers.decode().splitlines())
    commits = [
        oid
        for oid, kind in kinds.items()
        if kind == "commit" and oid != base and git.ask("merge-base", "--is-ancestor", base, oid) is not None
    ]
    return commits, [oid for oid, kind in kinds.items() if kind == "blob"]


def _tidy(target: Path, configuration: str) -> None:
    """Leave what git needs to read: no hooks, no samples, no configuration of whoever made it."""
    for name in ("hooks", "info", "branches", "logs"):
        shutil.rmtree(target / name, ignore_errors=True)
    (target / "description").unlink(missing_ok=True)
    (target / "config").write_text(configuration, encoding="ascii")
