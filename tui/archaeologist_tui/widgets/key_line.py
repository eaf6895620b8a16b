"""The keys that do something now, in the last line.

Textual's Footer is a widget for each key, made anew whenever the focus moves, which takes longer than a key press may.
This is one line that is drawn anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.content import Content
from textual.style import Style

from archaeologist_tui.keymap import active_on
from archaeologist_tui.widgets.drawn_line import DrawnLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.screen import Screen

_PRESSES = "presses"
_EVERYWHERE = {"help": "Help", "command_palette": "Palette"}
"""Keys that stand at the end of the line."""


class KeyLine(DrawnLine):
    """A line of keys; a click on one presses it."""

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        padding: 0 1;
        color: $footer-foreground;
        background: $footer-background;
    }
    """

    def on_mount(self) -> None:
        """Draw anew when other keys do something."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.draw_anew()

    def made(self, width: int) -> Content:
        """Return the keys; those for which there is no room are in the help, whose key is always there."""
        last = Content("  ").join(self._last())
        line, gap = Content(""), Content("  ")
        for key in self._keys():
            longer = line + gap + key if line else key
            if longer.cell_length + len(gap) + last.cell_length > width:
                break
            line = longer
        room = width - line.cell_length - last.cell_length
        return (line + Content(" " * max(1, room)) + last).truncate(width)

    def _keys(self) -> Iterator[Content]:
        """Yield the keys of the focused pane and its screen, each action once."""
        seen: set[str] = set()
        for active in active_on(self.screen):
            binding = active.binding
            if binding.show and active.enabled and binding.action not in {*seen, *_EVERYWHERE}:
                seen.add(binding.action)
                yield self._key(binding.key, self.app.get_key_display(binding), binding.description)

    def _last(self) -> Iterator[Content]:
        """Yield the keys that are the same everywhere, if they work here."""
        ours = [active.binding for active in active_on(self.screen) if active.node is self.app]
        for action, words in _EVERYWHERE.items():
            for binding in [binding for binding in ours if binding.action == action][:1]:
                yield self._key(binding.key, self.app.get_key_display(binding), words)

    def _key(self, key: str, shown: str, words: str) -> Content:
        press = Style.from_meta({_PRESSES: key})
        return Content.assemble((shown, "bold $footer-key-foreground"), f" {words}").stylize(press)

    @on(events.Click)
    def _pressed(self, event: events.Click) -> None:
        key = event.style.meta.get(_PRESSES)
        if key:
            self.app.simulate_key(key)
