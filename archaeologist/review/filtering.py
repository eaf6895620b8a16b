"""The filter language of hunks: `rule:AR012 level:proved path:app/ agent:modernizer word`.

All terms have to hold; of terms with the same key one does. A minus in front keeps what does not match. Quotes hold
blanks together, and `word:` takes a text that has a colon in it. Large and small letters are the same. `path:app/` is a
folder, `path:main` whatever has that in its name, and `path:*_test.py` a pattern: `is_at` says which paths are meant.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from archaeologist.domain.names import Role
from archaeologist.review.model import ReviewHunk
from archaeologist_tools.engine.base import Evidence
from archaeologist_tools.errors import UsageError
from archaeologist_tools.likeness import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archaeologist.review.model import LeftPlace

    Kept = ReviewHunk | LeftPlace

KeptT = TypeVar("KeptT", bound="Kept")

WORD = "word"
NONE = "none"
"""The level of hunks whose evidence is not known."""
EXAMPLE = "rule:AR012 level:proved path:app/ agent:modernizer word"
_PATTERN = "*?["
_VALUES = {"level": (*(level.value for level in Evidence), NONE), "agent": tuple(role.value for role in Role)}


@dataclass(frozen=True)
class Term:
    """One term of a filter."""

    key: str
    value: str
    negated: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter; one without terms keeps everything.

    Attributes:
        terms: what it asks for.
        text: what a person typed for it.
    """

    terms: tuple[Term, ...] = ()
    text: str = field(default="", compare=False)

    def keep(self, things: Iterable[KeptT]) -> list[KeptT]:
        """Return what matches. Of what was left alone there is no level, commit or model, and nobody asks for it."""
        return [thing for thing in things if self.matches(thing)]

    def matches(self, thing: Kept) -> bool:
        """Whether a hunk, or something that was left alone, is kept."""
        terms = [term for term in self.terms if isinstance(thing, ReviewHunk) or term.key in _OF_PLACES]
        for (key, negated), alike in groupby(sorted(terms, key=_kind), key=_kind):
            found = [_TESTS[key](thing, term.value) for term in alike]
            # Every word has to be there, but no hunk is of two rules.
            wanted = all(found) if key == WORD and not negated else any(found)
            if wanted == negated:
                return False
        return True


def parse_filter(text: str) -> Filter:
    """Read a filter.

    Raises:
        UsageError: it has an unknown key or value, or a quote that is not closed; the hint says what may be meant.
    """
    try:
        words = shlex.split(text)
    except ValueError:
        raise UsageError("a quote is not closed", "close it, or leave it out") from None
    return Filter(tuple(_term(word) for word in words), text.strip())


def is_at(path: str, wanted: str) -> bool:
    """Return whether a path is one that a person means: the same wherever paths are asked for.

    Args:
        path: of a file.
        wanted: with a slash, what the path begins with, or its last parts; without, what is somewhere in it; with
            one of `*?[`, a pattern for all of the path or its last parts. In small letters.
    """
    path = path.casefold()
    if any(sign in wanted for sign in _PATTERN):
        return fnmatchcase(path, wanted) or fnmatchcase(path, f"*/{wanted}")
    if "/" in wanted:
        return path.startswith(wanted) or path.endswith(f"/{wanted}")
    return wanted in path


def _kind(term: Term) -> tuple[str, bool]:
    return term.key, term.negated


def _term(word: str) -> Term:
    negated = word.startswith("-") and len(word) > 1
    key, colon, value = word.removeprefix("-" if negated else "").partition(":")
    if not colon:
        return Term(WORD, key.casefold(), negated)
    if key not in _TESTS:
        _refuse(f"there is no key {key!r}", key, _TESTS, f"keys are {', '.join(_TESTS)}; `word:` takes any text")
    if key in _VALUES and value not in _VALUES[key]:
        _refuse(f"there is no {key} {value!r}", value, _VALUES[key], f"it is one of {', '.join(_VALUES[key])}")
    return Term(key, value.casefold(), negated)


def _refuse(message: str, said: str, known: Iterable[str], otherwise: str) -> None:
    raise UsageError(message, did_you_mean(nearest(said, known)) or otherwise)


def _has_rule(thing: Kept, value: str) -> bool:
    names = (*thing.rules, thing.commit.rule, thing.commit.name) if isinstance(thing, ReviewHunk) else (thing.rule,)
    return any(name.casefold().startswith(value) for name in names)


def _has_level(thing: Kept, value: str) -> bool:
    return isinstance(thing, ReviewHunk) and (thing.level or NONE) == value


def _has_path(thing: Kept, value: str) -> bool:
    return is_at(thing.path, value)


def _has_agent(thing: Kept, value: str) -> bool:
    return (thing.commit.agent if isinstance(thing, ReviewHunk) else thing.agent) == value


def _has_commit(thing: Kept, value: str) -> bool:
    return isinstance(thing, ReviewHunk) and thing.commit.commit.startswith(value)


def _has_model(thing: Kept, value: str) -> bool:
    return isinstance(thing, ReviewHunk) and value in thing.commit.model.casefold()


def _has_word(thing: Kept, value: str) -> bool:
    if not isinstance(thing, ReviewHunk):
        return value in f"{thing.path}\n{thing.rule}\n{thing.code}\n{thing.reason}".casefold()
    told = (thing.path, thing.commit.subject, thing.commit.label, *(edit.reason for edit in thing.edits))
    return value in "\n".join(told).casefold() or value in thing.hunk.body.decode(errors="replace").casefold()


_TESTS: dict[str, Callable[[Kept, str], bool]] = {
    "rule": _has_rule,
    "level": _has_level,
    "path": _has_path,
    "agent": _has_agent,
    "commit": _has_commit,
    "model": _has_model,
    WORD: _has_word,
}
_OF_PLACES = frozenset({"rule", "path", "agent", WORD})
