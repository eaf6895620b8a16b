"""What `struct.unpack` gives, read off its format: https://docs.python.org/3/library/struct.html#format-characters."""

from __future__ import annotations

import re

from archaeologist_tools.inference.types import UNKNOWN, Inferred, exact, tuple_of

_FORMAT = re.compile(r"[@=<>!]?(?:\s*\d*[xcbB?hHiIlLqQnNefdspP])*\s*\Z")
_FIELD = re.compile(r"(\d*)([xcbB?hHiIlLqQnNefdspP])")
_KINDS = {"c": "bytes", "?": "bool", "e": "float", "f": "float", "d": "float", "s": "bytes", "p": "bytes"}
_MANY = 100


def unpacked(template: str | bytes) -> Inferred:
    """What taking bytes apart by a format gives; unknown when it is no format, or a very long one."""
    text = template.decode("latin-1") if isinstance(template, bytes) else template
    if not _FORMAT.match(text):
        return UNKNOWN
    slots: list[Inferred] = []
    for count, kind in _FIELD.findall(text):
        number = 1 if kind in "sp" else int(count or 1)
        if number > _MANY:
            return UNKNOWN
        slots += [exact(_KINDS.get(kind, "int"))] * (0 if kind == "x" else number)
    return tuple_of(*slots)
