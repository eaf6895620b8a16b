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
