"""The real asker process, asked over its socket, asking a scripted server over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import stat
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from archaeologist.agents.asking.client import Asker
from archaeologist.agents.asking.messages import Question
from archaeologist.agents.asking.place import AskerPlace, end_askers
from archaeologist.agents.turns.attempt import StepFault
from archaeologist.domain.chat import ChatRequest, UserMessage
from archaeologist.errors import ModelTerminal, ModelUnavailable
from support.embedded import kill_all, scratch_state, wait_until
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.domain.chat import ChatAnswer
    from archaeologist.temporal.state import StateDirectory
    from support.model_server import Asked

KEY = "sk-this-is-the-key-of-the-test"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("asking") / "state") as state:
        yield state


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path / "state") as state:
        yield state


def question(server: ModelServer, run: str, text: str = "hello") -> Question:
    request = ChatRequest(messages=(UserMessage(content=text),), key=f"{run}-think-1")
    return Question(
        run_id=run, step="think-1", model=server.model, request=request, keys={"ARCHAEOLOGIST_API_KEY": KEY}
    )


async def ask(state: StateDirectory, asked: Question, heard: list[str] | None = None) -> ChatAnswer:
    return await Asker(state.path).ask(asked, (heard if heard is not None else []).append)


class HoldingServer(ModelServer):
    """Holds every answer back until it is let go."""

    def __init__(self, text: str) -> None:
        super().__init__([Reply.says(text)] * 3)
        self.asked = threading.Event()
        self.go = threading.Event()

    def reply_to(self, asked: Asked) -> Reply:
        """Wait before answering."""
        self.asked.set()
        self.go.wait()
        return super().reply_to(asked)


@contextmanager
def holding(text: str) -> Iterator[HoldingServer]:
    with HoldingServer(text) as server:
        try:
            yield server
        finally:
            server.go.set()


async def on_its_way(state: StateDirectory, asked: Question, server: HoldingServer) -> asyncio.Task[ChatAnswer]:
    """Ask, and return once the server has the question."""
    task = asyncio.create_task(ask(state, asked))
    await asyncio.to_thread(server.asked.wait, 20)
    return task


async def given_up(task: asyncio.Task[ChatAnswer]) -> None:
    """Stop waiting, as a worker that dies does."""
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_answer_comes_with_its_text_and_is_asked_for_once(shared: StateDirectory) -> None:
    with ModelServer([Reply.says("one two three")]) as server:
        heard: list[str] = []
        first = await ask(shared, question(server, "once"), heard)
        again = await ask(shared, question(server, "once"))
    assert first.message.content == again.message.content == "".join(heard) == "one two three"
    assert len(server.requests) == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_whoever_stops_waiting_leaves_the_question_to_the_next(shared: StateDirectory) -> None:
    with holding("late") as server:
        asked = question(server, "next")
        await given_up(await on_its_way(shared, asked, server))
        joined = asyncio.create_task(ask(shared, asked))
        server.go.set()
        assert (await joined).message.content == "late"
        assert list(server.paid.values()) == [1]


async def test_an_answer_that_nobody_waits_for_is_kept(shared: StateDirectory) -> None:
    with holding("kept") as server:
        asked = question(server, "kept")
        await given_up(await on_its_way(shared, asked, server))
        server.go.set()
        await asyncio.to_thread(
            wait_until, lambda: any((shared.path / "answers" / "kept").glob("*.json")), "it is kept"
        )
    assert (await ask(shared, asked)).message.content == "kept"


async def test_two_who_wait_for_one_answer_both_hear_it(shared: StateDirectory) -> None:
    with ModelServer([Reply.says("ready")]) as server:
        await ask(shared, question(server, "ready"))  # the asker is there, so both reach it at once
    with holding("for both") as server:
        asked = question(server, "both")
        heard: tuple[list[str], list[str]] = [], []
        tasks = [asyncio.create_task(ask(shared, asked, each)) for each in heard]
        await asyncio.to_thread(server.asked.wait, 20)
        # A third connection is served after the second one.
        await Asker(shared.path).withdraw("nobody", "nothing")
        server.go.set()
        answers = await asyncio.gather(*tasks)
    assert [answer.message.content for answer in answers] == ["for both"] * 2
    assert ["".join(each) for each in heard] == ["for both"] * 2
    assert len(server.requests) == 1


async def test_a_question_that_is_taken_back_is_not_waited_for_and_not_kept(shared: StateDirectory) -> None:
    with holding("unwanted") as server:
        task = await on_its_way(shared, question(server, "back"), server)
        await Asker(shared.path).withdraw("back", "think-1")
        with pytest.raises(ModelUnavailable, match="taken back"):
            await task
    assert not list((shared.path / "answers" / "back").glob("*.json"))


async def test_taking_back_what_nobody_asked_starts_no_asker(alone: StateDirectory) -> None:
    await Asker(alone.path).withdraw("run", "step")
    assert not AskerPlace(alone.path).alive


async def test_a_refusal_keeps_its_class_and_says_what_to_do(shared: StateDirectory) -> None:
    refusal = Reply.status(401, "no such key", error_code="invalid_api_key")
    with ModelServer([refusal]) as server, pytest.raises(ModelTerminal, match="no such key") as caught:
        await ask(shared, question(server, "refused"))
    assert "ARCHAEOLOGIST_API_KEY" in caught.value.hint


async def test_a_busy_server_says_how_long_to_wait(shared: StateDirectory) -> None:
    with ModelServer([Reply.status(429, "slow down", retry_after=7), Reply.says("now")]) as server:
        with pytest.raises(ModelUnavailable) as caught:
            await ask(shared, question(server, "busy"))
        assert caught.value.retry_after == 7
        assert (await ask(shared, question(server, "busy"))).message.content == "now"


async def test_a_defect_of_the_asker_comes_with_its_trace(shared: StateDirectory) -> None:
    (shared.path / "answers").mkdir(exist_ok=True)
    (shared.path / "answers" / "broken").write_text("a file where a folder has to be")
    with ModelServer([Reply.says("never")]) as server, pytest.raises(StepFault) as caught:
        await ask(shared, question(server, "broken"))
    assert caught.value.kind in {"FileExistsError", "NotADirectoryError"}
    assert "journal.py" in caught.value.traceback
    assert caught.value.retryable


async def tried_again(state: StateDirectory, asked: Question) -> ChatAnswer:
    """Ask as Temporal does: a process that is dying may still take a connection."""
    while True:
        with suppress(ModelUnavailable):
            return await ask(state, asked)


async def test_an_asker_that_is_killed_is_started_anew(alone: StateDirectory) -> None:
    with holding("at last") as server:
        task = await on_its_way(alone, question(server, "killed"), server)
        kill_all(alone)
        with pytest.raises(ModelUnavailable, match="started again"):
            await task
        server.go.set()
        answer = await tried_again(alone, question(server, "killed"))
        assert answer.message.content == "at last"


async def test_told_to_end_it_stays_until_the_answer_is_there_for_whoever_wants_it(
    alone: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = AskerPlace(alone.path)
    with ModelServer([Reply.says("known")]) as other, holding("paid for") as server:
        known, asked = question(other, "known"), question(server, "told")
        await ask(alone, known)
        await given_up(await on_its_way(alone, asked, server))
        monkeypatch.setattr("archaeologist.agents.asking.place.END_SECONDS", 0.1)
        assert not await asyncio.to_thread(end_askers, alone.path)
        await ask(alone, known)  # it is heard after the signal
        assert place.socket.exists()
        joined = asyncio.create_task(ask(alone, asked))
        await ask(alone, known)  # it is served after who joined
        server.go.set()
        assert (await joined).message.content == "paid for"
        assert list(server.paid.values()) == [1]
    await asyncio.to_thread(wait_until, lambda: not place.alive, "it is gone")


@pytest.mark.parametrize("why", ["idle", "folder gone"])
async def test_it_ends_when_nobody_needs_it(alone: StateDirectory, why: str) -> None:
    place = AskerPlace(alone.path)
    place.start(idle_seconds=0.3 if why == "idle" else 3600)
    with ModelServer([Reply.says("yes")]) as server:
        await ask(alone, question(server, "idle"))
    pid = place.pid
    assert pid is not None
    if why == "folder gone":
        shutil.rmtree(place.folder)
    await asyncio.to_thread(wait_until, lambda: not psutil.pid_exists(pid), "it is gone")
    assert not place.socket.exists()


async def test_only_its_user_can_reach_it_and_it_is_started_without_keys(
    alone: StateDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with ModelServer([Reply.says("yes")]) as server:
        await ask(alone, question(server, "private"))
    place = AskerPlace(alone.path)
    assert place.pid is not None
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    process = psutil.Process(place.pid)
    assert KEY not in " ".join([*process.cmdline(), *process.environ().values()])
    assert not [path for path in alone.path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


async def test_a_state_directory_with_a_long_path_is_served(tmp_path: Path) -> None:
    with scratch_state(tmp_path / ("long-" * 20) / "state") as state, ModelServer([Reply.says("far away")]) as server:
        assert len(str(AskerPlace(state.path).socket)) > 108
        assert (await ask(state, question(server, "long"))).message.content == "far away"


async def test_a_long_conversation_passes(shared: StateDirectory) -> None:
    with ModelServer([Reply.says("read")]) as server:
        await ask(shared, question(server, "long", "word " * 1_000_000))
        assert len(server.bodies[0]["messages"][0]["content"]) == 5_000_000
