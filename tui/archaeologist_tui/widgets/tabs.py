"""Panes of which one is seen, below a line with the names of all.

Textual's TabbedContent has the screen arranged several times at each change of tabs, which takes longer than a key
press may, and needs two lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from archaeologist_tui.widgets.component_styles import component_style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

_NAMES = "names"


class TabLine(Widget):
    """Names of tabs of which one is open; a click on another one asks for it.

    Args:
        titles: what is written on each tab, by its name.
        active: name of the one that is open.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-line--active"}
    DEFAULT_CSS = """
    TabLine {
        height: 1;
        padding: 0 1;
        color: $text-muted;
        & > .tab-line--active { color: $text; background: $primary-muted; text-style: bold; }
        &:ansi > .tab-line--active, &:nocolor > .tab-line--active {
            color: ansi_default;
            background: ansi_default;
            text-style: bold reverse;
        }
    }
    """

    active: reactive[str] = reactive("", init=False)

    @dataclass
    class Chosen(Message):
        """A person wants a tab."""

        name: str

    def __init__(self, titles: Mapping[str, Content], active: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._titles = titles
        self.set_reactive(TabLine.active, active)

    def render(self) -> Content:
        """Return the names; as much of them as there is room for."""
        active = component_style(self, "tab-line--active")
        parts = []
        for name, title in self._titles.items():
            part = Content.assemble(" ", title, " ").stylize(Style.from_meta({_NAMES: name}))
            parts.append(part.stylize(active) if name == self.active else part)
        return Content("").join(parts).truncate(self.content_size.width)

    def call(self, titles: Mapping[str, Content]) -> None:
        """Write something else on the tabs."""
        self._titles = titles
        self.refresh()

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        name = event.style.meta.get(_NAMES)
        if name:
            self.post_message(self.Chosen(name))


class Tabs(Vertical):
    """Panes, of which the first one is seen to begin with; what is written on a tab is the title of its pane's border.

    Args:
        panes: all panes, by the names of their tabs.
    """

    DEFAULT_CSS = """
    Tabs > ContentSwitcher { height: 1fr; }
    """

    def __init__(self, panes: Mapping[str, Widget], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        first = next(iter(panes))
        self._line = TabLine({name: Content(pane.BORDER_TITLE) for name, pane in panes.items()}, first)
        self._switcher = ContentSwitcher(*panes.values(), initial=panes[first].id)
        self._panes = panes

    def compose(self) -> ComposeResult:
        """Put the panes below their names."""
        yield self._line
        yield self._switcher

    @property
    def active(self) -> str:
        """Name of the tab that is open."""
        return self._line.active

    def call(self, titles: Mapping[str, Content]) -> None:
        """Call the panes something else."""
        for name, title in titles.items():
            self._panes[name].border_title = title
        self._line.call(titles)

    def open(self, name: str) -> None:
        """Show the pane of a tab."""
        self._line.active = name
        self._switcher.current = self._panes[name].id
