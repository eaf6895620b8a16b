"""What annotations are: which are surely types, which allow None, and who reads them.

Annotations are objects that a program may look at. A rule that changes one asks here first.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.source.index import Index

_READERS = frozenset(
    {
        "get_type_hints",
        "get_annotations",
        "__annotations__",
        "signature",
        "getfullargspec",
        "singledispatch",
        "singledispatchmethod",
    }
)
_READING_PACKAGES = frozenset(
    {"fastapi", "typer", "pydantic", "injector", "strawberry", "beartype", "typeguard", "hug", "attr", "attrs", "fire"}
)
# Names of the standard library that stand for types, of which `|` makes a union from Python 3.10 on.
_TYPES = {
    "typing": frozenset(
        [
            "AnyStr",
            "Awaitable",
            "Callable",
            "Collection",
            "Container",
            "Coroutine",
            "DefaultDict",
            "Deque",
            "Dict",
            "FrozenSet",
            "Generator",
            "Hashable",
            "IO",
            "Iterable",
            "Iterator",
            "KeysView",
            "List",
            "Mapping",
            "Match",
            "MutableMapping",
            "MutableSequence",
            "MutableSet",
            "OrderedDict",
            "Pattern",
            "Sequence",
            "Set",
            "Sized",
            "SupportsInt",
            "Text",
            "TextIO",
            "BinaryIO",
            "Tuple",
            "Type",
            "Union",
            "ValuesView",
        ]
    ),
    "collections.abc": frozenset(
        [
            "Awaitable",
            "Callable",
            "Collection",
            "Container",
            "Coroutine",
            "Generator",
            "Hashable",
            "Iterable",
            "Iterator",
            "KeysView",
            "Mapping",
            "MutableMapping",
            "MutableSequence",
            "MutableSet",
            "Sequence",
            "Set",
            "Sized",
            "ValuesView",
        ]
    ),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone", "tzinfo"}),
    "pathlib": frozenset({"Path", "PurePath"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
    "uuid": frozenset({"UUID"}),
    "collections": frozenset({"Counter", "OrderedDict", "defaultdict", "deque"}),
    "logging": frozenset({"Handler", "Logger"}),
    "argparse": frozenset({"ArgumentParser", "Namespace"}),
    "io": frozenset({"BytesIO", "StringIO"}),
    "threading": frozenset({"Event", "Thread"}),
    "types": frozenset({"FunctionType", "ModuleType", "TracebackType"}),
}
_CLASSES = frozenset(name for name, value in vars(builtins).items() if isinstance(value, type) and name != "object")
# Every value, or None among others.
_WITH_NONE = frozenset({"Any", "Optional", "None", "object"})


def are_lazy(tree: ast.Module) -> bool:
    """Whether a module asks Python to keep its annotations as text."""
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return any(alias.name == "annotations" for node in imports for alias in node.names)


def holds_none(annotation: ast.expr) -> bool:
    """Whether None is allowed already, as far as can be read off the text."""
    if isinstance(annotation, ast.Constant):
        return annotation.value is None
    if isinstance(annotation, ast.BinOp):
        return holds_none(annotation.left) or holds_none(annotation.right)
    if isinstance(annotation, ast.Subscript):
        name = dotted(annotation.value).rpartition(".")[2]
        inside = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        wraps = name in {"Union", "Annotated", "Literal", "Final", "ClassVar", "InitVar"}
        return name in _WITH_NONE or (wraps and any(map(holds_none, inside)))
    return dotted(annotation).rpartition(".")[2] in _WITH_NONE


def is_plain_type(annotation: ast.expr, view: View) -> bool:
    """Whether an annotation is surely a type of which a union with None can be made."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return is_plain_type(annotation.left, view) and is_plain_type(annotation.right, view)
    if isinstance(annotation, ast.Subscript):
        own = isinstance(annotation.value, ast.Name) and annotation.value.id not in _CLASSES
        return is_plain_type(annotation.value, view) and not (own and _is_own_class(dotted(annotation.value), view, ()))
    name = dotted(annotation)
    if isinstance(annotation, ast.Name) and name in _CLASSES:
        return view.is_builtin(name)
    return _is_known(name, view) or (isinstance(annotation, ast.Name) and _is_own_class(name, view, ()))


def reads_annotations(index: Index) -> bool:
    """Whether something in a module reads annotations, or imports a package that does."""
    imported = {alias.name.partition(".")[0] for node in index.of(ast.Import) for alias in node.names}
    imported |= {(node.module or "").partition(".")[0] for node in index.of(ast.ImportFrom) if not node.level}
    return looks_at_types(index) or not _READING_PACKAGES.isdisjoint(imported)


def looks_at_types(index: Index) -> bool:
    """Whether something in a module reads annotations or signatures itself."""
    return not (_READERS.isdisjoint(index.attributes) and _READERS.isdisjoint(index.names))


def _is_known(name: str, view: View) -> bool:
    """Whether a name is a type of the standard library by an import at the top of the module."""
    base, _, attribute = name.rpartition(".")
    if view.index.bound[name.partition(".")[0]] != 1 or view.index.star_imports or view.index.writes_namespace:
        return False
    for statement in view.module.tree.body:
        for alias in statement.names if isinstance(statement, (ast.Import, ast.ImportFrom)) else ():
            bound = alias.asname or alias.name
            if isinstance(statement, ast.ImportFrom) and bound == name and not statement.level:
                return _is_standard(statement.module or "", alias.name, view)
            if isinstance(statement, ast.Import) and bound == base:
                return _is_standard(alias.name, attribute, view)
    return False


def _is_standard(module: str, name: str, view: View) -> bool:
    return name in _TYPES.get(module, ()) and module.partition(".")[0] not in view.facts.modules


def _is_own_class(name: str, view: View, seen: tuple[str, ...]) -> bool:
    """Whether a name is a class of this module without a metaclass that could give `|` another meaning."""
    if name in seen or view.index.bound[name] != 1 or view.index.star_imports or view.index.writes_namespace:
        return False
    for node in view.module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            bases = [dotted(base) for base in node.bases]
            plain = not node.keywords and not node.decorator_list
            return plain and all(
                base == "object"
                or (base in _CLASSES and view.is_builtin(base))
                or _is_own_class(base, view, (*seen, name))
                for base in bases
            )
    return False
