from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.chat import UserMessage
from archaeologist.errors import ModelTerminal
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model
from archaeologist.models.recorded import RecordedChat, Recorder
from support.conversations import BRIEF, PLAIN, VERDICT, WITH_TOOLS, ignore
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.domain.chat import ChatAnswer, ChatRequest


async def record(folder: Path, *questions: ChatRequest) -> list[ChatAnswer]:
    """Record answers to some questions."""
    with ModelServer(lambda body: Reply.says(f"{len(body['messages'])} messages")) as server:
        recorder = Recorder(chat_model(server.model, {}), folder)
        answers = [await recorder.complete(question, ignore) for question in questions]
        await close_clients()
    assert recorder.name == server.model
    return answers


async def test_the_same_question_gets_the_same_answer_without_the_model(tmp_path: Path) -> None:
    recorded = await record(tmp_path, PLAIN, WITH_TOOLS)
    heard: list[str] = []
    model = chat_model(f"recorded:{tmp_path}", {})
    again = [await model.complete(question, heard.append) for question in (PLAIN, WITH_TOOLS)]
    assert again == recorded
    assert heard == ["2 messages"] * 2


async def test_the_attempt_makes_no_difference(tmp_path: Path) -> None:
    (recorded,) = await record(tmp_path, PLAIN)
    assert await RecordedChat(tmp_path).complete(PLAIN.model_copy(update={"key": "another"}), ignore) == recorded
    assert PLAIN.key not in next(tmp_path.iterdir()).read_text()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"messages": (BRIEF[0], UserMessage(content="Dig there"))}, "message 2 (user) differs"),
        ({"messages": (*BRIEF, UserMessage(content="now"))}, "has 3 messages, the nearest recorded one 2"),
        ({"answer": VERDICT}, "the tools or the form of the answer differ"),
        ({"tools": ()}, "the tools or the form of the answer differ"),
    ],
)
async def test_a_question_that_was_not_recorded_is_told_apart(
    tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    await record(tmp_path, WITH_TOOLS, WITH_TOOLS.model_copy(update={"messages": BRIEF[1:]}))
    with pytest.raises(ModelTerminal) as caught:
        await RecordedChat(tmp_path).complete(WITH_TOOLS.model_copy(update=changed), ignore)
    assert words in str(caught.value)
    assert "--record" in caught.value.hint


async def test_a_difference_is_shown_where_it_is(tmp_path: Path) -> None:
    await record(tmp_path, PLAIN.model_copy(update={"messages": (UserMessage(content="x" * 500 + "one"),)}))
    asked = PLAIN.model_copy(update={"messages": (UserMessage(content="x" * 500 + "two"),)})
    with pytest.raises(ModelTerminal, match=r"recorded '[^']*one[^']*', asked '[^']*two"):
        await RecordedChat(tmp_path).complete(asked, ignore)


async def test_nothing_recorded_and_damaged_recordings_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelTerminal, match="nothing is recorded in"):
        await RecordedChat(tmp_path).complete(PLAIN, ignore)
    await record(tmp_path, PLAIN)
    next(tmp_path.iterdir()).write_text("{")
    with pytest.raises(ModelTerminal, match="holds no recorded answer"):
        await RecordedChat(tmp_path).complete(PLAIN, ignore)
