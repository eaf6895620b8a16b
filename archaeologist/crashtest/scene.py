"""The stage of a crash test: a scratch state directory, a small legacy project, and the program's own commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from archaeologist.boundaries import VARIABLE as BOUNDARIES_VARIABLE
from archaeologist.temporal.state import STATE_VARIABLE, StateDirectory, open_state

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from archaeologist.crashtest.answerer import Answerer

NAME = "ledger"
BATCH_BYTES = 900
"""Small enough for several batches in flight, so that a kill hits parallel steps, too."""

IDENTITY = {
    "GIT_AUTHOR_NAME": "Crash Test",
    "GIT_AUTHOR_EMAIL": "crash@test.invalid",
    "GIT_AUTHOR_DATE": "1400000000 +0000",
    "GIT_COMMITTER_NAME": "Crash Test",
    "GIT_COMMITTER_EMAIL": "crash@test.invalid",
    "GIT_COMMITTER_DATE": "1400000000 +0000",
}


@dataclass(frozen=True)
class Scene:
    """Where a crash test takes place.

    Args:
        folder: a scratch folder; everything is below it.
        answerer: who answers agents that judge; None: no model takes part.
    """

    folder: Path
    answerer: Answerer | None = None

    @property
    def state(self) -> StateDirectory:
        """The state directory of the test."""
        return open_state(self.folder / "state")

    @property
    def boundaries(self) -> Path:
        """Where orders to stop at a boundary are put."""
        return self.folder / "boundaries"

    def environment(self) -> dict[str, str]:
        """Return the variables of every process of the test; orphans are recognized by them."""
        return {
            **os.environ,
            STATE_VARIABLE: str(self.folder / "state"),
            BOUNDARIES_VARIABLE: str(self.boundaries),
            "ARCHAEOLOGIST_BATCH_BYTES": str(BATCH_BYTES),
            "ARCHAEOLOGIST_CONFIG": str(self.folder / "no-config.toml"),
            "ARCHAEOLOGIST_MODEL": self.answerer.model if self.answerer else "offline",
        }

    def make_repository(self, name: str) -> Path:
        """Return a fresh repository of the legacy project; its commit is the same every time."""
        path = self.folder / name / NAME
        _unpack(resources.files("archaeologist.crashtest").joinpath("legacy"), path)
        self.git(path, "init", "-q", "-b", "main")
        self.git(path, "add", "-A")
        self.git(path, "commit", "-q", "-m", "Import")
        return path

    def git(self, path: Path, *args: str) -> str:
        """Run git in a repository and return what it says."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", "-c", "core.autocrlf=false", "-c", "commit.gpgsign=false", *args],
            cwd=path,
            env={**plain, **IDENTITY},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def start(self, *args: str, log: Path) -> subprocess.Popen[bytes]:
        """Start the program in a session of its own; what it says goes to a log file."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "archaeologist", *args],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def arm(self, boundary: str) -> None:
        """Order the next process that reaches a boundary to stop there."""
        self.boundaries.mkdir(parents=True, exist_ok=True)
        (self.boundaries / boundary).touch()

    def hit(self, boundary: str) -> int | None:
        """Return the process that stopped at a boundary."""
        for path in self.boundaries.glob(f"{boundary}.hit-*"):
            return int(path.suffix.removeprefix(".hit-"))
        return None

    def release(self) -> None:
        """Let everything that stopped at a boundary go on, and withdraw orders."""
        shutil.rmtree(self.boundaries, ignore_errors=True)


def _unpack(source: Traversable, target: Path) -> None:
    """Copy the project; its files end in `.txt` in the package so that no tool takes them for ours."""
    if source.is_file():
        target.with_name(target.name.removesuffix(".txt")).write_bytes(source.read_bytes())
        return
    target.mkdir(parents=True)
    for entry in source.iterdir():
        _unpack(entry, target / entry.name)
