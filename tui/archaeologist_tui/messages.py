"""What screens ask the application to tell the terminal around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from archaeologist_tui.reading.alarms import Alarm


@dataclass
class Alarmed(Message):
    """A person is needed who may be elsewhere."""

    alarm: Alarm


@dataclass
class Titled(Message):
    """The window is about something else, or that stands otherwise."""

    title: str
