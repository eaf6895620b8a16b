"""The crash test in its short form; `archaeologist crashtest --rounds 100` is the long one."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx2

from archaeologist.cli import exits
from archaeologist.crashtest.answerer import Answerer
from support.changed import changed_copy
from support.embedded import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine


KILLS = (
    ("commit-after", "all"),
    ("tool-call-after", "worker"),
    ("tests-running", "server"),
    ("model-call-after", "cli"),
)


def test_nothing_is_lost_nothing_is_done_or_paid_twice_and_nothing_is_left(
    program: CommandLine, tmp_path: Path
) -> None:
    chosen = [word for moment, target in KILLS for word in ("--moment", moment, "--target", target)]
    played = program.run("crashtest", "--judged", "--rounds", str(len(KILLS)), *chosen, TMPDIR=str(tmp_path))
    assert played.code == exits.DONE, played.stdout + played.stderr
    for moment, target in KILLS:
        assert f"{target:<6} at {moment}" in played.stdout
    assert "4 rounds, 4 ok, 0 failed" in played.stdout
    assert not list(tmp_path.glob("archaeologist-crashtest-*"))


def test_a_round_with_another_tree_fails_and_its_folder_is_kept(program: CommandLine, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    change = ("reference = await uninterrupted(scene)", 'reference = "another"')
    other = changed_copy(tmp_path / "other", {"cli/crashtest.py": change})
    round_of_one = ("crashtest", "--rounds", "1", "--moment", "blobs-written", "--target", "worker")
    failed = program.run(*round_of_one, TMPDIR=str(temporary), PYTHONPATH=str(other))
    assert failed.code == exits.FOUND, failed.stderr
    problems = [line.strip() for line in failed.stdout.splitlines() if line.startswith(" " * 12)]
    assert len(problems) == 1, failed.stdout
    assert re.fullmatch("the tree is [0-9a-f]{40}, not another", problems[0])
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


def test_what_is_paid_twice_is_counted_and_told() -> None:
    """A server that counts nothing would let everything pass; this one is asked over HTTP, as a worker asks it."""
    question = {"model": "modest", "stream": True, "messages": [{"role": "system", "content": "You write the opening"}]}
    question["messages"].append({"role": "user", "content": "Write"})  # type: ignore[attr-defined]
    with Answerer() as answerer, httpx2.Client(base_url=answerer.model.partition("#")[0]) as client:
        for key in ("run-1", "run-2", "run-1"):
            told = client.post("/chat/completions", json=question, headers={"Idempotency-Key": key}).text
            assert told.endswith("data: [DONE]\n\n")
        wait_until(lambda: answerer.answers_in("run") == 3, "the last answer is counted")
        assert answerer.twice_in("run") == ["run-1 was asked 2 times", "run-1 was paid 2 times"]
        assert answerer.twice_in("another") == []
