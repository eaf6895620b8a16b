"""All keys of all screens and panes, by the id that configuration names them by, and those that many panes share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import format_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App

_PACKAGE = "archaeologist_tui"
_NAMED = re.compile(r"\{([a-z]+\.[a-z-]+)\}")
MOVEMENT = (
    Binding("j,down", "move(1)", "Down", show=False, id="list.down"),
    Binding("k,up", "move(-1)", "Up", show=False, id="list.up"),
    Binding("ctrl+d,pagedown", "page(1)", "Page down", show=False, id="list.page-down"),
    Binding("ctrl+u,pageup", "page(-1)", "Page up", show=False, id="list.page-up"),
    Binding("g,home", "edge(0)", "To the beginning", show=False, id="list.first"),
    Binding("G,end", "edge(1)", "To the end", show=False, id="list.last"),
)
"""How everything is moved through: whoever takes these has the actions `move`, `page` and `edge`.

Their ids are the same everywhere, so that a person who wants another key says so once.
"""
LEAVE = Binding("q", "app.detach", "Leave", id="app.leave", tooltip="Leave; runs go on")
"""How the application is left; screens that show the key in their last line bind it, too."""


@dataclass(frozen=True)
class Key:
    """What a key does.

    Args:
        id: what configuration calls it.
        keys: Textual's names of the keys, separated by commas.
        words: what it does.
    """

    id: str
    keys: str
    words: str


def all_keys() -> list[Key]:
    """Return the keys of every screen and pane that is loaded, by their ids."""
    found: dict[str, Key] = {}
    for kind in _ours(DOMNode):
        for binding in kind.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                found.setdefault(binding.id, Key(binding.id, binding.key, binding.tooltip or binding.description))
    return sorted(found.values(), key=lambda key: key.id)


def key_of(app: App[Any], name: str) -> str:
    """Return the key of an action as people write it, the first one of several.

    Args:
        app: whose keys they are.
        name: id of the action's binding.
    """
    return _spelled(_keys_of(app, name)[0])


def titled(app: App[Any], name: str, title: str) -> Content:
    """Return the title of a pane behind the key that leads there: a digit where it has one.

    Args:
        app: whose keys they are.
        name: id of the binding that leads there.
        title: what the pane is called.
    """
    keys = _keys_of(app, name)
    return Content(f"{_spelled(next((key for key in keys if key.isdigit()), keys[0]))} {title}")


def _keys_of(app: App[Any], name: str) -> list[str]:
    changed = app._keymap.get(name)  # noqa: SLF001 - Textual takes other keys and gives them to nobody
    return split(changed or next(key.keys for key in all_keys() if key.id == name))


def with_keys(app: App[Any], text: str) -> str:
    """Return words of ours with the keys that they speak of: `{run.allow} allows it`.

    Args:
        app: whose keys they are.
        text: has the ids of bindings in braces.
    """
    return _NAMED.sub(lambda match: key_of(app, match[1]), text)


def spelled(keys: str) -> str:
    """Return keys as people write them, `ctrl+d ?`, for Textual's names, `ctrl+d,question_mark`."""
    return " ".join(_spelled(key) for key in split(keys))


def split(keys: str) -> list[str]:
    """Return Textual's names of the keys, each as it tells that it was pressed, for what configuration says."""
    named = [key for key in keys.split(",") if key.strip()]
    return [binding.key for key in named for binding in Binding.make_bindings([Binding(key, "")])]


def _spelled(key: str) -> str:
    *modifiers, last = key.split("+")
    return "+".join([*modifiers, format_key(last)])


def _ours(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith(_PACKAGE):
            yield below
        yield from _ours(below)
