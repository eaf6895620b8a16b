"""What a module is for, in one sentence made from facts: what it is called, and what it defines.

Nothing is guessed. A list of modules says the same before and after docstrings were written from it.
"""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist_tools.source.module import Module

WIDTH = 79
QUOTES = '"""'

_MOST_NAMES = 8
_LONGEST_SUMMARY = 120
# A full stop inside `e.g. this` or `1.0` ends no sentence.
_SENTENCE = re.compile(r"(.+?[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?:\s+(?=[^a-z])|$)")
_RULED_LINE = re.compile(r"\s*[^\w\s]*\s*$")


class _Kind(NamedTuple):
    """Names of one kind; `article` goes before the kind when it is written out."""

    singular: str
    plural: str
    names: Sequence[str]
    article: str = "the "

    def listed(self) -> str:
        """The kind with its names: `the classes A and B`."""
        if not self.article:
            return _enumerated(self.names)
        return f"{self.article}{self.singular if len(self.names) == 1 else self.plural} {_enumerated(self.names)}"

    def counted(self) -> str:
        """The kind with its number: `9 classes`."""
        return self.listed() if len(self.names) == 1 else f"{len(self.names)} {self.plural}"


def describe(module: Module) -> str:
    """One true sentence about a module, in ASCII, without a final period; empty when there is nothing to say."""
    verb, kinds = _facts(module.tree)
    return f"{subject_of(module.path)}: {verb} {' and '.join(kind.listed() for kind in kinds)}" if kinds else ""


def headline(module: Module) -> str:
    """The first line of the docstring a module gets, without a final period: numbers where names take too much room."""
    sentence = describe(module)
    if not sentence or fits_one_line(sentence):
        return sentence
    verb, kinds = _facts(module.tree)
    return f"{subject_of(module.path)}: {verb} {' and '.join(kind.counted() for kind in kinds)}"


def details(module: Module) -> str:
    """The names that the headline only counts, as sentences; empty when it counts none."""
    if fits_one_line(describe(module)):
        return ""
    kinds = [kind for kind in _facts(module.tree)[1] if len(kind.names) > 1]
    return " ".join(f"The {kind.plural} are {_enumerated(kind.names)}." for kind in kinds)


def fits_one_line(sentence: str) -> bool:
    """Whether a sentence makes a docstring of one line."""
    return len(f"{QUOTES}{sentence}.{QUOTES}") <= WIDTH


def summary_of(tree: ast.Module) -> str:
    """The first sentence of a module's docstring, shortened when it is very long; empty without one."""
    lines = (ast.get_docstring(tree) or "").partition("\n\n")[0].splitlines()
    body = [line for line in lines if not _RULED_LINE.match(line)]
    if len(body) < len(lines) and body:
        body = body[:1]  # a title with a line of marks under it
    paragraph = " ".join(" ".join(body).split())
    sentence = _SENTENCE.match(paragraph)
    return textwrap.shorten(sentence[1] if sentence else paragraph, _LONGEST_SUMMARY, placeholder=" ...")


def told_by(path: str, summary: str) -> str:
    """What people wrote of a module, without a final period; empty when its docstring only names it or is ours."""
    text = summary if summary.endswith("...") else summary.removesuffix(".")
    subject = subject_of(path)
    return "" if text == subject or text.startswith(f"{subject}: ") else text


def told_of(module: Module) -> str:
    """What there is to say of a module beside its name, without a final period; empty when there is nothing."""
    _, _, text = describe(module).partition(": ")
    return f"{text[:1].upper()}{text[1:]}"


def subject_of(path: str) -> str:
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


def _facts(tree: ast.Module) -> tuple[str, list[_Kind]]:
    """The verb, and what the module has of the kinds that the verb is about; no kinds when there is nothing to say."""
    exported = _exported(tree)
    classes, functions = _public(tree, exported)
    defined = [_Kind("class", "classes", classes), _Kind("function", "functions", functions)]
    constants = [name for name in _assigned(tree) if name.isupper()] if exported is None else []
    offered = [name for name in exported or () if name in _assigned(tree)]
    for verb, kinds in (
        ("defines", defined),
        ("sets", [_Kind("constant", "constants", constants)]),
        ("brings together names from", [_Kind("module", "modules", _relative_imports(tree), article="")]),
        ("offers", [_Kind("name", "names", offered, article="")]),
    ):
        if present := [kind for kind in kinds if kind.names]:
            return verb, present
    return "", []


def _public(tree: ast.Module, exported: Mapping[str, None] | None) -> tuple[list[str], list[str]]:
    """Names of the public classes and functions, in the order of the source; a written-out `__all__` decides."""
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


def _exported(tree: ast.Module) -> dict[str, None] | None:
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, (ast.List, ast.Tuple)):
            continue
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            return {str(element.value): None for element in node.value.elts if isinstance(element, ast.Constant)}
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


def _enumerated(names: Sequence[str]) -> str:
    shown = list(names)
    if len(shown) > _MOST_NAMES:
        shown = [*shown[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
