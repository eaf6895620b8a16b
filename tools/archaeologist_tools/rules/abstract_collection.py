"""AR064 abstract-collection."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Use: TypeAlias = ast.Attribute | ast.ImportFrom

_NAMES = frozenset(
    {
        "AsyncGenerator",
        "AsyncIterable",
        "AsyncIterator",
        "Awaitable",
        "ByteString",
        "Callable",
        "Collection",
        "Container",
        "Coroutine",
        "Generator",
        "Hashable",
        "ItemsView",
        "Iterable",
        "Iterator",
        "KeysView",
        "Mapping",
        "MappingView",
        "MutableMapping",
        "MutableSequence",
        "MutableSet",
        "Reversible",
        "Sequence",
        "Set",
        "Sized",
        "ValuesView",
    }
)
_IMPORT = "import collections.abc"


@register
class AbstractCollection(Rule[_Use]):
    """Takes abstract collections from `collections.abc`.

    What it does:
        Finds `collections.Mapping` and its like, as attributes and in imports.

    Why:
        They moved in Python 3.3, and the old names are gone since 3.10.

    Example:
        `from collections import Mapping` becomes `from collections.abc import Mapping`.

    Safety:
        Both names mean the same class where both exist.

    Left alone:
        Imports inside `try`: there the failure decides what is imported next. Imports that do not stand alone.

    References:
        ruff UP035; https://docs.python.org/3/whatsnew/3.10.html#removed
    """

    code = "AR064"
    name = "abstract-collection"
    family = "syntax"
    title = "Import abstract collections from collections.abc"
    minimum = (3, 3)
    fixer = Fixer.RULE
    aliases = ("UP035",)
    nodes = (
        ast.Attribute,
        ast.ImportFrom,
    )
    words = frozenset({"collections"})
    names = _NAMES
    refusals: ClassVar = {
        "attempt": "whether it succeeds decides what is imported next",
        "comment": "a comment stands inside the import",
        "layout": "the import does not stand on a line of its own",
        "renamed": "the module has collections under another name",
    }
    valid = ("from collections.abc import Mapping\n", "from collections import OrderedDict\n")
    invalid = (
        (
            "from collections import Mapping, OrderedDict\n",
            "from collections import OrderedDict\nfrom collections.abc import Mapping\n",
        ),
        (
            "import collections\n\nx = collections.Mapping\n",
            "import collections\nimport collections.abc\n\nx = collections.abc.Mapping\n",
        ),
    )

    def matches(self, node: _Use, view: View) -> Iterator[Match[_Use]]:
        """Find the names."""
        if isinstance(node, ast.ImportFrom):
            if node.module == "collections" and not node.level and _moved(node):
                yield Match(node, "abstract collections come from collections.abc")
        elif node.attr in _NAMES and full_name(node, view) == f"collections.{node.attr}":
            yield Match(node, f"{node.attr} comes from collections.abc")

    def fix(self, match: Match[_Use], view: View) -> Replacement | Decline:
        """Take them from there."""
        node = match.node
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if any(isinstance(parent, ast.Try) for parent in view.index.ancestors(node)):
            return Decline("attempt")
        if isinstance(node, ast.ImportFrom):
            return _import(node, view)
        start, end = view.module.extent(node)
        if view.module.data[start:end] != f"collections.{node.attr}".encode():
            return Decline("renamed")
        reason = "both names mean the same class"
        return Replacement(start, end, f"collections.abc.{node.attr}", Evidence.PROVED, reason, (_IMPORT,))


def _moved(node: ast.ImportFrom) -> list[ast.alias]:
    return [alias for alias in node.names if alias.name in _NAMES]


def _import(node: ast.ImportFrom, view: View) -> Replacement | Decline:
    module = view.module
    start, end = module.extent(node)
    moved = _moved(node)
    rest = [alias for alias in node.names if alias not in moved]
    if b"#" in module.data[start:end]:
        return Decline("comment")
    indent = module.data[module.starts[node.lineno - 1] : start].decode(module.encoding)
    behind = module.data[end : module.starts[module.position(end)[0]]].strip()
    if indent.strip() or (rest and behind) or behind[:1] not in {b"", b"#"}:
        return Decline("layout")
    parts = [ast.unparse(ast.ImportFrom("collections", rest, 0))] if rest else []
    parts.append(ast.unparse(ast.ImportFrom("collections.abc", moved, 0)))
    text = f"{module.newline}{indent}".join(parts)
    return Replacement(start, end, text, Evidence.PROVED, "both names mean the same class")
