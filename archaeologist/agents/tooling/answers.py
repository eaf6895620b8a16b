"""The form of a final answer, and what is wrong with one that is not in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from archaeologist.agents.tooling.arguments import Reader, Unreadable, parse
from archaeologist.agents.tooling.observations import mistakes, told
from archaeologist.agents.tooling.schema import strict
from archaeologist.domain.chat import Schema

if TYPE_CHECKING:
    from typing import Any

_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)


class NoAnswer(ValueError):
    """A text is no answer of the wanted form; the message is what the model is told."""


def answer_schema(form: type[BaseModel]) -> Schema:
    """Return the form as a model and its server are told of it. Raises UsageError when it cannot be put strictly."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", form.__name__)[:64]
    schema = form.model_json_schema()
    schema.pop("description", None)  # it is the schema's own
    return Schema(name=name, description=(form.__doc__ or "").strip(), parameters=strict(schema))


def read_answer(form: type[BaseModel], text: str) -> BaseModel:
    """Return a model's answer in its form; a fence of Markdown around the JSON is taken off.

    Raises:
        NoAnswer: what is wrong with it.
    """
    fenced = _FENCED.match(text)
    reader = Reader(form.model_json_schema())
    try:
        values: dict[str, Any] = reader.read(parse(fenced[1] if fenced else text))
        answer = form.model_validate(values)
    except Unreadable as error:
        raise NoAnswer(str(error)) from error
    except ValidationError as error:
        raise NoAnswer(told([*reader.problems, *mistakes(error, values)])) from error
    if reader.problems:
        raise NoAnswer(told(reader.problems))
    return answer
