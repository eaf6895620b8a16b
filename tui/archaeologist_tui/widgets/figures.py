"""What a run came to, as names and values, whose ends stand below their beginnings however narrow the screen is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from archaeologist_tui.reading.wrapping import hung

if TYPE_CHECKING:
    from textual.geometry import Size


class Figures(Widget):
    """Lines of names and values."""

    DEFAULT_CSS = """
    Figures { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def show(self, text: str) -> None:
        """Show other lines."""
        self._text = text
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's form
        """Return how many lines there are when they are so wide."""
        return len(hung(self._text, width))

    def render(self) -> Content:
        """Return the lines."""
        return Content("\n".join(hung(self._text, self.content_size.width)))
