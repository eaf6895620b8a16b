"""What a rule must know of the whole project before it may touch one file.

Facts are gathered file by file (a survey does it in passing), merged once, and handed to every batch of the rewrite.
They are plain values, so that they travel as JSON.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.inference.known import NO_TUPLE_METHODS
from archaeologist_tools.inference.results import results
from archaeologist_tools.project.hints import Hints, hints
from archaeologist_tools.project.loose_methods import loose_methods
from archaeologist_tools.project.metaclasses import risky_metaclasses
from archaeologist_tools.project.mocked_loggers import LOG_METHODS, replaced_loggers
from archaeologist_tools.project.models import ClassFact, FileFacts, ProjectFacts
from archaeologist_tools.project.module_names import module_place, nearest_roots, outermost, stem_of
from archaeologist_tools.project.overrides import overridden_elsewhere
from archaeologist_tools.project.patching import patched_functions
from archaeologist_tools.project.reexports import lent_names, reexported, taken_names
from archaeologist_tools.project.type_facts import (
    counted,
    foreign_stores,
    formats_itself,
    made_objects,
    makers_of_others,
    merged_results,
    plain_classes,
    private_uses,
    shown_values,
    tuple_classes,
)  # fmt: skip
from archaeologist_tools.project.value_flow import known_values
from archaeologist_tools.project.version_flags import (
    known_flags,
    replaced_flags,
    version_flags,
)
from archaeologist_tools.source.annotations import looks_at_types
from archaeologist_tools.source.composed_names import composed_names
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.source.log_records import reads_records
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist_tools.source.index import Index
    from archaeologist_tools.source.module import Module

_BUILTINS = frozenset(dir(builtins))
# A class with so many of them is a logger, whatever its name.
_LOGGER = 3
_TEXT_METHODS = NO_TUPLE_METHODS | {"group"}
_DOTTED = re.compile(r"\w+(?:\.\w+)+", re.ASCII)


def file_facts(module: Module) -> FileFacts:
    """Gather the facts of one file."""
    shown = hints(module.index)
    return replace(
        early_facts(module),
        results=tuple(sorted(results(module))),
        plain_values=tuple(sorted(shown.plain)),
        tuple_values=tuple(sorted(shown.tuples)),
        value_flows=tuple(sorted(shown.flows)),
    )


def early_facts(module: Module) -> FileFacts:
    """Gather the facts of one file but for those of values, which depend on what other files ask."""
    index = module.index
    made = list(tuple_classes(index))
    stars = {(node.module or "").partition(".")[0] for node in index.star_imports if not node.level}
    return FileFacts(
        modules=nearest_roots(module.path),
        stem=stem_of(module.path),
        rebound=tuple(sorted(_BUILTINS & _top_level_names(index))),
        stars=tuple(sorted(stars - sys.stdlib_module_names)),
        classes=tuple(_class_fact(node) for node in index.of(ast.ClassDef)),
        metaclasses=tuple(sorted(risky_metaclasses(index))),
        starred=tuple(sorted({(node.module or "").rpartition(".")[2] for node in index.star_imports})),
        reached=tuple(sorted(set(_reached(index)))),
        patched=patched_functions(index),
        replaced_loggers=replaced_loggers(index),
        tuples=tuple(sorted({name for name, _ in made if name})),
        tuple_fields=tuple(sorted({field for _, fields in made for field in fields})),
        private=tuple(sorted(private_uses(index))),
        stored=tuple(sorted(foreign_stores(index))),
        formats=formats_itself(index),
        logs=_uses_logging(index) and not is_test_path(module.path),
        place=module_place(module.path),
        package=PurePosixPath(module.path).stem == "__init__",
        flags=tuple(version_flags(index)),
        replaced_flags=tuple(sorted(set(replaced_flags(index)))),
        inspected=tuple(sorted(_imported(index))) if looks_at_types(index) else (),
        reads_records=reads_records(index),
        composed=tuple(sorted(f"{start}*{end}" for start, end in composed_names(index) if _is_private(start + end))),
        taken=tuple(sorted(set(taken_names(index)))),
        lent=tuple(sorted(set(lent_names(index)))),
        loose=tuple(sorted(set(loose_methods(index)))),
    )


def merge(facts: Iterable[FileFacts], shown: Iterable[Hints] = ()) -> ProjectFacts:
    """Put the facts of all files together; their order does not matter.

    Args:
        facts: the facts of each file.
        shown: what files show of values, where their facts do not have it.
    """
    files = list(facts)
    classes = [fact for file in files for fact in file.classes]
    modules = {name for file in files for name in file.modules} | set(outermost(files))
    metaclasses = {name for file in files for name in file.metaclasses}
    tuples = _descendants({name for file in files for name in file.tuples}, classes)
    plain = plain_classes(classes, tuples)
    tainted = _descendants(metaclasses, classes)
    made = plain - tainted - _descendants(makers_of_others(classes), classes)
    taken = {name for file in files for name in file.taken}
    lent = {f"{file.stem}.{name}" for file in files for name in file.lent}
    private, shared = counted([file.private for file in files])
    stored, stored_by_many = counted([file.stored for file in files])
    plain_values, tuple_values = known_values(shown_values(files, shown, made, tuples)) if len(files) > 1 else ((), ())
    return ProjectFacts(
        own_metaclasses=bool(metaclasses),
        tainted=tuple(sorted(tainted)),
        rebound=tuple(sorted({name for file in files for name in file.rebound})),
        foreign_stars=any(set(file.stars) - modules for file in files),
        modules=tuple(sorted(modules)),
        starred=tuple(sorted({name for file in files for name in file.starred})),
        reached=tuple(sorted({name for file in files for name in file.reached})),
        patched=tuple(sorted({name for file in files for name in file.patched})),
        replaced_loggers=tuple(sorted({name for file in files for name in file.replaced_loggers})),
        tuples=tuple(sorted(tuples)),
        tuple_fields=tuple(sorted({name for file in files for name in file.tuple_fields})),
        plain=tuple(sorted(plain)),
        private=private,
        shared=shared,
        stored=stored,
        stored_by_many=stored_by_many,
        overridden=tuple(sorted(overridden_elsewhere(files))),
        formats=any(file.formats for file in files),
        logs=any(file.logs for file in files),
        results=tuple(sorted((made_objects(files, made) | dict(merged_results(files))).items())),
        plain_values=plain_values,
        tuple_values=tuple_values,
        text_methods=tuple(sorted(_TEXT_METHODS & {name for fact in classes for name in fact.methods})),
        own_logger=any(len(LOG_METHODS.intersection(fact.methods)) >= _LOGGER for fact in classes),
        flags=tuple(known_flags(files)),
        replaced_flags=tuple(sorted({name for file in files for name in file.replaced_flags})),
        inspected=tuple(sorted({name for file in files for name in file.inspected})),
        reads_records=any(file.reads_records for file in files),
        composed=tuple(sorted({name for file in files for name in file.composed})),
        taken=tuple(sorted(reexported(taken, lent))),
    )


def _class_fact(node: ast.ClassDef) -> ClassFact:
    methods = sorted({item.name for item in node.body if isinstance(item, ast.FunctionDef)})
    others = (item for item in node.body if not isinstance(item, ast.FunctionDef))
    values = sorted({value for item in others for value in _assigned(item)})
    return ClassFact(node.name, tuple(sorted(_parents(node))), tuple(methods), tuple(values))


def _assigned(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    kind = _kind_of(getattr(statement, "value", None))
    yield from (f"{target.id}={kind}" for target in targets if isinstance(target, ast.Name))


def _kind_of(value: ast.expr | None) -> str:
    if isinstance(value, ast.Constant):
        return type(value.value).__name__
    if not isinstance(value, (ast.Tuple, ast.List)):
        return ""
    inner = {_kind_of(item) for item in value.elts}
    return f"{type(value).__name__} of {inner.pop()}" if len(inner) == 1 and "" not in inner else ""


def _imported(index: Index) -> set[str]:
    """The last parts of the names of imported modules, and what is imported from them."""
    modules = {(node.module or "").rpartition(".")[2] for node in index.of(ast.ImportFrom)}
    return modules | {alias.name.rpartition(".")[2] for alias in index.of(ast.alias)}


def _is_private(known: str) -> bool:
    """Whether what is known of a name says that it is private, and more than that."""
    return known.startswith("_") and known != "_" and known.isidentifier()


def _reached(index: Index) -> Iterator[str]:
    yield from sys.stdlib_module_names.intersection(index.attributes)
    for source in index.of(ast.ImportFrom):
        if source.level or (source.module or "").partition(".")[0] not in sys.stdlib_module_names:
            yield from (alias.name for alias in source.names if alias.name in sys.stdlib_module_names)
    for text in filter(_DOTTED.fullmatch, index.dotted_texts):
        yield from (part for part in text.split(".")[1:] if part in sys.stdlib_module_names)


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


def _top_level_names(index: Index) -> set[str]:
    """Names bound outside every function and class, and names that functions declare `global`."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    names = {name for node in index.of(ast.Global) for name in node.names}
    bindings: Iterator[tuple[ast.AST, str]] = (
        pair
        for pairs in (
            (
                (node, name)
                for name in _BUILTINS.intersection(index.names)
                for node in index.names[name]
                if not isinstance(node.ctx, ast.Load)
            ),
            ((node, bound_by(node)) for node in index.of(ast.alias)),
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
        for name in [part] if isinstance(part, ast.Name) else ast.walk(part):
            if isinstance(name, (ast.Name, ast.Attribute)):
                yield name.id if isinstance(name, ast.Name) else name.attr
