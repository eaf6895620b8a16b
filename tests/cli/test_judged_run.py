"""A whole run with a model that works well, looked at from all sides, and done again from its recording."""

from __future__ import annotations

import json
import os
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from archaeologist.pipeline.spawn import worker_status
from archaeologist.temporal.state import StateDirectory
from support.embedded import scratch_state, wait_until
from support.model_server import ModelServer
from support.modernist import EDITS, well
from support.repositories import git, make_repository
from support.tokens import Meter
from support.whole_files import Modernization, rewrite_whole_files

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine, Done


@dataclass(frozen=True)
class Modernized:
    """A run that models took part in."""

    root: Path
    done: Done
    recording: Path
    meter: Meter

    @property
    def branch(self) -> str:
        """The branch it made."""
        return git(self.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/archaeologist/")

    @property
    def trailers(self) -> list[str]:
        """The models that are named on its commits, oldest first; empty for a rule's."""
        form = "--format=%(trailers:key=Archaeologist-Model,valueonly,separator=%x2c)"
        return git(self.root, "log", "--reverse", form, f"main..{self.branch}").split("\n")


@pytest.fixture(scope="module")
def modernized(cli: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Modernized:
    """The inventory, modernized by a model that works well, with all answers recorded."""
    folder = tmp_path_factory.mktemp("judged")
    root = make_repository("inventory", folder / "inventory")
    meter = Meter(well)
    with ModelServer(meter) as server:
        options = ("--model", server.model, "--trust-tests", "--plain", "--record", folder / "recording")
        done = cli.run("modernize", root, *options)
    return Modernized(root, done, folder / "recording", meter)


def test_models_edit_what_rules_left_and_every_test_still_passes(modernized: Modernized) -> None:
    assert modernized.done.code == 0, modernized.done.stderr
    assert "Models edited a few texts" in modernized.done.stdout
    assert "before: 43 passed, 0 failed, 0 skipped; on the branch: 43 passed" in modernized.done.stdout
    reports = git(modernized.root, "show", f"{modernized.branch}:stockroom/reports.py")
    assert "    >>> percent(1, 4)\n    '25.0%'\n" in reports, "an example was run and is so"
    models = git(modernized.root, "show", f"{modernized.branch}:stockroom/models.py")
    assert "return f'{self.sku} {self.name}'" in models
    assert "def __str__(self):\n        return f'" in models


def test_commits_of_models_are_told_from_those_of_rules(modernized: Modernized) -> None:
    by_model = [bool(model) for model in modernized.trailers]
    assert by_model.count(True) >= len({path for path, _ in EDITS})
    assert by_model[0] is False
    subject = "Use f-strings in stockroom/models.py"
    (commit,) = git(modernized.root, "log", "--format=%H", f"--grep={subject}", modernized.branch).split()
    message = git(modernized.root, "log", "-1", "--format=%B", commit)
    assert "A model edited stockroom/models.py; its reason: each value is formatted as before" in message
    assert re.search(r"^Archaeologist-Prompt: modernizer [0-9a-f]{10}$", message, re.MULTILINE)
    assert re.search(r"^Archaeologist-Model: http://127\.0\.0\.1:\d+/v1#scripted", message, re.MULTILINE)


def test_tests_are_never_edited(modernized: Modernized) -> None:
    assert git(modernized.root, "diff", "--name-only", "main", modernized.branch, "--", "tests") == ""


def test_the_report_says_who_judged_what_it_cost_and_what_was_found(modernized: Modernized) -> None:
    report = git(modernized.root, "notes", "--ref", "archaeologist", "show", modernized.branch)
    assert "## Judgement" in report
    assert f"{len(modernized.meter.turns)} answers, " in report
    assert "| global-state | the settings are module state that three functions change | person |" in report
    assert "> A stock keeper; its settings are module state." in report


def test_the_ledger_names_model_and_prompt_of_an_edit(modernized: Modernized) -> None:
    lines = git(modernized.root, "notes", "--ref", "archaeologist-ledger", "show", modernized.branch).splitlines()
    records = [json.loads(line) for line in lines]
    judged = [record for record in records if record.get("model")]
    assert {record["evidence"] for record in judged} <= {"unverified", "identical"}
    assert all(re.fullmatch(r"(modernizer|documenter) [0-9a-f]{10}", record["prompt"]) for record in judged)
    assert [record for record in records if record["kind"] == "finding"]


def test_a_recorded_run_that_is_killed_on_its_way_gives_the_same_tree(
    modernized: Modernized, cli: CommandLine, tmp_path: Path
) -> None:
    """No server answers any more: all comes from the recording, in spite of a worker that dies."""
    root = make_repository("inventory", tmp_path / "inventory")
    log = tmp_path / "log"
    options = ("--replay", modernized.recording, "--trust-tests", "--plain")
    started = cli.start(log, "modernize", root, *options)
    state = StateDirectory(cli.state)
    started.wait_for("modernizer: think", seconds=90)
    dead = worker_status(state).pid
    assert dead
    os.kill(dead, signal.SIGKILL)
    wait_until(lambda: worker_status(state).pid not in {None, dead}, "another worker is there")
    done = started.end()
    assert done.code == 0, done.stderr
    replayed = Modernized(root, done, modernized.recording, Meter(well))
    trees = [git(run.root, "rev-parse", f"{run.branch}^{{tree}}") for run in (modernized, replayed)]
    assert trees[0] == trees[1]


async def test_models_are_sent_a_tenth_of_what_an_agent_sends_that_rewrites_whole_files(
    modernized: Modernized, tmp_path: Path
) -> None:
    done = Modernization.on(modernized.root, "main", modernized.branch)
    with scratch_state(tmp_path / "state") as state:
        rival = await rewrite_whole_files(state, done, tmp_path / "rival")
    assert modernized.meter.tokens <= rival.tokens / 10
