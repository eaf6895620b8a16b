"""The crash test in its short form; `archaeologist crashtest --rounds 100` is the long one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from support.changed import changed_copy

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


@pytest.mark.parametrize(
    ("moment", "target"), [("commit-after", "all"), ("blobs-written", "worker"), ("tests-running", "server")]
)
def test_nothing_is_lost_and_nothing_is_done_twice(program: CommandLine, moment: str, target: str) -> None:
    played = program.run("crashtest", "--rounds", "1", "--moment", moment, "--target", target)
    assert played.code == exits.DONE, played.stdout + played.stderr
    assert f"{target:<6} at {moment}" in played.stdout
    assert "1 rounds, 1 ok, 0 failed" in played.stdout


def test_the_scratch_folder_of_a_failed_round_is_kept_and_no_other(program: CommandLine, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    round_of_one = ("crashtest", "--rounds", "1", "--moment", "commit-before", "--target", "cli")
    assert program.run(*round_of_one, TMPDIR=str(temporary)).code == exits.DONE
    assert not list(temporary.glob("archaeologist-crashtest-*"))

    failing = changed_copy(
        tmp_path / "failing",
        {"crashtest/round.py": ("outcome.problems += left\n", 'outcome.problems.append("made up")\n')},
    )
    failed = program.run(*round_of_one, TMPDIR=str(temporary), PYTHONPATH=str(failing))
    assert failed.code == exits.FOUND, failed.stderr
    assert "made up" in failed.stdout
    (kept,) = temporary.glob("archaeologist-crashtest-*")
    assert f"kept: {kept}" in failed.stderr
    assert (kept / "round-1" / "cli.log").exists()


def test_the_crash_test_fails_when_a_step_is_executed_again(program: CommandLine) -> None:
    """A census that sees nothing would let everything pass."""
    code = (
        "from collections import Counter\n"
        "from types import SimpleNamespace as N\n"
        "import archaeologist.crashtest.census as census\n"
        "from archaeologist.domain.events import StepEnded, StepScheduled, StepStarted\n"
        "from datetime import datetime\n"
        "at = (datetime(2020, 1, 1), None, 'w', 1)\n"
        "events = [StepScheduled(*at, step='s', kind='k', summary=''),"
        " StepStarted(*at, step='s', attempt=1, last_failure=''), StepEnded(*at, step='s', result={})]\n"
        "census.attempts = lambda scene, run: [census.Attempt('step began', 'w', 's', 'k', n) for n in (1, 2)]\n"
        "print(census.repeated_after_completion(None, '', events))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['s']"
