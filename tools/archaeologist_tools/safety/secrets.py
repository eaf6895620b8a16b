"""Takes secrets out of text before it is sent to a model, and keeps everything else as it is.

Own patterns, because detect-secrets, the well-known library for this, brings an HTTP client to try out what it finds,
keeps its state in global settings, has patterns without limits, and knows none of the token formats since 2024. The
forms that issuers document are in `shapes.toml`; values are told by the names they have, too (`named.py`), and in
configuration by looking as if a generator had made them.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from archaeologist_tools.safety.named import Secret, Writing, named_secrets
from archaeologist_tools.safety.protected import CREDENTIALS, protection_of
from archaeologist_tools.safety.randomness import is_placeholder, is_random
from archaeologist_tools.source.scope import has_python_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]:")
_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: {0,4}[0-9a-f]{0,80}")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{40}")
_KEY_LINE = re.compile(r"[^\n]{0,20}?[A-Za-z0-9+/=]{16,200}[^\n]{0,20}")
_URL_LOGIN = re.compile(r"(?<=://)[^\s:/@'\"`<>\\]{0,100}:(?P<password>[^\s/'\"`<>]{1,300})@")
_URL_TOKEN = re.compile(r"(?<=://)(?P<token>[A-Za-z0-9_\-.~%]{16,300})@")
_COMMAND_LOGIN = re.compile(
    r"(?:\bcurl(?:[ \t][^\n]{0,200}?)?[ \t]-u|--(?:proxy-)?user)[ =][\"']?[^\s:\"'/]{1,100}"
    r":(?P<password>[^\s\"'`<>]{3,200})"
    r"|\bmysql\w{0,10}[ \t][^\n]{0,200}?[ \t]-p(?P<mysql>[^\s\"'`<>]{3,200})"
    r"|\bsshpass[ \t]{1,4}-p[ \t]{0,4}[\"']?(?P<ssh>[^\s\"'`<>]{3,200})"
)
# The second half of a pair of keys.
_BESIDE = re.compile(
    r"[\"']\s{0,20}[,:]\s{0,20}(?:[\"']?\w{1,40}[\"']?\s?[=:]\s?)?[bru]{0,2}[\"'](?P<value>[^\"'\s]{12,300})[\"']"
)
_DENSE = re.compile(r"(?<![A-Za-z0-9+/=_\-.~])[A-Za-z0-9+/_\-.~]{20,500}={0,2}(?![A-Za-z0-9+/=_\-.~])")
# Digests that anybody may see stand behind such words.
_PUBLIC = re.compile(
    r"(?i)(?:sha\d{0,3}|md5|hash(?:es)?|digest|checksum|integrity|rev(?:ision)?|commit|ref|etag|fingerprint)\W{1,6}$"
)
_SETTINGS = re.compile(
    r"(?:.*[_\-])?(?:settings?|conf(?:ig)?|configuration|secrets?|credentials?|local|production|env)(?:[_\-].*)?"
)
_CONFIGURATION = frozenset(
    {
        ".bash", ".bat", ".cfg", ".cmd", ".cnf", ".conf", ".config", ".dockerfile", ".env", ".ini", ".json", ".plist",
        ".properties", ".ps1", ".rc", ".service", ".sh", ".tf", ".tfvars", ".toml", ".xml", ".yaml", ".yml", ".zsh",
    }
)  # fmt: skip
_PROSE = frozenset({".md", ".rst", ".txt", ".log", ".csv", ".html", ".htm"})
_YAML = frozenset({".yaml", ".yml"})
_OF_CLUSTER = re.compile(r"(?m)^kind:[ \t]{1,4}Secret[ \t]{0,4}$")
_SAMPLE = re.compile(r"(?i).*(?:example|sample|template|dist|tmpl)")
_VALUE = re.compile(
    r"(?m)^(?P<head>[ \t]{0,40}(?:export[ \t]{1,10})?[\w.\-]{1,200}[ \t]{0,20}[=:][ \t]{0,20})(?P<value>\S[^\n\r]*)"
)
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_MARK = "[REDACTED "
_MARKED = re.compile(r"\[REDACTED [\w ]{1,60}\]")


@dataclass(frozen=True)
class Redacted:
    """A text without its secrets.

    Attributes:
        text: with `[REDACTED <kind> <number>]` for each secret, and as many lines as before. Equal secrets have equal
            numbers.
        count: how many places were redacted.
        kinds: how many of each kind.
    """

    text: str
    count: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Shape:
    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]


def redact(text: str, path: str) -> Redacted:
    """Take the secrets out of a text.

    Args:
        text: the whole of a file, so that what stands around a value is seen, or what a program wrote.
        path: where it comes from: in configuration more is taken for a secret than in code, and files for credentials
            lose all values. A name without an ending is taken for prose.
    """
    # What was redacted before is a placeholder.
    unmarked = _MARKED.sub(lambda mark: "*" * len(mark.group()), text) if _MARK in text else text
    found = _without_overlaps(_secrets(unmarked, path))
    numbers: dict[str, int] = {}
    parts, position = [], 0
    for secret in found:
        value = text[secret.start : secret.end]
        number = numbers.setdefault(value, len(numbers) + 1)
        parts += [text[position : secret.start], f"{_MARK}{secret.kind} {number}]", "\n" * value.count("\n")]
        position = secret.end
    parts.append(text[position:])
    return Redacted("".join(parts), len(found), Counter(secret.kind for secret in found))


def holds_redaction(text: str) -> bool:
    """Whether a text holds a mark that `redact` leaves."""
    return _MARK in text


def redactions(text: str) -> int:
    """How many marks that `redact` leaves a text holds."""
    return len(_MARKED.findall(text))


def writes_redaction(before: bytes, after: bytes) -> bool:
    """Whether a file gets marks that it did not hold: what a model read would be written over the secret itself."""
    return after.count(_MARK.encode()) > before.count(_MARK.encode())


def _secrets(text: str, path: str) -> Iterator[Secret]:
    name = posixpath.basename(path.lower())
    stem, ending = posixpath.splitext(name)
    if protection_of(path) == CREDENTIALS and not _SAMPLE.fullmatch(name):
        yield from _of_credentials(text, name)
        return
    python = has_python_suffix(path)
    configuration = ending in _CONFIGURATION or name.startswith(("dockerfile", ".env"))
    if ending in _YAML and _OF_CLUSTER.search(text):
        yield from _of_credentials(text, ".env")
    yield from _private_keys(text)
    yield from _shaped(text)
    yield from _logins(text)
    yield from named_secrets(text, _writing(ending, configuration=configuration))
    if configuration or (python and _SETTINGS.fullmatch(stem)):
        yield from _dense(text, python=python)


def _writing(ending: str, *, configuration: bool) -> Writing:
    if configuration:
        return Writing.CONFIGURATION
    return Writing.PROSE if ending in _PROSE or not ending else Writing.CODE


def _of_credentials(text: str, name: str) -> Iterator[Secret]:
    """Yield all values of a file of variables, and all lines of any other file for credentials."""
    variables = name.startswith(".env") or name.endswith(".env")
    for match in (_VALUE if variables else _LINE).finditer(text):
        start, end = match.span("value" if variables else 0)
        if not match.string.startswith("#", start):
            yield Secret(start, end, "value")


def _private_keys(text: str) -> Iterator[Secret]:
    begins = [match.span() for match in _BEGIN.finditer(text)]
    ends = [match.end() for match in _END.finditer(text)] if begins else []
    for number, (start, head) in enumerate(begins):
        following = begins[number + 1][0] if number + 1 < len(begins) else len(text)
        place = bisect_left(ends, head)
        if place < len(ends) and ends[place] <= following:
            if _KEY_BODY.search(text, head, ends[place]):
                yield Secret(start, ends[place], "private key")
        elif (last := _end_of_lines(text, head, following)) > head:
            yield Secret(start, last, "private key")


def _end_of_lines(text: str, position: int, limit: int) -> int:
    """Where lines end that look like those of a key whose end is missing."""
    last = position
    while position < limit:
        stop = text.find("\n", position, limit)
        stop = limit if stop < 0 else stop
        if stop > position and _KEY_LINE.fullmatch(text, position, stop):
            last = stop
        elif stop - position > 4:  # noqa: PLR2004 - what closes the line of the head, such as `" +`
            break
        position = stop + 1
    return last


def _shaped(text: str) -> Iterator[Secret]:
    for shape in _shapes():
        if any(hint in text for hint in shape.hints):
            for match in shape.pattern.finditer(text):
                group = match.lastindex or 0
                yield Secret(*match.span(group), shape.kind)
                if (beside := _BESIDE.match(text, match.end())) and is_random(beside["value"]):
                    yield Secret(*beside.span("value"), shape.kind)


def _logins(text: str) -> Iterator[Secret]:
    for match in _URL_LOGIN.finditer(text):
        if not is_placeholder(match["password"]):
            yield Secret(*match.span("password"), "password")
    for match in _COMMAND_LOGIN.finditer(text):
        group = str(match.lastgroup)
        if not is_placeholder(match[group]):
            yield Secret(*match.span(group), "password")
    for match in _URL_TOKEN.finditer(text):
        if is_random(match["token"]):
            yield Secret(*match.span("token"), "token")


def _dense(text: str, *, python: bool) -> Iterator[Secret]:
    """Yield values that a generator made; in code, where ids of commits may stand, quoted ones that are no digest."""
    for match in _DENSE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        quoted = before.endswith(('"', "'"))
        if (quoted or not python) and is_random(match.group(), digests=not python) and not _PUBLIC.search(before):
            yield Secret(*match.span(), "generated value")


def _without_overlaps(secrets: Iterable[Secret]) -> list[Secret]:
    """The first and longest of the places that overlap, in the order of the text."""
    kept: list[Secret] = []
    for secret in sorted(secrets, key=lambda each: (each.start, -each.end)):
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
        elif secret.end > kept[-1].end:
            kept[-1] = kept[-1]._replace(end=secret.end)
    return kept


@cache
def _shapes() -> tuple[_Shape, ...]:
    source = resources.files(__package__).joinpath("shapes.toml").read_text(encoding="utf-8")
    return tuple(
        _Shape(each["kind"], tuple(each["hints"]), re.compile(each["pattern"]))
        for each in tomllib.loads(source)["shape"]
    )
