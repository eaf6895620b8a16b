from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archaeologist.errors import DiskFull, StateError
from archaeologist.temporal import state as state_module
from archaeologist.temporal.state import FileLock, held, open_state


def test_the_folders_are_private_and_made_once(tmp_path: Path) -> None:
    state = open_state(tmp_path / "a" / "state")
    assert open_state(tmp_path / "a" / "state") == state
    for folder in (state.path, state.server, state.worker, state.runs, state.artefacts, state.worktrees):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert state.run("7f3a") == state.runs / "7f3a"
    assert sorted(p.name for p in state.path.iterdir()) == ["artefacts", "runs", "server", "worker", "worktrees"]


def test_the_flag_is_stronger_than_the_variable_and_that_than_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ARCHAEOLOGIST_STATE_DIR", raising=False)
    assert open_state().path.is_relative_to(tmp_path)
    assert open_state().path.name == "archaeologist"
    monkeypatch.setenv("ARCHAEOLOGIST_STATE_DIR", str(tmp_path / "variable"))
    assert open_state().path == tmp_path / "variable"
    assert open_state(tmp_path / "flag").path == tmp_path / "flag"


def test_a_relative_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_state(Path("state")).path == tmp_path / "state"


@pytest.mark.parametrize("place", ["state", "state/server", "above"])
def test_a_file_in_the_way_is_a_state_error(tmp_path: Path, place: str) -> None:
    blocked = tmp_path / place
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_bytes(b"")
    path = blocked / "state" if place == "above" else tmp_path / "state"
    with pytest.raises(StateError, match=r"cannot use .* as state directory") as caught:
        open_state(path)
    assert "--state-dir" in caught.value.hint


def test_a_read_only_file_system_is_a_state_error(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    if _mount("-t", "tmpfs", "none", str(folder)):
        open_state(folder)
        assert _mount("-o", "remount,ro", str(folder))
    elif os.geteuid():
        open_state(folder)
        folder.chmod(0o500)
    else:
        pytest.skip("root can neither mount here nor be refused by permissions")
    try:
        with pytest.raises(StateError, match=r"Read-only|denied"):
            open_state(folder)
    finally:
        subprocess.run(["umount", folder], check=False, capture_output=True)
        folder.chmod(0o700)


def test_no_room_is_told_apart_from_no_permission() -> None:
    full = state_module._explain(Path("/x"), OSError(errno.ENOSPC, "No space left on device"))
    assert isinstance(full, DiskFull)


def test_a_lock_has_one_owner_and_can_be_looked_at_without_taking_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = FileLock(path), FileLock(path)
    assert not held(path)
    assert first.acquire()
    assert held(path)
    assert held(path)
    assert not second.acquire()
    first.release()
    assert not held(path)
    assert second.acquire(blocking=True)
    second.release()


def test_a_look_at_a_lock_does_not_make_it_seem_taken(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    code = "import sys; from pathlib import Path; from archaeologist.temporal.state import held\n"
    code += "print('on', flush=True)\nwhile True: held(Path(sys.argv[1]))"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as looker:
        assert looker.stdout
        looker.stdout.readline()
        try:
            for _ in range(300):
                lock = FileLock(path)
                assert lock.acquire()
                lock.release()
        finally:
            looker.kill()


def test_a_process_that_inherits_a_lock_holds_it_exactly_as_long_as_it_lives(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire()
    with subprocess.Popen(["sleep", "60"], pass_fds=[lock.fileno()]) as owner:
        lock.release()
        assert held(lock.path)
        assert not lock.acquire()
        owner.kill()
    assert not held(lock.path)


def test_other_processes_do_not_inherit_a_lock(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire()
    with subprocess.Popen(["sleep", "60"], close_fds=False) as bystander:
        lock.release()
        assert not held(lock.path)
        bystander.kill()


def test_the_descriptor_of_a_lock_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="not locked"):
        FileLock(tmp_path / "lock").fileno()


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0
