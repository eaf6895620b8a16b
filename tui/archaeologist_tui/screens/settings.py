"""Themes and keys to try and to keep, and how the rest is configured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tui.keymap import KEPT
from archaeologist_tui.keys import spelled, split, with_keys
from archaeologist_tui.screens.calm import CalmScreen
from archaeologist_tui.screens.key_prompt import KeyPrompt
from archaeologist_tui.terminal import THEMES
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.keys_pane import KeysPane
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from archaeologist.keeping import Kept, Value
    from archaeologist_tui.keys import Key
    from archaeologist_tui.options import ScreenOptions
    from archaeologist_tui.preferences import Preferences

_KEEPS, _COPIES = "{settings.keep} keeps it", "{settings.copy} copies it"


class ThemeList(RowList):
    """Themes, of which the current one is used at once: there is nothing to open."""

    BORDER_TITLE: ClassVar = "Theme"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        return action != "open"

    def on_resize(self) -> None:
        """Have the current theme in view, also when there was no room for it before."""
        self.scroll_to_region(Region(0, self.current, 1, 1), animate=False, force=True)


class SettingsScreen(CalmScreen[None]):
    """Lets a person try themes and keys, and keep them.

    Args:
        options: how it looks and behaves at the beginning.
        preferences: theme and keys as they are by now.
    """

    CSS_PATH = "settings.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar = [
        Binding("s", "keep", "Keep", id="settings.keep", tooltip="Write what was tried into your configuration file"),
        Binding("y", "copy", "Copy", id="settings.copy", tooltip="Copy the lines that keep what was tried"),
        Binding("escape", "app.pop_screen", "Back", id="settings.back", tooltip="Back, with what was tried"),
    ]

    def __init__(self, options: ScreenOptions, preferences: Preferences) -> None:
        super().__init__()
        self._options, self._preferences = options, preferences

    def compose(self) -> ComposeResult:
        """Show themes beside keys."""
        yield Static(id="title", markup=False)
        with Horizontal(id="panes"):
            yield ThemeList(id="themes")
            yield KeysPane(self._preferences, id="keys")
        yield Static(self._more, id="more", markup=False)
        yield KeyLine()

    @property
    def _more(self) -> str:
        mouse, notify = json.dumps(self._options.mouse), json.dumps(list(self._options.notify))
        return f"mouse = {mouse}, notify = {notify}: `archaeologist config show` says what else there is, and where"

    def on_mount(self) -> None:
        """Stand on the theme that is used."""
        themes = self.query_one(ThemeList)
        with self.prevent(RowList.Moved):
            themes.set_rows([Row(name, Content(name)) for name in THEMES])
            themes.choose(self.app.theme)
        themes.focus()
        self._tell()

    @on(RowList.Moved, "#themes")
    def _try(self, event: RowList.Moved) -> None:
        self.app.theme = event.key
        self._tell()

    @on(KeysPane.Changed)
    def _tell(self) -> None:
        """Say what is tried only."""
        tried = _named(self._preferences.unkept)
        answer = with_keys(self.app, _KEEPS if self._preferences.can_keep else _COPIES)
        said = Content.assemble("Settings", (f"  not kept yet: {tried}; {answer}" if tried else "", "$text-warning"))
        self.query_one("#title", Static).update(said, layout=False)

    @on(KeysPane.Asked)
    @work
    async def _ask(self, event: KeysPane.Asked) -> None:
        """Have the person press a key."""
        key, adds = event.key, event.adds
        before = split(self._preferences.keys_of(key))

        def objection(pressed: str) -> str:
            if adds and pressed in before:
                return f"{spelled(pressed)} does it already"
            return self._preferences.objection(key, [pressed])

        def offer(pressed: str) -> str:
            swaps = not adds and self._preferences.can_swap(key, pressed)
            return f"press {spelled(pressed)} again to swap them, or another one" if swaps else ""

        question = _question(key, spelled(",".join(before)), adds=adds)
        pressed = await self.app.push_screen_wait(KeyPrompt(question, objection, offer))
        if pressed is None:
            return
        if objection(pressed):
            self.query_one(KeysPane).swap(key, pressed)
        else:
            self.query_one(KeysPane).give(key, [*before, pressed] if adds else [pressed])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        return action != "keep" or self._preferences.can_keep

    async def action_keep(self) -> None:
        """Write what was tried into the person's configuration file; the theme if nothing was. Say where that is."""
        for name, value in (self._preferences.unkept or {"theme": self.app.theme}).items():
            try:
                kept = await self._preferences.keep(name, value)
            except ArchaeologistError as error:
                self.notify(f"{error}\n{error.hint}", severity="error", markup=False)
                return
            if kept is not None:
                self._tell_kept(_named({name: value}), kept)
        self._tell()

    def _tell_kept(self, what: str, kept: Kept) -> None:
        words = f"{what} kept in {kept.path}"
        if kept.overruled:
            self.notify(f"{words}, but {kept.overruled} decides as long as it is set", severity="warning", markup=False)
        else:
            self.notify(words, markup=False)

    def action_copy(self) -> None:
        """Copy the lines that keep what was tried."""
        lines = self._preferences.lines
        self.app.copy_to_clipboard("\n".join(lines))
        self.notify(f"copied: {' '.join(lines)}", markup=False)


def _question(key: Key, now: str, *, adds: bool) -> str:
    """Return what is asked for before a key is pressed."""
    if adds:
        return f"Press one more key for {key.id}: {key.words}\n\n{now} does it already; esc adds none"
    stays = f"{spelled(KEPT[key.id])} always does it, too; " if key.id in KEPT else ""
    return f"Press the new key for {key.id}: {key.words}\n\n{stays}esc keeps {now}"


def _named(settings: Mapping[str, Value]) -> str:
    """Return what was tried, in a few words."""
    keys = len(settings.get("keys", ()))
    found = ["theme"] * ("theme" in settings) + [f"{keys} key{'s' * (keys > 1)}"] * (keys > 0)
    return " and ".join(found)
