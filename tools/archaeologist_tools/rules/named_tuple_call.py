"""AR066 named-tuple-call."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.classes.made_by_call import as_class, is_named_itself, names_in
from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.project.module_names import stem_of
from archaeologist_tools.source.composed_names import is_listed
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_Place: TypeAlias = ast.Assign | ast.ClassDef

_IMPORT = "from typing import Any, NamedTuple"
# What tells a class with annotations from one without.
_LOOKS_AT_TYPES = frozenset(
    {"__annotations__", "__orig_bases__", "_field_types", "get_type_hints", "getfullargspec", "signature"}
)
_OPTIONS = frozenset({"defaults"})


@register
class NamedTupleCall(Rule[_Place]):
    """Writes named tuples as classes.

    What it does:
        Finds `X = namedtuple('X', 'a b')` and writes `class X(NamedTuple)` with the fields as annotated names.

    Why:
        The fields stand on lines of their own, where they can get types, defaults and a docstring.

    Example:
        `Point = namedtuple('Point', 'x y')` becomes `class Point(NamedTuple)` with `x: Any` and `y: Any`.

    Safety:
        NamedTuple makes the class with namedtuple: fields, defaults, docstring, name, module and pickles are the
        same. The class gets annotations, and its signature shows them; modules that look at such things are left alone.

    Left alone:
        Tuples with another name than their variable, in functions and classes, with fields that are no plain names,
        with `rename` or `module`; bases such as `class X(namedtuple('X', 'a b'))`, whose methods may use `super`.

    References:
        https://docs.python.org/3/library/typing.html#typing.NamedTuple
    """

    code = "AR066"
    name = "named-tuple-call"
    family = "syntax"
    title = "Write named tuples as classes"
    fixer = Fixer.RULE
    minimum = (3, 6)
    redefines = True
    nodes = (
        ast.Assign,
        ast.ClassDef,
    )
    words = frozenset({"namedtuple"})
    refusals: ClassVar = {
        "base": "the tuple is the base of a class, which has more than its fields",
        "name": "the tuple has another name than its variable, or is made inside a function or class",
        "fields": "the fields are computed, or are no plain names",
        "options": "rename, module or a computed default has no counterpart",
        "looks-at-types": "the module, or one that imports it, looks at annotations or signatures",
        "name-taken": "the module uses Any or NamedTuple for something else",
        "layout": "the statement does not stand on lines of its own, or holds a comment",
    }
    valid = ("from typing import NamedTuple\nclass X(NamedTuple):\n    a: int\n", "X = namedtuple('X', 'a b')\n")
    invalid = (
        (
            "from collections import namedtuple\nX = namedtuple('X', 'a, b')\n",
            "from typing import Any, NamedTuple\n\n\nclass X(NamedTuple):\n    a: Any\n    b: Any\n",
        ),
        (
            "from collections import namedtuple\n_X = namedtuple('X', 'a b')\n",
            "from collections import namedtuple\n_X = namedtuple('X', 'a b')\n",
        ),
    )

    def matches(self, node: _Place, view: View) -> Iterator[Match[_Place]]:
        """Find the calls that make a variable or a base."""
        for call in [node.value] if isinstance(node, ast.Assign) else node.bases:
            if _makes_tuple(call, view):
                yield Match(node, "named tuple made by a call", extent=view.extent(call))

    def fix(self, match: Match[_Place], view: View) -> Replacement | Decline:
        """Write the class."""
        node = match.node
        if isinstance(node, ast.ClassDef):
            return Decline("base")
        call = node.value
        if not is_named_itself(node, view) or not isinstance(call, ast.Call):
            return Decline("name")
        fields = _fields(call, view)
        if isinstance(fields, Decline):
            return fields
        looks = not _LOOKS_AT_TYPES.isdisjoint({*view.index.attributes, *view.index.names})
        name = dotted(node.targets[0])
        if looks or is_listed(name, view.index) or view.facts.lookups.is_inspected(stem_of(view.module.path), name):
            return Decline("looks-at-types")
        if not view.can_import(_IMPORT) or "typing" in view.facts.modules:
            return Decline("name-taken")
        found = as_class(node, "NamedTuple", fields, view, lambda other: _is_rewritten(other, view))
        if found is None:
            return Decline("layout")
        return Replacement(*found, Evidence.PROVED, "NamedTuple makes the class with namedtuple", (_IMPORT,))


def _makes_tuple(node: ast.expr, view: View) -> bool:
    return isinstance(node, ast.Call) and full_name(node.func, view) == "collections.namedtuple"


def _is_rewritten(statement: ast.stmt, view: View) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and _makes_tuple(statement.value, view)
        and is_named_itself(statement, view)
        and isinstance(statement.value, ast.Call)
        and not isinstance(_fields(statement.value, view), Decline)
    )


def _fields(call: ast.Call, view: View) -> list[str] | Decline:
    """The lines of the class."""
    names = names_in(call.args[1]) if len(call.args) == len(("name", "fields")) else None
    if names is None or "Any" in names:
        return Decline("fields")
    options = {keyword.arg: keyword.value for keyword in call.keywords}
    defaults = options.get("defaults", ast.Tuple([], ast.Load()))
    if set(options) - _OPTIONS or not isinstance(defaults, (ast.List, ast.Tuple)):
        return Decline("options")
    values = defaults.elts
    if len(values) > len(names) or not all(isinstance(value, ast.Constant) for value in values):
        return Decline("options")
    plain = len(names) - len(values)
    texts = [f" = {view.module.segment(value)}" for value in values]
    return [f"{name}: Any{text}" for name, text in zip(names, [""] * plain + texts, strict=True)]
