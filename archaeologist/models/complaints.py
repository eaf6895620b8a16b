"""What servers say when they refuse: the same few things, with a status, a code or a sentence, each in its own way."""

from __future__ import annotations

import email.utils
import math
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openai import APIStatusError

_IN_ANSWER = 0
_A_DAY = 86_400.0  # nobody waits longer, whatever a server says
_QUOTA = re.compile(
    r"insufficient_quota|billing|insufficient (credit|balance|fund)|exceeded your current quota|payment", re.IGNORECASE
)
_TOO_LONG = re.compile(
    r"context.(length|window|size)|maximum context|prompt is too long|too many tokens|reduce the length"
    r"|exceeds? the (available context|maximum number of tokens)",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"request too large for", re.IGNORECASE)
"""How a limit of tokens a minute is told that no single question of that size ever passes."""
_ROOM = re.compile(
    r"(?:context length (?:is|of)(?: only)?|context size \(|allowed \(|\blimit|>) *(?P<behind>\d{3,})"
    r"|(?P<before>\d{3,}) maximum",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{3,}")
_NO_MODEL = re.compile(
    r"model_not_found|\bmodel\b.*(not found|not exist|unknown|no such|decommissioned)"
    r"|(unknown|invalid|not a valid) model",
    re.IGNORECASE,
)
_NO_ROOM = re.compile(r"max_(completion_)?tokens\W.*too (large|high|big)|in the completion", re.IGNORECASE | re.DOTALL)
_MISSPOKEN = re.compile(r"tool_use_failed|json_validate_failed", re.IGNORECASE)
_FILTERED = re.compile(r"content_filter|content_policy_violation|content management policy", re.IGNORECASE)
_NO_FORM = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.NOT_IMPLEMENTED,
}
_UNNAMED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


@dataclass(frozen=True)
class Complaint:
    """What a server said.

    Args:
        status: of the response; 0 when the complaint came within an answer, without one.
        code: the words that are for programs: code, type and parameter.
        text: the words that are for people.
        retry_after: seconds that it asks to wait; None when it says nothing that can be understood.
        written: what the model wrote, where the server shows that.
    """

    status: int
    code: str
    text: str
    retry_after: float | None = None
    written: str = ""

    @property
    def words(self) -> str:
        """Everything in which a reason can be looked for."""
        return f"{self.code} {self.text}"

    @property
    def too_long(self) -> bool:
        """Whether the conversation is longer than the model can read."""
        if self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return True
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return bool(_TOO_LARGE.search(self.text))
        return self.status in {_IN_ANSWER, *_UNNAMED} and bool(_TOO_LONG.search(self.words))

    @property
    def share(self) -> float | None:
        """How much of a question that is too long there is room for; None when the server names no numbers."""
        found = _ROOM.search(self.text)
        if found is None:
            return None
        room, asked = int(found["behind"] or found["before"]), max(map(int, _NUMBER.findall(self.text)))
        return room / asked if asked > room else None

    @property
    def no_credit(self) -> bool:
        """Whether money is what is missing; then waiting does not help, though many servers say 429."""
        if self.status == HTTPStatus.PAYMENT_REQUIRED:
            return True
        tight = {_IN_ANSWER, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        return self.status in tight and bool(_QUOTA.search(self.words))

    @property
    def no_model(self) -> bool:
        """Whether the server does not have the model."""
        asked = {_IN_ANSWER, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
        return self.status in asked and bool(_NO_MODEL.search(self.words))

    @property
    def filtered(self) -> bool:
        """Whether a content filter took the question: a matter between us and the model, not a fault."""
        return self.status == HTTPStatus.BAD_REQUEST and bool(_FILTERED.search(self.code))

    @property
    def misspoken(self) -> bool:
        """Whether the model wrote a call or an answer that the server could not read: that is for the model to mend."""
        return self.status == HTTPStatus.BAD_REQUEST and bool(_MISSPOKEN.search(self.code))

    @property
    def about_the_form(self) -> bool:
        """Whether the request's form may be what is refused, so that another form can help."""
        if self.no_credit or self.no_model or self.filtered or self.misspoken:
            return False
        return self.status in _NO_FORM and (not self.too_long or bool(_NO_ROOM.search(self.text)))

    @property
    def names_nothing(self) -> bool:
        """Whether it may be the form although no part of it is named."""
        return self.about_the_form and self.status in _UNNAMED and not self.too_long


def complaint_of(error: APIStatusError) -> Complaint:
    """Return what a server said with an HTTP status."""
    words = [str(word) for word in (error.code, error.type, error.param) if word]
    written = error.body.get("failed_generation") if isinstance(error.body, dict) else None
    return Complaint(
        status=error.status_code,
        code=" ".join(words),
        text=_sentence(error.body),
        retry_after=retry_after(error.response.headers),
        written=written if isinstance(written, str) else "",
    )


def complaint_within(body: object) -> Complaint:
    """Return what a server said within an answer; many proxies do that, with the status as the code."""
    content = body if isinstance(body, dict) else {}
    words = [str(word) for word in (content.get("code"), content.get("type")) if word]
    return Complaint(_status(content.get("code")), " ".join(words), _sentence(body))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait; None when it says nothing that can be understood."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return _bounded(seconds)
    return _until(headers.get("retry-after", ""))


def _until(date: str) -> float | None:
    parsed = email.utils.parsedate_tz(date)
    if parsed is None:
        return None
    try:
        return _bounded(email.utils.mktime_tz(parsed) - time.time())
    except (ValueError, OverflowError):
        return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), _A_DAY)


def _status(code: object) -> int:
    try:
        return HTTPStatus(int(str(code))).value
    except ValueError:
        return _IN_ANSWER


def _sentence(body: object) -> str:
    """Return the server's words: its message, or the whole body when there is none."""
    if isinstance(body, dict):
        said = next((body[name] for name in ("message", "detail", "error") if body.get(name)), body)
        return str(said)
    return "" if body is None else re.sub(r"<[^>]*>", " ", str(body))
