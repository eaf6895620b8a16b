"""What can be read off the names of one file, whatever is known of the others: shared by all that ask about the file.

Facts are gathered before anything is known of a project, and a rewrite asks again when all is: where names are bound
and used is the same both times.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from archaeologist_tools.inference.mentions import Mentions
from archaeologist_tools.inference.reaching import Flow
from archaeologist_tools.inference.scopes import Scopes
from archaeologist_tools.project.value_bindings import ValueBindings
from archaeologist_tools.source.index import bound_by

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_TYPING = frozenset({"typing", "typing_extensions", "collections.abc", "collections", "builtins", "re"})


class Names:
    """The names of one file.

    Args:
        index: the file's index.

    Attributes:
        scopes: where they are bound.
        flow: which bindings reach a place.
        mentions: where they are used.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self.scopes = Scopes(index)
        self.flow = Flow(index)
        self.mentions = Mentions(index)

    @cached_property
    def values(self) -> ValueBindings:
        """What they are bound to, as what a project shows of values is found from it."""
        return ValueBindings(self._index)

    @cached_property
    def own(self) -> frozenset[str]:
        """The names of the module that do not come from where annotations usually come from."""
        imports: list[ast.Import | ast.ImportFrom] = [*self._index.of(ast.Import)]
        imports += [node for node in self._index.of(ast.ImportFrom) if node.module in _TYPING]
        usual = {bound_by(alias) for node in imports for alias in node.names}
        return frozenset(name for name in self._index.bound if name not in usual)


_known: WeakKeyDictionary[Module, Names] = WeakKeyDictionary()


def names_of(module: Module) -> Names:
    """The names of a file, looked at once as long as somebody has the file."""
    if module not in _known:
        _known[module] = Names(module.index)
    return _known[module]
