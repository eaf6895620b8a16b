"""Comments with which people ask to leave a line, or a file, alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import AnyRule, Span
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.module import Module

_CODES = r"[A-Za-z]+[0-9]*(?:[ \t]*[, ][ \t]*[A-Za-z]+[0-9]+)*"
_OURS = re.compile(r"#[^\n\r]*?\barchaeologist:\s*ignore(?:\[(?P<codes>[^\]]*)\])?")
_NOQA = re.compile(rf"#\s*noqa(?::\s*(?P<codes>{_CODES}))?", re.IGNORECASE)
_LAYOUT = re.compile(rb"#[ \t]*fmt:[ \t]*(?P<word>off|on|skip)\b")
_WHOLE_FILE = re.compile(
    rf"^\s*#\s*(?:ruff|flake8)\s*:\s*noqa(?::\s*(?P<codes>{_CODES}))?", re.IGNORECASE | re.MULTILINE
)


def is_ignored(rule: AnyRule, span: Span, view: View) -> bool:
    """Whether a comment on the lines of a place, around it, or for the whole file, names the rule or everything.

    A comment is looked for in the text of the lines: one inside a string counts, too, and leaves the line alone.
    """
    if any(start < span.end and span.start < end for start, end in view.frozen):
        return True
    if view.file_ignores is None:
        return False
    text = view.lines(span).decode(view.module.encoding)
    names = {name.upper() for name in (rule.code, rule.name, *rule.aliases)}
    here = [match["codes"] for pattern in (_OURS, _NOQA) for match in pattern.finditer(text)]
    return any(codes is None or _names_one(codes, names) for codes in (*here, *view.file_ignores))


def frozen(module: Module) -> list[tuple[int, int]]:
    """The byte ranges between `# fmt: off` and `# fmt: on`, or the end of the file, and lines with `# fmt: skip`."""
    if b"fmt:" not in module.data:
        return []
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in _LAYOUT.finditer(module.data):
        word = mark["word"]
        if word == b"skip":
            found.append((module.starts[module.position(mark.start())[0] - 1], mark.end()))
        elif word == b"off" and opened is None:
            opened = mark.start()
        elif word == b"on" and opened is not None:
            found.append((opened, mark.end()))
            opened = None
    return found if opened is None else [*found, (opened, len(module.data))]


def file_ignores(module: Module) -> list[str | None] | None:
    """The codes in comments for the whole file, None for all codes; None when it has no comments to ignore at all."""
    lowered = module.data.lower()
    if b"noqa" not in lowered and b"archaeologist" not in lowered:
        return None
    return [match["codes"] for match in _WHOLE_FILE.finditer(module.text)]


def _names_one(codes: str, names: set[str]) -> bool:
    # `noqa: UP` stands for all codes that begin so.
    words = [word.upper() for word in re.split(r"[\s,]+", codes.strip()) if word]
    return any(name.startswith(word) for word in words for name in names)
