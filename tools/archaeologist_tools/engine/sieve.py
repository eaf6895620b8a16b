"""Which of many rules can find anything in a file, told by its words before anything else is asked of it.

Most rules have nothing to say of most files, and to ask each of them would cost more than to read the file.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.source.module import Module


class Sieve:
    """Lets those of some rules through that can find something in a file.

    Args:
        rules: the rules, in the order in which they come out.
    """

    def __init__(self, rules: Sequence[AnyRule]) -> None:
        self.rules = tuple(rules)
        self._words = _Table([rule.words for rule in rules])
        self._names = _Table([rule.names for rule in rules])
        self._chosen: dict[int, list[AnyRule]] = {}

    def through(self, module: Module) -> list[AnyRule]:
        """The rules of which a file holds a word, a name and its sign, as far as they have any.

        To look for signs is slow. They are looked for where nothing else makes it necessary to walk the file, or to
        show it to ruff: where that is done for one rule, the others cost little more.
        """
        bits = self._words.found_in(module) & self._names.found_in(module)
        if bits not in self._chosen:
            self._chosen[bits] = [rule for number, rule in enumerate(self.rules) if bits >> number & 1]
        left = [rule for rule in self._chosen[bits] if rule.suspects(module)]
        certain = {bool(rule.adopts) for rule in left if rule.sign is None}
        return [rule for rule in left if bool(rule.adopts) in certain or _holds(rule.sign, module)]


def _holds(sign: re.Pattern[bytes] | None, module: Module) -> bool:
    """Whether a file holds a sign; every file does where there is none."""
    return sign is None or sign.search(module.data) is not None


class _Table:
    """The rules that ask for each text. A set of rules is a number with one bit a rule: such are joined at once.

    Args:
        texts: what each rule asks for; a rule that asks for nothing is found in every file.
    """

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
        self._words: dict[bytes, int] = {}
        self._others: dict[bytes, int] = {}
        self._everywhere = sum(1 << number for number, asked in enumerate(texts) if not asked)
        for number, asked in enumerate(texts):
            for text in asked:
                table = self._words if text.isidentifier() else self._others
                table[text.encode()] = table.get(text.encode(), 0) | 1 << number

    def found_in(self, module: Module) -> int:
        """The rules that find what they ask for in a file."""
        held = self._words.keys() & module.words
        bits = reduce(or_, map(self._words.__getitem__, held), self._everywhere)
        for text, asking in self._others.items():
            if asking & ~bits and text in module.data:
                bits |= asking
        return bits
