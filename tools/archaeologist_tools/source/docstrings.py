"""Module docstrings from facts alone: what the module is called, and what it defines.

A sentence that would say no more than the file's name is not written.
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Edit, Evidence, Refusal, Span, make_edit
from archaeologist_tools.engine.proof import compile_quietly, same_module
from archaeologist_tools.source.description import QUOTES, WIDTH, details, headline
from archaeologist_tools.source.module import Module, parse
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = "AR050"
REFUSALS = {
    "documented": "the module has a docstring",
    "empty": "the file holds no code",
    "test-module": "tests are left as they are",
    "build-script": "installers run it, and its name says what it is",
    "reads-doc": "the module reads __doc__, which a docstring would change",
    "nothing-to-say": "it defines nothing public that could be named",
    "check-failed": "the module would not compile to the same code",
}

_HEADER = re.compile(
    rb"^#!|coding[:=]|copyright|\(c\)|licen[cs]e|spdx|all rights reserved|author|vim?:|-\*-|\$id|pylint:|flake8|mypy:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class _Block:
    """Adjacent comment lines at the top of a file: the lines from `first` up to `last`, 1-based."""

    first: int
    last: int
    text: bytes
    stands_alone: bool


def module_docstring(module: Module) -> Edit | Refusal:
    """Write the docstring of a module.

    Args:
        module: the file.

    Returns:
        An insertion behind shebang, coding cookie and licence and before the first statement, or why there is none.
    """
    reason = _reason_against(module)
    lines = [] if reason else [*_written(module)]
    if reason or not lines:
        return _refusal(module.path, reason or "nothing-to-say")
    place = docstring_place(module)
    line, _ = module.position(place)
    if module.line(line).strip():
        lines.append("")
    text = "".join(f"{row}{module.newline}" for row in lines)
    edit = make_edit(
        RULE,
        module.path,
        Span(place, place, *module.position(place)),
        before="",
        after=text,
        evidence=Evidence.IDENTICAL,
        reason="the module compiles to the same code, its docstring aside",
    )
    return edit if _keeps_code(module, place, text) else _refusal(module.path, "check-failed")


def refused_by_name(path: str) -> Refusal | None:
    """Tell whether a file gets no docstring whatever it holds, so that it need not be read."""
    code = _reason_by_name(path)
    return _refusal(path, code) if code else None


def _reason_by_name(path: str) -> str | None:
    if is_test_path(path):
        return "test-module"
    return "build-script" if PurePosixPath(path).name == "setup.py" else None


def _reason_against(module: Module) -> str | None:
    tree = module.tree
    if not tree.body:
        return "empty"
    if ast.get_docstring(tree, clean=False) is not None:
        return "documented"
    if reason := _reason_by_name(module.path):
        return reason
    named = "__doc__" in module.text  # walking the tree costs more than all the rest
    return "reads-doc" if named and any(_reads_doc(node) for node in ast.walk(tree)) else None


def _reads_doc(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "__doc__"
    return isinstance(node, ast.Constant) and node.value == "__doc__"


def _refusal(path: str, code: str) -> Refusal:
    return Refusal(RULE, path, Span(0, 0, 1, 1), code, REFUSALS[code])


def _written(module: Module) -> Iterable[str]:
    """The lines of the docstring."""
    first = headline(module)
    if not first:
        return []
    if more := details(module):
        body = textwrap.wrap(more, WIDTH, break_long_words=False, break_on_hyphens=False)
        return [f"{QUOTES}{first}.", "", *body, QUOTES]
    return [f"{QUOTES}{first}.{QUOTES}"]


def docstring_place(module: Module) -> int:
    """Where a module's docstring goes, in bytes: behind the comments that belong to the file as a whole."""
    number = 1
    for index, block in enumerate(_blocks(module)):
        if not (_HEADER.search(block.text) or (index == 0 and block.stands_alone)):
            break
        number = block.last + 1
        while number < len(module.starts) and not module.line(number).strip():
            number += 1
    return module.starts[number - 1]


def _blocks(module: Module) -> Iterable[_Block]:
    """The blocks of comments above the first line of code."""
    number = 1
    while number <= module.lines:
        first = number
        while number <= module.lines and module.line(number).lstrip().startswith(b"#"):
            number += 1
        if number > first:
            alone = number > module.lines or not module.line(number).strip()
            yield _Block(first, number - 1, b"".join(module.line(row) for row in range(first, number)), alone)
        elif module.line(number).strip():
            return
        else:
            number += 1


def _keeps_code(module: Module, place: int, text: str) -> bool:
    data = module.data[:place] + text.encode("ascii") + module.data[place:]
    try:
        tree = parse(data)
        if ast.get_docstring(tree, clean=False) is None:
            return False
        del tree.body[0]
        return same_module(compile_quietly(module.tree), compile_quietly(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
