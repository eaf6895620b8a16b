"""How notes become work items: those on one function stay together, and items are neither too big nor too many.

Each item is a conversation, which begins with the same prompt and the same tools. So notes of small modules share one,
as long as it can still be thought through.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from archaeologist.documents import CodePlace, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

NOTES = 24
"""Notes of one item at most."""

CHARACTERS = 12_000
"""Code of one item at most, where functions are not longer than that: about 3,000 tokens."""

NAMED = 3
"""Modules that a title names at most."""


class Note(NamedTuple):
    """Why a place needs judgement.

    Attributes:
        path: the file.
        qualname: the function or class; empty for the module's own level.
        kind: code of the rule, or kind of finding.
        where: what of the place it is: a line, or the name.
        text: why.
    """

    path: str
    qualname: str
    kind: str
    where: str
    text: str

    @property
    def place(self) -> CodePlace:
        """Where it is, as an item names it."""
        return CodePlace(path=self.path, qualname=self.qualname)


Notes = tuple[Note, ...]


def packed(notes: Iterable[Note], characters_of: Callable[[CodePlace], int]) -> Iterator[WorkItem]:
    """Yield items, in the order of the notes.

    Args:
        notes: those of one module behind each other.
        characters_of: how much code a place is.
    """
    modules: dict[str, dict[CodePlace, Notes]] = {}
    for note in notes:
        places = modules.setdefault(note.path, {})
        places[note.place] = (*places.get(note.place, ()), note)
    whole = [part for places in modules.values() for part in _joined(places.values(), characters_of)]
    yield from map(_item, _joined(whole, characters_of))


def _joined(parts: Iterable[Notes], characters_of: Callable[[CodePlace], int]) -> Iterator[Notes]:
    """Yield neighbours together as long as there is room for both."""
    held: Notes = ()
    for part in parts:
        both = (*held, *part)
        room = len(both) <= NOTES and sum(characters_of(place) for place in _places(both)) <= CHARACTERS
        if held and not room:
            yield held
            held = part
        else:
            held = both
    if held:
        yield held


def _places(notes: Notes) -> tuple[CodePlace, ...]:
    return tuple(dict.fromkeys(note.place for note in notes))


def _item(notes: Notes) -> WorkItem:
    return WorkItem(
        kind=Counter(note.kind for note in notes).most_common(1)[0][0],
        places=_places(notes),
        title=named(note.path for note in notes),
        notes=tuple(_told(notes)),
    )


def named(paths: Iterable[str]) -> str:
    """Return the first of some paths, and how many more there are."""
    each = list(dict.fromkeys(paths))
    more = len(each) - NAMED
    return ", ".join(each[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _told(notes: Sequence[Note]) -> Iterator[str]:
    """Yield what notes say, once for all places of a module that it is said of."""
    wheres: dict[tuple[str, str], dict[str, None]] = {}
    for note in notes:
        wheres.setdefault((note.path, note.text), {})[note.where] = None
    for (path, text), places in wheres.items():
        yield f"{path}, {_listed(places)}: {text}"


def _listed(wheres: Iterable[str]) -> str:
    lines = [where for where in wheres if where.isdigit()]
    named = [where for where in wheres if not where.isdigit()]
    numbered = [f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"] if lines else []
    return ", ".join((*numbered, *named))
