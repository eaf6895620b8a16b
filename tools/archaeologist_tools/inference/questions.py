"""How much is asked of a value, with the answers that were found: what nobody asks for is not looked at.

Most who ask want to know the types of a value alone. What a container holds, and whether a value of unknown type is at
least surely no tuple, take long to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from archaeologist_tools.inference.bindings import Binding
    from archaeologist_tools.inference.types import Inferred

MAX_STEPS = 600
"""Expressions looked at for one question; code that needs more is generated, or too tangled to rest a rewrite on."""


class Question:
    """One way to ask, with its answers.

    Args:
        contents: as the attribute.
        evidence: as the attribute.
        fuller: ways to ask for more, whose answers are answers to this question, too.

    Attributes:
        contents: what containers hold is asked as well.
        evidence: whether a value whose type is not known is surely no tuple is asked as well.
        known: answers by expression.
        bound: by binding.
        before: what the target of an augmented assignment was before it.
        results: what functions give.
    """

    def __init__(self, *, contents: bool, evidence: bool, fuller: Sequence[Question] = ()) -> None:
        self.contents = contents
        self.evidence = evidence
        self.known: dict[ast.AST, Inferred] = {}
        self.bound: dict[Binding, Inferred] = {}
        self.before: dict[ast.AST, Inferred] = {}
        self.results: dict[ast.FunctionDef, Inferred] = {}
        self._fuller = fuller

    def answer(self, node: ast.AST) -> Inferred | None:
        """What an expression can be, if it was asked before."""
        found = self.known.get(node)
        if found is not None:
            return found
        for question in self._fuller:
            if (found := question.known.get(node)) is not None:
                return found
        return None


class Questions:
    """The ways to ask about the values of one module.

    Attributes:
        whole: for everything.
        holding: for types and contents.
        plain: for types and evidence.
        kinds: for types alone.
    """

    def __init__(self) -> None:
        self.whole = Question(contents=True, evidence=True)
        self.holding = Question(contents=True, evidence=False, fuller=(self.whole,))
        self.plain = Question(contents=False, evidence=True, fuller=(self.whole,))
        self.kinds = Question(contents=False, evidence=False, fuller=(self.plain, self.holding, self.whole))


class Search:
    """The search for one answer: what is being looked at, and how often it was cut short.

    Attributes:
        open: what is being looked at; who asks for it again asks for itself.
        steps: how much was looked at.
        cuts: how often something was not looked at.
    """

    def __init__(self) -> None:
        self.open: set[ast.AST] = set()
        self.steps = 0
        self.cuts = 0
