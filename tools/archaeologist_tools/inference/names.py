"""What can be read off the names of one file, whatever is known of the others: shared by all that ask about the file.

Facts are gathered before anything is known of a project, and a rewrite asks again when all is: where names are bound
and used is the same both times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from archaeologist_tools.inference.mentions import Mentions
from archaeologist_tools.inference.reaching import Flow
from archaeologist_tools.inference.scopes import Scopes

if TYPE_CHECKING:
    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module


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
        self.scopes = Scopes(index)
        self.flow = Flow(index)
        self.mentions = Mentions(index)


_known: WeakKeyDictionary[Module, Names] = WeakKeyDictionary()


def names_of(module: Module) -> Names:
    """The names of a file, looked at once as long as somebody has the file."""
    if module not in _known:
        _known[module] = Names(module.index)
    return _known[module]
