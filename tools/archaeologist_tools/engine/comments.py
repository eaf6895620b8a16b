"""The comments of a file, which edits have to keep, but for those of rules about comments."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from typing import TYPE_CHECKING

from archaeologist_tools.engine.parts import is_no_code
from archaeologist_tools.engine.stretches import stretches
from archaeologist_tools.engine.suites import ALL, CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.stretches import Stretch
    from archaeologist_tools.source.module import Module


def drop_head_comments(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether edits do nothing but take out lines above all code, which no tree is needed to see."""
    places = [(edit.span.start, edit.span.end) for edit in edits if not edit.after]
    whole = all(module.position(start)[1] == module.position(end)[1] == 1 for start, end in places)
    if module.encoding != "utf-8" or not places or len(places) < len(edits) or not whole:
        return False
    return is_no_code(module.data[module.bom : max(end for _, end in places)].decode())


def keep_comments(module: Module, edits: Sequence[Edit]) -> bool:
    """Whether all comments are there after edits that must not drop any."""
    # Without a # in the old or the new text no comment comes or goes, and looking at the file again can be spared.
    if not any("#" in text for edit in edits for text in (edit.before, edit.after)):
        return True
    were, are = _before_and_after(stretches(module, edits, in_suites=ALL))
    if were is None or were != are:
        # A part may make no tokens where more of the text does.
        were, are = _before_and_after(stretches(module, edits, in_suites=CLASSES))
    return were == are


def _before_and_after(touched: Sequence[Stretch]) -> tuple[Counter[str] | None, Counter[str] | None]:
    """The comments in some stretches, before edits and after them."""
    return _comments(stretch.old for stretch in touched), _comments(stretch.new for stretch in touched)


def _comments(texts: Iterable[str]) -> Counter[str] | None:
    """The comments in some texts; None when the tokenizer gives up."""
    try:
        return Counter(comment for text in texts for _, comment in comments_in(text))
    except (tokenize.TokenError, SyntaxError):
        return None


def comments_in(text: str) -> Iterator[tuple[int, str]]:
    """The comments in a text, each with the number of its line.

    Raises:
        TokenError, SyntaxError: the tokenizer gives up.
    """
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string.rstrip()
