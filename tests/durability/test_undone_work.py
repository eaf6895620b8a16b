"""A run that is given up and goes on: what is told of it is all that happened, and what counts is what was kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from archaeologist.boundaries import VARIABLE
from archaeologist.cli import exits
from archaeologist.domain.view import viewed
from archaeologist.pipeline.runs import find_run
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import open_state
from archaeologist_tui.reading.log import LogBook
from support.commandline import CommandLine
from support.embedded import scratch_state, wait_until
from support.projects import project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.domain.events import RunEvent


@pytest.fixture
def program(tmp_path: Path) -> Iterator[CommandLine]:
    with scratch_state(tmp_path / "state") as state:
        yield CommandLine.beside(state, **{VARIABLE: str(tmp_path / "boundaries")})


def events_of(program: CommandLine, run_id: str) -> list[RunEvent]:
    async def read() -> list[RunEvent]:
        client = await connect(ServerSettings(), open_state(program.state), start=False, plugins=[plugin()])
        line = await find_run(client, run_id)
        return [event async for event in LiveSource(client).events(line, follow=False)]

    return asyncio.run(read())


def test_a_run_given_up_twice_tells_all_that_happened_once_and_counts_what_was_kept(
    program: CommandLine, tmp_path: Path
) -> None:
    boundaries = tmp_path / "boundaries"
    boundaries.mkdir()
    (boundaries / "commit-before").touch()
    root = project(tmp_path / "project")
    run = program.run("modernize", root, "--no-tests", "--branch", "modern", "--detach").stdout.strip()
    for _ in range(2):
        wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
        assert program.run("pause", run).code == exits.DONE
        for hit in boundaries.iterdir():
            hit.unlink()
        assert program.run("cancel", run, "--yes").code == exits.DONE
        (boundaries / "commit-before").touch()
        assert program.run("resume", run, "--detach").code == exits.DONE
    wait_until(lambda: any(boundaries.glob("*.hit-*")), "the first commit")
    for hit in boundaries.iterdir():
        hit.unlink()
    done = program.run("watch", run)
    assert done.code == exits.DONE, done.stderr

    printed = [line[len("12:00:00  ") :].rstrip() for line in program.run("runs", "log", run).stdout.splitlines()]
    of_the_run = [line for line in printed if line.startswith("orchestrator") and "  ok  " not in line]
    given_up = ["orchestrator   ask   paused: a person asked for it", "orchestrator   skip  cancelled"]
    assert of_the_run[1:] == [*given_up, "orchestrator   run   resumed"] * 2
    assert sum("report what is outdated" in line for line in printed) == 1
    begun = [line for line in printed if line.startswith("modernizer     run")]
    assert begun == begun[:1] * 3
    assert [printed[place + 1] for place, line in enumerate(printed) if line.endswith("resumed")] == begun[:2]

    events = events_of(program, run)
    view = viewed(events)
    assert view.result is not None
    assert (view.edits, len(view.commits)) == (view.result.edits, view.result.commits)
    assert {step.state for step in view.steps.values()} == {"ok"}
    records = program.run("runs", "log", run, "--json").records
    ends = [(record["state"], record.get("undone", False)) for record in records if record["event"] == "AgentEnded"]
    assert ends.count(("cancelled", True)) == 4
    assert ends.count(("cancelled", False)) == 0
    # The full screen makes its lines from a picture of a later time.
    rows = LogBook().take(events, view).new
    texts = [row.text for row in rows]
    assert texts.count("resumed") == texts.count("paused: a person asked for it") == 2
    assert len(rows) == len(printed)
