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

    def show(self, picture: Picture) -> None:
        """Show the run as it is now."""
        self._picture = picture
        self.refresh()

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line for a width in cells."""
        raise NotImplementedError

    def render(self) -> Content:
        """Return the line; nothing before there is a picture."""
        width = self.content_size.width
        if self._picture is None:
            return Content("")
        return self.line(self._picture, width).truncate(width, ellipsis=True)
