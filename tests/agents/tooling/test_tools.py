from __future__ import annotations

import asyncio
import inspect
import json
import threading
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field

from archaeologist.agents.tooling import signature
from archaeologist.agents.tooling.arguments import Reader
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.observations import LONGEST
from archaeologist.agents.tooling.toolbox import by_name, find_tool
from archaeologist.agents.tooling.tools import Tool, tool
from archaeologist.artefacts import ArtefactStore
from archaeologist.errors import DiskFull, EditRefused, GitFailed, UsageError
from support.strictness import violations


class Order(StrEnum):
    NAME = "name"
    SIZE = "size"


@dataclass
class Span:
    first: int
    last: int = 10


class Place(BaseModel):
    path: str
    span: Span | None = None


@tool(read_only=True)
def read(path: str, limit: int = 200) -> str:
    """Read a file.

    Lines are numbered.

    Args:
        path: The file, from the
            top of the repository.
        limit: Lines to read.

    Returns:
        What the model reads.
    """
    return f"{path}:{limit}"


@tool
async def look(places: list[Place], order: Order = Order.NAME, *, context: ToolContext) -> ToolResult:
    """Look at places."""
    await asyncio.sleep(0)
    return ToolResult(f"{context.key} {order.value} {places!r}", workspace="abc")


@pytest.fixture
def context(tmp_path: Path) -> ToolContext:
    return ToolContext("modernizer", "run-1", ArtefactStore(tmp_path / "artefacts"), tmp_path)


async def told(of: Tool[..., Any], context: ToolContext, /, **arguments: object) -> str:
    """Use a tool wrongly and return what the model is told."""
    result = await of.use(json.dumps(arguments), context)
    assert not result.ok
    assert len(result.content) <= LONGEST
    return result.content


def test_the_decorated_function_stays_what_it_was() -> None:
    assert read("a.py") == "a.py:200"
    assert read("a.py", limit=3) == "a.py:3"
    assert vars(read)["__name__"] == "read"
    assert read.__doc__ is not None
    assert read.__doc__.startswith("Read a file.")
    assert list(inspect.signature(read).parameters) == ["path", "limit"]


def test_a_tool_is_shown_in_one_line() -> None:
    assert repr(read) == "Tool(name='read', read_only=True, idempotent=True, approval=False, seconds=60.0)"


def test_the_description_is_summary_and_body_without_the_sections() -> None:
    assert read.description == read.schema.description == "Read a file.\n\nLines are numbered."


def test_arguments_are_described_with_their_defaults() -> None:
    assert read.schema.parameters == {
        "type": "object",
        "properties": {
            "path": {"description": "The file, from the top of the repository.", "type": "string"},
            "limit": {"description": "Lines to read; null means 200", "anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
        "required": ["path", "limit"],
        "additionalProperties": False,
    }


NUMPY = """Read a file.

Parameters
----------
path : str
    The file.
"""
REST = """Read a file.

:param path: The file.
"""


@pytest.mark.parametrize("docstring", [NUMPY, REST])
def test_numpy_and_rest_docstrings_describe_arguments_too(docstring: str) -> None:
    def show(path: str) -> None: ...

    show.__doc__ = docstring
    made = tool(show)
    assert made.description == "Read a file."
    assert made.schema.parameters["properties"]["path"]["description"] == "The file."


def test_what_only_reads_may_be_repeated() -> None:
    assert (read.read_only, read.idempotent, read.approval, read.seconds) == (True, True, False, 60.0)
    assert (look.read_only, look.idempotent) == (False, False)
    assert tool(idempotent=True)(read.function).read_only is False


async def test_the_context_is_filled_in_and_not_shown(context: ToolContext) -> None:
    assert list(look.schema.parameters["properties"]) == ["places", "order"]
    result = await look.use('{"places": [{"path": "a", "span": {"first": 1, "last": null}}], "order": null}', context)
    assert result.content == f"run-1 name {[Place(path='a', span=Span(1, 10))]!r}"
    assert result.workspace == "abc"


async def test_null_and_nothing_both_mean_the_default(context: ToolContext) -> None:
    assert (await read.use('{"path": "a", "limit": null}', context)).content == "a:200"
    assert (await read.use('{"path": "a"}', context)).content == "a:200"


async def test_null_is_a_value_where_the_type_has_it(context: ToolContext) -> None:
    @tool
    def take(limit: int | None = 5) -> str:
        """Take some."""
        return repr(limit)

    assert (await take.use('{"limit": null}', context)).content == "None"
    assert (await take.use("{}", context)).content == "5"


async def test_a_plain_function_does_not_hold_up_the_loop(context: ToolContext) -> None:
    @tool
    def where() -> str:
        """Tell the thread."""
        return threading.current_thread().name

    assert (await where.use("", context)).content != threading.current_thread().name


async def test_what_a_plain_function_leaves_to_be_awaited_is_awaited(context: ToolContext) -> None:
    async def later() -> str:
        return "now"

    @tool
    def give() -> Awaitable[str]:
        """Give it later."""
        return later()

    assert (await give.use("", context)).content == "now"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (None, "done"),
        ("as it is", "as it is"),
        ({"a": [1, Path("b")]}, '{"a":[1,"b"]}'),
        (Place(path="ä"), '{"path":"ä","span":null}'),
        (Span(1, 2), '{"first":1,"last":2}'),
        (datetime(2026, 1, 2, tzinfo=UTC), '"2026-01-02T00:00:00Z"'),
        (object, f'"{object}"'),
        ("half \ud800", "half \\ud800"),
    ],
    ids=repr,
)
async def test_what_is_returned_is_put_in_words(value: object, content: str, context: ToolContext) -> None:
    @tool
    def give() -> object:
        """Give it."""
        return value

    assert await give.use("{}", context) == ToolResult(content)


@pytest.mark.parametrize(
    ("arguments", "observation"),
    [
        ({"path": 3}, "path: expected string, got integer"),
        ({"path": None}, "path: expected string, got null"),
        ({}, "path: missing"),
        ({"pth": "a"}, "pth: unknown argument, did you mean path?\npath: missing"),
        ({"path": "a", "limit": "many"}, 'limit: expected integer, got string "many"'),
        ({"path": "a", "limit": [1]}, "limit: expected integer, got array"),
    ],
)
async def test_a_wrong_argument_is_named(arguments: dict[str, Any], observation: str, context: ToolContext) -> None:
    assert await told(read, context, **arguments) == observation


async def test_a_mistake_deep_inside_is_named_with_its_path(context: ToolContext) -> None:
    places = [{"path": "a"}, {"path": "b", "span": {"frist": 1, "last": "x"}}]
    assert await told(look, context, places=places, order="date") == (
        "places[1].span.frist: unknown argument, did you mean first?\n"
        "places[1].span.first: missing\n"
        'places[1].span.last: expected integer, got string "x"\n'
        "order: should be 'name' or 'size', got string \"date\""
    )


async def test_members_of_a_union_are_one_line(context: ToolContext) -> None:
    @tool
    def pick(which: int | Literal["all"] | list[int]) -> None:
        """Pick some."""

    assert await told(pick, context, which={}) == ("which: expected integer or array or should be 'all', got object")


async def test_a_limit_that_is_broken_is_told(context: ToolContext) -> None:
    @tool
    def pick(count: Annotated[int, Field(ge=1)]) -> None:
        """Pick some."""

    assert await told(pick, context, count=0) == "count: should be greater than or equal to 1, got integer 0"


async def test_a_name_too_many_is_told_where_all_else_is_right(context: ToolContext) -> None:
    assert await told(read, context, path="a", limit=3, lines=4) == "lines: unknown argument"


async def test_keys_of_a_mapping_are_checked(context: ToolContext) -> None:
    @tool
    def count(lines: dict[int, str]) -> None:
        """Count lines."""

    one, two = {"key": "1", "value": "a"}, {"key": "1", "value": "b"}
    assert await told(count, context, lines=[one, two]) == "lines.1: given twice"
    assert await told(count, context, lines={"one": "a"}) == 'the key lines.one: expected integer, got string "one"'


async def test_what_a_validator_of_a_team_says_is_told(context: ToolContext) -> None:
    def even(number: int) -> int:
        if number % 2:
            raise ValueError("odd numbers are not for us")
        return number

    @tool
    def take(number: Annotated[int, AfterValidator(even)]) -> None:
        """Take an even number."""

    assert await told(take, context, number=3) == "number: odd numbers are not for us, got integer 3"


class Left(BaseModel):
    parts: list[Left | Right] = []


class Right(BaseModel):
    parts: list[Left | Right] = []


@tool
def climb(tree: Left | Right) -> None:
    """Climb a tree."""


def test_unions_in_unions_are_told_apart_in_time() -> None:
    wrong: dict[str, Any] = {"parts": 3}
    for _ in range(40):  # each level twice as many ways to read it
        wrong = {"parts": [wrong]}
    reader = Reader(climb._plain_schema)
    assert reader.read({"tree": wrong}) == {"tree": wrong}


async def test_arguments_deeper_than_python_can_follow_are_told(context: ToolContext) -> None:
    text = '{"tree": ' + '{"parts": [' * 400 + "]}" * 400 + "}"
    assert await climb.use(text, context) == ToolResult("the arguments are nested too deeply", ok=False)


async def test_many_mistakes_are_counted_and_cut(context: ToolContext) -> None:
    content = await told(look, context, places=[{"path": at} for at in range(500)])
    assert content.startswith("places[0].path: expected string, got integer\n")
    shown = content.count("expected")
    assert content.endswith(f"\nand {500 - shown} more")


@pytest.mark.parametrize(
    ("text", "observation"),
    [
        ('{"path": "abc', 'Unterminated string at character 9 of 13; the text breaks off after \'{"path": "abc\''),
        ('{"path": "abc"', "Expecting ',' delimiter at character 14 of 14; the text breaks off after"),
        ("{path: 1}", "Expecting property name enclosed in double quotes at character 1 of 9, at 'path: 1}'"),
        ('{"path": NaN}', "NaN is no number"),
        ('["a"]', "must be a JSON object, got array"),
        ("null", "must be a JSON object, got null"),
        ('{"path": "a", "path": "b"}', "path: given twice"),
        ('{"path": "\\ud800"}', "half of a surrogate pair"),
        ("[" * 100_000, "nested too deeply"),
        ('{"limit": ' + "9" * 5000 + "}", "too many digits"),
        ("\x00", "Expecting value at character 0"),
    ],
    ids=lambda text: text[:20],
)
async def test_text_that_is_no_json_object_is_told_where(text: str, observation: str, context: ToolContext) -> None:
    result = await read.use(text, context)
    assert not result.ok
    assert observation in result.content
    assert len(result.content) <= LONGEST


def failing(error: BaseException) -> Tool[..., Any]:
    @tool
    def fail() -> None:
        """Fail."""
        raise error

    return fail


@pytest.mark.parametrize("error", [EditRefused("the class is gone"), GitFailed("the class is gone")], ids=repr)
async def test_a_refusal_is_an_observation(error: Exception, context: ToolContext) -> None:
    assert await failing(error).use("", context) == ToolResult("the class is gone", ok=False)


@pytest.mark.parametrize(
    "error", [DiskFull("no space"), PermissionError("no"), TimeoutError("late"), MemoryError()], ids=repr
)
async def test_what_the_machine_or_a_person_must_mend_is_raised(error: Exception, context: ToolContext) -> None:
    with pytest.raises(type(error)):
        await failing(error).use("", context)


@pytest.mark.parametrize(
    ("error", "content"),
    [
        (KeyError("x"), "KeyError: 'x'"),
        (FileNotFoundError(2, "No such file", "a.py"), "FileNotFoundError: [Errno 2] No such file: 'a.py'"),
        (SystemExit(3), "SystemExit: 3"),
        (StopIteration(), "RuntimeError: the function raised StopIteration"),
        (ValueError("\ud800"), "ValueError: \\ud800"),
    ],
    ids=repr,
)
async def test_a_defect_of_a_tool_is_an_observation_with_its_trace(
    error: BaseException, content: str, context: ToolContext
) -> None:
    async with asyncio.timeout(10):
        result = await failing(error).use("", context)
    assert (result.ok, result.content) == (False, content)
    assert "in fail" in result.traceback


async def test_a_long_complaint_is_cut(context: ToolContext) -> None:
    result = await failing(ValueError("x" * 10_000)).use("", context)
    assert len(result.content) == LONGEST
    assert result.content.endswith("x ...")


async def test_a_cancelled_call_ends(context: ToolContext) -> None:
    begun = asyncio.Event()

    @tool
    async def wait() -> None:
        """Wait."""
        begun.set()
        await asyncio.Event().wait()

    call = asyncio.create_task(wait.use("", context))
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


def no_docstring(path: str) -> None: ...
def no_hint(path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - what is tested
    """Do."""


def starred(*paths: str) -> None:
    """Do."""


def double_starred(**paths: str) -> None:
    """Do."""


def free_dict(options: dict[str, Any]) -> None:
    """Do."""


def bare_dict(options: dict) -> None:  # type: ignore[type-arg]
    """Do."""


def anything(value: Any) -> None:
    """Do."""


def bare_list(values: list) -> None:  # type: ignore[type-arg]
    """Do."""


def unknown(value: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821 - what is tested
    """Do."""


def no_json(value: threading.Thread) -> None:
    """Do."""


def field_default(value: int = Field(3)) -> None:
    """Do."""


def yields() -> Any:
    """Do."""
    yield 1


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_docstring, "tool 'no_docstring': no docstring"),
        (no_hint, "tool 'no_hint': path: no type hint"),
        (starred, "tool 'starred': *paths: a model names each argument"),
        (double_starred, "tool 'double_starred': **paths: a model names each argument"),
        (free_dict, "tool 'free_dict': options: a free dict has no strict JSON schema"),
        (bare_dict, "tool 'bare_dict': options: a free dict has no strict JSON schema"),
        (anything, "tool 'anything': value: anything has no strict JSON schema"),
        (bare_list, "tool 'bare_list': values: an array of anything has no strict JSON schema"),
        (unknown, "tool 'unknown': a type hint cannot be resolved: name 'Nowhere' is not defined"),
        (no_json, "tool 'no_json': a type hint that JSON cannot express"),
        (field_default, "tool 'field_default': value: Field() is no default"),
        (yields, "tool 'yields': a tool returns, and does not yield"),
    ],
)
def test_what_cannot_be_a_tool_is_refused_when_it_is_made(function: Any, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        tool(function)
    assert str(raised.value).startswith(message)
    assert raised.value.hint != UsageError.hint


def test_a_call_takes_some_time() -> None:
    with pytest.raises(UsageError, match="`seconds` is more than 0"):
        tool(seconds=0)(read.function)


@pytest.mark.parametrize("name", ["read file", "ä", "a" * 65, "a.b", "a\n"])
def test_a_name_that_servers_refuse_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="1 to 64 letters"):
        tool(name=name)(read.function)


def test_a_description_that_servers_refuse_is_refused() -> None:
    def act(path: str) -> None: ...

    act.__doc__ = f"{'a' * 1024}\n\n:param path: {'b' * 1024}"
    assert len(tool(act).description) == 1024
    act.__doc__ = "a" * 1025
    with pytest.raises(UsageError, match="its description has 1,025 characters, and servers take 1,024"):
        tool(act)


def test_an_optional_context_is_filled_in_too() -> None:
    @tool
    def act(path: str, context: ToolContext | None = None) -> None:
        """Act."""

    assert list(act.schema.parameters["properties"]) == ["path"]


async def test_arguments_before_a_slash_are_given_by_position(context: ToolContext) -> None:
    @tool
    def act(path: str = "a", limit: int = 3, /, *, order: str = "b") -> str:
        """Act."""
        return f"{path} {limit} {order}"

    assert (await act.use('{"limit": 4, "order": "c"}', context)).content == "a 4 c"


async def test_a_method_is_a_tool_of_its_object(context: ToolContext) -> None:
    class Counter:
        def __init__(self) -> None:
            self.count = 0

        async def add(self, number: int) -> int:
            """Add a number."""
            self.count += number
            return self.count

    counter = Counter()
    assert (await tool(counter.add).use('{"number": 2}', context)).content == "2"
    assert counter.count == 2


def test_the_context_may_be_imported_for_type_checkers_only() -> None:
    names: dict[str, Any] = {"tool": tool}
    exec("def act(path: 'str', context: 'ToolContext') -> 'ToolResult':\n    'Act.'\nact = tool(act)", names)
    assert list(names["act"].schema.parameters["properties"]) == ["path"]


def test_types_of_the_function_around_are_found() -> None:
    @dataclass
    class Here:
        x: int

    @tool
    def go(here: list[Here]) -> Elsewhere:  # type: ignore[name-defined]  # noqa: F821 - need not be known
        """Go."""

    assert "Here" in go.schema.parameters["$defs"]


@pytest.mark.parametrize("each", [read, look])
def test_schemas_are_as_strict_servers_demand(each: Tool[..., Any]) -> None:
    assert violations(each.schema.parameters) == []


def test_names_of_whoever_began_the_program_are_not_taken() -> None:
    names: dict[str, Any] = {}
    exec("def outer():\n    def act():\n        'Act.'\n    return act\nact = outer()", names)
    assert signature._names_around(names["act"]) == {}


def test_two_tools_of_one_name_are_refused() -> None:
    tools: list[Tool] = [read, look]
    assert list(by_name(tools)) == ["read", "look"]
    with pytest.raises(UsageError, match="two tools are named 'read'"):
        by_name([*tools, tool(name="read")(look.function)])


def test_an_unknown_tool_is_an_observation_with_the_nearest_name() -> None:
    known: list[Tool] = [read, look]
    tools = by_name(known)
    assert find_tool(tools, "look") is look
    assert find_tool(tools, "lok") == ToolResult(
        "there is no tool 'lok', did you mean look? Tools: read, look", ok=False
    )
    missing = find_tool(tools, "x" * 10_000)
    assert isinstance(missing, ToolResult)
    assert len(missing.content) <= LONGEST
