"""Questions to models, and asking them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.chat import ChatRequest, Schema, SystemMessage, UserMessage
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist.domain.chat import ChatAnswer
    from support.model_server import ModelServer

READ = Schema(
    name="read",
    description="Read a file",
    parameters={
        "type": "object",
        "properties": {"path": {"type": "string"}},
        "required": ["path"],
        "additionalProperties": False,
    },
)
LIST = READ.model_copy(update={"name": "list", "description": "List a folder"})
VERDICT = Schema(
    name="verdict",
    description="What came of it",
    parameters={
        "type": "object",
        "properties": {"summary": {"type": "string"}},
        "required": ["summary"],
        "additionalProperties": False,
    },
)
BRIEF = (SystemMessage(content="You dig"), UserMessage(content="Dig here"))
PLAIN = ChatRequest(messages=BRIEF, key="question-1")
WITH_TOOLS = PLAIN.model_copy(update={"tools": (READ, LIST)})
WITH_FORM = PLAIN.model_copy(update={"answer": VERDICT})
WITH_BOTH = PLAIN.model_copy(update={"tools": (READ, LIST), "answer": VERDICT})


def ignore(_text: str) -> None:
    """Listen to nothing."""


async def ask(server: ModelServer, request: ChatRequest = PLAIN, on_text: Callable[[str], None] = ignore) -> ChatAnswer:
    """Ask a server over HTTP as any model that `--model` names is asked."""
    try:
        return await chat_model(server.model, {}).complete(request, on_text)
    finally:
        await close_clients()
