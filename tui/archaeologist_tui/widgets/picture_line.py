"""One line made from the picture of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture


class PictureLine(Widget):
    """A line that is always on screen, cut where there is no room."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._line = Content("")

    def show(self, picture: Picture) -> None:
        """Show the run as it is now."""
        self._picture = picture
        self._make()

    def on_resize(self) -> None:
        """Make use of the room."""
        self._make()

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line for a width in cells."""
        raise NotImplementedError

    def _make(self) -> None:
        """Draw the line anew if it is another one than a tenth of a second ago, which it mostly is not."""
        width = self.content_size.width
        if self._picture is None or not width:
            return
        line = self.line(self._picture, width).truncate(width, ellipsis=True)
        if not line.is_same(self._line):
            self._line = line
            self.refresh()

    def render(self) -> Content:
        """Return the line; nothing before there is a picture."""
        return self._line
