"""What the terminal around the screens is told: its title, and that a person is needed though nobody is looking.

OSC 9 (iTerm2, Windows Terminal, ghostty), OSC 777 (urxvt, foot, ghostty) and the bell are understood by some terminals
each and ignored by the others; which are used is a matter of configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.theme import BUILTIN_THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

_SHOWN = 120
_REMEMBER_TITLE, _RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""XTWINOPS, of xterm's control sequences: the stack of titles."""
_LIGHT = "textual-light"
_DARK = "textual-dark"
_OWN_LIGHT = "ansi-light"
_OWN_DARK = "ansi-dark"
_LIGHT_BACKGROUNDS = {"7", "15"}

NOTIFICATIONS = ("bell", "osc9", "osc777")
THEMES = tuple(sorted(BUILTIN_THEMES))


class Terminal:
    """Writes to the terminal what is no part of a screen.

    Args:
        app: whose terminal it is.
        ways: how a person is told something, of `NOTIFICATIONS`.
    """

    def __init__(self, app: App[Any], ways: tuple[str, ...]) -> None:
        self._app = app
        self._ways = ways
        self._titled = False

    def set_title(self, title: str) -> None:
        """Set the title of the window, and let the terminal remember the one before."""
        self._write(f"{'' if self._titled else _REMEMBER_TITLE}\x1b]2;{_plain(title)}\x07")
        self._titled = True

    def restore_title(self) -> None:
        """Give the window the title that it had."""
        if self._titled:
            self._write(_RESTORE_TITLE)

    def tell(self, title: str, body: str) -> None:
        """Tell a person who may be elsewhere."""
        if "bell" in self._ways:
            self._app.bell()
        if "osc9" in self._ways:
            self._write(f"\x1b]9;{_plain(f'{title}: {body}')}\x07")
        if "osc777" in self._ways:
            self._write(f"\x1b]777;notify;{_plain(title)};{_plain(body)}\x07")

    def _write(self, sequence: str) -> None:
        driver = self._app._driver  # noqa: SLF001 - Textual has no other way to write what is not on a screen
        if driver is not None and not self._app.is_headless:
            driver.write(sequence)


def _plain(text: str) -> str:
    """Return what cannot end the sequence that it stands in."""
    return "".join(c if c.isprintable() and c != ";" else " " for c in text)[:_SHOWN]


def fitting_theme(environment: Mapping[str, str], *, coloured: bool = True) -> str:
    """Return the theme that fits the terminal's background as far as COLORFGBG tells; dark when it does not.

    Args:
        environment: the variables.
        coloured: whether colours are wanted; without them it is a theme that leaves the terminal's background alone.
    """
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    themes = (_LIGHT, _DARK) if coloured else (_OWN_LIGHT, _OWN_DARK)
    return themes[background not in _LIGHT_BACKGROUNDS]
