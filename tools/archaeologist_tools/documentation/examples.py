"""The examples in a text, as doctest finds them: to be looked at here, and to be run where that is safe."""

from __future__ import annotations

import ast
import doctest
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Example:
    """Something that is typed at the prompt.

    Attributes:
        source: what is typed.
        want: what should be shown; empty for nothing.
        line: the number of its line in the text, from 1.
    """

    source: str
    want: str
    line: int


def examples_of(text: str) -> tuple[Example, ...]:
    """Find the examples of a text.

    Raises:
        ValueError: doctest cannot read them.
    """
    found = doctest.DocTestParser().get_examples(text)
    return tuple(Example(each.source, each.want, each.lineno + 1) for each in found)


def broken_examples(text: str) -> Iterator[str]:
    """What is wrong with the examples of a text, one sentence each."""
    try:
        found = examples_of(text)
    except ValueError as error:
        yield f"the examples cannot be read: {error}"
        return
    for example in found:
        try:
            ast.parse(example.source)
        except (SyntaxError, ValueError) as error:
            yield f"the example on line {example.line} does not parse: {error.args[0]}"
