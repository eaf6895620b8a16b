"""Stands between the worker and the tests of a project, and lets none of their processes survive.

A script of its own, run by path and with nothing but the standard library, so that it starts fast and from any
interpreter setting. Its stdin is a lifeline: the parent writes one line of JSON and keeps the pipe open; when the
parent dies, however it dies, the pipe ends, and so do the tests. On Linux it adopts what its descendants leave behind
(PR_SET_CHILD_SUBREAPER), so a daemon in a session of its own is found, too; elsewhere the process group is all there
is.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36
_LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True) if _LINUX else None
_LIFELINE = 0
_CHUNK = 1 << 16
_SWEEP_SECONDS = 20.0


class Log:
    """Keeps the end of an output that may be endless.

    Args:
        limit: how many bytes are kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._data = bytearray()

    def add(self, chunk: bytes) -> None:
        """Adds output, and forgets the oldest when there is too much."""
        self._data += chunk
        if len(self._data) > 2 * self._limit:
            del self._data[: -self._limit]

    def text(self) -> str:
        """Gives what was kept."""
        return bytes(self._data[-self._limit :]).decode("utf-8", "replace")


def main() -> int:
    """Reads the order, runs it, writes the result to stdout."""
    with os.fdopen(os.dup(_LIFELINE), "rb", buffering=0) as lifeline:
        line = lifeline.readline()
    if not line.endswith(b"\n"):
        return 1
    result = supervise(json.loads(line))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(result))
        sys.stdout.flush()
    return 0


def supervise(order: dict[str, Any]) -> dict[str, Any]:
    """Runs one command to its end, to its time limit, or to the death of the parent.

    Args:
        order: `command`, `directory`, `environment`, `seconds`, `memory_bytes`, `file_bytes`, `output_bytes`.

    Returns:
        `exit_code` (negative: the signal that ended it), `seconds`, `timed_out`, `log`; or `problem` if the command
        cannot be started.
    """
    _prctl(_SET_CHILD_SUBREAPER, 1)
    alarm = _wake_on_signals()
    started = time.monotonic()
    try:
        child = _start(order)
    except OSError as problem:
        return {"problem": f"{order['command'][0]}: {problem.strerror}"}
    log = Log(order["output_bytes"])
    ended = _watch(child, log, alarm, started + order["seconds"])
    seconds = time.monotonic() - started
    if not ended:
        child.kill()
    code = child.wait()
    _sweep(child.pid)
    _drain(child, log)
    return {"exit_code": code, "seconds": seconds, "timed_out": not ended, "log": log.text()}


def _start(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    def limit() -> None:
        _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        for kind, value in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, int(order["seconds"]) + 60),
            (resource.RLIMIT_FSIZE, order["file_bytes"]),
            (resource.RLIMIT_AS, order["memory_bytes"]),
        ):
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(kind, (value, value))

    child = subprocess.Popen(
        order["command"],
        cwd=order["directory"],
        env=order["environment"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=limit,  # noqa: PLW1509 - this process has one thread
    )
    if child.stdout is not None:
        os.set_blocking(child.stdout.fileno(), False)
    return child


def _watch(child: subprocess.Popen[bytes], log: Log, alarm: int, deadline: float) -> bool:
    """Waits for the end of the command; False when time was up or the parent is gone."""
    parent = os.getppid()
    with selectors.DefaultSelector() as selector:
        for source in (_LIFELINE, alarm, child.stdout):
            selector.register(source or 0, selectors.EVENT_READ)
        while child.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0 or os.getppid() != parent:
                return False
            for key, _ in selector.select(min(left, 1.0)):
                if key.fd == _LIFELINE:
                    return False
                if key.fd == alarm:
                    if signal.SIGTERM in os.read(alarm, _CHUNK):
                        return False
                elif not _drain(child, log):
                    selector.unregister(key.fileobj)
    return True


def _drain(child: subprocess.Popen[bytes], log: Log) -> bool:
    """Reads what is there to read; False when there will be no more."""
    while child.stdout is not None:
        try:
            chunk = os.read(child.stdout.fileno(), _CHUNK)
        except BlockingIOError:
            return True
        if not chunk:
            return False
        log.add(chunk)
    return False


def _sweep(group: int) -> None:
    """Kills everything that came of the command, until nothing is left to wait for."""
    deadline = time.monotonic() + _SWEEP_SECONDS
    _kill(os.killpg, group)
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        for pid in _descendants():
            _kill(os.kill, pid)
        time.sleep(0.005)


def _descendants() -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in parentheses may hold anything, the state and the parent follow it.
            parent = int(stat.read_bytes().rpartition(b")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found = list(children.get(os.getpid(), []))
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def _kill(how: Any, target: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        how(target, signal.SIGKILL)


def _wake_on_signals() -> int:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return reading


def _prctl(option: int, value: int) -> None:
    if _LIBC is not None:
        _LIBC.prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
