"""Tools of any signature: what the schema allows becomes the right Python objects, and nothing else raises."""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
from dataclasses import dataclass, field, make_dataclass
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Optional

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import create_model
from typing_extensions import TypedDict

from archaeologist.agents.tooling.context import ToolContext
from archaeologist.agents.tooling.observations import LONGEST
from archaeologist.agents.tooling.tools import Tool, tool
from archaeologist.artefacts import ArtefactStore
from support.strictness import conforms, violations

if TYPE_CHECKING:
    from collections.abc import Callable

CONTEXT = ToolContext("agent", "key", ArtefactStore(Path("/nowhere")), Path("/nowhere"))
_MANY = settings(deadline=None, derandomize=True, database=None)
NAMES = ("path", "span", "limit", "class_name", "schema", "copy", "model_x", "_private", "self", "json")


class Color(Enum):
    RED = "red"
    DEEP = 3


@dataclass(frozen=True)
class Kind:
    """A type, and pairs of what a model writes for a value of it and that value."""

    hint: Any
    pairs: st.SearchStrategy[tuple[Any, Any]]
    has_null: bool = False


def same(hint: Any, values: st.SearchStrategy[Any]) -> Kind:
    """Return a kind that is written as it is."""
    return Kind(hint, values.map(lambda value: (value, value)))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAVES = (
    same(str, TEXT),
    same(int, st.integers(-(10**18), 10**18)),
    same(bool, st.booleans()),
    same(float, st.floats(allow_nan=False, allow_infinity=False)),
    same(Literal["a", "b"], st.sampled_from("ab")),
    Kind(Literal["a", 7] | None, st.sampled_from(["a", 7, None]).map(lambda one: (one, one)), has_null=True),
    Kind(Color, st.sampled_from(Color).map(lambda color: (color.value, color))),
    Kind(date, st.dates().map(lambda day: (day.isoformat(), day))),
    Kind(Path, TEXT.map(lambda text: (text, Path(text)))),
)


def array(part: Kind) -> Kind:
    return Kind(
        list[part.hint],  # type: ignore[name-defined]  # made at run time
        st.lists(part.pairs, max_size=3).map(
            lambda pairs: ([wire for wire, _ in pairs], [value for _, value in pairs])
        ),
    )


def pair(parts: tuple[Kind, Kind]) -> Kind:
    first, second = parts
    return Kind(
        tuple[first.hint, second.hint],  # type: ignore[name-defined]  # made at run time
        st.tuples(first.pairs, second.pairs).map(
            lambda pairs: ([wire for wire, _ in pairs], tuple(value for _, value in pairs))
        ),
    )


def mapping(part: Kind) -> Kind:
    return Kind(
        dict[str, part.hint],  # type: ignore[name-defined]  # made at run time
        st.dictionaries(TEXT, part.pairs, max_size=3).map(
            lambda found: (
                [{"key": key, "value": wire} for key, (wire, _) in found.items()],
                {key: value for key, (_, value) in found.items()},
            )
        ),
    )


def optional(part: Kind) -> Kind:
    return Kind(Optional[part.hint], st.one_of(st.just((None, None)), part.pairs), has_null=True)  # noqa: UP045 - see above


@dataclass(frozen=True)
class Member:
    """A member of a structure, or an argument of a tool."""

    name: str
    kind: Kind
    default: Any

    @property
    def optional(self) -> bool:
        """Whether there is a default."""
        return self.default is not ...

    def choices(self) -> st.SearchStrategy[tuple[Any, Any]]:
        """Return what may be written; null means the default."""
        null_is_free = self.optional and not self.kind.has_null
        return st.one_of(self.kind.pairs, st.just((None, self.default))) if null_is_free else self.kind.pairs


@st.composite
def members(draw: st.DrawFn, kinds: st.SearchStrategy[Kind]) -> list[Member]:
    names = draw(st.lists(st.sampled_from(["path", "span", "limit", "order"]), min_size=1, max_size=3, unique=True))
    found = []
    for name in names:
        kind = draw(kinds)
        default = draw(st.one_of(st.just(...), kind.pairs.map(lambda pair: pair[1])))
        found.append(Member(name, kind, default))
    return sorted(found, key=lambda member: member.optional)


def structure(make: Callable[[list[Member]], tuple[Any, Callable[..., Any]]]) -> Callable[[list[Member]], Kind]:
    """Return a kind of structures, given how to make the type and its instances."""

    def kind(found: list[Member]) -> Kind:
        hint, instance = make(found)
        names = [member.name for member in found]
        pairs = st.tuples(*(member.choices() for member in found)).map(
            lambda chosen: (
                {name: wire for name, (wire, _) in zip(names, chosen, strict=True)},
                instance(**{name: value for name, (_, value) in zip(names, chosen, strict=True)}),
            )
        )
        return Kind(hint, pairs)

    return kind


def model(found: list[Member]) -> tuple[Any, Callable[..., Any]]:
    made: Any = create_model("Model", **{each.name: (each.kind.hint, each.default) for each in found})  # type: ignore[call-overload]
    return made, made


def data_class(found: list[Member]) -> tuple[Any, Callable[..., Any]]:
    fields: list[Any] = []
    for each in found:
        factory = partial(copy.deepcopy, each.default)
        fields.append((each.name, each.kind.hint, *([field(default_factory=factory)] if each.optional else [])))
    made: Any = make_dataclass("Data", fields)
    return made, made


def typed_dict(found: list[Member]) -> tuple[Any, Callable[..., Any]]:
    make: Any = TypedDict
    return make("Typed", {each.name: each.kind.hint for each in found}), dict


def required(found: list[Member]) -> list[Member]:
    return [Member(each.name, each.kind, ...) for each in found]


def deeper(kinds: st.SearchStrategy[Kind]) -> st.SearchStrategy[Kind]:
    return st.one_of(
        kinds.map(array),
        kinds.map(mapping),
        kinds.map(optional),
        st.tuples(kinds, kinds).map(pair),
        members(kinds).map(structure(model)),
        members(kinds).map(structure(data_class)),
        members(kinds).map(required).map(structure(typed_dict)),
    )


KINDS = st.recursive(st.sampled_from(LEAVES), deeper, max_leaves=4)


@st.composite
def signatures(draw: st.DrawFn) -> list[Member]:
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    found = []
    for name in names:
        kind = draw(KINDS)
        found.append(Member(name, kind, draw(st.one_of(st.just(...), kind.pairs.map(lambda pair: pair[1])))))
    return found


def made(found: list[Member]) -> Tool[..., Any]:
    """Return a tool of a signature, which notes what it is called with in `calls`."""

    def act(**arguments: Any) -> None:
        """Act."""
        vars(act)["seen"] = arguments

    empty = inspect.Parameter.empty
    vars(act)["__signature__"] = inspect.Signature(
        [
            inspect.Parameter(
                each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default if each.optional else empty
            )
            for each in found
        ]
    )
    act.__annotations__ = {each.name: each.kind.hint for each in found}
    return tool(act)


@given(signatures())
@_MANY
def test_every_schema_is_as_strict_servers_demand(found: list[Member]) -> None:
    assert violations(made(found).schema.parameters) == []


@given(signatures(), st.data())
@_MANY
def test_what_the_schema_allows_becomes_the_right_objects(found: list[Member], data: st.DataObject) -> None:
    act = made(found)
    chosen = {each.name: data.draw(each.choices(), each.name) for each in found}
    wire = {name: pair[0] for name, pair in chosen.items()}
    parameters = act.schema.parameters
    assert conforms(wire, parameters, parameters.get("$defs", {}))
    result = asyncio.run(act.use(json.dumps(wire), CONTEXT))
    assert result.ok, result.content
    seen = vars(act.function)["seen"]
    assert seen == {name: pair[1] for name, pair in chosen.items()}
    assert {name: type(value) for name, value in seen.items()} == {name: type(pair[1]) for name, pair in chosen.items()}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(["a", "red"])),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from([*NAMES, "key", "value", "limit"]), st.text(max_size=4)), parts),
    ),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, found: list[Member]) -> str:
    """Return arguments that may be right or wrong in any way, as a model would write them."""
    wire = {each.name: draw(each.kind.pairs)[0] for each in found if draw(st.booleans())}
    wire.update(draw(st.dictionaries(st.sampled_from([*NAMES, "pth"]), JSON, max_size=2)))
    text = json.dumps(wire)
    return draw(st.one_of(st.just(text), st.integers(0, len(text)).map(lambda end: text[:end]), st.text(max_size=10)))


@given(signatures(), st.data())
@_MANY
def test_nothing_that_a_model_writes_raises(found: list[Member], data: st.DataObject) -> None:
    act = made(found)
    text = data.draw(damaged(found))
    result = asyncio.run(act.use(text, CONTEXT))
    assert ("seen" in vars(act.function)) is result.ok
    assert 0 < len(result.content) <= LONGEST
    assert result.traceback == ""
    result.content.encode()
