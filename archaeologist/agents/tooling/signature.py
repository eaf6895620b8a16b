"""What a function's signature and docstring say of a tool: which arguments a model gives, and what they mean."""

from __future__ import annotations

import inspect
import json
import re
import sys
import typing
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, NotRequired

import docstring_parser
from pydantic import Field, PydanticUserError, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticSerializationError, to_json
from typing_extensions import TypedDict

from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from archaeologist.agents.tooling.schema import JsonSchema

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TAKEN_APART = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class _QuietAboutDefaults(GenerateJsonSchema):
    """A default that is no JSON is not shown to the model, which needs no warning."""

    ignored_warning_kinds = GenerateJsonSchema.ignored_warning_kinds | {"non-serializable-default"}


@dataclass(frozen=True, eq=False)
class Arguments:
    """The arguments of a tool's function.

    Attributes:
        signature: the function's, contexts included.
        contexts: names of the parameters that the program fills in.
        adapter: validates a dict of the arguments that the model gives.
    """

    signature: inspect.Signature
    contexts: tuple[str, ...]
    adapter: TypeAdapter[dict[str, Any]]

    def schema(self) -> JsonSchema:
        """Return the JSON schema as pydantic makes it, with the functions' defaults."""
        schema = self.adapter.json_schema(schema_generator=_QuietAboutDefaults)
        for name, node in schema["properties"].items():
            default = self.signature.parameters[name].default
            if default is not inspect.Parameter.empty and (known := _as_json(default)) is not None:
                node["default"] = json.loads(known)
        return schema

    def bound(self, values: Mapping[str, Any], context: ToolContext) -> inspect.BoundArguments:
        """Return the arguments of a call: those of the model, the context, and the function's defaults."""
        given = {**values, **dict.fromkeys(self.contexts, context)}
        ordered = {name: given[name] for name in self.signature.parameters if name in given}
        bound = inspect.BoundArguments(self.signature, ordered)
        bound.apply_defaults()
        return bound


def _as_json(value: object) -> bytes | None:
    try:
        return to_json(value)
    except (PydanticSerializationError, ValueError):
        return None


def check_function(function: Callable[..., Any], name: str, seconds: float) -> None:
    """Raise UsageError for a function that cannot be a tool of that name."""
    if not _NAME.fullmatch(name):
        raise UsageError("a tool's name is 1 to 64 letters, digits, `_` and `-`", "pass `name=` to the decorator")
    if not (inspect.getdoc(function) or "").strip():
        raise UsageError("no docstring", "say in a docstring what it does: the model knows nothing else of it")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise UsageError("a tool returns, and does not yield", "return a list")
    if seconds <= 0:
        raise UsageError("`seconds` is more than 0", "leave it out for a minute")


def arguments_of(function: Callable[..., Any], meanings: Mapping[str, str]) -> Arguments:
    """Read a function's signature.

    Args:
        function: the function.
        meanings: what the docstring says of each argument.

    Raises:
        UsageError: a parameter has no hint, an unknown or an inexpressible one, or takes any number of arguments.
    """
    signature = inspect.signature(function)
    hints = _hints(function)
    contexts = tuple(name for name in signature.parameters if _is_context(hints.get(name)))
    fields: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        if name not in contexts:
            _check(parameter, hints)
            fields[name] = _field(parameter, hints[name], meanings.get(name))
    return Arguments(signature, contexts, _adapter(function.__name__, fields))


def _is_context(hint: object) -> bool:
    return hint is ToolContext or ToolContext in typing.get_args(hint)


def _check(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> None:
    name = parameter.name
    if parameter.kind in _TAKEN_APART:
        starred = str(parameter).partition(":")[0]
        raise UsageError(f"{starred}: a model names each argument", "take a list, or one argument each")
    if name not in hints:
        raise UsageError(f"{name}: no type hint", f"write `{name}: str`, or whatever it is")
    if isinstance(parameter.default, FieldInfo):
        raise UsageError(f"{name}: Field() is no default", f"write `{name}: Annotated[..., Field(...)]`")


def _field(parameter: inspect.Parameter, hint: Any, meaning: str | None) -> Any:
    described = Annotated[hint, Field(description=meaning)] if meaning else hint
    return described if parameter.default is inspect.Parameter.empty else NotRequired[described]


def _adapter(name: str, fields: dict[str, Any]) -> TypeAdapter[dict[str, Any]]:
    typed_dict: Any = TypedDict  # a type checker knows it as a declaration only
    try:
        adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(typed_dict(name, fields))
        adapter.json_schema(schema_generator=_QuietAboutDefaults)
    except (PydanticSchemaGenerationError, PydanticInvalidForJsonSchema) as error:
        what = " ".join(str(error).split("\n", 1)[0].split())
        raise UsageError(f"a type hint that JSON cannot express: {what}", "use scalars, lists, models, enums") from None
    except PydanticUserError as error:
        raise UsageError(" ".join(str(error).split("\n", 1)[0].split()), "see pydantic's documentation") from None
    return adapter


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Resolve the parameters' hints. What is returned need not be known: it is often imported for type checkers only.

    Raises:
        UsageError: a name in a hint is not known where the function is defined.
    """
    inner = inspect.unwrap(function)
    names = getattr(inner, "__globals__", {})
    hints = {name: hint for name, hint in getattr(inner, "__annotations__", {}).items() if name != "return"}
    try:
        return typing.get_type_hints(
            SimpleNamespace(__annotations__=hints),
            {"ToolContext": ToolContext, "ToolResult": ToolResult, **names},
            _names_around(inner),
            include_extras=True,
        )
    except (NameError, SyntaxError, TypeError, AttributeError) as error:
        hint = "import it at run time, not below `if TYPE_CHECKING`"
        raise UsageError(f"a type hint cannot be resolved: {error}", hint) from None


def _names_around(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the local names of the function that this one is defined in; Python keeps only those that it uses."""
    if "<locals>" not in getattr(function, "__qualname__", ""):
        return {}
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - documented, and what `inspect.currentframe` calls
    while frame and frame.f_globals is not function.__globals__:
        frame = frame.f_back
    return dict(frame.f_locals) if frame else {}


@dataclass(frozen=True)
class Words:
    """What a docstring says.

    Attributes:
        description: summary and body, without the sections.
        meanings: what it says of each argument.
    """

    description: str
    meanings: dict[str, str]


def words_of(docstring: str) -> Words:
    """Read a docstring in Google's, NumPy's or reST's style."""
    try:
        parsed = docstring_parser.parse(docstring)
    except docstring_parser.ParseError:
        return Words(inspect.cleandoc(docstring), {})
    parts = [part for part in (parsed.short_description, parsed.long_description) if part]
    meanings = {part.arg_name: " ".join(part.description.split()) for part in parsed.params if part.description}
    return Words("\n\n".join(parts), meanings)
