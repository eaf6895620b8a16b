from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.checks.plan import TestLimits
from archaeologist_tools.checks.sandbox import SandboxRun, run_sandboxed, scrubbed_environment
from archaeologist_tools.errors import TestsUnusable

if TYPE_CHECKING:
    from pathlib import Path

# What a test run may leave: a child, a child in a session of its own, a daemon that has forked twice.
FAMILY = """
import os, subprocess, sys, time
SLEEP = (
    "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid()));"
    "os.rename(sys.argv[1], sys.argv[2]); time.sleep(600)"
)
here = sys.argv[1]
def command(name):
    return [sys.executable, "-c", SLEEP, here + "/." + name, here + "/pid-" + name]
subprocess.Popen(command("child"))
subprocess.Popen(command("session"), start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        subprocess.Popen(command("daemon"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os._exit(0)
if "wait" in sys.argv:
    os.execv(sys.executable, command("self"))
subprocess.Popen(command("self"))
while sum(name.startswith("pid-") for name in os.listdir(here)) < 4:
    time.sleep(0.01)
"""
NAMES = ("child", "session", "daemon", "self")

PARENT = """
import sys
from pathlib import Path
from archaeologist_tools.checks.plan import TestLimits
from archaeologist_tools.checks.sandbox import run_sandboxed
here = Path(sys.argv[1])
command = [sys.executable, str(here / "family.py"), str(here), "wait"]
run_sandboxed(command, directory=here, environment={}, limits=TestLimits())
"""


def run(folder: Path, *command: str, **limits: float) -> SandboxRun:
    bounds = TestLimits(**{name: int(value) if name != "seconds" else value for name, value in limits.items()})  # type: ignore[arg-type]
    return run_sandboxed(command, directory=folder, environment={"PATH": "/usr/bin:/bin"}, limits=bounds)


def python(folder: Path, code: str, **limits: float) -> SandboxRun:
    return run(folder, sys.executable, "-c", code, **limits)


def pid_of(folder: Path, name: str, deadline: float = 20) -> int:
    end = time.monotonic() + deadline
    while not (folder / f"pid-{name}").exists():
        assert time.monotonic() < end, f"{name} never started"
        time.sleep(0.01)
    return int((folder / f"pid-{name}").read_text(encoding="ascii"))


def is_gone(pid: int, deadline: float = 20) -> bool:
    """Waits for the end of a process that is not a child of ours."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], deadline)[0])
    finally:
        os.close(descriptor)


def test_the_exit_code_and_the_output(tmp_path: Path) -> None:
    done = python(tmp_path, "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.exit_code, done.timed_out) == (3, False)
    assert sorted(done.log.split()) == ["err", "out"]
    assert python(tmp_path, "import os; os.kill(os.getpid(), 9)").exit_code == -signal.SIGKILL


def test_what_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(TestsUnusable, match="no-such-program"):
        run(tmp_path, "no-such-program")


def test_stdin_is_empty_and_there_are_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    code = "import os, sys; print(repr(sys.stdin.read()), sorted(os.environ), os.listdir('/proc/self/fd'))"
    env = scrubbed_environment(tmp_path)
    done = run_sandboxed([sys.executable, "-c", code], directory=tmp_path, environment=env, limits=TestLimits())
    assert "''" in done.log
    assert "OPENAI" not in done.log
    assert env["HOME"] == str(tmp_path / "home")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux adopts orphans")
def test_nothing_is_left_when_the_command_ends(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY, encoding="ascii")
    done = run(tmp_path, sys.executable, str(tmp_path / "family.py"), str(tmp_path))
    assert done.exit_code == 0, done.log
    for name in NAMES:
        assert is_gone(pid_of(tmp_path, name), deadline=0), name


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux adopts orphans")
def test_nothing_is_left_when_time_is_up(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY, encoding="ascii")
    done = run(tmp_path, sys.executable, str(tmp_path / "family.py"), str(tmp_path), "wait", seconds=1.5)
    assert done.timed_out
    assert done.exit_code == -signal.SIGKILL
    assert done.seconds < 10
    for name in NAMES:
        assert is_gone(pid_of(tmp_path, name), deadline=0), name


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux adopts orphans")
def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "family.py").write_text(FAMILY, encoding="ascii")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)])
    pids = {name: pid_of(tmp_path, name) for name in NAMES}
    parent.kill()
    parent.wait()
    assert {name: is_gone(pid) for name, pid in pids.items()} == dict.fromkeys(NAMES, True)


def test_endless_output_keeps_its_end(tmp_path: Path) -> None:
    done = python(tmp_path, "for i in range(200000): print('line', i)", output_bytes=1000)
    assert len(done.log) == 1000
    assert done.log.endswith("line 199999\n")


def test_memory_is_bounded(tmp_path: Path) -> None:
    done = python(tmp_path, "x = bytearray(2 << 30)", memory_bytes=1 << 30)
    assert "MemoryError" in done.log


def test_an_open_pipe_does_not_hold_the_run_up(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
    started = time.monotonic()
    assert python(tmp_path, code).exit_code == 0
    assert time.monotonic() - started < 30


def test_tests_that_kill_their_supervisor_have_failed(tmp_path: Path) -> None:
    done = python(tmp_path, "import os; os.kill(os.getppid(), 9)")
    assert done.exit_code != 0
