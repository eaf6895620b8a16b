"""Fixtures as git repositories, with the same commit ids on every machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures"

_PERSON = {
    "GIT_AUTHOR_NAME": "Grace Legacy",
    "GIT_AUTHOR_EMAIL": "grace@example.com",
    "GIT_AUTHOR_DATE": "1331737766 +0000",
    "GIT_COMMITTER_NAME": "Grace Legacy",
    "GIT_COMMITTER_EMAIL": "grace@example.com",
    "GIT_COMMITTER_DATE": "1331737766 +0000",
}
_NO_USER_CONFIG = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def git(path: Path, *args: str) -> str:
    """Run git in a repository, as a fixed person at a fixed time, and give its output without the last newline.

    Bytes that are not UTF-8 (names, file contents) come back as surrogate escapes.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *args],
        cwd=path,
        env=inherited | _PERSON | _NO_USER_CONFIG,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        message = os.fsdecode(done.stderr).strip()
        raise AssertionError(f"git {' '.join(args)} ended with {done.returncode}: {message}")
    return os.fsdecode(done.stdout).removesuffix("\n")


def make_repository(name: str, destination: Path) -> Path:
    """Copy a fixture and make it a repository with one commit on `main`.

    Args:
        name: the fixture's folder name, e.g. `inventory`.
        destination: where the repository goes; must not exist or be empty.

    Returns:
        The destination.
    """
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(FIXTURES / name, destination, ignore=ignore, dirs_exist_ok=True)
    _normalise_modes(destination)
    git(destination, "init", "--quiet", "-b", "main")
    git(destination, "config", "core.autocrlf", "false")
    git(destination, "config", "user.name", _PERSON["GIT_AUTHOR_NAME"])
    git(destination, "config", "user.email", _PERSON["GIT_AUTHOR_EMAIL"])
    git(destination, "add", "--all")
    git(destination, "commit", "--quiet", "-m", "Import from the old server")
    return destination


def _normalise_modes(folder: Path) -> None:
    """Make the commit id independent of the umask and of how the fixtures came to this machine."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
