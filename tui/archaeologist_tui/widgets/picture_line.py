"""One line made from the picture of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist_tui.widgets.drawn_line import DrawnLine

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture


class PictureLine(DrawnLine):
    """A line that is always on screen, cut where there is no room."""

    _picture: Picture | None = None

    def show(self, picture: Picture) -> None:
        """Show the run as it is now."""
        self._picture = picture
        self.draw_anew()

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line for a width in cells."""
        raise NotImplementedError

    def made(self, width: int) -> Content:
        """Return the line; nothing before there is a picture."""
        if self._picture is None:
            return Content("")
        return self.line(self._picture, width).truncate(width, ellipsis=True)
