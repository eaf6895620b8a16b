"""A mapping of which a changed one shares nearly everything: a picture of a run is made anew with every few events.

Values lie in chunks that are never changed. Another table has its own row of chunks, and new chunks where something is
new; keys, which only ever become more, are shared by all tables that came from each other.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from itertools import chain, islice
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")

CHUNK = 256
"""Values in a chunk: so many are copied for one that changes, and a row has a hundredth of all of them."""


class Table(Mapping[KeyT, ValueT]):
    """Values by their keys, in the order in which these came; nothing in it changes, and any thread may read it.

    Args:
        keys: the keys; more may come to the list, which are not of this table.
        places: where each key stands among them.
        chunks: the values, in tuples of `CHUNK`.
    """

    __slots__ = ("_chunks", "_keys", "_length", "_places")

    def __init__(
        self,
        keys: list[KeyT] | None = None,
        places: dict[KeyT, int] | None = None,
        chunks: tuple[tuple[ValueT, ...], ...] = (),
    ) -> None:
        self._keys = keys if keys is not None else []
        self._places = places if places is not None else {}
        self._chunks = chunks
        self._length = len(self._keys)

    @classmethod
    def of(cls, values: Mapping[KeyT, ValueT]) -> Table[KeyT, ValueT]:
        """Return a table with the same values."""
        draft = cls().draft()
        for key, value in values.items():
            draft[key] = value
        return draft.kept()

    def __getitem__(self, key: KeyT) -> ValueT:
        place = self._places[key]
        if place >= self._length:
            raise KeyError(key)  # of a later table
        return self._chunks[place // CHUNK][place % CHUNK]

    def __iter__(self) -> Iterator[KeyT]:
        return islice(self._keys, self._length)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return super().__eq__(other)
        return self._chunks == other._chunks and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as that of dict

    def __repr__(self) -> str:
        return f"Table({dict(self.items())!r})"

    def draft(self) -> Draft[KeyT, ValueT]:
        """Return what becomes another table, beginning with all that is in this one."""
        keys, places = self._keys, self._places
        if len(keys) != self._length:  # another table has come from this one, and has keys of its own
            keys = list(self)
            places = {key: place for place, key in enumerate(keys)}
        return Draft(self, keys, places, self._chunks)

    def values(self) -> Values[ValueT]:
        """Return the values."""
        return Values(self, self._chunks)

    def items(self) -> ItemsView[KeyT, ValueT]:
        """Return keys with their values."""
        return Items(self)

    def changed_since(self, before: Table[KeyT, ValueT]) -> Iterator[tuple[KeyT, ValueT]]:
        """Yield what is another value than in a table from which this one came, or new; at the cost of what is."""
        for number, chunk in enumerate(self._chunks):
            old = before._chunks[number] if number < len(before._chunks) else ()
            if chunk is not old:
                for place, value in enumerate(chunk):
                    if place >= len(old) or value is not old[place]:
                        yield self._keys[number * CHUNK + place], value


class Values(ValuesView[ValueT]):
    """The values of a table, in `chunks` that tables share."""

    def __init__(self, table: Table[KeyT, ValueT], chunks: tuple[tuple[ValueT, ...], ...]) -> None:
        super().__init__(table)
        self.chunks = chunks

    def __iter__(self) -> Iterator[ValueT]:
        return chain.from_iterable(self.chunks)

    def __reversed__(self) -> Iterator[ValueT]:
        return chain.from_iterable(map(reversed, reversed(self.chunks)))


class Items(ItemsView[KeyT, ValueT]):
    """The keys of a table with their values."""

    def __init__(self, table: Table[KeyT, ValueT]) -> None:
        super().__init__(table)
        self._table = table

    def __iter__(self) -> Iterator[tuple[KeyT, ValueT]]:
        return zip(self._table, self._table.values(), strict=True)


class Draft(Generic[KeyT, ValueT]):
    """What becomes another table: it is changed at will, and then kept, once."""

    def __init__(
        self,
        table: Table[KeyT, ValueT],
        keys: list[KeyT],
        places: dict[KeyT, int],
        chunks: tuple[tuple[ValueT, ...], ...],
    ) -> None:
        self._table = table
        self._keys = keys
        self._places = places
        self._chunks = chunks
        self._open: dict[int, list[ValueT]] = {}

    def __getitem__(self, key: KeyT) -> ValueT:
        place = self._places[key]
        return self._chunk(place // CHUNK)[place % CHUNK]

    def __setitem__(self, key: KeyT, value: ValueT) -> None:
        place = self._places.get(key)
        if place is not None:
            self._chunk(place // CHUNK)[place % CHUNK] = value
            return
        place = len(self._keys)
        self._chunk(place // CHUNK).append(value)
        self._keys.append(key)
        self._places[key] = place

    def _chunk(self, number: int) -> list[ValueT]:
        """Return a chunk that may be changed."""
        chunk = self._open.get(number)
        if chunk is None:
            chunk = self._open[number] = list(self._chunks[number]) if number < len(self._chunks) else []
        return chunk

    def kept(self) -> Table[KeyT, ValueT]:
        """Return the table that it has become."""
        if not self._open:
            return self._table
        chunks = list(self._chunks)
        for number, chunk in sorted(self._open.items()):
            chunks[number : number + 1] = [tuple(chunk)]
        return Table(self._keys, self._places, tuple(chunks))
