"""Styles of the parts of a widget that draws its own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.style import Style

if TYPE_CHECKING:
    from textual.widget import Widget


def component_style(widget: Widget, *names: str) -> Style:
    """Return the style of component classes on top of the widget's, with `reverse`, which Textual 8.2 leaves out."""
    reverse = any(widget.get_component_styles(name).text_style.reverse for name in names)
    return widget.get_visual_style(*names) + Style(reverse=reverse or None)


class DrawnStyles:
    """The styles that lines of a widget were drawn with.

    Args:
        widget: draws its own lines, and keeps them.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._last: tuple[str, Style] | None = None

    def are_others(self) -> bool:
        """Return whether they are others than when this was asked last: of another theme, or of another state."""
        before, self._last = self._last, (self._widget.app.theme, self._widget.visual_style)
        return self._last != before
