"""The real program in processes of its own, against a scratch state directory."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECONDS = 120


@dataclass(frozen=True)
class Program:
    """Runs `archaeologist` as a user would.

    Args:
        state: the state directory.
        variables: further environment variables.
    """

    state: Path
    variables: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        """Return the variables of the processes: the user's, without configuration of their own."""
        plain = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ARCHAEOLOGIST_", "TEMPORAL_", "GIT_"))
        }
        own = {
            "ARCHAEOLOGIST_STATE_DIR": str(self.state),
            "ARCHAEOLOGIST_CONFIG": str(self.state / "none.toml"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        return {**plain, **own, **self.variables}

    def __call__(self, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._command(*args),
            cwd=cwd or self.state.parent,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def start(self, *args: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start a command and return its process, in a session of its own."""
        return subprocess.Popen(
            self._command(*args),
            cwd=cwd or self.state.parent,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @staticmethod
    def _command(*args: str | Path) -> list[str]:
        return [sys.executable, "-P", "-m", "archaeologist", *map(str, args)]
