"""Templates of `str.format`: their fields, and the same fields for an f-string.

https://docs.python.org/3/library/string.html#format-string-syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archaeologist_tools.strings.fstrings import Placeholder, TemplateError

_NAMED = re.compile(r"\\N\{[^}]*\}")
_FIELD = re.compile(
    r"(?P<name>[^!:{}\[.]*)(?P<access>(?:\.[^.\[!:{}]+|\[[^\]{}]*\])*)(?P<conversion>![rsa])?(?P<spec>:.*)?", re.DOTALL
)
_ACCESS = re.compile(r"\.(?P<attribute>[^.\[]+)|\[(?P<key>[^\]]*)\]")
_KEY = re.compile(r"[\w .:/@-]+")
# Inside a class a name with two leading underscores is another one, and other letters than these may be, too; `getattr`
# takes both as they are.
_ATTRIBUTE = re.compile(r"(?!__\w*(?<!__)\Z)[A-Za-z_][A-Za-z0-9_]*")
# `format` refuses numbers that no sequence can have.
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Field:
    """One field of a template.

    Attributes:
        name: a number, a name, or nothing.
        access: attributes and keys behind it, as they are written in Python.
        conversion: `!r` and the like, or nothing.
        spec: the format, its colon included, with nested fields as they are.
        nested: the fields inside of the format.
        subscripts: whether a key is looked up, which may change what it is looked up in.
    """

    name: str
    access: str
    conversion: str
    spec: str
    nested: tuple[Field, ...]
    subscripts: bool

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked of the value but its text."""
        return not self.access and self.conversion in {"", "!s"} and not self.spec

    def written(self, values: dict[str, str]) -> str:
        """The field for an f-string.

        Args:
            values: the source of the arguments by name.
        """
        spec, inner = self.spec, iter(self.nested)
        if self.nested:
            spec = re.sub(r"\{[^{}]*\}", lambda _: next(inner).written(values), spec)
        return f"{{{values[self.name]}{self.access}{self.conversion}{spec}}}"


def fields_of(pieces: list[tuple[str, str]], value: str) -> list[Field]:
    """Read the fields of a template, in order, with automatic numbers filled in.

    Args:
        pieces: prefix and source of every piece of the literal.
        value: the text that it stands for.

    Raises:
        TemplateError: a field is not understood, or stands in two pieces.
    """
    source = "".join(_NAMED.sub("", text) if "r" not in prefix.lower() else text for prefix, text in pieces)
    if any(source.count(brace) != value.count(brace) for brace in "{}"):
        raise TemplateError("field")  # an escape sequence stands for a brace
    counter = _Counter()
    found = []
    for prefix, text in pieces:
        for place in placeholders(text):
            if place.text is None:
                inner = text[place.start + 1 : place.end - 1]
                if "\\" in inner and "r" not in prefix.lower():
                    raise TemplateError("field")
                found.append(_field(inner, counter))
    return found


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders of one piece of a template, given as its source: fields and doubled braces.

    Raises:
        TemplateError: the braces do not match.
    """
    found, position = [], 0
    names = {match.start(): match.end() for match in _NAMED.finditer(text)}
    while position < len(text):
        if position in names:
            position = names[position]
            continue
        character = text[position]
        if character in "{}" and text[position + 1 : position + 2] == character:
            found.append(Placeholder(position, position + 2, character))
            position += 2
        elif character == "{":
            end = _end_of_field(text, position)
            found.append(Placeholder(position, end))
            position = end
        elif character == "}":
            raise TemplateError("field")
        else:
            position += 1
    return found


class _Counter:
    """The automatic numbers of one template."""

    def __init__(self) -> None:
        self._next = 0
        self._manual = False

    def name(self, given: str) -> str:
        """The name of a field, numbered when it has none."""
        if given.isdecimal():
            self._manual = True
        elif not given:
            given = str(self._next)
            self._next += 1
        if self._manual and self._next:
            raise TemplateError("field")
        return given


def _end_of_field(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return position + 1
    raise TemplateError("field")


def _field(inner: str, counter: _Counter) -> Field:
    match = _FIELD.fullmatch(inner)
    if match is None:
        raise TemplateError("field")
    name = counter.name(match["name"])
    access = "".join(_access(found) for found in _ACCESS.finditer(match["access"]))
    spec = match["spec"] or ""
    if spec == ":":
        spec = ""
    nested = tuple(_field(part[1:-1], counter) for part in re.findall(r"\{[^{}]*\}", spec))
    if "{" in re.sub(r"\{[^{}]*\}", "", spec) or any(field.nested for field in nested):
        raise TemplateError("field")
    return Field(name, access, match["conversion"] or "", spec, nested, "[" in access)


def _access(found: re.Match[str]) -> str:
    if found["attribute"] is not None:
        if not _ATTRIBUTE.fullmatch(found["attribute"]):
            raise TemplateError("field")
        return f".{found['attribute']}"
    key = found["key"]
    if key.isdecimal() and len(key) <= _MOST_DIGITS:
        return f"[{int(key)}]"
    if key.isdecimal() or not _KEY.fullmatch(key):
        raise TemplateError("field")
    return f"[{key!r}]"
