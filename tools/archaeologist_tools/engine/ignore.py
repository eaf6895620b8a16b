"""Comments with which people ask to leave a line, or a file, alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import AnyRule, Span
    from archaeologist_tools.engine.view import View

_CODES = r"[A-Za-z]+[0-9]*(?:[ \t]*[, ][ \t]*[A-Za-z]+[0-9]+)*"
_OURS = re.compile(r"#[^\n\r]*?\barchaeologist:\s*ignore(?:\[(?P<codes>[^\]]*)\])?")
_NOQA = re.compile(rf"#\s*noqa(?::\s*(?P<codes>{_CODES}))?", re.IGNORECASE)
_WHOLE_FILE = re.compile(
    rf"^\s*#\s*(?:ruff|flake8)\s*:\s*noqa(?::\s*(?P<codes>{_CODES}))?", re.IGNORECASE | re.MULTILINE
)


def is_ignored(rule: AnyRule, span: Span, view: View) -> bool:
    """Whether a comment on the lines of a place, or one for the whole file, names the rule or everything.

    A comment is looked for in the text of the lines: one inside a string counts, too, and leaves the line alone.
    """
    module = view.module
    lowered = module.data.lower()
    if b"noqa" not in lowered and b"archaeologist" not in lowered:
        return False
    text = view.lines(span).decode(module.encoding)
    names = {name.upper() for name in (rule.code, rule.name, *rule.aliases)}
    return any(
        match["codes"] is None or _names_one(match["codes"], names)
        for pattern, where in ((_OURS, text), (_NOQA, text), (_WHOLE_FILE, module.text))
        for match in pattern.finditer(where)
    )


def _names_one(codes: str, names: set[str]) -> bool:
    # `noqa: UP` stands for all codes that begin so.
    words = [word.upper() for word in re.split(r"[\s,]+", codes.strip()) if word]
    return any(name.startswith(word) for word in words for name in names)
