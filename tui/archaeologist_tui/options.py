"""What a person decides about the screens, resolved from flags, variables and configuration by whoever opens them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archaeologist.keeping import Kept, Value


@dataclass(frozen=True)
class ScreenOptions:
    """How the screens look and behave.

    Args:
        theme: name of a Textual theme; empty for the one that fits the terminal.
        keys: other keys for actions, by the id of their binding.
        mouse: whether the mouse is used.
        notify: how a person is told that a run needs somebody or has ended: `bell`, `osc9`, `osc777`; empty for not.
        editor: command line of the editor; empty for that of the environment.
        keep: writes a setting, by its name, into the person's configuration file; None where that is not offered.
    """

    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    mouse: bool = True
    notify: tuple[str, ...] = ("bell",)
    editor: str = ""
    keep: Callable[[str, Value], Kept] | None = None
