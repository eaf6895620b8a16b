"""What a rule must know of the whole project before it may touch one file.

Facts are gathered file by file (a survey does it in passing), merged once, and handed to every batch of the rewrite.
They are plain values, so that they travel as JSON.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import NO_TUPLE_METHODS
from archaeologist_tools.inference.results import results
from archaeologist_tools.project.hints import Hints, hints, settled
from archaeologist_tools.project.lookups import Lookups
from archaeologist_tools.project.patching import LOG_METHODS, patched_functions, replaced_loggers
from archaeologist_tools.project.type_facts import (
    counted,
    foreign_stores,
    formats_itself,
    merged_results,
    overridden_elsewhere,
    plain_classes,
    private_uses,
    tuple_classes,
)  # fmt: skip
from archaeologist_tools.source.index import Index, dotted
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archaeologist_tools.source.module import Module

# mcs, name, bases, namespace
_METACLASS_PARAMETERS = 4
_METACLASS_NAME = re.compile(r"(?:[Mm]eta(?:[Cc]lass)?|Type)$")
_BUILTINS = frozenset(dir(builtins))
# A class with so many of them is a logger, whatever its name.
_LOGGER = 3
_TEXT_METHODS = NO_TUPLE_METHODS | {"group"}
_DOTTED = re.compile(r"\w+(?:\.\w+)+", re.ASCII)


@dataclass(frozen=True)
class ClassFact:
    """A class of the project.

    Attributes:
        name: its name, without the module.
        parents: the last parts of all names in its bases, keywords and decorators.
        methods: the names of its functions.
    """

    name: str
    parents: tuple[str, ...]
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileFacts:
    """What one file contributes.

    Attributes:
        modules: the folder and module names the file can be imported under.
        stem: the last part of its module's name.
        rebound: builtin names that the module binds at its top level.
        stars: top-level packages of absolute `from x import *` outside the standard library.
        classes: its classes.
        metaclasses: names of classes and functions that make classes and may drop `__classcell__`.
        starred: last parts of the names of modules that it imports everything from.
        reached: modules of the standard library that it reaches through another module, such as `util.os`, or names in
        a dotted text, such as `'app.util.os.path.exists'`.
        patched: functions around files that it replaces, as tests do: `os.path.exists`, `open`.
        replaced_loggers: `module.name:method` for loggers that it replaces and whose calls it looks at.
        tuples: names of classes made with namedtuple, or derived from tuple.
        tuple_fields: the fields of these.
        private: private names that it reads as attributes or imports.
        stored: attributes that it assigns to through another name than `self`.
        formats: one of its classes has a `__format__` of its own, or is an Enum of another type as well.
        logs: it is no test, and imports the standard library's logging.
        results: what its functions give, where that is known: `function` or `Class.method`, and a description.
        plain_values: keys of values, as `hints` has them, that it shows to be no tuples.
        tuple_values: keys of values that it shows to be tuples.
        value_flows: pairs of keys: what the second is, the first may be.
    """

    modules: tuple[str, ...] = ()
    stem: str = ""
    rebound: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    classes: tuple[ClassFact, ...] = ()
    metaclasses: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    replaced_loggers: tuple[str, ...] = ()
    tuples: tuple[str, ...] = ()
    tuple_fields: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    formats: bool = False
    logs: bool = False
    results: tuple[tuple[str, str], ...] = ()
    plain_values: tuple[str, ...] = ()
    tuple_values: tuple[str, ...] = ()
    value_flows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProjectFacts:
    """What all files say together.

    Attributes:
        own_metaclasses: the project makes classes in a way that may drop `__classcell__`, on which `super()` rests.
        tainted: names of classes that such a metaclass makes, directly or by inheritance, and of the metaclasses
        themselves. rebound: builtin names that some module binds, and so may hand on through `from x import *`.
        foreign_stars: some module star-imports from a package that is neither the project's nor the standard library's.
        modules: names of the project's own folders and modules.
        starred: last parts of the names of modules that some module imports everything from.
        reached: modules of the standard library that some module reaches through another one.
        patched: functions around files that some module replaces.
        replaced_loggers: `module.name:method` for loggers that some module replaces and whose calls it looks at.
        tuples: names of classes whose objects may be tuples.
        tuple_fields: the fields of the project's named tuples.
        plain: names of classes whose objects are surely no tuples.
        private: private names that one file reads as attributes or imports.
        shared: those that several files do.
        stored: attributes that one file assigns to through another name than `self`.
        stored_by_many: those that several files do.
        overridden: `Class.method` for methods that a class in another file defines again.
        formats: some class may give another text for `format(x)` than for `str(x)`.
        logs: some file imports the standard library's logging.
        results: what `module.function` gives, and what `.method` gives on every class of the project that has it.
        plain_values: keys of values that some place shows to be no tuples, and none shows to be one; none for a single
        file, which is no project.
        tuple_values: keys of values that some place shows to be tuples.
        own_logger: some class of the project has the methods of a logger.
        text_methods: methods of the project's classes that are named as those of text or of a match.
    """

    own_metaclasses: bool = False
    tainted: tuple[str, ...] = ()
    rebound: tuple[str, ...] = ()
    foreign_stars: bool = False
    modules: tuple[str, ...] = ()
    starred: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    replaced_loggers: tuple[str, ...] = ()
    tuples: tuple[str, ...] = ()
    tuple_fields: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    stored_by_many: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    formats: bool = False
    logs: bool = False
    own_logger: bool = False
    text_methods: tuple[str, ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    plain_values: tuple[str, ...] = ()
    tuple_values: tuple[str, ...] = ()

    @cached_property
    def lookups(self) -> Lookups:
        """The same as sets and mappings."""
        return Lookups(self)


def file_facts(module: Module, index: Index | None = None) -> FileFacts:
    """Gather the facts of one file.

    Args:
        module: the file.
        index: its index when there is one already.
    """
    index = index or Index(module.tree)
    values = hints(index)
    stars = {(node.module or "").partition(".")[0] for node in index.star_imports if not node.level}
    return FileFacts(
        modules=_module_names(module.path),
        stem=stem_of(module.path),
        rebound=tuple(sorted(_BUILTINS & _top_level_names(index))),
        stars=tuple(sorted(stars - sys.stdlib_module_names)),
        classes=tuple(_class_fact(node) for node in index.of(ast.ClassDef)),
        metaclasses=tuple(sorted(_risky_metaclasses(index))),
        starred=tuple(sorted({(node.module or "").rpartition(".")[2] for node in index.star_imports})),
        reached=tuple(sorted(set(_reached(index)))),
        patched=patched_functions(index),
        replaced_loggers=replaced_loggers(index),
        tuples=tuple(sorted({name for name, _ in tuple_classes(index) if name})),
        tuple_fields=tuple(sorted({field for _, fields in tuple_classes(index) for field in fields})),
        private=tuple(sorted(private_uses(index))),
        stored=tuple(sorted(foreign_stores(index))),
        formats=formats_itself(index),
        logs=_uses_logging(index) and not is_test_path(module.path),
        results=tuple(sorted(results(index))),
        plain_values=tuple(sorted(values.plain)),
        tuple_values=tuple(sorted(values.tuples)),
        value_flows=tuple(sorted(values.flows)),
    )


def merge(facts: Iterable[FileFacts]) -> ProjectFacts:
    """Put the facts of all files together; their order does not matter."""
    files = list(facts)
    classes = [fact for file in files for fact in file.classes]
    modules = {name for file in files for name in file.modules}
    metaclasses = {name for file in files for name in file.metaclasses}
    tuples = _descendants({name for file in files for name in file.tuples}, classes)
    plain_values, tuple_values = settled(
        Hints(frozenset(file.plain_values), frozenset(file.tuple_values), frozenset(map(_pair, file.value_flows)))
        for file in files
    )
    private, shared = counted([file.private for file in files])
    stored, stored_by_many = counted([file.stored for file in files])
    return ProjectFacts(
        own_metaclasses=bool(metaclasses),
        tainted=tuple(sorted(_descendants(metaclasses, classes))),
        rebound=tuple(sorted({name for file in files for name in file.rebound})),
        foreign_stars=any(set(file.stars) - modules for file in files),
        modules=tuple(sorted(modules)),
        starred=tuple(sorted({name for file in files for name in file.starred})),
        reached=tuple(sorted({name for file in files for name in file.reached})),
        patched=tuple(sorted({name for file in files for name in file.patched})),
        replaced_loggers=tuple(sorted({name for file in files for name in file.replaced_loggers})),
        tuples=tuple(sorted(tuples)),
        tuple_fields=tuple(sorted({name for file in files for name in file.tuple_fields})),
        plain=tuple(sorted(plain_classes(classes, tuples))),
        private=private,
        shared=shared,
        stored=stored,
        stored_by_many=stored_by_many,
        overridden=tuple(sorted(overridden_elsewhere(files))),
        formats=any(file.formats for file in files),
        logs=any(file.logs for file in files),
        results=tuple(sorted(merged_results(files))),
        plain_values=tuple(sorted(plain_values)) if len(files) > 1 else (),
        tuple_values=tuple(sorted(tuple_values)),
        text_methods=tuple(sorted(_TEXT_METHODS & {name for fact in classes for name in fact.methods})),
        own_logger=any(len(LOG_METHODS.intersection(fact.methods)) >= _LOGGER for fact in classes),
    )


def _pair(flow: Sequence[str]) -> tuple[str, str]:
    # What travelled as JSON comes back as a list.
    return flow[0], flow[1]


def _class_fact(node: ast.ClassDef) -> ClassFact:
    methods = sorted({item.name for item in node.body if isinstance(item, ast.FunctionDef)})
    return ClassFact(node.name, tuple(sorted(_parents(node))), tuple(methods))


def _reached(index: Index) -> Iterator[str]:
    for node in index.of(ast.Attribute):
        if node.attr in sys.stdlib_module_names:
            yield node.attr
    for source in index.of(ast.ImportFrom):
        if source.level or (source.module or "").partition(".")[0] not in sys.stdlib_module_names:
            yield from (alias.name for alias in source.names if alias.name in sys.stdlib_module_names)
    for text in index.of(ast.Constant):
        if isinstance(text.value, str) and _DOTTED.fullmatch(text.value):
            yield from (part for part in text.value.split(".")[1:] if part in sys.stdlib_module_names)


def _descendants(metaclasses: set[str], classes: list[ClassFact]) -> set[str]:
    """The names that are reached from a metaclass through `parents`; one name may stand for several classes."""
    children: dict[str, list[str]] = {}
    for fact in classes:
        for parent in fact.parents:
            children.setdefault(parent, []).append(fact.name)
    reached, pending = set(metaclasses), list(metaclasses)
    while pending:
        new = set(children.get(pending.pop(), ())) - reached
        reached |= new
        pending.extend(new)
    return reached


def _uses_logging(index: Index) -> bool:
    imported = {node.name for node in index.of(ast.alias)} | {node.module for node in index.of(ast.ImportFrom)}
    return "logging" in imported


def stem_of(path: str) -> str:
    """The last part of the name of the module in a file."""
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


def _module_names(path: str) -> tuple[str, ...]:
    # `src/app/core.py` may be imported as `src.app.core` or, with `src` on the path, as `app.core`.
    parts = PurePosixPath(path).parts[:2]
    return tuple(sorted({PurePosixPath(part).stem for part in parts}))


def _top_level_names(index: Index) -> set[str]:
    """Names bound outside every function and class, and names that functions declare `global`."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    names = {name for node in index.of(ast.Global) for name in node.names}
    bindings: Iterator[tuple[ast.AST, str]] = (
        pair
        for pairs in (
            ((node, node.id) for node in index.of(ast.Name) if not isinstance(node.ctx, ast.Load)),
            ((node, (node.asname or node.name).partition(".")[0]) for node in index.of(ast.alias)),
            ((node, node.name) for node in index.definitions),
        )
        for pair in pairs
    )
    names.update(
        name
        for node, name in bindings
        if name in _BUILTINS and not any(isinstance(parent, inner) for parent in index.ancestors(node))
    )
    return names


def _parents(node: ast.ClassDef) -> Iterator[str]:
    for part in (*node.bases, *(keyword.value for keyword in node.keywords), *node.decorator_list):
        for name in ast.walk(part):
            if isinstance(name, (ast.Name, ast.Attribute)):
                yield dotted(name).rpartition(".")[2] or getattr(name, "attr", "")


def _risky_metaclasses(index: Index) -> Iterator[str]:
    for node in index.of(ast.ClassDef):
        if _is_metaclass(node) and any(not _hands_namespace_on(new) for new in _constructors(node)):
            yield node.name
    for keyword in index.of(ast.keyword):
        # A function as a metaclass: where it is defined and what it does with the namespace is not followed.
        if keyword.arg == "metaclass" and isinstance(keyword.value, (ast.Name, ast.Attribute)):
            name = dotted(keyword.value).rpartition(".")[2]
            if any(function.name == name for function in index.of(ast.FunctionDef)):
                yield name


def _is_metaclass(node: ast.ClassDef) -> bool:
    names = [dotted(base).rpartition(".")[2] for base in node.bases]
    if any(name == "type" or _METACLASS_NAME.search(name) for name in names):
        return True
    return any(len(_positional(new)) >= _METACLASS_PARAMETERS for new in _constructors(node))


def _constructors(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    return (item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__new__")


def _positional(function: ast.FunctionDef) -> list[str]:
    return [parameter.arg for parameter in (*function.args.posonlyargs, *function.args.args)]


def _hands_namespace_on(new: ast.FunctionDef) -> bool:
    """Whether every class that a metaclass's `__new__` makes gets the whole namespace of its body."""
    names = _positional(new)
    if len(names) < _METACLASS_PARAMETERS:
        return False
    namespace = names[_METACLASS_PARAMETERS - 1]
    made = 0
    for node in ast.walk(new):
        if isinstance(node, ast.Name) and node.id == namespace and not isinstance(node.ctx, ast.Load):
            return False
        if isinstance(node, ast.Call) and _makes_class(node):
            made += 1
            if not any(isinstance(value, ast.Name) and value.id == namespace for value in node.args[2:]):
                return False
    return made > 0


def _makes_class(node: ast.Call) -> bool:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr == "__new__"
    # `type(name, bases, namespace)` and `meta(name, bases, namespace)`
    return isinstance(function, ast.Name) and len(node.args) == _METACLASS_PARAMETERS - 1
