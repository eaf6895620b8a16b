"""What a docstring says, held against the code that it is of."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import docstring_parser

from archaeologist_tools.documentation.behaviour import behaviour
from archaeologist_tools.documentation.examples import broken_examples
from archaeologist_tools.surgery.definitions import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.documentation.behaviour import Behaviour
    from archaeologist_tools.source.module import Module

_NAME = re.compile(r"\*{0,2}([A-Za-z_]\w*)")
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*")


def false_claims(module: Module, qualname: str, text: str, line: int | None = None) -> list[str]:
    """Find what a docstring says that is not so.

    Args:
        module: the file.
        qualname: the class or function that it is of; empty for the file itself.
        text: what it says, in any of the usual styles.
        line: one of the lines of the class or function, where several have that name.

    Returns:
        One sentence for each claim that is false, or that nothing in the file shows.

    Raises:
        EditRefused: there is no such class or function.
    """
    node = definition(module, qualname, line) if qualname else module.tree
    found = [*broken_examples(text, ast.get_docstring(node) or "")]
    if isinstance(node, ast.Module):
        return found
    is_class = isinstance(node, ast.ClassDef)
    known = behaviour(node, module)
    said = docstring_parser.parse(text)
    found += (
        _false_parameter(name, qualname, known) for name in _parameters(said, "param") if name not in known.parameters
    )
    if is_class:
        lost = (name for name in _parameters(said, "attribute") if name not in known.attributes)
        found += (f"`{qualname}` has no attribute `{name}`" for name in lost)
    found += (f"nothing here raises `{name}` in `{qualname}`" for name in _exceptions(said) if _is_unknown(name, known))
    for part in () if is_class else said.many_returns:
        found += _false_result(part, qualname, known)
    return found


def _false_parameter(name: str, qualname: str, known: Behaviour) -> str:
    listed = ", ".join(known.parameters) or "none"
    return f"`{qualname}` has no parameter `{name}`; it has {listed}"


def _parameters(said: docstring_parser.Docstring, kind: str) -> Iterator[str]:
    """The names of parameters or attributes that a docstring tells of; NumPy's style has several in one place."""
    for meta in said.meta:
        if isinstance(meta, docstring_parser.DocstringParam):
            is_attribute = bool(meta.args) and meta.args[0] in {"attribute", "attributes"}
            if is_attribute == (kind == "attribute"):
                yield from (
                    match[1] for part in meta.arg_name.split(",") if (match := _NAME.match(part.strip().lstrip("\\")))
                )


def _exceptions(said: docstring_parser.Docstring) -> Iterator[str]:
    for raised in said.raises:
        yield from (name.rpartition(".")[2] for name in _EXCEPTION.findall(raised.type_name or ""))


def _is_unknown(name: str, known: Behaviour) -> bool:
    return name not in known.raised and not known.raises_others


def _false_result(part: docstring_parser.DocstringReturns, qualname: str, known: Behaviour) -> Iterator[str]:
    if part.is_generator and not known.yields:
        yield f"`{qualname}` is no generator; say what it returns, not what it yields"
    elif not part.is_generator and known.yields:
        yield f"`{qualname}` is a generator; say what it yields"
    elif not part.is_generator and not known.returns:
        yield f"`{qualname}` returns nothing; leave out what it returns"
