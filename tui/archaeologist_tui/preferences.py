"""What a person has tried of theme and keys, for as long as the application runs, and which of it is kept."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archaeologist_tui.keymap import Keymap
from archaeologist_tui.keys import spelled, split
from archaeologist_tui.terminal import fitting_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.binding import Binding

    from archaeologist.keeping import Kept, Value
    from archaeologist_tui.keymap import Chain
    from archaeologist_tui.keys import Key
    from archaeologist_tui.options import ScreenOptions


_TOLD = 3
"""Keys that are taken of which a person is told at once: Settings marks them all."""
_TAKEN = "Keys that two actions have"
NOTICE_SECONDS = 30.0
"""How long it stands what a person is told first, who may look away while the screen opens."""


class Preferences:
    """Theme and keys as they are used now.

    Args:
        app: looks and hears accordingly, from `use` on.
        options: what holds at the beginning.
        chains: who hears keys together.
    """

    def __init__(self, app: App[Any], options: ScreenOptions, chains: Sequence[Chain]) -> None:
        self._app, self._options = app, options
        self._theme = options.theme or fitting_theme(os.environ, coloured=not app.no_color)
        self.keymap = Keymap(chains, {})
        for name, keys in options.keys.items():
            self.keymap = self.keymap.changed_to(name, split(keys))
        self._keys = self.keymap

    def use(self) -> None:
        """Have the application look and hear as the configuration says, and say which keys of it are taken."""
        self._app.theme = self._theme
        self._hear(self.keymap)
        if taken := self.keymap.taken:
            words = [
                f"{spelled(each.key)} does {_named(each.heard)}, not {_named(each.unheard)}" for each in taken[:_TOLD]
            ]
            words += [f"and {len(taken) - _TOLD} more, all marked under Settings"] * (len(taken) > _TOLD)
            self._app.notify("\n".join(words), title=_TAKEN, severity="warning", timeout=NOTICE_SECONDS, markup=False)

    def _hear(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self._app.set_keymap(keymap.applied)

    def keys_of(self, key: Key) -> str:
        """Return Textual's names of the keys of an action, separated by commas."""
        return self.keymap.changed.get(key.id, key.keys)

    def is_changed(self, key: Key) -> bool:
        """Return whether an action has other keys than by default."""
        return split(self.keys_of(key)) != split(key.keys)

    def objection(self, key: Key, pressed: Sequence[str]) -> str:
        """Return why an action cannot have keys, in words; empty when nothing is in the way."""
        for each in pressed:
            if others := self.keymap.in_the_way(key.id, each):
                first, more = others[0], ", ".join(other.id for other in others[1:] if other.id)
                words = f" by {first.id}: {first.tooltip or first.description}{f'; and by {more}' * bool(more)}"
                return f"{spelled(each)} is taken{words if first.id else f': {first.description.lower()}'}"
        return ""

    def contested(self, key: Key) -> str:
        """Return which keys of an action something else has, too, in words; empty for none."""
        found = [
            f"{spelled(each.key)} does this, not {_named(each.unheard)}"
            if each.heard.id == key.id
            else f"{spelled(each.key)} is taken by {_named(each.heard)}"
            for each in self.keymap.taken
            if key.id in {each.heard.id, each.unheard.id}
        ]
        return "; ".join(found)

    def can_swap(self, key: Key, pressed: str) -> bool:
        """Return whether an action can have a key that is taken, when what has it gets the action's own one instead."""
        return self.keymap.swapped(key.id, pressed) is not None

    def swap(self, key: Key, pressed: str) -> None:
        """Let an action have a key that is taken, and what has it the action's own one, where that goes."""
        self._hear(self.keymap.swapped(key.id, pressed) or self.keymap)

    def give(self, key: Key, pressed: Sequence[str]) -> None:
        """Let an action have other keys from now on; those it has by default when none are given."""
        self._hear(self.keymap.changed_to(key.id, pressed))

    @property
    def can_keep(self) -> bool:
        """Whether anything can be kept."""
        return self._options.keep is not None

    async def keep(self, name: str, value: Value) -> Kept | None:
        """Write a setting into the person's configuration file; None where that is not offered.

        Raises:
            ArchaeologistError: it cannot be written.
        """
        if self._options.keep is None:
            return None
        kept = await asyncio.to_thread(self._options.keep, name, value)
        if isinstance(value, str):
            self._theme = value
        else:
            now = {**self._keys.changed, **value}
            self._keys = replace(self._keys, changed={name: keys for name, keys in now.items() if keys is not None})
        return kept

    @property
    def lines(self) -> list[str]:
        """What a configuration file says that holds what is used now."""
        keys = [f'"{name}" = "{keys}"' for name, keys in self.keymap.changed.items()]
        return [f'theme = "{self._app.theme}"', *(["[keys]", *keys] if keys else [])]

    @property
    def unkept(self) -> dict[str, Value]:
        """What was tried and is not kept, by the names of settings."""
        found: dict[str, Value] = {}
        if self._app.theme != self._theme:
            found["theme"] = self._app.theme
        now, kept = self.keymap.changed, self._keys.changed
        if keys := {name: now.get(name) for name in now.keys() | kept.keys() if now.get(name) != kept.get(name)}:
            found["keys"] = dict(sorted(keys.items()))
        return found


def _named(binding: Binding) -> str:
    """Return what an action is called in the configuration, and what it does in a word."""
    return f"{binding.id} ({binding.description})" if binding.id else binding.description.lower()
