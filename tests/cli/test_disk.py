"""A full disk: the run pauses with a clear message, loses nothing, and goes on when there is room again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from support.projects import LEGACY, project, write
from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.commandline import CommandLine

MODULES = 12


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a file system of that size; skip the test where that is not allowed."""
    if os.getuid():
        pytest.skip("only root can mount a small file system")
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Write a file until nothing fits any more."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass
    return filler


def modules() -> dict[str, str]:
    """Return modules whose rewritten blobs need more than a page of disk each."""
    noise = random.Random(7)  # compressed, it stays as long as it is
    tables = [noise.randbytes(6000).hex() for _ in range(MODULES)]
    return {f"module{number}.py": f"{LEGACY}\n\nTABLE = '{table}'\n" for number, table in enumerate(tables)}


def test_no_room_for_blobs_pauses_the_run_until_there_is(cli: CommandLine, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2048) as disk:
        repository = project(disk / "project", modules())
        head = git(repository, "rev-parse", "HEAD")
        filler = fill(disk)
        paused = cli.run("modernize", repository, "--no-tests", "--branch", "result")
        assert paused.code == exits.CANNOT_RUN
        assert paused.error.startswith("the run is paused: rewrite-")
        assert paused.hint == "free some space, then type `archaeologist resume`"
        assert git(repository, "rev-parse", "HEAD") == head
        filler.unlink()
        done = cli.run("resume", cwd=repository)
        assert done.code == exits.DONE, done.stderr
        git(repository, "fsck", "--strict")
        assert "%" not in git(repository, "show", "result:module3.py")


def test_no_room_for_artefacts_pauses_the_run_until_there_is(alone: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project", modules())
    with small_disk(alone.state / "artefacts", 256) as disk:
        filler = fill(disk)
        paused = alone.run("modernize", repository, "--no-tests", "--branch", "result")
        assert paused.code == exits.CANNOT_RUN
        assert "no space left to write below" in paused.error
        assert paused.hint == "free some space, then type `archaeologist resume`"
        assert git(repository, "for-each-ref", "refs/heads/result") == ""
        filler.unlink()
        done = alone.run("resume", cwd=repository)
        assert done.code == exits.DONE, done.stderr
        assert "%" not in git(repository, "show", "result:module3.py")


def test_no_room_to_apply_rules_leaves_the_file_whole(cli: CommandLine, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        path = disk / "module.py"
        write(disk, {"module.py": LEGACY + "\n" * 3000})
        fill(disk)
        before = path.read_bytes()
        done = cli.run("rules", "apply", path, "--rules", "AR020")
        assert done.code == exits.CANNOT_RUN
        assert "No space left on device" in done.error
        assert path.read_bytes() == before
        assert sorted(entry.name for entry in disk.iterdir()) == ["filler", "module.py"]


def test_no_room_for_the_state_directory_is_told(cli: CommandLine, tmp_path: Path) -> None:
    repository = project(tmp_path / "project")
    with small_disk(tmp_path / "disk", 64) as disk:
        shutil.copy(fill(disk), os.devnull)
        done = cli.run("modernize", repository, "--no-tests", ARCHAEOLOGIST_STATE_DIR=str(disk / "state"))
        assert done.code == exits.CANNOT_RUN
        assert done.hint
