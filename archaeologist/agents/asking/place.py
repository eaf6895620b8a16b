"""Where the asker of a state directory is to be found: its lock, its socket, and how it is started."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archaeologist import __version__
from archaeologist.models.naming import KEY_VARIABLES
from archaeologist.temporal.detached import end_holder, process_id, start_alone
from archaeologist.temporal.state import held

if TYPE_CHECKING:
    from collections.abc import Iterator

IDLE_SECONDS: Final = 60.0
END_SECONDS: Final = 3.0
"""What one that has nothing on its way takes to end, and more."""
_MODULE: Final = "archaeologist.agents.asking.asker"
_NAME: Final = "asker-"
_ADDRESS_BYTES: Final = 100
"""Of a socket's address: Linux takes 107, macOS 103."""


@dataclass(frozen=True)
class AskerPlace:
    """The asker of one state directory and one version of this program, so that no worker talks to older code.

    Attributes:
        state: the state directory's path.
        version: the program's.
    """

    state: Path
    version: str = __version__

    @property
    def folder(self) -> Path:
        """What holds its lock, socket and log."""
        return self.state / "asker"

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{_NAME}{self.version}"

    @property
    def socket(self) -> Path:
        """What it listens at."""
        return self.folder / f"{self.name}.sock"

    @property
    def log(self) -> Path:
        """What it prints: defects."""
        return self.folder / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return held(self._lock)

    @property
    def pid(self) -> int | None:
        """Its process."""
        return process_id(self.folder, self.name, str(self.state)) if self.alive else None

    def end(self) -> bool:
        """Tell it to end; return whether it has, which it has not while an answer is on its way that is being paid."""
        return end_holder(self._lock, lambda: self.pid, ((signal.SIGTERM, END_SECONDS),))

    @property
    def _lock(self) -> Path:
        return self.folder / f"{self.name}.lock"

    def start(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Start it unless it is alive.

        It is given no keys: each question brings those of the worker that puts it.

        Args:
            idle_seconds: it ends after so many seconds without a question.

        Raises:
            StateError: no process can be started.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        command = [sys.executable, "-P", "-m", _MODULE, str(self.state), "--idle-seconds", str(idle_seconds)]
        environment = {name: value for name, value in os.environ.items() if name not in KEY_VARIABLES}
        start_alone(command, lock=self._lock, folder=self.folder, name=self.name, environment=environment)

    @contextmanager
    def address(self) -> Iterator[str]:
        """Give the socket's address; a way round for one that is longer than a system takes."""
        if len(os.fsencode(self.socket)) <= _ADDRESS_BYTES:
            yield str(self.socket)
            return
        # TMPDIR may be as long as the state directory is.
        short = "/tmp" if Path("/tmp").is_dir() else None  # noqa: S108 - the folder in it is private
        with tempfile.TemporaryDirectory(prefix="asker-", dir=short) as private:
            way = Path(private) / "s"
            way.symlink_to(self.folder)
            yield str(way / self.socket.name)


def end_askers(state: Path) -> bool:
    """Tell the askers of a state directory to end, of every version; return whether they have, see `AskerPlace.end`."""
    locks = (state / "asker").glob(f"{_NAME}*.lock")
    ended = [AskerPlace(state, lock.stem.removeprefix(_NAME)).end() for lock in locks]
    return all(ended)
