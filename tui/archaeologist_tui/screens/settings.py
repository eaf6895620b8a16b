"""Themes to try and to keep, the keys and what else can be configured, with the lines that make it last."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tui.keys import all_keys
from archaeologist_tui.screens.calm import CalmScreen
from archaeologist_tui.terminal import THEMES
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from archaeologist_tui.options import ScreenOptions

_ID_WIDTH = 22
_KEY_WIDTH = 22


class ThemeList(RowList):
    """Themes, of which the current one is used at once: there is nothing to open."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        return action != "open"


class SettingsScreen(CalmScreen[None]):
    """Lets a person try themes and keep one, and says how to change keys.

    Args:
        options: how it looks and behaves now.
    """

    DEFAULT_CSS = """
    SettingsScreen {
        & #title { height: 1; background: $panel; padding: 0 1; text-style: bold; }
        & Horizontal { height: 1fr; }
        & RowList {
            width: 28; border: round $surface-lighten-2;
            &:focus { border: round $border; }
        }
        & VerticalScroll {
            width: 1fr; padding: 0 1; border: round $surface-lighten-2;
            &:focus { border: round $border; }
        }
    }
    """
    BINDINGS: ClassVar = [
        Binding("escape", "app.pop_screen", "Back", id="settings.back", tooltip="Back, with the theme that is chosen"),
        Binding("s", "keep", "Keep", id="settings.keep", tooltip="Write the theme into your configuration file"),
        Binding("y", "copy", "Copy", id="settings.copy", tooltip="Copy the line that keeps the theme"),
    ]

    def __init__(self, options: ScreenOptions) -> None:
        super().__init__()
        self._options = options

    def compose(self) -> ComposeResult:
        """Show themes beside everything else."""
        yield Static("Settings", id="title", markup=False)
        with Horizontal():
            themes = ThemeList(id="themes")
            themes.border_title = "Theme"
            yield themes
            with VerticalScroll(can_focus=True) as scroll:
                scroll.border_title = "Keys and more"
                yield Static(id="more")
        yield KeyLine()

    def on_mount(self) -> None:
        """Stand on the theme that is used."""
        themes = self.query_one(RowList)
        with self.prevent(RowList.Moved):
            themes.set_rows([Row(name, Content(name)) for name in THEMES])
            themes.choose(self.app.theme)
        themes.focus()
        self._tell()

    @on(RowList.Moved)
    def _try(self, event: RowList.Moved) -> None:
        self.app.theme = event.key
        self._tell()

    def _tell(self) -> None:
        self.query_one("#more", Static).update(Content("\n").join(self._lines()))

    def _lines(self) -> list[Content]:
        heading = "bold $text-primary"
        keys = [
            Content(f"{key.id:<{_ID_WIDTH}} {self._options.keys.get(key.id, key.keys):<{_KEY_WIDTH}} {key.words}")
            for key in all_keys()
        ]
        return [
            Content.styled("To keep them", heading),
            Content(
                "Moving tries a theme, and Keep writes it into your config.toml; for the rest, these are the lines:"
            ),
            Content(""),
            Content(f"    {self._line}"),
            Content(f"    mouse = {'true' if self._options.mouse else 'false'}"),
            Content(f"    notify = {json.dumps(list(self._options.notify))}"),
            Content("    [keys]"),
            Content('    "run.leave" = "Q"'),
            Content(""),
            Content("`archaeologist config show` says where the file is and what holds now"),
            Content(""),
            Content.styled("Keys", heading),
            *keys,
        ]

    @property
    def _line(self) -> str:
        return f'theme = "{self.app.theme}"'

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        return action != "keep" or self._options.keep is not None

    async def action_keep(self) -> None:
        """Write the theme into the person's configuration file, and say where that is."""
        if self._options.keep is None:
            return
        try:
            kept = await asyncio.to_thread(self._options.keep, "theme", self.app.theme)
        except ArchaeologistError as error:
            self.notify(f"{error}\n{error.hint}", severity="error", markup=False)
            return
        words = f"{self._line} is kept in {kept.path}"
        if kept.overruled:
            self.notify(f"{words}, but {kept.overruled} decides as long as it is set", severity="warning", markup=False)
        else:
            self.notify(words, markup=False)

    def action_copy(self) -> None:
        """Copy the line that keeps the theme."""
        self.app.copy_to_clipboard(self._line)
        self.notify(f"copied: {self._line}", markup=False)
