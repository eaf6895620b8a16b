"""Events and results as JSON lines, for programs."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archaeologist.domain.payload import Payload
from archaeologist.domain.undone import Undone

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent, RunLine
    from archaeologist.domain.view import RunView


def event_json(event: RunEvent) -> str:
    """Return one event as a JSON object; `event` names its kind, and `undone` says that it counts no more."""
    happened, undone = (event.event, {"undone": True}) if isinstance(event, Undone) else (event, {})
    values = {field.name: getattr(happened, field.name) for field in fields(happened)}
    return _dumped({"event": type(happened).__name__, **values, **undone})


def result_json(view: RunView, stands_still: str = "") -> str:
    """Return how a run ended, or where it stands and why it stands still, as a JSON object."""
    return _dumped(
        {
            "event": "Result",
            "state": view.state,
            "paused": view.paused,
            "stands_still": stands_still,
            "message": view.message,
            "started": view.started,
            "ended": view.ended,
            "cost_usd": view.cost_usd,
            "result": view.result.model_dump(mode="json") if view.result else None,
        }
    )


def run_json(line: RunLine, stands_still: str = "") -> str:
    """Return one run of a list, and why it stands still, as a JSON object."""
    return _dumped({**{field.name: getattr(line, field.name) for field in fields(line)}, "stands_still": stands_still})


def _dumped(values: dict[str, Any]) -> str:
    return json.dumps(values, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Payload):
        return value.model_dump(mode="json", exclude_none=True)
    return value.isoformat() if isinstance(value, datetime) else str(value)
