"""Tells values that nobody would have written by hand from words, names, paths and placeholders."""

from __future__ import annotations

import math
import re
from collections import Counter

_TEMPLATE = re.compile(
    r"%\(\w{1,60}\)[sdr]|%[sdr]|\$\{[^}\n]{0,120}\}|\$\([^)\n]{0,120}\)|^\$[A-Za-z_]{1,60}$|\$[A-Z_]{2,60}|\{\{[^}\n]{0,120}\}\}"
    r"|\{[^}\n]{0,120}\}|<[^>\n]{0,120}>|@\w{1,60}@"
)
_PLACEHOLDER = re.compile(
    r"(?i)(?:none|null|nil|true|false|yes|no|on|off|undefined|todo|fixme|tbd|n/?a|empty|unset|secret|password|passwd"
    r"|pass|pwd|token|key|api[ _-]?key|user(?:name)?|string|str|text|value|bytes|int|default|optional|required"
    r"|hidden|redacted|removed|masked|placeholder|dummy|foo|bar|baz|foobar|test|testing|example|sample"
    r"|change[ _-]?(?:me|this|it)|replace[ _-]?(?:me|this)|insert.{0,40}here|your.{0,60}|enter.{0,60}|some[ _-].{0,40}"
    r"|my[ _-]?(?:secret|password|token|api[ _-]?key)|x{3,}|\*{2,}|\.{2,}|-{2,}|_{2,}|#{2,}|\?{2,}|0+|abc|123|1234)"
)
_WORDS = re.compile(r"[A-Za-z]+(?:[ _\-./:][A-Za-z]*)*")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?")
_PATH = re.compile(
    r"(?:~|\.{1,2}|[A-Za-z]:)?[/\\][\w.\-/\\ ]*|(?:[A-Za-z_.\-]+\d{0,2}/)+(?:[A-Za-z_.\-]+\d{0,2}(?:\.[a-z0-9]{1,5})?)?"
    r"|[\w\-]+\.[a-z]{2,4}"
)
_MODULE = re.compile(r"(?:[a-z_]+\.)+\w+")
_HOST = re.compile(
    r"\d{1,4}(?:\.\d{1,5}){1,4}(?:/\d{1,3})?|[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,12}(?::\d{1,5})?|localhost(?::\d{1,5})?"
)
_URL = re.compile(r"[a-z][a-z0-9+.\-]{1,20}://")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DENSE = re.compile(r"[A-Za-z0-9+/=_\-.~!@#$%^&*()]+")
_HEX_BITS, _DENSE_BITS = 2.8, 3.6
_SHORT_DIGEST, _SHORT = 24, 16


def entropy(text: str) -> float:
    """The bits of information in each character, by how often each one stands in the text (Shannon)."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def is_placeholder(value: str) -> bool:
    """Whether a value stands for one that is filled in later, or says that there is none."""
    rest = _TEMPLATE.sub("", value).strip(" \t:,;'\"`")
    return len(rest) <= 2 or _PLACEHOLDER.fullmatch(rest) is not None or len(set(rest)) <= 2  # noqa: PLR2004 - `ab`, `***`


def is_name(value: str) -> bool:
    """Whether a value is made of words, or leads somewhere: a label, a sentence, an identifier, a path, an address."""
    kinds = (_WORDS, _DOTTED, _PATH, _HOST)
    return any(kind.fullmatch(value) for kind in kinds) or _URL.match(value) is not None


def is_random(value: str, *, digests: bool = True) -> bool:
    """Whether a value looks as if a generator made it.

    Args:
        value: a text without blanks; any other is none.
        digests: whether hexadecimal digits alone count; ids of commits and checksums look the same.
    """
    if (
        len(value) < _SHORT
        or not _DENSE.fullmatch(value)
        or is_placeholder(value)
        or _URL.match(value)
        or _MODULE.fullmatch(value)
    ):
        return False
    if _HEX.fullmatch(value) or _UUID.fullmatch(value):
        return digests and len(value) >= _SHORT_DIGEST and entropy(value) >= _HEX_BITS and not value.isdigit()
    return _mixed(value) and entropy(value) >= _DENSE_BITS


def is_unguessed(value: str) -> bool:
    """Whether a short value mixes letters with digits or signs, as passwords do and names do not."""
    letters = sum(character.isalpha() for character in value)
    return len(value) >= 6 and 0 < letters < len(value) and not is_name(value) and not is_placeholder(value)  # noqa: PLR2004


def _mixed(value: str) -> bool:
    """Whether digits, small and capital letters alternate as they do not in names with a number."""
    kinds = {
        "d" if character.isdigit() else "u" if character.isupper() else "l"
        for character in value
        if character.isalnum()
    }
    changes = len(re.findall(r"(?<=[A-Za-z])\d|(?<=\d)[A-Za-z]|(?<=[a-z])[A-Z]", value))
    return ("d" in kinds and len(kinds) == 3 and changes >= len(value) / 8) or changes >= len(value) / 4  # noqa: PLR2004
