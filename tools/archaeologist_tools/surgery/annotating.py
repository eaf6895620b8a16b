"""Annotates the parameters and the result of one function, and changes nothing else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.engine.imports import additions
from archaeologist_tools.engine.proof import same_trees
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.annotations import are_lazy, holds_none, reads_annotations
from archaeologist_tools.surgery.definitions import Function, definition, definitions, own_nodes
from archaeologist_tools.surgery.headers import header_of
from archaeologist_tools.surgery.operation import Operation, layer, replacing, reread
from archaeologist_tools.surgery.types import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.engine.layers import Layer
    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.types import Written

RESULT = "return"
"""The name that the result goes by."""
_TYPE_COMMENT = re.compile(r"#\s*type:\s*(?!ignore\b)")
_REASON = "annotations do nothing when the program runs, and nothing here reads them"


def annotate(
    module: Module,
    qualname: str,
    types: Mapping[str, str],
    target: tuple[int, int],
    *,
    replace: bool = False,
    line: int | None = None,
) -> Layer:
    """Annotate a function.

    Args:
        module: the file.
        qualname: the function, as in `Stock.add`.
        types: the types by parameter; that of the result under `return`.
        target: the lowest Python that the file has to run on.
        replace: change annotations that are there; else they have to be the same.
        line: one of the lines of the function, where several have that name.

    Returns:
        The file with the annotations and the imports that they need; no edit where all of them are there.

    Raises:
        EditRefused: with the reason, for the one who chose the types.
    """
    function = definition(module, qualname, line)
    if isinstance(function, ast.ClassDef):
        raise EditRefused(f"`{qualname}` is a class; annotate its methods, such as `{qualname}.__init__`")
    _check_readers(module, function)
    places = {_bare(name): (name, text) for name, text in types.items()}
    edits: list[Edit] = []
    for name, (_, text) in places.items():
        parameter = _parameter(function, name)
        new = written(text, function, module, target)
        _check_meaning(function, name, text, new)
        edits += _edits(module, function, parameter, new, replace=replace)
    _check_code(module, reread(module, edits), function)
    edits += additions(edits, module) if edits else []
    return layer(Operation.ANNOTATE, edits, reread(module, edits).data)


def _bare(name: str) -> str:
    return name.strip().lstrip("*")


def _check_readers(module: Module, function: Function) -> None:
    """Raise EditRefused where annotations are more than remarks."""
    if reads_annotations(module.index):
        raise EditRefused(f"{module.path} reads annotations when it runs, so that new ones may change what it does")
    first = function.body[0].lineno
    header = b"".join(map(module.line, range(function.lineno, first + 1))).decode(module.encoding)
    if _TYPE_COMMENT.search(header):
        raise EditRefused(f"`{function.name}` has type comments; write all of it anew with annotations instead")


def _parameter(function: Function, name: str) -> ast.arg | None:
    """The parameter of a name; None for the result."""
    if name == RESULT:
        return None
    arguments = function.args
    all_of_them = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    all_of_them += [each for each in (arguments.vararg, arguments.kwarg) if each]
    for each in all_of_them:
        if each.arg == name:
            return each
    known = ", ".join(each.arg for each in all_of_them) or "none"
    raise EditRefused(f"`{function.name}` has no parameter `{name}`; it has {known}")


def _check_meaning(function: Function, name: str, text: str, new: Written) -> None:
    """Raise EditRefused for what the code of the function shows to be wrong."""
    if name != RESULT:
        default = _defaults(function).get(name)
        if default is not None and _is_none(default) and not holds_none(new.tree):
            raise EditRefused(f"`{name}` is None by default, which `{text}` does not allow")
        return
    if function.name == "__init__" and not _is_none(new.tree):
        raise EditRefused("`__init__` returns None")
    if _is_none(new.tree) and (found := min(_values(function), default=0)):
        raise EditRefused(f"`{function.name}` gives a value on line {found}, which `None` does not allow")


def _defaults(function: Function) -> Mapping[str, ast.expr | None]:
    arguments = function.args
    placed = [*arguments.posonlyargs, *arguments.args]
    pairs = dict[str, ast.expr | None](zip([each.arg for each in placed][::-1], arguments.defaults[::-1], strict=False))
    return pairs | dict(zip([each.arg for each in arguments.kwonlyargs], arguments.kw_defaults, strict=True))


def _values(function: Function) -> Iterator[int]:
    """The lines that make a function give a value."""
    for node in own_nodes(function):
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and not _gives_none(node):
            yield node.lineno


def _gives_none(node: ast.Return | ast.Yield | ast.YieldFrom) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or _is_none(node.value))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _edits(
    module: Module, function: Function, parameter: ast.arg | None, new: Written, *, replace: bool
) -> Iterator[Edit]:
    old = parameter.annotation if parameter else function.returns
    if old is not None:
        if _spelled(old) in {new.text, ast.unparse(new.tree)}:
            return
        if not replace:
            name = f"`{parameter.arg}`" if parameter else "the result"
            raise EditRefused(f"{name} is annotated already, as `{ast.unparse(old)}`")
        start, end = module.extent(old)
        yield replacing(Operation.ANNOTATE, module, start, end, new.text, reason=_REASON, imports=new.imports)
    elif parameter is None:
        place = header_of(module, function).parameters_end
        yield replacing(
            Operation.ANNOTATE, module, place, place, f" -> {new.text}", reason=_REASON, imports=new.imports
        )
    else:
        place = module.extent(parameter)[1]
        # A default is set off with blanks where there is an annotation, and not where there is none.
        tight = re.match(rb"=(?=[^\s=])", module.data[place : place + 2])
        text = f": {new.text}{' = ' if tight else ''}"
        yield replacing(
            Operation.ANNOTATE, module, place, place + bool(tight), text, reason=_REASON, imports=new.imports
        )


def _spelled(annotation: ast.expr) -> str:
    """The text of an annotation, without the quotes of one that is a text."""
    value = annotation.value if isinstance(annotation, ast.Constant) else None
    return value if isinstance(value, str) else ast.unparse(annotation)


def _check_code(before: Module, after: Module, function: Function) -> None:
    """Raise EditRefused unless annotations of one function are all that differs."""
    place = [node for _, node in definitions(before.index)].index(function)
    new = [node for _, node in definitions(after.index)][place]
    if isinstance(new, ast.ClassDef):
        raise EditRefused(f"`{function.name}` cannot be annotated without changing other code")
    pairs: Sequence[tuple[ast.arg, ast.arg]] = [*zip(_arguments(function), _arguments(new), strict=True)]
    taken = [(mine, mine.annotation, theirs) for mine, theirs in pairs]
    new.returns = function.returns
    for _, annotation, theirs in taken:
        theirs.annotation = annotation
    if not same_trees(before.tree, after.tree, lazy_annotations=are_lazy(before.tree)):
        raise EditRefused(f"`{function.name}` cannot be annotated without changing other code")


def _arguments(function: Function) -> list[ast.arg]:
    return [node for node in ast.walk(function.args) if isinstance(node, ast.arg)]
