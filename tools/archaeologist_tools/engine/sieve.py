"""Which of many rules can find anything in a file, told by its words before anything else is asked of it.

Most rules have nothing to say of most files, and to ask each of them would cost more than to read the file.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module


class Sieve:
    """Lets those of some rules through that can find something in a file.

    A set of rules is a number with one bit a rule: such are joined at once.

    Args:
        rules: the rules, in the order in which they come out.
        facts: what is known of the project.

    Attributes:
        rules: the same.
        order: the number of each of them, by its code.
    """

    def __init__(self, rules: Sequence[AnyRule], facts: ProjectFacts) -> None:
        self.rules = tuple(rules)
        self._facts = facts
        self.order = {rule.code: number for number, rule in enumerate(rules)}
        # One look for words and names: those of names are the upper half of the bits.
        self._texts = _Table([*(rule.words for rule in rules), *(rule.names for rule in rules)])
        self._doubting = [(1 << n, rule) for n, rule in enumerate(rules) if type(rule).suspects is not Rule.suspects]
        self._halves = [_Half(rules, adopting=adopting) for adopting in (True, False)]
        self._chosen: dict[int, tuple[AnyRule, ...]] = {}

    def through(self, module: Module) -> tuple[AnyRule, ...]:
        """The rules of which a file holds a word, a name and its sign, as far as they have any."""
        found = self._texts.found_in(module)
        left = found & found >> len(self.rules)
        for bit, rule in self._doubting:
            if left & bit and not rule.suspects(module, self._facts):
                left ^= bit
        for half in self._halves:
            left ^= half.without_sign(left, module)
        if left not in self._chosen:
            self._chosen[left] = tuple(rule for number, rule in enumerate(self.rules) if left >> number & 1)
        return self._chosen[left]


class _Half:
    """The rules for which a file has to be shown to ruff, or those for which it has to be walked.

    Args:
        rules: all rules.
        adopting: which half it is.
    """

    def __init__(self, rules: Sequence[AnyRule], *, adopting: bool) -> None:
        mine = [(1 << number, rule.sign) for number, rule in enumerate(rules) if bool(rule.adopts) is adopting]
        self._certain = sum(bit for bit, sign in mine if sign is None)
        self._signs = [(bit, sign.search) for bit, sign in mine if sign is not None]

    def without_sign(self, left: int, module: Module) -> int:
        """Those of some rules whose sign a file lacks.

        To look for signs is slow. They are looked for where nothing else makes it necessary to walk the file, or to
        show it to ruff: where that is done for one rule, the others cost little more.
        """
        lacking = 0
        if not left & self._certain:
            for bit, search in self._signs:
                if left & bit:
                    if search(module.data):
                        break
                    lacking |= bit
        return lacking


class _Table:
    """What asks for each text, as a set of bits.

    Args:
        texts: what is asked for, one entry a bit; an entry without any is found in every file.
    """

    def __init__(self, texts: Sequence[Collection[str]]) -> None:
        self._bits: dict[bytes, int] = {}
        for number, asked in enumerate(texts):
            for text in asked:
                self._bits[text.encode()] = self._bits.get(text.encode(), 0) | 1 << number
        self._words = frozenset(text for text in self._bits if text.decode().isidentifier())
        self._others = [(text, bits) for text, bits in self._bits.items() if text not in self._words]
        self._everywhere = sum(1 << number for number, asked in enumerate(texts) if not asked)

    def found_in(self, module: Module) -> int:
        """What finds a text that it asks for in a file."""
        bits = reduce(or_, map(self._bits.__getitem__, self._words & module.words), self._everywhere)
        for text, asking in self._others:
            if asking & ~bits and text in module.data:
                bits |= asking
        return bits
