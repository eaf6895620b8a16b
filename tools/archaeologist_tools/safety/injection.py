"""Finds what speaks to a model instead of telling people something: in comments, names, texts and test output.

Nothing rests on it: a model has no tool that could do harm, whatever it was talked into. But who reviews a branch has
to know that somebody tried. So precision counts, on ordinary code above all: what people say to each other, too, is
reported only where two such phrases, or one and the name of a model, are near each other.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.safety.fencing import visible
from archaeologist_tools.safety.phrases import ADDRESS, phrases, sieve
from archaeologist_tools.safety.sieve import words_in
from archaeologist_tools.safety.wordview import LINE_END, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.safety.phrases import Phrase
    from archaeologist_tools.safety.wordview import WordView

MOST = 50
"""Of suspicions in one text; who fills a file with them is found out with fewer."""
_EXCERPT = 160
_NEAR = 240
_AROUND = 20
_HIDDEN = "hidden"
_BORDER = "border"
# Borders of messages in the templates of models, and of what tools give back.
_TAG = (
    r"<(?:[|\uff5c](?:im_(?:start|end|sep)|system|user|assistant|end|endoftext|eot_id|eom_id|begin_of_text|start_header_id"
    r"|end_header_id|python_tag|channel|message|return|call|tool[\w\u2581]{0,20}|observation|start|[A-Z]\w{2,20}"
    r"|(?:begin|end)\u2581of\u2581sentence)[|\uff5c]>"
    r"|</?SYS>>|/?(?:antml:)?(?:function_(?:calls?|results?)|tool_(?:results?|responses?|calls?|outputs?|use)"
    r"|system[-_](?:reminder|prompt)|user_query|invoke name=)|(?:start|end)_of_turn>)"
)
_INST = r"\[(?<!\w\[)(?-i:/?INST\])"
_HEAD = r"\s?(?:system|assistant|instruction|response|human)\s?(?:prompt|message)?:"
_FENCE = "<<<?[0-9a-f]{12} "
_TEMPLATE = re.compile(rf"{_TAG}|{_INST}|^\W{{0,6}}(?:###|\*\*){_HEAD}|^{_FENCE}|^[0-9a-f]{{12}}>>>", re.IGNORECASE)
# The same wherever in a text; what begins with plain characters is found many times as fast.
_BORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_TAG, _INST, f"###{_HEAD}", rf"\*\*{_HEAD}", _FENCE, ">>>(?<=[0-9a-f]{12}>>>)")
)
_SPEAKERS = ("system", "assistant", "human", "developer", "tool result", "tool output", "observation")
_TURN = re.compile(rf"^\W{{0,6}}(?:{'|'.join(_SPEAKERS)})\s?:\s+\w", re.IGNORECASE)
_SPOKEN = "|".join(rf"(?<={who}:)|(?<={who}\s:)" for who in _SPEAKERS)
_TURN_ANYWHERE = re.compile(rf":(?=\s+\w)(?:{_SPOKEN})", re.IGNORECASE)
_FOREIGN = re.compile(
    "忽略(?:所有|以上|之前|先前|上述).{0,8}(?:指令|指示|说明|提示)|(?:以前|これまで|上記)の.{0,6}指示.{0,4}無視"
    "|игнорируй.{0,20}инструкции|이전.{0,6}지시.{0,6}무시",
    re.IGNORECASE,
)
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = "\U0001f3f4"
_BIDI = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WIDTHLESS = re.compile(
    "[A-Za-z][\u200b-\u200d\u2060\u2061-\u2064\ufeff][A-Za-z]|[\u200b-\u200d\u2060-\u2064\ufeff]{4,}"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_FOREIGN_WORDS = ("忽略", "無視", "무시", "инструкции")
_ASCII = bytes(range(0x80))
_UNSEEN = re.compile(
    "[\u200b-\u200d\u2060-\u2064\ufeff\ufe00-\ufe0f\u202a\u202b\u202d\u202e\u2066-\u2068\U000e0000-\U000e01ef]"
)
_FEW_WORDS = 300
"""More than there are from one piece with a phrase to another with its company."""


class Suspicion(NamedTuple):
    """A place that speaks to a model.

    Attributes:
        line: its number in the text, from 1; 0 for the path.
        excerpt: what stands there, with hidden characters as escapes.
        kind: `override`, `role`, `address`, `concealment`, `command`, `exfiltration`, `gates`, `authority`, `border` or
            `hidden`.
    """

    line: int
    excerpt: str
    kind: str


class _Hit(NamedTuple):
    start: int
    end: int
    kind: str
    alone: bool


def suspicions(text: str, path: str) -> tuple[Suspicion, ...]:
    """Find what speaks to a model.

    Args:
        text: of a file, or what a program wrote.
        path: the file's; empty when there is none. Its name is read, too.

    Returns:
        At most one for each line, in the order of the lines, and no more than `MOST`.
    """
    whole = f"{LINE_END.sub(' ', path)}\n{text}"
    said, marked = _may_be_said(whole), _may_be_marked(whole)
    return read_closely(text, path, said, marked=marked) if said or marked else ()


def read_closely(text: str, path: str, said: Sequence[Phrase], *, marked: bool) -> tuple[Suspicion, ...]:
    """Give what `suspicions` does, without asking first what it is worth to look for.

    Args:
        text: as there.
        path: as there.
        said: the phrases to look for.
        marked: whether to look for borders of messages and what is hidden.
    """
    lines = LINE_END.split(text)
    found: dict[int, str] = {}
    for _, kind in _look([path], said, marked=marked):
        found.setdefault(0, kind)
    for number, kind in _look(lines, said, marked=marked):
        found.setdefault(number, kind)
    return tuple(
        Suspicion(number, _excerpt(lines[number - 1] if number else path), found[number])
        for number in sorted(found)[:MOST]
    )


def _look(lines: list[str], said: Sequence[Phrase], *, marked: bool) -> Iterator[tuple[int, str]]:
    if said:
        yield from _said(lines, said)
    if marked:
        yield from _marked(lines)


def _may_be_said(text: str) -> tuple[Phrase, ...]:
    """Return the phrases that may be in a text; none unless one stands for itself, or has company."""
    hits = [
        (piece.start, number)
        for piece in sieve().pieces(words_in(text))
        for number in piece.patterns
        if phrases()[number].pattern.search(piece.text)
    ]
    found = tuple(phrases()[number] for number in {number for _, number in hits})
    kinds = sorted((start, phrases()[number].kind) for start, number in hits)
    near = (other[0] - one[0] <= _FEW_WORDS for one, other in pairwise(kinds) if one[1] != other[1])
    if any(near) or any(phrase.alone for phrase in found) or (found and _TURN_ANYWHERE.search(text)):
        return found
    return ()


def _may_be_marked(text: str) -> bool:
    """Whether a text holds characters that hide something, or borders of messages, or what looks alike."""
    if not text.isascii():
        others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if _UNSEEN.search(others) or any(word in others.casefold() for word in _FOREIGN_WORDS):
            return True
    return any(border.search(text) for border in _BORDERS)


def _marked(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines with borders of messages, or with characters that hide something."""
    for number, line in enumerate(lines, 1):
        if _TEMPLATE.search(line):
            yield number, _BORDER
        if not line.isascii():
            if _hides(line):
                yield number, _HIDDEN
            if _FOREIGN.search(line):
                yield number, "override"


def _hides(line: str) -> bool:
    if _WIDTHLESS.search(line) or _SELECTORS.search(line):
        return True
    if _BIDI.search(line) and not _RIGHT_TO_LEFT.search(line):
        return True
    # Flags of parts of a country are written with tags.
    return any(line[match.start() - 1 : match.start()] != _FLAG for match in _TAGS.finditer(line))


def _said(lines: list[str], wanted: Sequence[Phrase]) -> Iterator[tuple[int, str]]:
    """Yield lines on which phrases begin that are said to models."""
    view = words_of(lines)
    hits = sorted((*_hits(view, wanted), *_turns(lines, view)))
    for number, hit in enumerate(hits):
        around = hits[max(0, number - _AROUND) : number + _AROUND]
        if hit.alone or (hit.kind != ADDRESS and any(_company(hit, other) for other in around)):
            yield view.line(hit.start), hit.kind


def _hits(view: WordView, wanted: Sequence[Phrase]) -> Iterator[_Hit]:
    for phrase in wanted:
        for match in phrase.pattern.finditer(view.text):
            yield _Hit(*match.span(), phrase.kind, phrase.alone)


def _turns(lines: list[str], view: WordView) -> Iterator[_Hit]:
    for number, line in enumerate(lines):
        if _TURN.match(line):
            yield _Hit(view.starts[number], view.starts[number] + 1, _BORDER, alone=False)


def _company(hit: _Hit, other: _Hit) -> bool:
    """Whether two phrases of different kinds are near each other, and not read from the same words."""
    return other.kind != hit.kind and (0 < other.start - hit.end <= _NEAR or 0 < hit.start - other.end <= _NEAR)


def _excerpt(line: str) -> str:
    shown = " ".join(visible(line).split())
    return shown if len(shown) <= _EXCERPT else f"{shown[:_EXCERPT]}..."
