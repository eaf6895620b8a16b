"""Every action of a screen, whichever of its panes has the focus: what the palette offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.actions import parse
from textual.widget import Widget
from textual.widgets import Input

from archaeologist_tui.keymap import bindings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import Binding
    from textual.dom import DOMNode
    from textual.screen import Screen


@dataclass(frozen=True)
class Action:
    """Something that can be done.

    Args:
        title: in a word or two, behind the name of the pane where it is done.
        words: what it does.
        node: who does it: the screen, the application, or a pane that gets the focus for it.
        action: how Textual calls it.
    """

    title: str
    words: str
    node: DOMNode
    action: str


def actions_of(screen: Screen[Any]) -> list[Action]:
    """Return what can be done now, by title; what a pane and its screen have in common is the pane's."""
    found: dict[str, Action] = {}
    known: set[str] = set()
    for node in (*_panes(screen), screen, screen.app):
        pane = f"{_pane(node)}: " if _pane(node) else ""
        for binding in _offered(node):
            if pane or binding.id not in known:
                known.add(binding.id or "")
                words = binding.tooltip or binding.description
                found.setdefault(f"{pane}{binding.description}", Action("", words, node, binding.action))
    return [Action(title, each.words, each.node, each.action) for title, each in sorted(found.items())]


def _panes(screen: Screen[Any]) -> Iterator[Widget]:
    """Yield what hears keys, on closed tabs, too; not where a text is written, nor a list that is not there."""
    for widget in screen.walk_children(Widget):
        if not isinstance(widget, Input) and (widget.display or not widget.can_focus):
            yield widget


def _offered(node: DOMNode) -> Iterator[Binding]:
    """Yield what somebody would look for by its name, and what does something now."""
    for bindings in bindings_of(type(node)).values():
        for binding in bindings:
            if binding.id and binding.tooltip and _does_something(node, binding.action):
                yield binding


def _does_something(node: DOMNode, action: str) -> bool:
    _, name, parameters = parse(action)
    return node.check_action(name, parameters) is True


def _pane(node: DOMNode) -> str:
    """Return what a pane is called, whichever key leads there and however much is in it."""
    titles = (each.BORDER_TITLE for each in node.ancestors_with_self if isinstance(each, Widget))
    return next((title for title in titles if title), "")
