"""Conversations that outgrow what a model can read: old results of tools are left out of what is sent.

Transcripts keep everything, and so do the journal and recordings, which know a question by the whole of it: only what
goes to the server is shorter. There is a fixed row of ever shorter forms of a question, made from the question alone,
and the first one that the server takes is the one that counts: every attempt, in whatever process, comes to the same.
What a server refused is remembered for the process, so that what is as long is not sent to it again.

A form stays as it is while a conversation grows, until the next results have to go: servers keep what did not change.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from archaeologist.domain.chat import AssistantMessage, ToolMessage
from archaeologist.errors import ConversationTooLong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archaeologist.domain.chat import ChatAnswer, ChatRequest, Message
    from archaeologist.models.chat import ChatModel

_ROOMS = tuple(4_000_000 * 0.75**step for step in range(25))
"""Bytes that a form may have, form by form; tokens cannot be counted without the model's own table."""
_FREED = 0.75
"""When results have to go, so many go that the rest is this much of the room, and the next turns change nothing."""
_TURNS_KEPT = 2
"""The results of so many turns are what the model works with; they go when nothing else helps."""
_WORTH_IT = 400
"""Characters of a result below which leaving it out saves nothing."""
_SURELY = 1.15
"""What is longer than there is room for by a server's own numbers, and by so much more, is not sent."""
_CONVERSATIONS = 256
"""So many are remembered. How many bytes a token has is about the same within one, and another one is another text."""

_OLD = "[taken out to save room: {:,} characters; use the tool again when you need it]"
_NEW = "[taken out, as there is no room for it: {:,} characters; ask for less at once]"

_refused: OrderedDict[int, float] = OrderedDict()  # by conversation, the size of the shortest form that was too long


@dataclass(frozen=True)
class Form:
    """A question, maybe without some results of tools, and how many bytes it has."""

    request: ChatRequest
    size: int


class ShorteningChat:
    """Asks a model, in shorter forms when a question is too long for it.

    Args:
        model: who is asked.
    """

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self.model = model

    async def complete(self, request: ChatRequest, on_text: Callable[[str], None]) -> ChatAnswer:
        """Return the answer to one request; see `ChatModel`.

        Raises:
            ConversationTooLong: no form of it is short enough.
        """
        conversation = hash((self.name, *(message.content for message in request.messages[:2])))
        form, refused = Form(request, 0), None
        for form in forms_of(request):
            if form.size < _refused.get(conversation, math.inf):
                try:
                    return await self.model.complete(form.request, on_text)
                except ConversationTooLong as error:
                    refused = error
                    _remember(conversation, form, error)
            else:
                refused = None
        if refused is not None:
            raise refused
        return await self.model.complete(form.request, on_text)  # what is known may not be so for the shortest


def _remember(conversation: int, form: Form, error: ConversationTooLong) -> None:
    named = form.size * error.share * _SURELY if error.share else math.inf
    _refused[conversation] = min(form.size, named, _refused.get(conversation, math.inf))
    _refused.move_to_end(conversation)
    if len(_refused) > _CONVERSATIONS:
        _refused.popitem(last=False)


def forms_of(request: ChatRequest) -> Iterator[Form]:
    """Yield a question as it is, then ever shorter; calls and words stay, the newest results as long as that helps."""
    messages = request.messages
    sizes = [_size(message) for message in messages]
    around = sum(len(form.model_dump_json()) for form in (*request.tools, request.answer) if form is not None)
    whole = around + sum(sizes)
    yield Form(request, whole)
    results = [index for index, message in enumerate(messages) if _is_worth_it(message)]
    counts = [_number_taken(messages, results, sizes, room - around) for room in _ROOMS if room < whole]
    counts += [sum(index < _start_of(messages, turns) for index in results) for turns in (1, 0)]
    for count in dict.fromkeys(counts):
        if count:
            form = _without(request, results[:count])
            yield Form(form, around + sum(map(_size, form.messages)))


def _number_taken(messages: Sequence[Message], results: Sequence[int], sizes: Sequence[int], room: float) -> int:
    """Return how many results are left out, oldest first, where no turn was ever to be longer than the room."""
    taken, size = 0, 0
    answers = [index for index, message in enumerate(messages) if isinstance(message, AssistantMessage)]
    for turn, (begin, end) in enumerate(pairwise((0, *answers, len(messages)))):
        size += sum(sizes[begin:end])
        if size > room:
            kept_from = answers[turn - _TURNS_KEPT] if turn >= _TURNS_KEPT else 0
            while size > room * _FREED and taken < len(results) and results[taken] < kept_from:
                size -= sizes[results[taken]]
                taken += 1
    return taken


def _start_of(messages: Sequence[Message], turns: int) -> int:
    """Return where the last so many turns begin; a turn is an answer and what came of it."""
    answers = [index for index, message in enumerate(messages) if isinstance(message, AssistantMessage)]
    if not turns:
        return len(messages)
    return answers[-turns] if len(answers) >= turns else 0


def _without(request: ChatRequest, taken: Sequence[int]) -> ChatRequest:
    """Return a question without some results; it is another one for the server, so it has a key of its own."""
    if not taken:
        return request
    newest = _start_of(request.messages, 1)
    messages = list(request.messages)
    for index in taken:
        words = _OLD if index < newest else _NEW
        content = words.format(len(messages[index].content))
        messages[index] = messages[index].model_copy(update={"content": content})
    key = f"{request.key}-less-{len(taken)}" if request.key else ""
    return request.model_copy(update={"messages": tuple(messages), "key": key})


def _is_worth_it(message: Message) -> bool:
    return isinstance(message, ToolMessage) and len(message.content) > _WORTH_IT


def _size(message: Message) -> int:
    calls = message.calls if isinstance(message, AssistantMessage) else ()
    parts = (message.content, *(part for call in calls for part in (call.name, call.arguments)))
    return sum(len(part.encode(errors="replace")) for part in parts)
