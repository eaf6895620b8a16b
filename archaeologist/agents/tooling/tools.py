"""Tools: Python functions that a model may call.

`@tool` makes one of a function with type hints and a docstring. Whatever a model does wrong with it becomes an
observation that the model reads; only what a person or another attempt must mend is raised. Tools run in activities:
workflow modules must not import this.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, overload

from pydantic import ValidationError
from pydantic_core import to_json
from typing_extensions import ParamSpec, TypeVar

from archaeologist.agents.tooling.arguments import Reader, Unreadable, parse
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.observations import mistakes, shortened, told
from archaeologist.agents.tooling.schema import JsonSchema, strict
from archaeologist.agents.tooling.signature import Arguments, arguments_of, check_function, words_of
from archaeologist.domain.chat import Schema
from archaeologist.errors import ArchaeologistError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

P = ParamSpec("P", default=...)
R = TypeVar("R", default=Any)

LONGEST_DESCRIPTION = 1_024
"""Characters; OpenAI refuses a request with a longer one."""

_ABOUT_A_NAME = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)
"""Errors of the operating system that say something of a name, which the model gave; the others are the machine's."""


@dataclass(frozen=True, eq=False)
class Tool(Generic[P, R]):
    """A function that a model may call; called from Python, it is still that function.

    Attributes:
        function: the function.
        name: what the model calls it.
        description: what the model is told that it does.
        schema: what the model and its server are told of it; the parameters are in strict form.
        read_only: it changes nothing.
        idempotent: calling it twice is as good as once, so an attempt whose end is not known may be repeated.
        approval: a person has to agree to each call.
        seconds: how long a call may take.
        alone: one call at a time, of all such tools and all conversations of an agent.
    """

    function: Callable[P, R] = field(repr=False)
    name: str
    description: str = field(repr=False)
    schema: Schema = field(repr=False)
    read_only: bool
    idempotent: bool
    approval: bool
    seconds: float
    alone: bool = field(repr=False)
    _arguments: Arguments = field(repr=False)
    _plain_schema: JsonSchema = field(repr=False)

    def __post_init__(self) -> None:
        """Look like the function, as `functools.wraps` would make it."""
        vars(self)["__wrapped__"] = self.function
        for name in functools.WRAPPER_ASSIGNMENTS:
            vars(self)[name] = getattr(self.function, name, None)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return self.function(*args, **kwargs)

    async def use(self, arguments: str, context: ToolContext) -> ToolResult:
        """Do what a model asked for.

        Args:
            arguments: JSON as the model wrote it.
            context: what a parameter annotated `ToolContext` is given.

        Returns:
            What the model reads: what the function returned, or what is wrong with the call.

        Raises:
            ArchaeologistError: a terminal one, which a person has to mend.
            OSError: the machine failed; another attempt can help.
            MemoryError: likewise.
        """
        try:
            values = self._read(arguments)
            if isinstance(values, ToolResult):
                return values
            return _as_result(await self._called(values, context))
        except ArchaeologistError as error:
            if error.terminal:
                raise
            return refused(str(error))
        except _ABOUT_A_NAME as error:
            return _broken(error)
        except (OSError, MemoryError):
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a defect in a team's tool must not end the run
            return _broken(error)

    def _read(self, arguments: str) -> dict[str, Any] | ToolResult:
        """Return the arguments as Python objects, or what is wrong with them."""
        reader = Reader(self._plain_schema)
        try:
            values = reader.read(parse(arguments))
        except Unreadable as error:
            return refused(str(error))
        except RecursionError:
            return refused("the arguments are nested too deeply")
        try:
            valid = self._arguments.adapter.validate_python(values)
        except ValidationError as error:
            return refused(told([*reader.problems, *mistakes(error, values)]))
        return refused(told(reader.problems)) if reader.problems else valid

    async def _called(self, values: Mapping[str, Any], context: ToolContext) -> Any:
        bound = self._arguments.bound(values, context)
        call = functools.partial(self.function, *bound.args, **bound.kwargs)
        if inspect.iscoroutinefunction(self.function):
            return await call()  # type: ignore[misc]  # the check above is beyond the type checker
        outcome = await asyncio.to_thread(_without_stop, call)
        return await outcome if inspect.isawaitable(outcome) else outcome


def _without_stop(call: Callable[[], R]) -> R:
    """Call; a future cannot hold a StopIteration, and whoever waits for it would wait for ever."""
    try:
        return call()
    except StopIteration as error:
        raise RuntimeError("the function raised StopIteration") from error


def _as_result(value: object) -> ToolResult:
    """Return what a function returned as a result: text as it is, nothing as "done", the rest as JSON."""
    match value:
        case ToolResult():
            return value
        case None:
            return ToolResult("done")
        case str():
            return ToolResult(value.encode("utf-8", "backslashreplace").decode("utf-8"))
        case _:
            return ToolResult(to_json(value, fallback=str).decode("utf-8"))


def refused(content: str) -> ToolResult:
    """Return what a model is told of a call that was not made or did nothing, short enough."""
    return ToolResult(shortened(content), ok=False)


def _broken(error: BaseException) -> ToolResult:
    trace = "".join(traceback.format_exception(error))
    return ToolResult(shortened(f"{type(error).__name__}: {error}"), ok=False, traceback=trace)


@overload
def tool(function: Callable[P, R], /) -> Tool[P, R]: ...
@overload
def tool(
    *,
    name: str | None = None,
    read_only: bool = False,
    idempotent: bool = False,
    approval: bool = False,
    seconds: float = 60.0,
    alone: bool = False,
) -> Callable[[Callable[P, R]], Tool[P, R]]: ...
def tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    read_only: bool = False,
    idempotent: bool = False,
    approval: bool = False,
    seconds: float = 60.0,
    alone: bool = False,
) -> Any:
    """Make a tool of a function, plain or async: `@tool` or `@tool(read_only=True)`.

    The hints of its parameters become the JSON schema; a parameter annotated `ToolContext` is filled in and not shown.
    The docstring says what the tool does and what its arguments mean.

    Args:
        function: the function.
        name: what the model calls it; the function's name when omitted.
        read_only: it changes nothing. Implies `idempotent`.
        idempotent: calling it twice with the same arguments is as good as once.
        approval: a person has to agree to each call.
        seconds: how long a call may take.
        alone: one call at a time, of all such tools and all conversations of an agent.

    Returns:
        The tool, which can still be called like the function.

    Raises:
        UsageError: the function has no docstring, or a signature that cannot be told to a model.
    """

    def make(function: Callable[..., Any]) -> Tool[..., Any]:
        called = name or str(getattr(function, "__name__", ""))
        try:
            schema, arguments, plain = _shown(function, called, seconds)
        except UsageError as error:
            raise UsageError(f"tool {called!r}: {error}", error.hint) from None
        return Tool(
            function=function,
            name=called,
            description=schema.description,
            schema=schema,
            read_only=read_only,
            idempotent=idempotent or read_only,
            approval=approval,
            seconds=seconds,
            alone=alone,
            _arguments=arguments,
            _plain_schema=plain,
        )

    return make if function is None else make(function)


def _shown(function: Callable[..., Any], name: str, seconds: float) -> tuple[Schema, Arguments, JsonSchema]:
    """Return what a model is shown of a function, what reads its arguments, and the schema before it was strict."""
    check_function(function, name, seconds)
    words = words_of(inspect.getdoc(function) or "")
    if len(words.description) > LONGEST_DESCRIPTION:
        what = f"its description has {len(words.description):,} characters, and servers take {LONGEST_DESCRIPTION:,}"
        raise UsageError(what, "say less, or say it where arguments are described")
    arguments = arguments_of(function, words.meanings)
    plain = arguments.schema()
    return Schema(name=name, description=words.description, parameters=strict(plain)), arguments, plain
