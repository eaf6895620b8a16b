"""All keys of the application, to be looked through and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from archaeologist_tui.keys import all_keys, spelled, split, with_keys
from archaeologist_tui.widgets.outline_pane import FilterInput
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from archaeologist_tui.keys import Key
    from archaeologist_tui.preferences import Preferences

_KEY_WIDTH, _ID_WIDTH = 13, 23


class KeyList(RowList):
    """Keys, of which the current one can be changed."""

    BINDINGS: ClassVar = [
        Binding("enter", "open", "Change", id="rows.open", tooltip="Press another key for it"),
    ]


class KeysPane(Vertical):
    """A list of keys with what the current one does below it.

    Args:
        preferences: which keys there are by now, and what takes others.
    """

    BORDER_TITLE: ClassVar = "Keys"
    DEFAULT_CSS = """
    KeysPane {
        & > FilterInput { display: none; height: 1; border: none; }
        & > FilterInput.-open { display: block; }
        & > #about { height: 2; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("a", "add", "Add", id="settings.add", tooltip="Press one more key for it"),
        Binding("backspace,delete", "put_back", "Put back", id="settings.put-back", tooltip="Put its own key back"),
        Binding(
            "slash", "filter", "Filter", key_display="/", id="settings.filter", tooltip="Show only keys with words"
        ),
        Binding("escape", "unfilter", "Show all", show=False, id="settings.unfilter", tooltip="Show all keys again"),
    ]

    @dataclass
    class Asked(Message):
        """A person wants another key for an action, or one more."""

        key: Key
        adds: bool

    @dataclass
    class Changed(Message):
        """An action has another key."""

    def __init__(self, preferences: Preferences, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._preferences = preferences
        self._by_id = {key.id: key for key in all_keys()}
        self._list, self._searching = KeyList(), FilterInput(placeholder="words that a key must have", compact=True)

    def compose(self) -> ComposeResult:
        """Put the parts below each other."""
        yield self._list
        yield self._searching
        yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Show all keys."""
        self.show()

    def show(self) -> None:
        """Show the keys as they are by now."""
        words = self._searching.value.lower().split()
        found = [key for key in self._by_id.values() if all(word in self._text(key) for word in words)]
        self._list.set_rows([Row(key.id, self._line(key)) for key in found])
        self._tell()

    def _text(self, key: Key) -> str:
        names = self._preferences.keys_of(key)
        return f"{key.id} {names} {spelled(names)} {key.words}".lower()

    def _line(self, key: Key) -> Content:
        mark, style = ("* ", "bold") if self._preferences.is_changed(key) else ("  ", "")
        if self._preferences.contested(key):
            mark = "! "
        keys = spelled(self._preferences.keys_of(key)).ljust(_KEY_WIDTH)
        return Content.assemble((mark, "bold $text-warning"), (keys, style), f" {key.id:<{_ID_WIDTH}} {key.words}")

    @on(RowList.Moved)
    def _tell(self) -> None:
        """Say what there is to know of the current key, and offer what can be done with it."""
        self.query_one("#about", Static).update(self._about(), layout=False)
        self.refresh_bindings()

    def _about(self) -> str:
        key = self._current
        if key is None:
            return with_keys(self.app, "no key has such words; {settings.unfilter} shows all")
        words = spelled(self._preferences.keys_of(key))
        if self._preferences.is_changed(key):
            words += f", by default {spelled(key.keys)}"
        contested = self._preferences.contested(key)
        return f"{key.words}\n{key.id}: {words}{'; ' * bool(contested)}{contested}"

    @property
    def _current(self) -> Key | None:
        return self._by_id.get(self._list.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        match action:
            case "unfilter":
                return bool(self._searching.value)
            case "put_back":
                return self._current is not None and self._preferences.is_changed(self._current)
            case "add":
                return self._current is not None
            case _:
                return True

    @on(RowList.Opened)
    def _change(self, event: RowList.Opened) -> None:
        event.stop()
        if self._current is not None:
            self.post_message(self.Asked(self._current, adds=False))

    def action_add(self) -> None:
        """Ask for one more key."""
        if self._current is not None:
            self.post_message(self.Asked(self._current, adds=True))

    def give(self, key: Key, keys: Sequence[str]) -> None:
        """Let an action have other keys; those that it has by default when none are given."""
        self._preferences.give(key, keys)
        self._changed()

    def swap(self, key: Key, pressed: str) -> None:
        """Let an action and what has the key that is wanted for it have each other's."""
        self._preferences.swap(key, pressed)
        self._changed()

    def _changed(self) -> None:
        self.show()
        self.post_message(self.Changed())

    def action_put_back(self) -> None:
        """Let the current action have the keys that it has by default."""
        key = self._current
        if key is None:
            return
        if words := self._preferences.objection(key, split(key.keys)):
            swaps = self._preferences.can_swap(key, own := split(key.keys)[0])
            answer = f"{{rows.open}}, and {spelled(own)} twice, swaps them" if swaps else "give that another key first"
            self.notify(f"{words}; {with_keys(self.app, answer)}", severity="warning", markup=False)
        else:
            self.give(key, [])

    def action_filter(self) -> None:
        """Let a person type what to look for."""
        self._searching.add_class("-open")
        self._searching.focus()

    def action_unfilter(self) -> None:
        """Show all keys again."""
        self._searching.action_leave()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.show()

    @on(Input.Submitted)
    def _looked(self, event: Input.Submitted) -> None:
        event.stop()
        self._searching.set_class(bool(event.value), "-open")
        self._list.focus()
