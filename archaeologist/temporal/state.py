"""Where a user's runs live on this machine, and the locks that give each part of it one owner.

This module imports nothing but the standard library at import time: `archaeologist --help` passes through it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

from archaeologist.errors import ArchaeologistError, DiskFull, StateError

STATE_VARIABLE = "ARCHAEOLOGIST_STATE_DIR"

_PRIVATE = 0o700
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TEST_GRACE_SECONDS = 0.2
_POLL_SECONDS = 0.01


@dataclass(frozen=True)
class StateDirectory:
    """The folder that holds the embedded server's database, artefacts, worktrees and logs.

    Attributes:
        path: its absolute path. The folders below exist once `open_state` has returned it.
    """

    path: Path

    @property
    def server(self) -> Path:
        """The embedded server's database, lock, ports and log."""
        return self.path / "server"

    @property
    def worker(self) -> Path:
        """The worker's lock and log."""
        return self.path / "worker"

    @property
    def worker_lock(self) -> Path:
        """The lock that the live worker of this state directory holds."""
        return self.worker / "worker.lock"

    @property
    def worker_log(self) -> Path:
        """What the worker and its child processes print."""
        return self.worker / "worker.log"

    @property
    def worker_note(self) -> Path:
        """What the worker said last: starting, ready, or why it refused."""
        return self.worker / "worker.json"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.path / "runs"

    @property
    def artefacts(self) -> Path:
        """The content-addressed artefact store."""
        return self.path / "artefacts"

    @property
    def worktrees(self) -> Path:
        """Private checkouts; each may be deleted when no run is open."""
        return self.path / "worktrees"

    def run(self, run_id: str) -> Path:
        """Return the folder of one run, which may not exist yet."""
        return self.runs / run_id


def open_state(path: Path | None = None) -> StateDirectory:
    """Return the state directory, made if need be, readable by its owner only.

    Args:
        path: the folder; when None, that of ARCHAEOLOGIST_STATE_DIR, else the platform's place for user state.

    Raises:
        StateError: it cannot be made or written.
        DiskFull: there is no room to make it.
    """
    state = StateDirectory((path or _default_path()).expanduser().absolute())
    try:
        state.path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        for folder in (state.server, state.worker, state.runs, state.artefacts, state.worktrees):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
        _check_writable(state.path)
    except OSError as error:
        raise _explain(state.path, error) from error
    return state


class FileLock:
    """An exclusive `flock` on a file, which a started process can inherit and then holds exactly as long as it lives.

    The lock belongs to the open file, not to the process: it is free when the last copy of the descriptor is closed.

    Args:
        path: the lock file; made when missing, never deleted. Its folder must exist and be on a local disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, *, blocking: bool = False) -> bool:
        """Take the lock.

        Args:
            blocking: wait for as long as it takes.

        Returns:
            Whether it is ours now.
        """
        if blocking:
            return self._take(fcntl.LOCK_EX)
        # Whoever looks with `held` has a shared lock for an instant, which must not look like an owner.
        return self.acquire_within(_TEST_GRACE_SECONDS)

    def acquire_within(self, seconds: float) -> bool:
        """Take the lock, waiting no longer than that; return whether it is ours now."""
        deadline = time.monotonic() + seconds
        while not self._take(fcntl.LOCK_EX | fcntl.LOCK_NB):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def fileno(self) -> int:
        """Return the descriptor to hand to a process that shall inherit the lock."""
        if self._descriptor is None:
            raise StateError(f"{self.path} is not locked by this process")
        return self._descriptor

    def release(self) -> None:
        """Give our copy of the lock up; a process that inherited it keeps it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, operation: int) -> bool:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, operation)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True


def held(path: Path) -> bool:
    """Return whether some process, perhaps this one, holds the lock of that file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _default_path() -> Path:
    configured = os.environ.get(STATE_VARIABLE)
    if configured:
        return Path(configured)
    from platformdirs import user_state_path

    return user_state_path("archaeologist", appauthor=False)


def _check_writable(folder: Path) -> None:
    """Write a file: permission bits say nothing to root, nor of a read-only mount."""
    probe = folder / f".writable.{os.getpid()}"
    probe.write_bytes(b"")
    probe.unlink()


def _explain(path: Path, error: OSError) -> ArchaeologistError:
    if error.errno in _FULL:
        return DiskFull(f"no room for the state directory {path}: {error.strerror}")
    return StateError(f"cannot use {path} as state directory: {error.strerror or error}")
