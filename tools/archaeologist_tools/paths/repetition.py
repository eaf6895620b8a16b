"""What is normalized once need not be normalized again: `os.path.normpath(os.path.abspath(x))`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.paths.building import is_builder

if TYPE_CHECKING:
    import ast

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.meaning import Meaning

_NORMALIZING = frozenset({"os.path.abspath", "os.path.normpath"})
# Their results have no `.`, no `..`, and no slash too many.
_NORMAL = frozenset({"os.path.abspath", "os.path.realpath"})


def normalized_before(call: ast.Call, view: View, meaning: Meaning) -> ast.expr | None:
    """What a call gets and gives back as it is; None when it may change something.

    Args:
        call: a call of a function of `os.path`.
        view: the module.
        meaning: what its names stand for.
    """
    name = meaning.called(call)
    if name not in _NORMALIZING or not is_builder(call, meaning) or name in view.facts.patched:
        return None
    (inner,) = call.args
    (start, end), (first, last) = view.module.extent(call), view.module.extent(inner)
    comment = b"#" in view.module.data[start:first] + view.module.data[last:end]
    normal = meaning.called(inner) in _NORMAL and is_builder(inner, meaning)
    return inner if normal and not comment else None
