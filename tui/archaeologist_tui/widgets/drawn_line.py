"""One line that is drawn anew only when it is another one."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class DrawnLine(Widget):
    """A line that is always on screen; whoever knows of news has it look at itself by `draw_anew`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._line = Content("")

    def made(self, width: int) -> Content:
        """Return the line as it is now, for a width in cells."""
        raise NotImplementedError

    def draw_anew(self) -> None:
        """Draw the line if it is not what is on the screen, which it mostly is."""
        width = self.content_size.width
        if width and not (line := self.made(width)).is_same(self._line):
            self._line = line
            self.refresh()

    def on_resize(self) -> None:
        """Make use of the room."""
        self.draw_anew()

    def render(self) -> Content:
        """Return the line."""
        return self._line
