"""Workers that are killed in the middle of conversations: nothing that was paid and kept is paid again.

KILLS says how often to kill; the default keeps the suite short. The process that asks outlives the worker: a server
counts every answer that it sent to its end, and no answer is sent twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.client import DurableAgentClient
from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.boundaries import VARIABLE
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.settings import ServerSettings
from support.agent_worker import EFFECTS
from support.agents import queue_of
from support.embedded import scratch_state, wait_until
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.agents.client import DurableTask
    from archaeologist.domain.conversation import AgentReply
    from archaeologist.temporal.state import StateDirectory
    from support.model_server import Asked

KILLS = int(os.environ.get("KILLS", "3"))
KILLS_A_TASK = 3
TURNS = 8
TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("killed") / "state") as opened:
        ensure_server(opened, ServerSettings(headless=True))
        yield opened


class WatchedServer(ModelServer):
    """Notes when each question came."""

    def __init__(self) -> None:
        super().__init__(bookkeeping)
        self.times: dict[str, list[float]] = {}

    def reply_to(self, asked: Asked) -> Reply:
        """Note the time of a question, and answer it."""
        self.times.setdefault(asked.key, []).append(time.time())
        return super().reply_to(asked)


def bookkeeping(body: dict[str, object]) -> Reply:
    """Look at and note so many numbers, two calls a turn; slowly, so that a kill meets an answer on its way."""
    done = sum(message["role"] == "assistant" for message in body["messages"])  # type: ignore[attr-defined]
    if done == TURNS:
        return Reply.slow(Reply.says("all is in the books"), 0.02)
    calls = ("look", {"number": done}), ("note", {"number": done})
    return Reply.slow(Reply.calls(*calls, text=f"entry {done}"), 0.02)


@dataclass
class Worker:
    """A worker process that is started again after each kill."""

    state: StateDirectory
    queue: str
    model: str
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with (self.state.path / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "support.agent_worker", str(self.state.path), self.queue, self.model],
                cwd=TESTS,
                env={**os.environ, "ARCHAEOLOGIST_API_KEY": "key", **self.variables},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()


def asked_again(server: WatchedServer, state: StateDirectory) -> list[str]:
    """Return the questions that were asked after their answer had been written to the journal."""
    written = {}
    for path in (state.path / "answers").rglob("*.json"):
        step = path.stem.rpartition("-")[0]
        written[f"{path.parent.name}-{step}"] = path.stat().st_mtime
    assert set(written) >= {key.rpartition("-")[0] for key in server.times}, (
        "every question has its answer in the journal"
    )
    return [key for key, times in server.times.items() if max(times) > written[key.rpartition("-")[0]]]


async def finished(task: DurableTask) -> AgentReply:
    async with asyncio.timeout(120):
        return await task.result()


async def test_what_was_paid_is_never_paid_again(state: StateDirectory) -> None:
    chance = random.Random(20261126)
    with WatchedServer() as server:
        queue = queue_of("clerk")
        worker = Worker(state, queue, server.model)
        client = DurableAgentClient(queue, state_dir=state.path)
        worker.start()
        try:
            undisturbed = await finished(await client.start("keep the books"))
            kills = 0
            while kills < KILLS:
                task = await client.start("keep the books")
                waiting = asyncio.create_task(finished(task))
                for _ in range(KILLS_A_TASK):
                    questions = len(server.requests)
                    # Asking again is what shows that the new worker is at work; then any moment of it may be the last.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(20):
                            while len(server.requests) == questions and not waiting.done():  # noqa: ASYNC110 - a thread asks
                                await asyncio.sleep(0.005)
                    if waiting.done():
                        break
                    await asyncio.sleep(chance.uniform(0, 0.4))
                    worker.kill()
                    kills += 1
                    worker.start()
                reply = await waiting
                assert reply.answer == undisturbed.answer == "all is in the books"
                assert reply.transcript == undisturbed.transcript, "the resumed conversation is the same, byte by byte"
        finally:
            worker.kill()
    assert asked_again(server, state) == []
    effects = Counter((state.path / EFFECTS).read_text().splitlines())
    assert set(effects) == {f"note {number}" for number in range(TURNS)}
    assert {key: times for key, times in server.paid.items() if times > 1} == {}, "no answer is paid twice"
    print(f"\n{kills} kills, {len(server.paid)} answers")  # noqa: T201


async def test_a_call_that_may_not_be_repeated_is_not_and_the_model_hears_so(state: StateDirectory) -> None:
    script = [Reply.calls(("pay", {"number": 5})), Reply.says("perhaps it is paid")]
    boundaries = state.path / "boundaries"
    boundaries.mkdir()
    (boundaries / "artefact-written").touch()
    with ModelServer(script) as server:
        queue = queue_of("payer")
        worker = Worker(state, queue, server.model, {VARIABLE: str(boundaries)})
        client = DurableAgentClient(queue, state_dir=state.path)
        worker.start()
        try:
            task = await client.start("pay 5")
            await asyncio.to_thread(wait_until, lambda: any(boundaries.glob("*.hit-*")), "the payment is made")
            worker.kill()
            worker.start()
            reply = await finished(task)
        finally:
            worker.kill()
    assert reply.answer == "perhaps it is paid"
    assert "may or may not have taken effect" in server.bodies[1]["messages"][-1]["content"]
    assert (state.path / EFFECTS).read_text().splitlines().count("pay 5") == 1


async def test_a_conversation_reads_the_same_in_every_process(state: StateDirectory) -> None:
    """The transcript that a reader finds is what the model was sent."""
    with ModelServer([Reply.calls(("look", {"number": 1})), Reply.says("one")]) as server:
        queue = queue_of("reader")
        worker = Worker(state, queue, server.model)
        worker.start()
        try:
            reply = await finished(await DurableAgentClient(queue, state_dir=state.path).start("look at 1"))
        finally:
            worker.kill()
    transcript = Transcripts(ArtefactStore(state.path / "artefacts")).read(reply.transcript)
    assert [message.role for message in transcript.messages] == ["user", "assistant", "tool", "assistant"]
    assert transcript.messages[2].content == server.bodies[1]["messages"][-1]["content"] == "1 is a number"
