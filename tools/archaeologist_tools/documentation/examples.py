"""The examples in a text, as doctest finds them, and which of them are new: only those are to be answered for."""

from __future__ import annotations

import ast
import doctest
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Example:
    """Something that is typed at the prompt.

    Attributes:
        source: what is typed.
        want: what should be shown; empty for nothing.
        line: the number of its line in the text, from 1.
        skipped: it says that it is not to be run.
    """

    source: str
    want: str
    line: int
    skipped: bool = False


def examples_of(text: str) -> tuple[Example, ...]:
    """Find the examples of a text.

    Raises:
        ValueError: doctest cannot read them.
    """
    found = doctest.DocTestParser().get_examples(text)
    return tuple(
        Example(each.source, each.want, each.lineno + 1, bool(each.options.get(doctest.SKIP))) for each in found
    )


def new_examples(text: str, before: str = "") -> Mapping[int, Example]:
    """Find the examples of a text that an older one does not have, by their number in the text, from 0.

    Raises:
        ValueError: doctest cannot read them.
    """
    known = set[tuple[str, str]]()
    with suppress(ValueError):
        known = {(each.source, each.want) for each in examples_of(before)}
    return {number: each for number, each in enumerate(examples_of(text)) if (each.source, each.want) not in known}


def broken_examples(text: str, before: str = "") -> Iterator[str]:
    """What is wrong with the new examples of a text, one sentence each."""
    try:
        found = new_examples(text, before)
    except ValueError as error:
        yield f"the examples cannot be read: {error}"
        return
    for example in found.values():
        if example.skipped:
            yield f"the example on line {example.line} is skipped where it is run; leave it out"
        try:
            ast.parse(example.source)
        except (SyntaxError, ValueError) as error:
            yield f"the example on line {example.line} does not parse: {error.args[0]}"
