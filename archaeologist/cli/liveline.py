"""The one live line below the finished ones: what the run is doing now. Only where somebody looks at a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.reporting.text import now_line

if TYPE_CHECKING:
    from datetime import datetime

    from archaeologist.domain.view import RunView

CLEAR_LINE = "\r\x1b[2K"


class LiveLine:
    """Keeps a line at the bottom of the terminal.

    Args:
        enabled: whether there is a terminal to keep it on; without one nothing but finished lines is printed.
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._shown = ""

    def print(self, line: str, *, err: bool) -> None:
        """Print a finished line above the live one."""
        shown = self._shown
        self.clear()
        click.echo(line, err=err)
        self._show(shown)

    def update(self, view: RunView, now: datetime) -> None:
        """Show what the run is doing now, by its own clock, cut to the terminal's width."""
        width = shutil.get_terminal_size().columns
        self._show(now_line(view, now)[: width - 1])

    def clear(self) -> None:
        """Take the live line away."""
        if self._shown:
            self._write(CLEAR_LINE)
            self._shown = ""

    def _show(self, text: str) -> None:
        if self._enabled and text:
            self._write(CLEAR_LINE + text)
            self._shown = text

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
