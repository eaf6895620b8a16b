"""Finds the files of a commit that hold a word, without reading the others into this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.git.command import Git


def files_with_word(git: Git, commit: str, word: str, scope: str = "") -> list[str]:
    """Lists the text files of a commit in which a word stands.

    Args:
        git: the repository.
        commit: a commit or tree id.
        word: letters, digits and underscores.
        scope: a folder or a file; "" is the whole repository.

    Returns:
        Paths in alphabetical order; bytes that are no UTF-8 are surrogate escapes.
    """
    path = ["--", scope] if scope else []
    options = ("-l", "-z", "-w", "-F", "-I", "--no-color", "--no-textconv", "--full-name")
    found = git.ask("grep", *options, "-e", word, commit, *path, env=from_the_top(git)) or ""
    return sorted(record.removeprefix(f"{commit}:") for record in found.split("\0") if record)


def from_the_top(git: Git) -> dict[str, str]:
    """Gives the variables that have git read paths from the top of a commit: `core.worktree` may point elsewhere."""
    return {"GIT_WORK_TREE": str(git.git_dir)}
