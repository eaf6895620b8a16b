"""How long a person waits who attaches to a long run: a real server with 20,000 events, read by the application.

Steps that were called off before anybody began them need no worker's answer, so that the server writes hundreds of them
at once; some are done as usual, because their results have to be read, too.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temporalio import activity, workflow
from temporalio.worker import Worker

from archaeologist.domain.names import MEMO_BRANCH, MEMO_REPOSITORY, MEMO_RUN, MEMO_VERSION, Role, Step
from archaeologist.pipeline.controls import LiveControls
from archaeologist.pipeline.recordings.files import opened
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist_tui.app import ArchaeologistApp, collect_seldom
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.widgets.log import LogPane
from benchmarks.measures import Figure
from support.embedded import scratch_state
from support.recordings import DEMO
from support.screens import shown, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from temporalio.client import Client

    from archaeologist.temporal.state import StateDirectory

DONE = 600
TOGETHER = 900
"""Steps that are called off at once; a server lets 2,000 be open."""
BATCHES = 7
STEPS = DONE + TOGETHER * BATCHES + 1
EVENTS = 3 * STEPS
QUEUE = "bench"
LOOK_SECONDS = 0.01
SPENT = {"turns": 1, "input_tokens": 1200, "cached_tokens": 0, "output_tokens": 300, "usd": 0.01, "unpriced": 0}
THOUGHT = {"head": "", "calls": [], "answer": "", "text": "I look at it", "ends": "", "problem": "", "given_up": "",
           "spent": {**SPENT, "seconds": 1.0}}  # fmt: skip


@activity.defn(name=Step.THINK.value)
async def think(order: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - the same answer to everything
    """Answer at once."""
    return THOUGHT


@workflow.defn(name=Role.ORCHESTRATOR.value, sandboxed=False)
class LongWorkflow:
    """Has many steps, and does not end."""

    @workflow.run
    async def run(self, request: dict[str, Any]) -> None:  # noqa: ARG002 - displays read it
        """Do some steps, call many off."""
        await asyncio.gather(*(_step(number, QUEUE) for number in range(DONE)))
        for turn in range(BATCHES):
            steps = [_step(DONE + turn * TOGETHER + number, "nobody") for number in range(TOGETHER)]
            await workflow.sleep(timedelta(milliseconds=1))
            for step in steps:
                step.cancel()
            await asyncio.gather(*steps, return_exceptions=True)
        await _step(STEPS - 1, "nobody")


def _name(number: int) -> str:
    return f"item-{number // 10 + 1}-{number % 10 + 1}"


def _step(number: int, queue: str) -> workflow.ActivityHandle[Any]:
    return workflow.start_activity(
        Step.THINK.value,
        {},
        activity_id=_name(number),
        task_queue=queue,
        summary=f"think (turn {number % 10 + 1}, {number})",
        start_to_close_timeout=timedelta(minutes=1),
    )


def attaching() -> Iterator[Figure]:
    """Time the first picture of a run of 20,000 events, and the whole one."""
    collect_seldom()
    with (
        tempfile.TemporaryDirectory(prefix="archaeologist-bench-") as scratch,
        scratch_state(Path(scratch, "state")) as state,
    ):
        first, line, whole, events = asyncio.run(_attach(state))
    yield Figure(
        "attaching to a run, first picture",
        first * 1000,
        "ms",
        1000,
        f"{events:,} events: how it stands, and what is in flight",
    )
    yield Figure("attaching to a run, first line of the log", line * 1000, "ms", None, "from opening the application")
    yield Figure("attaching to a run, all of it shown", whole * 1000, "ms", None, "from opening the application")


async def _attach(state: StateDirectory) -> tuple[float, float, float, int]:
    client = await connect(ServerSettings(), state, start=True, plugins=[plugin()])
    events = await _make(client)
    source, controls = LiveSource(client, state.artefacts), LiveControls(client, state, ServerSettings())
    run = await source.latest("long")
    began = time.perf_counter()
    app = ArchaeologistApp(source, controls, None, run)
    async with app.run_test(size=(140, 45), notifications=True) as pilot:
        moments = asyncio.create_task(_moments(app))
        await until(pilot, moments.done, "the whole run", 60.0)
        first, line, whole = (moment - began for moment in moments.result())
        return first, line, whole, events


async def _moments(app: ArchaeologistApp) -> list[float]:
    """Return when it was to be seen what is in flight, the first line of the log, and the whole run."""
    moments = []
    for is_seen in (_has_flight, _has_line, _is_whole):
        while not is_seen(app):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(LOOK_SECONDS)
        moments.append(time.perf_counter())
    return moments


def _has_flight(app: ArchaeologistApp) -> bool:
    return _name(STEPS - 1) in shown(app)


def _has_line(app: ArchaeologistApp) -> bool:
    screen = app.screen
    return isinstance(screen, RunScreen) and bool(screen.query_one(LogPane).outline.layout_of_entries.entries)


def _is_whole(app: ArchaeologistApp) -> bool:
    screen = app.screen
    if not isinstance(screen, RunScreen) or screen.query_one(LogPane).is_behind:
        return False
    return len(screen.picture.view.steps) == STEPS


async def _make(client: Client) -> int:
    """Have the server write the run; return how many events it has."""
    with opened(DEMO) as demo:
        request = demo.request
    memo = {MEMO_RUN: "long", MEMO_REPOSITORY: request.run.root, MEMO_BRANCH: request.run.branch, MEMO_VERSION: "0"}
    async with Worker(client, task_queue=QUEUE, workflows=[LongWorkflow], activities=[think]):
        handle = await client.start_workflow(
            Role.ORCHESTRATOR.value, request.model_dump(mode="json"), id="long", task_queue=QUEUE, memo=memo
        )
        while (length := (await handle.describe()).history_length) < EVENTS:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.2)
    return length
