"""What a person types to see less: words, `agent:modernizer`, `"two words"`, and with a `-` what is to be left out.

Of a field the beginning counts, of `path:` what `review/filtering.py` says of it: one language for all lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from archaeologist.review.filtering import is_at

if TYPE_CHECKING:
    from collections.abc import Collection

PATH = "path"
"""The field whose value is looked for as a path is."""
_TERM = re.compile(r'(?P<out>-?)(?:(?P<field>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>\S+))')


class Fielded(Protocol):
    """What has fields that can be asked for."""

    def field(self, name: str) -> str:
        """Return the value of a field in small letters; empty for one it has not."""
        ...


@dataclass(frozen=True)
class Term:
    """One thing to look for, in small letters.

    Attributes:
        text: what is looked for.
        field: where; empty for everywhere.
        out: whether what holds it is left out.
    """

    text: str
    field: str = ""
    out: bool = False


@dataclass(frozen=True)
class Query:
    """All that was typed: every word has to be there, of each field one of its values, and nothing that is left out."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.terms)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What must be there, whatever the field."""
        return tuple(term.text for term in self.terms if not term.field and not term.out)

    @cached_property
    def _unwanted(self) -> tuple[str, ...]:
        return tuple(term.text for term in self.terms if not term.field and term.out)

    @cached_property
    def _fields(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.field)

    def narrows(self, other: Query) -> bool:
        """Return whether all that it finds is found by the other one, too, as far as that is seen without looking."""
        if self._fields or other._fields or self._unwanted or other._unwanted:
            return False
        return all(any(word in longer for longer in self.words) for word in other.words)

    def matches(self, text: str, something: Fielded) -> bool:
        """Return whether something is what was asked for.

        Args:
            text: all of its words, in small letters.
            something: has the values of its fields.
        """
        for word in self.words:
            if word not in text:
                return False
        for word in self._unwanted:
            if word in text:
                return False
        return not self._fields or self._has(something)

    def _has(self, something: Fielded) -> bool:
        wanted: dict[str, bool] = {}
        for term in self._fields:
            found = _is(something.field(term.field), term)
            if term.out and found:
                return False
            if not term.out:
                wanted[term.field] = wanted.get(term.field, False) or found
        return all(wanted.values())


def _is(value: str, term: Term) -> bool:
    return is_at(value, term.text) if term.field == PATH else value.startswith(term.text)


def parsed(text: str, fields: Collection[str] = ()) -> Query:
    """Return what was typed as a query; a name before a colon that is no field belongs to the word."""
    found = []
    for match in _TERM.finditer(text.lower()):
        field = match["field"] or ""
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        if field and field not in fields:
            field, value = "", f"{field}:{value}"
        if value and not (value.endswith(":") and value[:-1] in fields):  # whose value is still to be typed
            found.append(Term(value, field, bool(match["out"])))
    return Query(tuple(found))
