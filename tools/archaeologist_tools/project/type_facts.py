"""What inference in one file must know of the others: which classes are tuples, and who touches whose attributes."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from archaeologist_tools.project.hints import Hints
from archaeologist_tools.project.value_flow import ShownValues, by_source
from archaeologist_tools.project.value_keys import result, variable
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.project.models import ClassFact, FileFacts
    from archaeologist_tools.source.index import Index

_TUPLES = frozenset({"tuple", "namedtuple", "NamedTuple", "Tuple"})
_NAMED = frozenset({"namedtuple", "NamedTuple"})
# Classes of the standard library that legacy code derives from, and that are no tuples.
PLAIN_CLASSES = frozenset(
    {
        "object", "Exception", "BaseException", "Warning", "dict", "list", "set", "str", "int", "float", "type", "ABC",
        "ABCMeta", "Thread", "TestCase", "Enum", "HTMLParser", "Handler", "Formatter", "Logger", "Process", "Iterator",
        "JSONEncoder", "JSONDecoder", "Command", "OptionParser", "ArgumentParser", "Action", "NodeVisitor", "Mapping",
        "OrderedDict", "UserDict", "MutableMapping", "Sequence", "MutableSequence",
    }
)  # fmt: skip
_OWN_NAMES = frozenset({"self", "cls"})


def tuple_classes(index: Index) -> Iterator[tuple[str, list[str]]]:
    """The named tuples and classes derived from tuple that a file defines, with their fields."""
    for node in index.of(ast.ClassDef):
        bases = [dotted(base.func if isinstance(base, ast.Call) else base).rpartition(".")[2] for base in node.bases]
        if _TUPLES.intersection(bases):
            annotated = [
                item.target.id
                for item in node.body
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            ]
            made = [field for base in node.bases if isinstance(base, ast.Call) for field in _fields(base)]
            methods = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
            yield node.name, [*annotated, *made, *methods]
    for call in index.named(ast.Call, _NAMED):
        if dotted(call.func):
            statement = index.parents[call]
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            for target in targets or [ast.Name("")]:
                yield getattr(target, "id", ""), _fields(call)


def _fields(call: ast.Call) -> list[str]:
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [word for text in texts for word in text.replace(",", " ").split()]


def private_uses(index: Index) -> set[str]:
    """Private names that a file reads as attributes or imports, or names in a text, as tests do that replace them."""
    names = {
        name
        for name, nodes in index.attributes.items()
        if name[0] == "_" and any(isinstance(node.ctx, ast.Load) for node in nodes)
    }
    names.update((node.name for node in index.of(ast.alias)), _named_in_texts(index))
    return set(filter(_is_private, names))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _named_in_texts(index: Index) -> Iterator[str]:
    """The `_x` of `patch.object(A, '_x')`, `getattr(a, '_x')` and `patch('app.A._x')`."""
    if any(map(_is_private, index.texts)):
        for call in index.of(ast.Call):
            for argument in call.args[1:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
    yield from (text.rpartition(".")[2] for text in index.texts if "._" in text)


def foreign_stores(index: Index) -> set[str]:
    """Attributes that a file assigns to through another name than `self`."""
    found = set()
    for node in index.stores:
        if isinstance(node.ctx, ast.Store) and not (isinstance(node.value, ast.Name) and node.value.id in _OWN_NAMES):
            found.add(node.attr)
    return found


def formats_itself(index: Index) -> bool:
    """Whether `format(x)` may give another text than `str(x)` for an object of one of a file's classes."""
    if any(function.name == "__format__" for function in index.of(ast.FunctionDef)):
        return True
    for node in index.of(ast.ClassDef):
        bases = {dotted(base).rpartition(".")[2] for base in node.bases}
        if any(base.endswith(("Enum", "Flag")) for base in bases) and (len(bases) > 1 or bases - {"Enum", "Flag"}):
            return True
    return False


def plain_classes(classes: Sequence[ClassFact], tuples: set[str]) -> set[str]:
    """The names of classes that are surely no tuples: their parents are known to be none, all the way up."""
    suspicious = set(tuples)
    known = {fact.name for fact in classes} | PLAIN_CLASSES
    while True:
        new = {
            fact.name
            for fact in classes
            if fact.name not in suspicious and any(name in suspicious or name not in known for name in fact.parents)
        }
        if not new:
            return {fact.name for fact in classes} - suspicious
        suspicious |= new


def makers_of_others(classes: Sequence[ClassFact]) -> set[str]:
    """The names of classes that may give something else than one of their objects when they are called."""
    return {fact.name for fact in classes if "__new__" in fact.methods}


def made_objects(files: Sequence[FileFacts], made: set[str]) -> dict[str, str]:
    """What calling `module.Class` gives, for classes whose calls surely give plain objects of theirs."""
    facts = ((file.stem, fact.name) for file in files for fact in file.classes if fact.name in made)
    return {f"{stem}.{name}()": "instance" for stem, name in facts}


def inherited_constructors(classes: Sequence[ClassFact]) -> dict[str, list[str]]:
    """The names of classes without a constructor of their own, with the names of their parents."""
    found: dict[str, list[str]] = {}
    for fact in classes:
        if not {"__init__", "__new__"} & set(fact.methods):
            found.setdefault(fact.name, []).extend(fact.parents)
    return found


def shown_values(
    files: Sequence[FileFacts], shown: Iterable[Hints], made: Iterable[str], tuples: Iterable[str]
) -> ShownValues:
    """What all files show of values, and what the classes show of those that they make.

    Args:
        files: the facts of all files.
        shown: what else files show.
        made: names of classes whose objects are surely no tuples.
        tuples: names of classes whose objects may be tuples.
    """
    classes = [fact for file in files for fact in file.classes]
    together = Hints({variable(fact.name) for fact in classes}.union(map(result, made)), {*map(result, tuples)})
    for file in files:
        together.plain.update(file.plain_values)
        together.tuples.update(file.tuple_values)
    for each in shown:
        together.update(each)
    flows = chain(together.flows, (flow for file in files for flow in file.value_flows))
    return ShownValues(together.plain, together.tuples, by_source(flows), inherited_constructors(classes))


def counted(names: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that one file has, and those that several have."""
    counts = Counter(name for file in names for name in file)
    return (
        tuple(sorted(name for name, count in counts.items() if count == 1)),
        tuple(sorted(name for name, count in counts.items() if count > 1)),
    )


def merged_results(files: Sequence[FileFacts]) -> Iterator[tuple[str, str]]:
    """What functions of the project give, by `module.function`, and methods, by `.method`, where all are known."""
    functions: dict[str, set[str]] = {}
    methods: dict[str, set[str]] = {f".{name}": {""} for file in files for name in file.loose}
    for file in files:
        known = dict(file.results)
        for name, text in file.results:
            if "." not in name:
                functions.setdefault(f"{file.stem}.{name}", set()).add(text)
        for fact in file.classes:
            for method in fact.methods:
                methods.setdefault(f".{method}", set()).add(known.get(f"{fact.name}.{method}", ""))
    for name, texts in (*functions.items(), *methods.items()):
        if "" not in texts:
            yield name, " | ".join(sorted(texts))
