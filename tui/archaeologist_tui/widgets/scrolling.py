"""How much a view scrolls over, told without having the whole screen arranged anew, which Textual does each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from textual.geometry import Size


def scroll_over(view: ScrollView, size: Size) -> None:
    """Have a view scroll over another size.

    Only where a scroll bar comes or goes, or the view itself may grow or shrink, is the screen arranged anew.
    """
    room, before = view.scrollable_content_region, view.virtual_size
    steady_x = view.styles.overflow_x != "auto" or (size.width > room.width) == view.show_horizontal_scrollbar
    steady_y = view.styles.overflow_y != "auto" or (size.height > room.height) == view.show_vertical_scrollbar
    steady_size = not view.styles.auto_dimensions or min(size.height, before.height) > room.height
    if not (steady_x and steady_y and steady_size):
        view.virtual_size = size
        return
    view.set_reactive(ScrollView.virtual_size, size)
    if view.show_horizontal_scrollbar:
        view.horizontal_scrollbar.window_virtual_size = size.width
    if view.show_vertical_scrollbar:
        view.vertical_scrollbar.window_virtual_size = size.height
