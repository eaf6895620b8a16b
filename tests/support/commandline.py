"""The real command line in a subprocess, with a home and a state directory of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from support.embedded import DEADLINE_SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archaeologist.temporal.state import StateDirectory

SECONDS = 240.0


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def error(self) -> str:
        """What stands behind `error:`; fails unless the message is an error, a blank line and a hint."""
        head, gap, hint = self.stderr.rpartition("\n\nhint: ")
        assert gap, f"no hint in: {self.stderr}"
        assert hint.strip(), self.stderr
        assert "Traceback" not in self.stderr, self.stderr
        assert "defect of" not in self.stderr, self.stderr
        last = re.split("^error: ", head, flags=re.MULTILINE)[-1]
        assert last != head, f"no error in: {self.stderr}"
        assert not last.endswith("."), f"a message ends without a period: {last}"
        return last

    @property
    def hint(self) -> str:
        """What stands behind `hint:`."""
        return self.stderr.rpartition("\n\nhint: ")[2].strip()

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; fails when a line is anything else."""
        return [json.loads(line) for line in self.stdout.splitlines()]


@dataclass(frozen=True)
class CommandLine:
    """`archaeologist` with a state directory.

    Args:
        state: the state directory.
        home: an empty home folder, so that nobody's configuration matters.
        variables: further environment variables.
    """

    state: Path
    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def beside(cls, state: StateDirectory, **variables: str) -> CommandLine:
        """Return the command line of a state directory, with an empty home beside it."""
        home = state.path.parent / "home"
        home.mkdir(exist_ok=True)
        return cls(state.path, home, variables)

    @property
    def command(self) -> list[str]:
        """The words that every command line begins with."""
        return [sys.executable, "-P", "-m", "archaeologist"]

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the environment that commands get."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONWARNINGS": "default",
            "ARCHAEOLOGIST_STATE_DIR": str(self.state),
            "ARCHAEOLOGIST_CONFIG": str(self.home / "config.toml"),
            **self.variables,
            **variables,
        }

    def run(self, *args: str | Path, cwd: Path | None = None, **variables: str) -> Done:
        """Run a command to its end."""
        try:
            done = subprocess.run(
                [*self.command, *map(str, args)],
                cwd=cwd or self.home,
                env=self.environment(**variables),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            said = [(stream or b"").decode() for stream in (error.stdout, error.stderr)]
            pytest.fail(f"{args} does not end; it said:\n" + "\n".join(said))
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, log: Path, *args: str | Path, cwd: Path | None = None, **variables: str) -> Started:
        """Start a command in a session of its own, as a terminal would, what it says going to `log`."""
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*self.command, *map(str, args)],
                cwd=cwd or self.home,
                env=self.environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return Started(process, log)

    def wait_for_line(self, log: Path, text: str, *args: str | Path) -> None:
        """Run a command, its output going to `log`, until it has said something; then leave it with Ctrl-C."""
        started = self.start(log, *args)
        try:
            started.wait_for(text)
        finally:
            started.interrupt()


@dataclass(frozen=True)
class Started:
    """A command that is still running."""

    process: subprocess.Popen[bytes]
    log: Path

    def wait_for(self, text: str, seconds: float = DEADLINE_SECONDS) -> None:
        """Wait until it has said something."""
        wait_until(lambda: text in self.log.read_text(), f"{text!r} is in the output", seconds)

    def interrupt(self) -> Done:
        """Press Ctrl-C: every process of the terminal's group gets it. Return how the command ended."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.end()

    def end(self) -> Done:
        """Wait for its end."""
        try:
            code = self.process.wait(SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
        return Done(code, "", self.log.read_text())
