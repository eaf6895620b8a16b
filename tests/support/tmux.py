"""A real terminal: a program inside tmux, typed at and read as a person does."""

from __future__ import annotations

import shlex
import subprocess
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SECONDS = 30.0


@dataclass
class Terminal:
    """One pane of a tmux server of its own."""

    socket: str
    panes: list[str] = field(default_factory=list)

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", "-t", "0", *keys)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "0")

    def until(self, *texts: str, seconds: float = SECONDS) -> str:
        """Wait until all texts are on the screen, keep the pane, and return it."""
        deadline = time.monotonic() + seconds
        while not all(text in (pane := self.screen()) for text in texts):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s in vain until {texts} on the screen:\n{pane}")
            time.sleep(0.05)
        self.panes.append(pane)
        return pane

    @property
    def title(self) -> str:
        """What the program calls its window."""
        return self._tmux("display-message", "-p", "-t", "0", "#{pane_title}").strip()

    def record(self, path: Path) -> None:
        """Write every byte that the program sends to the terminal into a file, too."""
        self._tmux("pipe-pane", "-t", "0", f"cat > {shlex.quote(str(path))}")

    def close(self) -> None:
        """Close the window, as its button does."""
        self._tmux("kill-server")

    def _tmux(self, *args: str) -> str:
        done = subprocess.run(["tmux", "-L", self.socket, *args], capture_output=True, text=True, check=True)
        return done.stdout


@contextmanager
def terminal(
    folder: Path, environment: Mapping[str, str], size: tuple[int, int] = (110, 32), shell: Sequence[str] = ("sh",)
) -> Iterator[Terminal]:
    """Give a terminal with a shell in a folder.

    Args:
        folder: where the shell is.
        environment: all variables that the shell gets, besides TERM.
        size: columns and lines.
        shell: what runs in it.
    """
    socket = f"archaeologist-{uuid.uuid4().hex}"
    variables = [f"{name}={value}" for name, value in {**environment, "PS1": "$ "}.items()]
    command = shlex.join(["env", "-i", "TERM=tmux-256color", *variables, *shell])
    begin = ["tmux", "-L", socket, "-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1])]
    subprocess.run([*begin, "-c", str(folder), command], check=True, capture_output=True)
    try:
        yield Terminal(socket)
    finally:
        subprocess.run(["tmux", "-L", socket, "kill-server"], check=False, capture_output=True)
