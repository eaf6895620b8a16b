"""Which key does what by now: what a person has changed, and what a new key would get into the way of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.widgets import Input

from archaeologist_tui.keys import all_keys, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.binding import ActiveBinding, Binding
    from textual.screen import Screen

Chain = tuple[type[DOMNode], ...]
"""Classes that hear a key one after the other: the focused widget's first, the application last."""
KEPT = {"app.explain": "ctrl+c", "app.leave-now": "ctrl+q", "rows.open": "enter", "settings.back": "escape"}
"""Keys that always do what they do, whatever others do the same: without them nobody could leave, or change a key."""


@dataclass(frozen=True)
class Taken:
    """A key that two actions have where both would be heard.

    Args:
        key: Textual's name of it.
        heard: what it does there.
        unheard: what it does not.
    """

    key: str
    heard: Binding
    unheard: Binding


@dataclass(frozen=True)
class Keymap:
    """Keys of actions, by the ids of their bindings.

    Args:
        chains: who hears keys together.
        changed: Textual's names of other keys than the bindings say, separated by commas.
    """

    chains: Sequence[Chain] = field(repr=False)
    changed: Mapping[str, str]

    @cached_property
    def applied(self) -> dict[str, str]:
        """The form that Textual takes.

        It has the keys of those that share one by default, too: Textual 8.2 takes a key away from all of them when
        one of them gets another key.
        """
        return {**_sharing(self.chains), **self.changed} if self.changed else {}

    def keys_of(self, binding: Binding) -> str:
        """Return Textual's names of the keys that a binding has, separated by commas."""
        return self.changed.get(binding.id or "", binding.key)

    def changed_to(self, name: str, keys: Sequence[str]) -> Keymap:
        """Return the keymap in which an action has these keys, those of `KEPT` besides; its own ones when none."""
        others = {each: text for each, text in self.changed.items() if each != name}
        wanted = list(dict.fromkeys([*([KEPT[name]] if name in KEPT else []), *keys]))
        if keys and wanted != split(_own(name)):
            others[name] = ",".join(wanted)
        return Keymap(self.chains, others)

    def swapped(self, name: str, key: str) -> Keymap | None:
        """Return the keymap in which an action has the key of others, and they have the first one that it gives away.

        Args:
            name: id of the action's bindings.
            key: Textual's name of the key.

        Returns:
            None when one of them cannot be without its key, or would be in the way of something else.
        """
        others = self.in_the_way(name, key)
        given = next((each for each in self._now(name) if each != KEPT.get(name)), None)
        if given is None or any(not other.id or KEPT.get(other.id) == key for other in others):
            return None
        swapped, names = self.changed_to(name, [key]), [other.id or "" for other in others]
        for other in names:
            swapped = swapped.changed_to(other, [given if each == key else each for each in self._now(other)])
        taken = swapped.in_the_way(name, key) or any(swapped.in_the_way(other, given) for other in names)
        return None if taken else swapped

    def _now(self, name: str) -> list[str]:
        """Return the keys of an action as they are by now."""
        return split(self.changed.get(name) or _own(name))

    def in_the_way(self, name: str, key: str) -> list[Binding]:
        """Return what a key does already where it would be heard for an action, what has an id first, each once.

        What shares a key by default may share others: it takes turns, or the nearer one goes before the other one.

        Args:
            name: id of the action's bindings.
            key: Textual's name of the key.
        """
        found = [other for chain in self.chains for other in self._others(_heard(chain), name, key)]
        return sorted({_named(other): other for other in found}.values(), key=lambda other: not other.id)

    @cached_property
    def taken(self) -> list[Taken]:
        """The keys of changed actions that something else has where both would be heard, each pair once."""
        wanted = [(chain, name, key) for name in self.changed for key in self._now(name) for chain in self.chains]
        found = [
            self._told_apart(chain, name, other, key)
            for chain, name, key in wanted
            for other in self._others(_heard(chain), name, key)
        ]
        return list({(each.key, _named(each.heard), _named(each.unheard)): each for each in found}.values())

    def _told_apart(self, chain: Chain, name: str, other: Binding, key: str) -> Taken:
        """Return which one of two actions a key does, by what Textual makes of the chain."""
        own = next(each for each in _heard(chain) if each.id == name)
        first = next(each for each in self._order(chain, key) if _named(each) in {name, _named(other)})
        return Taken(key, own, other) if _named(first) == name else Taken(key, other, own)

    def _order(self, chain: Chain, key: str) -> Iterator[Binding]:
        """Return what a key does in a chain by now, what is heard first at the beginning."""
        several = []
        for kind in chain:
            bindings = (kind._merged_bindings or BindingsMap()).copy()  # noqa: SLF001 - Textual tells it nobody
            bindings.apply_keymap(self.applied)
            several.append(bindings.key_to_bindings.get(key, []))
        yield from (each for bindings in reversed(several) for each in bindings if each.priority)
        yield from (each for bindings in several for each in bindings if not each.priority)

    def _others(self, heard: Sequence[Binding], name: str, key: str) -> Iterator[Binding]:
        own = {each.key for each in heard if each.id == name}
        for other in heard if own else ():
            if other.id != name and key in split(self.keys_of(other)) and own.isdisjoint(_keys(heard, other)):
                yield other


def _named(binding: Binding) -> str:
    """Return the id of a binding's action, or what Textual calls what has none."""
    return binding.id or binding.action


def bindings_of(kind: type[DOMNode]) -> Mapping[str, Sequence[Binding]]:
    """Return what a class binds by default, its own bindings and those that it inherits, by their keys."""
    merged = kind._merged_bindings  # noqa: SLF001 - Textual tells it nobody
    return merged.key_to_bindings if merged else {}


def active_on(screen: Screen[Any]) -> list[ActiveBinding]:
    """Return what does something now, the focused widget's first, each where its class binds it by default.

    Textual puts what has another key to the end, so that keys would change their places.
    """
    return sorted(screen.active_bindings.values(), key=lambda each: (-len(each.node.ancestors), _place(each)))


def _place(active: ActiveBinding) -> int:
    """Return how many of its node's bindings come before one by default; of what has no id, how many there are."""
    own = _ids(type(active.node))
    return own.index(active.binding.id) if active.binding.id in own else len(own)


@cache
def _ids(kind: type[DOMNode]) -> tuple[str | None, ...]:
    return tuple(binding.id for several in bindings_of(kind).values() for binding in several)


@cache
def _heard(chain: Chain) -> tuple[Binding, ...]:
    """Return the bindings of a chain by default, one for each key.

    What edits a text while it is typed is none of them, as letters are none: it gets into nobody's way. Behind a modal
    screen only what goes before everything is heard.
    """
    found: list[Binding] = []
    modal = False
    for kind in chain:
        several = [binding for bindings in bindings_of(kind).values() for binding in bindings]
        found += [each for each in several if each.id or not issubclass(kind, Input) if each.priority or not modal]
        modal = modal or issubclass(kind, ModalScreen)
    return tuple(found)


def _own(name: str) -> str:
    """Return the keys of an action by default, separated by commas."""
    return next((key.keys for key in all_keys() if key.id == name), "")


def _keys(heard: Sequence[Binding], binding: Binding) -> set[str]:
    """Return all keys that a binding has by default."""
    return {each.key for each in heard if each is binding or (each.id and each.id == binding.id)}


def _sharing(chains: Sequence[Chain]) -> dict[str, str]:
    """Return the keys of those whose class binds one of them to another action, too."""
    found: dict[str, str] = {}
    for kind in {kind for chain in chains for kind in chain}:
        for bindings in bindings_of(kind).values():
            if len({each.id for each in bindings}) > 1:
                own = [each for several in bindings_of(kind).values() for each in several]
                found |= {each.id: ",".join(sorted(_keys(own, each))) for each in bindings if each.id}
    return found
