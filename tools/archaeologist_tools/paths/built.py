"""What writing a path gives: an expression, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.paths.strings import Text


class NotBuilt(Exception):
    """A path cannot be written with `Path`; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Built:
    """An expression that gives a Path.

    Attributes:
        code: its source.
        text: what is known of the text that the old expression gave.
        closed: a method can be called on it without parentheses.
    """

    code: str
    text: Text
    closed: bool = True

    @property
    def receiver(self) -> str:
        """The source in front of a dot."""
        return self.code if self.closed else f"({self.code})"
