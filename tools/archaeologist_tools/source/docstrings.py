"""Module docstrings from facts alone: what the module is called, and what it defines.

Nothing is guessed. A sentence that would say no more than the file's name is not written.
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
from archaeologist_tools.source.module import Module, parse
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RULE = "AR050"
REFUSALS = {
    "documented": "the module has a docstring",
    "empty": "the file holds no code",
    "test-module": "tests are left as they are",
    "reads-doc": "the module reads __doc__, which a docstring would change",
    "nothing-to-say": "it defines nothing public that could be named",
    "check-failed": "the module would not compile to the same code",
}

_WIDTH = 79
_MOST_NAMES = 8
_QUOTES = '"""'
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
    sentence = "" if reason else describe(module)
    if reason or not sentence:
        return _refusal(module.path, reason or "nothing-to-say")
    place = _place(module)
    line, _ = module.position(place)
    lines = [*_wrapped(sentence)]
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


def describe(module: Module) -> str:
    """One true sentence about a module, in ASCII, without a final period; empty when there is nothing to say."""
    subject = _subject(module.path)
    classes, functions = _public(module.tree)
    said = [_listed("class", "classes", classes), _listed("function", "functions", functions)]
    if any(said):
        return f"{subject}: defines {' and '.join(filter(None, said))}"
    constants = [name for name in _assigned(module.tree) if name.isupper()]
    if constants:
        return f"{subject}: sets {_listed('constant', 'constants', constants)}"
    sources = _relative_imports(module.tree)
    if sources:
        return f"{subject}: brings together names from {_enumerated(sources)}"
    return ""


def told_by(path: str, first_line: str) -> str:
    """What the first line of a docstring tells of a module, without a final period; empty when it only names it.

    A docstring of ours that does not fit on one line begins with the module's name alone: whoever lists modules shall
    say the same before and after it was written.
    """
    text = first_line.removesuffix(".")
    return "" if text == _subject(path) else text


def refused_by_name(path: str) -> Refusal | None:
    """Tell whether a file gets no docstring whatever it holds, so that it need not be read."""
    return _refusal(path, "test-module") if is_test_path(path) else None


def _reason_against(module: Module) -> str | None:
    tree = module.tree
    if not tree.body:
        return "empty"
    if ast.get_docstring(tree, clean=False) is not None:
        return "documented"
    if is_test_path(module.path):
        return "test-module"
    named = "__doc__" in module.text  # walking the tree costs more than all the rest
    return "reads-doc" if named and any(_reads_doc(node) for node in ast.walk(tree)) else None


def _reads_doc(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "__doc__"
    return isinstance(node, ast.Constant) and node.value == "__doc__"


def _refusal(path: str, code: str) -> Refusal:
    return Refusal(RULE, path, Span(0, 0, 1, 1), code, REFUSALS[code])


def _subject(path: str) -> str:
    """What a file is called in words: `report_builder.py` is `Report builder`."""
    name = PurePosixPath(path)
    folder = name.parent.name
    if name.stem == "__init__" and folder:
        return f"Package {folder}" if folder.isascii() else "Package"
    if name.stem == "__main__" and folder and folder.isascii():
        return f"Entry point of `python -m {folder}`"
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.stem).replace("_", " ").replace("-", " ").split()
    text = " ".join(words) if name.stem.isascii() else ""
    return f"{text[:1].upper()}{text[1:]}" or "Module"


def _public(tree: ast.Module) -> tuple[list[str], list[str]]:
    """Names of the public classes and functions, in the order of the source; a written-out `__all__` decides."""
    exported = _exported(tree)
    classes: list[str] = []
    functions: list[str] = []
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        public = node.name in exported if exported is not None else not node.name.startswith("_")
        names = classes if isinstance(node, ast.ClassDef) else functions
        if public and node.name.isascii() and node.name not in names:
            names.append(node.name)
    return classes, functions


def _exported(tree: ast.Module) -> set[str] | None:
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, (ast.List, ast.Tuple)):
            continue
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            return {str(element.value) for element in node.value.elts if isinstance(element, ast.Constant)}
    return None


def _assigned(tree: ast.Module) -> list[str]:
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in dict.fromkeys(names) if not name.startswith("_") and name.isascii()]


def _relative_imports(tree: ast.Module) -> list[str]:
    nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level == 1]
    names = [
        name for node in nodes for name in ([node.module] if node.module else [alias.name for alias in node.names])
    ]
    return [name for name in dict.fromkeys(names) if name.isascii() and name != "*"]


def _listed(singular: str, plural: str, names: Sequence[str]) -> str:
    return f"the {singular if len(names) == 1 else plural} {_enumerated(names)}" if names else ""


def _enumerated(names: Sequence[str]) -> str:
    shown = list(names)
    if len(shown) > _MOST_NAMES:
        shown = [*shown[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _wrapped(sentence: str) -> Iterable[str]:
    line = f"{_QUOTES}{sentence}.{_QUOTES}"
    if len(line) <= _WIDTH:
        return [line]
    subject, _, rest = sentence.partition(": ")
    body = textwrap.wrap(f"{rest[:1].upper()}{rest[1:]}.", _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"{_QUOTES}{subject}.", "", *body, _QUOTES]


def _place(module: Module) -> int:
    """Behind the comments that belong to the file as a whole."""
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
