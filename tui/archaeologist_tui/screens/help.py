"""Which keys there are, made from the bindings of the focused pane, its screen and the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from archaeologist_tui.keymap import active_on
from archaeologist_tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import ActiveBinding
    from textual.screen import Screen

_KEY_WIDTH = 12


class HelpScreen(ModalScreen[None]):
    """Lists the keys that do something now.

    Args:
        about: the screen whose keys are listed, as it was when help was asked for.
    """

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 84; max-width: 96%; height: auto; max-height: 90%;
            border: round $primary; background: $surface; padding: 0 2;
        }
    }
    """
    BINDINGS: ClassVar = [
        Binding("escape,question_mark,q", "dismiss", "Close", id="help.close", tooltip="Close this help"),
    ]

    def __init__(self, about: Screen[object]) -> None:
        super().__init__()
        self._groups = groups(about)

    def compose(self) -> ComposeResult:
        """Show a block of keys for each group."""
        with VerticalScroll() as scroll:
            scroll.border_title = "Keys"
            for title, rows in self._groups.items():
                yield Static(_block(title, rows))
        yield KeyLine()


def groups(screen: Screen[object]) -> dict[str, list[tuple[str, str]]]:
    """Return keys and what they do, by where they belong: the focused pane first, the application last."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for active in active_on(screen):
        if not active.enabled or not active.binding.id or active.binding.system:
            continue  # what Textual binds besides is what everybody tries anyway
        title = _title(active, screen)
        keys = found.setdefault(title, {}).setdefault((active.binding.action, _words(active)), [])
        keys.append(screen.app.get_key_display(active.binding))
    return {
        title: [(" ".join(dict.fromkeys(keys)), words) for (_, words), keys in rows.items()]
        for title, rows in found.items()
    }


def _title(active: ActiveBinding, screen: Screen[object]) -> str:
    if active.node is screen.app:
        return "Everywhere"
    if active.node is screen:
        return "This screen"
    titles = (getattr(node, "border_title", None) for node in active.node.ancestors_with_self)
    return Content.from_markup(next((title for title in titles if title), "This pane")).plain


def _words(active: ActiveBinding) -> str:
    return active.binding.tooltip or active.binding.description


def _block(title: str, rows: Sequence[tuple[str, str]]) -> Content:
    lines = [Content.styled(title, "bold $text-primary")]
    lines += [Content.styled(keys.ljust(_KEY_WIDTH), "bold") + Content(f"  {words}") for keys, words in rows]
    return Content("\n").join([*lines, Content("")])
