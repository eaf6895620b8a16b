"""All keys of all screens and panes, by the id that configuration names them by, and those that many panes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.dom import DOMNode

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = "archaeologist_tui"
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


def _ours(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith(_PACKAGE):
            yield below
        yield from _ours(below)
