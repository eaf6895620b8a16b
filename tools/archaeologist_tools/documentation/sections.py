"""The sections of a document, told by its headings: one is replaced, and no other byte of the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.errors import EditRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_RULE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}[ \t]*")
_SHORT = {"=": 1, "-": 2}


@dataclass(frozen=True)
class Section:
    """A section.

    Attributes:
        title: its heading, without marks.
        level: how deep it is, from 1.
        first: the number of its first line, from 0.
        body: that of the line behind its heading.
        end: that of the line behind it, with the sections inside of it.
    """

    title: str
    level: int
    first: int
    body: int
    end: int


def sections_of(text: str, *, markdown: bool) -> list[Section]:
    """Find the sections of a Markdown or reStructuredText document, in order."""
    rows = text.split("\n")
    heads = [*(_markdown(rows) if markdown else _restructured(rows))]
    found = []
    for number, (title, level, first, body) in enumerate(heads):
        below = (each[2] for each in heads[number + 1 :] if each[1] <= level)
        found.append(Section(title, level, first, body, next(below, len(rows))))
    return found


def with_section(text: str, title: str, body: str, *, markdown: bool) -> str:
    """Put a text below a heading, in the place of what is there.

    Args:
        text: the document; its line endings stay.
        title: the heading; a new one goes to the end.
        body: what goes below it, without the heading.
        markdown: whether it is Markdown; else it is reStructuredText.

    Raises:
        EditRefused: several sections have that heading, or the new text has a heading that would end the section.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    rows = text.replace("\r\n", "\n").split("\n")
    wanted = title.strip().lstrip("#").strip()
    found = [each for each in sections_of("\n".join(rows), markdown=markdown) if each.title == wanted]
    if len(found) > 1:
        raise EditRefused(f"{len(found)} sections are headed {wanted!r}")
    new = body.replace("\r\n", "\n").strip("\n").split("\n")
    level = found[0].level if found else 2
    inside = [each for each in sections_of("\n".join(new), markdown=markdown) if markdown and each.level <= level]
    if inside:
        raise EditRefused(f"the heading {inside[0].title!r} would end the section; it has to be a deeper one")
    if found:
        section = found[0]
        after = ["", *rows[section.end :]] if section.end < len(rows) else [""]
        rows = [*rows[: section.body], "", *new, *after]
    else:
        mark = [f"## {wanted}"] if markdown else [wanted, "-" * len(wanted)]
        rows = [*"\n".join(rows).rstrip("\n").split("\n"), "", *mark, "", *new, ""]
    return newline.join(rows)


def _markdown(rows: Sequence[str]) -> Iterator[tuple[str, int, int, int]]:
    """Title, level, first line and line behind, of each heading outside of code."""
    fence = ""
    for number, row in enumerate(rows):
        mark = _FENCE.match(row)
        if mark and (not fence or (row.strip() == mark[1] and mark[1].startswith(fence))):
            fence = "" if fence else mark[1]
        elif fence:
            continue
        elif heading := _HEADING.fullmatch(row):
            yield heading[2], len(heading[1]), number, number + 1
        elif number and re.fullmatch(r"(=+|-{2,})[ \t]*", row) and _is_text(rows[number - 1]):
            yield rows[number - 1].strip(), _SHORT[row[0]], number - 1, number + 1


def _is_text(row: str) -> bool:
    """Whether a line can be a heading by what stands below it."""
    return bool(row.strip()) and not row.startswith(("#", "    ", "\t", ">", "-", "*", "|", "+"))


def _restructured(rows: Sequence[str]) -> Iterator[tuple[str, int, int, int]]:
    """The same for reStructuredText, where the marks of levels are those that come first."""
    marks: list[str] = []
    for number in range(1, len(rows)):
        title, rule = rows[number - 1], rows[number].rstrip()
        if not _RULE.fullmatch(rule) or not title.strip() or title[:1].isspace() or len(rule) < len(title.rstrip()):
            continue
        over = number >= 2 and rows[number - 2].rstrip() == rule  # noqa: PLR2004 - the line above the title
        mark = rule[0] * (1 + over)
        if _RULE.fullmatch(title.rstrip()):
            continue
        marks += [] if mark in marks else [mark]
        yield title.strip(), marks.index(mark) + 1, number - 1 - over, number + 1
