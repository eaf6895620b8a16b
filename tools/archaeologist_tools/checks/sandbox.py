"""Runs a command of the project under work: no keys, limits on time, memory and output, and nothing left behind."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.checks import supervisor
from archaeologist_tools.errors import TestsUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archaeologist_tools.checks.plan import TestLimits

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_FILE_BYTES = 1 << 30


@dataclass(frozen=True)
class SandboxRun:
    """What became of a command.

    Args:
        exit_code: negative is the signal that ended it.
        seconds: wall time.
        timed_out: it was stopped because its time was up.
        log: the end of its output.
    """

    exit_code: int
    seconds: float
    timed_out: bool
    log: str


def run_sandboxed(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str], limits: TestLimits
) -> SandboxRun:
    """Runs a command under a supervisor that dies, and takes everything with it, when this process dies.

    Args:
        command: the program and its arguments; no shell.
        directory: where it runs.
        environment: all variables it gets.
        limits: when it is stopped.

    Raises:
        TestsUnusable: the command cannot be started.
    """
    order = {
        "command": list(command),
        "directory": str(directory),
        "environment": dict(environment),
        "seconds": limits.seconds,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": _FILE_BYTES,
        "output_bytes": limits.output_bytes,
    }
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", supervisor.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    # Leaving the block closes the lifeline, also by an exception.
    with process as running, contextlib.suppress(BrokenPipeError):
        answer = _exchange(running, json.dumps(order).encode() + b"\n")
    return _result(answer, process.returncode)


def scrubbed_environment(scratch: Path, *, first_on_path: str = "", python_path: Sequence[str] = ()) -> dict[str, str]:
    """Gives the only variables that the project's code gets to see.

    Args:
        scratch: gets a home and a folder for temporary files.
        first_on_path: a folder that is looked into before the user's PATH.
        python_path: folders for PYTHONPATH.
    """
    home, temporary = scratch / "home", scratch / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    env["PATH"] = os.pathsep.join(part for part in (first_on_path, env.get("PATH", os.defpath)) if part)
    return {
        **env,
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(python_path),
    }


def _exchange(process: subprocess.Popen[bytes], order: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        return b""
    process.stdin.write(order)
    process.stdin.flush()
    # Not communicate(), which would close stdin, the lifeline.
    return process.stdout.read()


def _result(answer: bytes, code: int) -> SandboxRun:
    try:
        result = json.loads(answer)
    except ValueError:
        # Tests that kill their supervisor have failed, whatever they wanted to say.
        return SandboxRun(code or 1, 0.0, timed_out=False, log=answer.decode(errors="replace"))
    if "problem" in result:
        raise TestsUnusable(f"the tests cannot be started: {result['problem']}")
    return SandboxRun(**result)
