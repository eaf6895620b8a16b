"""A screen that draws no more than is seen to change, and keeps nothing that is not seen."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class CalmScreen(Screen[ScreenResultType]):
    """Textual's draws all of itself anew when the focus moves; the widgets that lose and get it do so anyway."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    @property
    def is_seen(self) -> bool:
        """Whether nothing covers it; Textual takes the screen right below another one for current."""
        return self.is_current and (self.app.screen is self or self.app.screen.is_modal)

    def go_to(self, widget: Widget) -> None:
        """Let a pane have the focus, whatever has to be opened for it."""
        widget.focus()

    def on_screen_suspend(self) -> None:
        """Let what was drawn go: Textual 8.2 remembers the last 1,024 widgets that it drew, with all their lines."""
        for widget in self.walk_children(Widget):
            widget.refresh()
