"""A screen that draws no more than is seen to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import Reactive
from textual.screen import Screen, ScreenResultType

if TYPE_CHECKING:
    from textual.widget import Widget


class CalmScreen(Screen[ScreenResultType]):
    """Textual's draws all of itself anew when the focus moves; the widgets that lose and get it do so anyway."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    @property
    def is_seen(self) -> bool:
        """Whether nothing covers it; Textual takes the screen right below another one for current."""
        return self.is_current and (self.app.screen is self or self.app.screen.is_modal)
