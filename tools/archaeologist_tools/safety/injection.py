"""Finds what speaks to a model instead of telling people something: in comments, names, texts and test output.

Nothing rests on it: a model has no tool that could do harm, whatever it was talked into. But who reviews a branch has
to know that somebody tried. So precision counts, on ordinary code above all: what people say to each other, too, is
reported only where two such phrases, or one and the name of a model, are near each other.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.safety.fencing import visible
from archaeologist_tools.safety.sieve import Needs, are_in, folded
from archaeologist_tools.safety.wordview import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archaeologist_tools.safety.sieve import Lines
    from archaeologist_tools.safety.wordview import WordView

MOST = 50
"""Of suspicions in one text; who fills a file with them is found out with fewer."""
_EXCERPT = 160
_NEAR = 240
_AROUND = 20
_ADDRESS = "address"
_HIDDEN = "hidden"
_BORDER = "border"
_LINE_END = re.compile(r"\r\n|\r|\n")
# Borders of messages in the templates of models, and of what tools give back.
_TEMPLATE = re.compile(
    r"<[|\uff5c](?:im_(?:start|end|sep)|system|user|assistant|end|endoftext|eot_id|eom_id|begin_of_text|start_header_id"
    r"|end_header_id|python_tag|channel|message|return|call|tool[\w\u2581]{0,20}|observation|start|[A-Z]\w{2,20}"
    r"|(?:begin|end)\u2581of\u2581sentence)[|\uff5c]>"
    r"|(?<!\w)(?-i:\[/?INST\])|<</?SYS>>|</?(?:antml:)?(?:function_(?:calls?|results?)|tool_(?:results?|responses?|calls?|outputs?|use)"
    r"|system[-_](?:reminder|prompt)|user_query|invoke name=)|<(?:start|end)_of_turn>"
    r"|^\W{0,6}(?:###|\*\*)\s?(?:system|assistant|instruction|response|human)\s?(?:prompt|message)?:"
    r"|^<<<?[0-9a-f]{12} |^[0-9a-f]{12}>>>",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"^\W{0,6}(?:system|assistant|human|developer|tool result|tool output|observation)\s?:\s+\w", re.IGNORECASE
)
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
# What a text holds in which `_TEMPLATE`, `_TURN` or `_hides` may find something.
_SIGNS = (
    "<|", "<\uff5c", "[inst]", "[/inst]", "<sys>>", "</sys>>", "function_call", "function_result", "tool_result",
    "tool_response", "tool_call", "tool_output", "tool_use", "system-reminder", "system_reminder", "system-prompt",
    "system_prompt", "user_query", "<invoke name=", "invoke name=", "_of_turn>",
)  # fmt: skip
_HEADS = tuple(
    f"{mark}{word}"
    for mark in ("###", "### ", "**", "** ")
    for word in ("system", "assistant", "instruction", "response", "human")
)
_TURN_SIGNS = tuple(
    f"{word}{colon}"
    for word in ("system", "assistant", "human", "developer", "result", "output", "observation")
    for colon in (":", " :")
)
_FOREIGN_WORDS = ("忽略", "無視", "무시", "инструкции")
_FENCE = re.compile(r"^(?:<<<?[0-9a-f]{12} |[0-9a-f]{12}>>>)", re.MULTILINE)
_UNSEEN = re.compile(
    "[\u200b-\u200d\u2060-\u2064\ufeff\ufe00-\ufe0f\u202a\u202b\u202d\u202e\u2066-\u2068\U000e0000-\U000e01ef]"
)
_COMPANY = 2


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


class _Phrase(NamedTuple):
    kind: str
    alone: bool
    pattern: re.Pattern[str]
    needs: Needs


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
    if not _may_speak(f"{path}\n{text}"):
        return ()
    lines = _LINE_END.split(text)
    found: dict[int, str] = {}
    for _, kind in (*_said([path]), *_marked([path])) if path else ():
        found.setdefault(0, kind)
    for number, kind in (*_said(lines), *_marked(lines)):
        found.setdefault(number, kind)
    return tuple(
        Suspicion(number, _excerpt(lines[number - 1] if number else path), found[number])
        for number in sorted(found)[:MOST]
    )


def _may_speak(text: str) -> bool:
    """Whether it is worth to read a text line by line."""
    lowered = text.lower()
    words = folded(text)
    if words is None or _may_be_marked(text, lowered):
        return True
    near = [phrase for phrase in phrases() if phrase.needs.may_be_met_by(words)]
    if not near:
        return False
    turns = any(sign in lowered for sign in _TURN_SIGNS)
    if not any(phrase.alone for phrase in near) and len({phrase.kind for phrase in near}) + turns < _COMPANY:
        return False
    found = [(phrase, phrase.needs.met_by(words)) for phrase in near]
    return any(_may_say(part, found, turns=turns) for part in words.parts())


def _may_say(part: str, found: list[tuple[_Phrase, Lines]], *, turns: bool) -> bool:
    """Whether a phrase that stands for itself, or two that do not, are in a piece of text."""
    near = [phrase for phrase, lines in found if are_in(part, lines)]
    if any(phrase.alone and phrase.pattern.search(part) for phrase in near):
        return True
    near = [phrase for phrase in near if not phrase.alone]
    if len({phrase.kind for phrase in near}) + turns < _COMPANY:
        return False
    return len({phrase.kind for phrase in near if phrase.pattern.search(part)}) + turns >= _COMPANY


def _may_be_marked(text: str, lowered: str) -> bool:
    """Whether a text holds characters that hide something, or borders of messages, or what looks alike."""
    if not text.isascii() and (any(word in lowered for word in _FOREIGN_WORDS) or _UNSEEN.search(text)):
        return True
    return any(sign in lowered for sign in _SIGNS) or _may_be_headed(lowered)


def _may_be_headed(lowered: str) -> bool:
    if ("###" in lowered or "**" in lowered) and any(sign in lowered for sign in _HEADS):
        return True
    return (">>>" in lowered or "<<" in lowered) and _FENCE.search(lowered) is not None


def _marked(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
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


def _said(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield lines on which phrases begin that are said to models."""
    view = words_of(lines)
    hits = sorted((*_hits(view), *_turns(lines, view)))
    for number, hit in enumerate(hits):
        around = hits[max(0, number - _AROUND) : number + _AROUND]
        if hit.alone or (hit.kind != _ADDRESS and any(_company(hit, other) for other in around)):
            yield view.line(hit.start), hit.kind


def _hits(view: WordView) -> Iterator[_Hit]:
    for phrase in phrases():
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


@cache
def phrases() -> tuple[_Phrase, ...]:
    """Return what is said to models; the last one, which names them, only counts near another."""
    source = tomllib.loads(resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
    names = source["names"]
    listed = [(each["kind"], each["alone"], each) for each in source["phrase"]]
    listed.append((_ADDRESS, False, source["address"]))
    return tuple(
        _Phrase(
            kind,
            alone,
            re.compile(rf"\b(?:{each['pattern']})\b"),
            Needs([_filled(line, names) for line in each["needs"]]),
        )
        for kind, alone, each in listed
    )


def _filled(line: str, names: Mapping[str, str]) -> str:
    for name, words in names.items():
        line = line.replace(f"{{{name}}}", words)
    return line
