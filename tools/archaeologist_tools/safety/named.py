"""Finds values that are given to something whose name says that it is secret: `password = "..."`, `API_KEY: ...`.

The words are looked for first and only what follows them is looked at, within limits, so that the time is in proportion
to the text whatever it holds.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.safety.randomness import is_name, is_placeholder, is_random, is_unguessed

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(
    r"(?P<password>(?i:passw(?:or)?d|passphrase|passwort|mot_?de_?passe|contrase[nñ]a|pwd)|Pass(?![a-z])"
    r"|PASS(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:pass|pw|PW|Pw)(?![A-Za-z]))"
    r"|(?P<secret>(?i:secret))"
    r"|(?P<token>(?i:token|credential)|(?<![A-Za-z])(?i:auth|salt|creds?)(?![A-Za-z]))"
    r"|(?P<cookie>(?i:cookie))"
    r"|(?P<key>(?i:key)(?![a-z]))"
)
# What is in front of `key` in the name of one that is secret, and of one that may be.
_STRONG = ("api", "access", "secret", "private", "encrypt", "encryption", "signing", "master")
_WEAK = (
    "account", "aes", "app", "application", "auth", "client", "consumer", "crypt", "crypto", "data", "deploy", "des",
    "fernet", "hmac", "jwt", "licence", "license", "service", "session", "shared", "sign", "ssh", "storage",
    "subscription", "webhook",
)  # fmt: skip
_LONGEST = 14
_LONGEST_WORD = 40
_KINDS = {"password": "password", "secret": "API key", "token": "token", "cookie": "token"}
# What may follow the word in a name that still names the secret itself.
_SUFFIX = re.compile(
    r"(?i)s?[_\-]?(?:\d{0,4}|key|base|value|val|str|string|text|plain|raw|default|old|new|current|prod(?:uction)?|dev"
    r"|development|test|testing|staging|live|main|backup|local|remote|admin|root|user|db|database|key_?base|bytes|b64"
    r"|word|phrase|id|access_?key|salt|hash)[_\-]?\d{0,4}"
)
_GIVEN = re.compile(
    r"(?P<suffix>[\w\-]{0,60})(?P<closed>\\?[\"'`]?\s?[\])]?)\s{0,20}"
    r"(?::\s{0,5}[A-Za-z_][\w.\[\], |]{0,60}?\s{0,5}(?==))?"
    r"(?P<sign>:=|=>|->|[=!]=|[=:,(])\s{0,40}(?P<wrapped>[A-Za-z_][\w.]{0,60}\(\s{0,10})?(?P<opened>[(\[{]{0,2})\s{0,40}"
    r"[rRbBuUfF@]{0,2}(?=\\?[\"'`])"
)
_LITERAL = re.compile(
    r"(?P<quote>\"\"\"|'''|[\"'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n]){0,2000}?)(?P=quote)"
    r"(?=(?P<is_key>\s{0,4}:(?!=))?)"
)
# JSON in a string.
_ESCAPED_LITERAL = re.compile(
    r"\\(?P<quote>[\"'])(?P<value>[^\\\n]{0,2000}?)\\(?P=quote)(?=(?P<is_key>\s{0,4}:(?!=))?)"
)
_BETWEEN = re.compile(r"(?:\\?\s|[,+:]){0,200}[rRbBuUfF]{0,2}(?=[\"'])")
_UNQUOTED = re.compile(
    r"(?P<suffix>[\w\-]{0,60})[\"'`]?[ \t]{0,20}(?P<sign>:=|[:=]|[ \t]is[ \t]|>|[ \t])[ \t]{0,20}"
    r"(?P<value>[^\s\"'`<>\[{(][^\s\"'`<>]{2,400})"
)
# What secrets are handed to, by their places: each pattern ends where the literal begins.
_TAKERS = (
    re.compile(
        r"(?i)\b(?:auth|login|basic_?auth|credentials?|HTTP(?:Basic|Digest|Proxy)Auth)\s{0,5}[=(:]\s{0,5}\(?\s{0,40}"
        r"[bu]?[\"'][^\"'\n]{0,200}[\"']\s{0,5},\s{0,40}[bu]?(?=[\"'])"
    ),
    re.compile(r"\bconnect\(\s{0,40}(?:[\"'][^\"'\n]{0,200}[\"']\s{0,5},\s{0,40}){2}(?=[\"'])"),
    re.compile(
        r"\b(?:Fernet|hmac\.new|(?:AES|DES3?|ARC[24]|Blowfish)\.new|URLSafe\w{0,20}Serializer|TimestampSigner)"
        r"\(\s{0,40}[bru]{0,2}(?=[\"'])"
    ),
    re.compile(r"\bjwt\.(?:en|de)code\([^\"'()\n]{1,100},\s{0,40}b?(?=[\"'])"),
    re.compile(r"(?i)\b(?:identified\s{1,5}by|password)\s{1,5}(?=[\"'])"),
)
_CODE = re.compile(r".*[(){}\[\]=]|.*;$|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$")
_IDENTIFIER = re.compile(r"\w+")
_NUMBER = re.compile(r"\d{4,}")
# What goes on behind a value in a text such as `user=joe;password=secret;`, and behind no variable.
_TEXT_GOES_ON = re.compile(r"[\"';&]|[ \t]{1,4}\w{1,40}=")
_GETTER = re.compile(r"(?i)(?:get|fetch|find|read|load|ask|prompt|lookup|input|enter)_?(?:[a-z]{1,20}_)?$")
_OPTION = re.compile(r"--?[\w\-]{0,40}$")
_DIGIT = re.compile(r"\d")
_LONGEST_LINE = 500
_SHORT, _LONG = 6, 8


class _Word(NamedTuple):
    """A part of a name that says what the name is for."""

    start: int
    end: int
    group: str


class Secret(NamedTuple):
    """A place that holds a secret."""

    start: int
    end: int
    kind: str


class Writing(Enum):
    """How values are given without quotes."""

    CONFIGURATION = "key = value"
    PROSE = "the password is value"
    CODE = "nowhere but in comments"


def named_secrets(text: str, writing: Writing) -> Iterator[Secret]:
    """Yield the values of what is named as a secret, and those that stand where passwords do."""
    end, seen = 0, set[tuple[int, str]]()
    for word in _words(text):
        if word.start >= end:
            for secret in _given(text, word, writing, seen):
                end = secret.end
                yield secret
    for taker in _TAKERS:
        for place in taker.finditer(text):
            literal = _LITERAL.match(text, place.end())
            if literal and not is_placeholder(literal["value"]) and not _is_label(literal["value"]):
                yield Secret(*literal.span("value"), "password")


def _words(text: str) -> Iterator[_Word]:
    for word in _WORD.finditer(text):
        group = str(word.lastgroup)
        if group == "key":
            before = text[max(0, word.start() - _LONGEST) : word.start()].lower()
            before = before[:-1] if before[-1:] in {"_", "-", " "} else before
            group = "secret" if before.endswith(_STRONG) else "token" if before.endswith(_WEAK) else ""
        if group:
            yield _Word(word.start(), word.end(), group)


def _given(text: str, word: _Word, writing: Writing, seen: set[tuple[int, str]]) -> Iterator[Secret]:
    if given := _GIVEN.match(text, word.end):
        if given["sign"] == "(" and _GETTER.search(text, max(0, word.start - _LONGEST_WORD), word.start):
            return
        yield from _literals(text, given, word.group, seen)
    elif (found := _UNQUOTED.match(text, word.end)) and _may_be_bare(found, writing):
        yield from _bare(found, word.group, writing)


def _literals(text: str, given: re.Match[str], group: str, seen: set[tuple[int, str]]) -> Iterator[Secret]:
    """Yield the literal that is given, and those that go on with it or stand beside it in a list.

    Where an earlier word has been is not gone to again, or a list full of such words would take long.
    """
    sign = given["sign"]
    quoted = given["closed"].lstrip("\\")[:1] in {'"', "'", "`"}
    option = _OPTION.search(text, max(0, given.start() - _LONGEST), given.start()) is not None
    if (sign == "," and not quoted) or (given["wrapped"] and sign in {",", "("}):
        return
    exact = _SUFFIX.fullmatch(given["suffix"]) is not None and not given["wrapped"] and (sign != "," or option)
    shortest = _SHORT if _SUFFIX.fullmatch(given["suffix"]) else _LONG
    position = given.end()
    while (position, group) not in seen:
        seen.add((position, group))
        literal = _LITERAL.match(text, position) or _ESCAPED_LITERAL.match(text, position)
        if literal is None:
            return
        value = literal["value"]
        passed_over = (literal["is_key"] and sign not in {"==", "!="}) or (option and value.startswith("-"))
        if not passed_over and _is_secret(value, group, shortest, exact=exact):
            yield Secret(*literal.span("value"), _KINDS[group])
        between = _BETWEEN.match(text, literal.end())
        if between is None or not _goes_on(given, between.group()):
            return
        position = between.end()


def _goes_on(given: re.Match[str], between: str) -> bool:
    """Whether the next literal is given to the same name; in a call or a mapping it is something else."""
    if given["wrapped"]:
        return False
    several = given["opened"] != "" or given["sign"] == "="
    if ":" in between or "{" in given["opened"]:
        return "{" in given["opened"] and given["suffix"].lower().startswith("s")
    return several or "," not in between


def _may_be_bare(found: re.Match[str], writing: Writing) -> bool:
    if writing is Writing.CONFIGURATION:
        return True
    text, sign = found.string, found["sign"]
    if sign in {">", " "}:
        return False
    tight = sign == "=" and found.start("value") == found.start("sign") + 1
    if tight and (
        _TEXT_GOES_ON.match(text, found.end()) or _OPTION.search(text, max(0, found.start() - 40), found.start())
    ):
        return True
    if _CODE.match(found["value"]):
        return False
    before = text[max(0, found.start() - _LONGEST_LINE) : found.start()]
    commented = "#" in before[before.rfind("\n") + 1 :]
    return (
        writing is Writing.PROSE
        or commented
        or sign not in {"=", ":="}
        or _NUMBER.fullmatch(found["value"]) is not None
    )


def _bare(found: re.Match[str], group: str, writing: Writing) -> Iterator[Secret]:
    value = (
        re.split(r"[;&]", found["value"])[0].rstrip(",;.")
        if writing is not Writing.CONFIGURATION
        else found["value"].rstrip(",;.")
    )
    if _SUFFIX.fullmatch(found["suffix"]) is None:
        return
    if writing is Writing.CONFIGURATION and not found["sign"].isspace():
        secret = _is_secret(value, group, _SHORT, exact=True)
    elif group in {"password", "secret"}:
        about = any(_words(value)) and _IDENTIFIER.fullmatch(value) is not None
        guessed = is_unguessed(value) and _DIGIT.search(value) is not None and not about
        secret = is_random(value) or guessed or _NUMBER.fullmatch(value) is not None
    else:
        secret = is_random(value)
    if secret:
        yield Secret(found.start("value"), found.start("value") + len(value), _KINDS[group])


def _is_secret(value: str, group: str, shortest: int, *, exact: bool) -> bool:
    """Whether a value is what its name says, by how sure the name is; where it is not, short ones are none."""
    if is_placeholder(value):
        return False
    if is_random(value.strip()):
        return True
    if group == "cookie" or (group == "token" and (not exact or " " in value)):
        return False
    if not exact or group == "token":
        about = any(_words(value)) and _IDENTIFIER.fullmatch(value) is not None
        guessed = is_unguessed(value) and _DIGIT.search(value) is not None
        return guessed and " " not in value and not about and len(value) >= (_LONG if group == "token" else shortest)
    return not _is_label(value)


def _is_label(value: str) -> bool:
    """Whether what stands at a secret's name is about the secret: its name, a sentence, where to find it."""
    if " " in value.strip():
        return not any(character.isdigit() or character in "#$^&*=+|~@\\" for character in value)
    about = any(_words(value))
    return is_name(value) and (about or not value.isalpha() or value.istitle() or len(value) < 4)  # noqa: PLR2004
