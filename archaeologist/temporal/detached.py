"""Processes that outlive the one that starts them: the embedded server, its keeper, the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.errors import StateError
from archaeologist.temporal.state import FileLock, held

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ALLOWED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "XDG_RUNTIME_DIR")
_LOG_BYTES = 4 * 1024 * 1024

TERM_SECONDS = 10.0
KILL_SECONDS = 5.0
_SIGNALS = ((signal.SIGTERM, TERM_SECONDS), (signal.SIGKILL, KILL_SECONDS))
UNKNOWN_SECONDS = 1.0
"""How long it may not be known who holds a lock: of a process that was just killed the arguments are gone first."""
_POLL_SECONDS = 0.01

# The process writes its own id before it becomes the program, so the id is known even when the starter is killed
# here. The outer shell ends at once: nobody has to wait for the process, and it is never left as a zombie of ours.
_INNER = 'echo $$ >"$0" && exec "$@"'
_OUTER = 'sh -c "$0" "$@" &'


def start_detached(
    command: Sequence[str],
    *,
    folder: Path,
    name: str,
    inherit: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Start a program in a session of its own, with no terminal; its output goes to a log file.

    Args:
        command: the program's absolute path and its arguments.
        folder: its working directory, which gets `<name>.pid` and `<name>.log`.
        name: what the two files are called.
        inherit: descriptors that the program keeps, such as that of a `FileLock`.
        environment: its variables; when None, a short allow-list of ours, which holds no keys.

    Raises:
        StateError: the log cannot be written or no process can be started.
    """
    log = folder / f"{name}.log"
    try:
        _rotate(log)
        with log.open("ab") as output:
            subprocess.run(
                ["/bin/sh", "-c", _OUTER, _INNER, str(folder / f"{name}.pid"), *command],
                check=True,
                cwd=folder,
                env=dict(plain_environment() if environment is None else environment),
                pass_fds=tuple(inherit),
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    except (OSError, subprocess.CalledProcessError) as error:
        raise StateError(f"cannot start {command[0]}: {error}") from error


def start_alone(
    command: Sequence[str],
    *,
    lock: Path,
    folder: Path,
    name: str,
    environment: Mapping[str, str] | None = None,
    spent: Sequence[Path] = (),
) -> bool:
    """Start a program unless one that holds the lock is alive.

    It inherits the lock, so it counts as alive from the first instant until it ends.

    Args:
        command: as for `start_detached`.
        lock: the lock's file.
        folder: as for `start_detached`.
        name: as for `start_detached`.
        environment: as for `start_detached`.
        spent: files of the one before, which are removed.

    Returns:
        Whether it was started.

    Raises:
        StateError: the log cannot be written or no process can be started.
    """
    taken = FileLock(lock)
    if held(lock) or not taken.acquire():
        return False
    try:
        for file in spent:
            file.unlink(missing_ok=True)
        start_detached(command, folder=folder, name=name, inherit=[taken.fileno()], environment=environment)
    finally:
        taken.release()
    return True


def end_holder(
    lock: Path, find: Callable[[], int | None], signals: Sequence[tuple[signal.Signals, float]] = _SIGNALS
) -> bool:
    """End the process that holds a lock: politely, then not.

    Args:
        lock: the lock's file.
        find: returns the process id; None when it is not known.
        signals: what it is told, one after the other, and how many seconds it has after each.

    Returns:
        Whether the lock is free.
    """
    known = time.monotonic()
    for number_of_signal, seconds in signals:
        deadline, told = time.monotonic() + seconds, None
        while held(lock) and time.monotonic() < min(deadline, known + UNKNOWN_SECONDS):
            if (number := find()) is not None:
                known = time.monotonic()
            if number not in {None, told}:
                with suppress(ProcessLookupError):
                    os.kill(number, number_of_signal)
                told = number
            time.sleep(_POLL_SECONDS)
    return not held(lock)


def plain_environment() -> dict[str, str]:
    """Return the few variables that a process needs which shall see no keys and no configuration of the user's."""
    return {name: os.environ[name] for name in _ALLOWED if name in os.environ}


def write_process_id(folder: Path, name: str) -> None:
    """Write down this process, which nobody started detached, to be found by `process_id`."""
    (folder / f"{name}.pid").write_text(f"{os.getpid()}\n", encoding="ascii")


def process_id(folder: Path, name: str, mark: str) -> int | None:
    """Return the id of the process that `start_detached` started.

    Args:
        folder: as given to `start_detached`.
        name: as given to `start_detached`.
        mark: an argument that its command line holds; without it the id was reused by somebody else's process.
    """
    try:
        number = int((folder / f"{name}.pid").read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return number if mark in _arguments(number) else None


def _arguments(number: int) -> str:
    try:
        return os.fsdecode(Path(f"/proc/{number}/cmdline").read_bytes())
    except OSError:
        if Path("/proc/self").exists():
            return ""
    # macOS has no /proc, and small Linux images have no ps.
    done = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(number)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return os.fsdecode(done.stdout)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
