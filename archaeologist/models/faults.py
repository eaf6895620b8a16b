"""The one place that says what kind of fault a failed question is: time mends it, or a person must."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from archaeologist.errors import ConversationTooLong, ModelTerminal, ModelUnavailable
from archaeologist.models.complaints import complaint_of, complaint_within
from archaeologist.models.naming import KEY, OPENAI_KEY

if TYPE_CHECKING:
    from archaeologist.errors import ModelError
    from archaeologist.models.complaints import Complaint
    from archaeologist.models.naming import Endpoint

_LONGEST = 300
_SHORTEST_KEY = 6  # a key such as "none" is a word like any other
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_BARRED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_NOWHERE = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
_FINAL_WORDS = re.compile(r"invalid_api_key|invalid_request|authentication|permission_denied", re.IGNORECASE)
_SECRET = re.compile(
    r"\b(sk|pk|rk|gsk|xai|key)[-_][\w*.-]{4,}|\b(Bearer|Basic)\s+\S+|\beyJ[\w-]+\.[\w.-]+", re.IGNORECASE
)
_THEN = "then type `archaeologist resume`"


def fault_of(error: Exception, endpoint: Endpoint) -> ModelError:
    """Return the fault that a failed question is: ModelUnavailable or ModelTerminal."""
    if isinstance(error, APIStatusError):
        return _refused(complaint_of(error), endpoint)
    if isinstance(error, APITimeoutError):
        return ModelUnavailable(f"{endpoint.name} said nothing for too long")
    if isinstance(error, APIConnectionError):
        return ModelUnavailable(_clean(f"no connection to {endpoint.name}: {_cause(error)}", endpoint))
    if isinstance(error, APIError):  # an error in the middle of a stream
        return reported(error.body, endpoint)
    return broken(f"{type(error).__name__}: {error}", endpoint)


def reported(body: object, endpoint: Endpoint) -> ModelError:
    """Return the fault that a server reports within an answer."""
    return _refused(complaint_within(body), endpoint)


def broken(what: str, endpoint: Endpoint) -> ModelUnavailable:
    """Return the fault of an answer that broke off or is none."""
    return ModelUnavailable(_clean(f"{endpoint.name} sent a broken answer: {what}", endpoint))


def _refused(complaint: Complaint, endpoint: Endpoint) -> ModelError:
    how = f"refused with status {complaint.status}" if complaint.status else "failed"
    message = _clean(": ".join(filter(None, (f"{endpoint.name} {how}", complaint.text))), endpoint)
    if _passes(complaint):
        return ModelUnavailable(message, complaint.retry_after)
    hint = _clean(_hint(complaint, endpoint), endpoint)
    if complaint.too_long and not complaint.no_credit:
        return ConversationTooLong(message, hint, complaint.share)
    return ModelTerminal(message, hint)


def _passes(complaint: Complaint) -> bool:
    """Return whether trying again can help."""
    if complaint.no_credit or complaint.too_long or complaint.no_model:
        return False
    if not complaint.status:
        return not _FINAL_WORDS.search(complaint.code)
    broken_down = complaint.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return complaint.status in _PASSING or (broken_down and complaint.status != HTTPStatus.NOT_IMPLEMENTED)


def _hint(complaint: Complaint, endpoint: Endpoint) -> str:
    """Return what a person must do."""
    if complaint.no_credit:
        return f"the account has no credit left: add some, {_THEN}"
    if complaint.too_long:
        return "the conversation is longer than the model can read: choose one with a larger context with `--model`"
    if complaint.no_model:
        return f"the server has no model {endpoint.model!r}: check the name after `--model`"
    variable = OPENAI_KEY if endpoint.trusted else KEY
    if complaint.status in _BARRED or "api_key" in complaint.code:
        return f"the key is not accepted: set {variable} to one that may use {endpoint.model}, {_THEN}"
    if complaint.status in _NOWHERE or HTTPStatus.MULTIPLE_CHOICES <= complaint.status < HTTPStatus.BAD_REQUEST:
        return f"check the address: chat completions are expected at {endpoint.url}/chat/completions"
    # Gateways say 400 to a key that they do not know, too, in words of their own.
    return f"the server does not accept it: check {variable} and the name, or choose another model with `--model`"


def _cause(error: BaseException) -> str:
    """Return the deepest reason that has words."""
    said, cause = str(error), error.__cause__
    while cause is not None:
        said, cause = str(cause) or said, cause.__cause__ or cause.__context__
    return said


def _clean(text: str, endpoint: Endpoint) -> str:
    """Return a text on one line, without the key or what looks like one, and not too long."""
    if len(endpoint.key) >= _SHORTEST_KEY:
        text = text.replace(endpoint.key, "[key]")
    text = " ".join(_SECRET.sub("[key]", text).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
