"""How large, how tangled and how central modules are."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.reading.outlines import depth_of, outline
from archaeologist_tools.source.index import bound_by
from archaeologist_tools.surgery.definitions import definitions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archaeologist_tools.source.module import Module


class Metrics(NamedTuple):
    """Figures of one module.

    Attributes:
        path: the file.
        lines: all lines.
        code: lines with code.
        comments: lines with comments.
        classes: how many there are.
        functions: how many there are.
        documented: how many of both have a docstring.
        complexity: the sum of the functions' complexities.
        most_complex: the function with the highest one, with its figure.
        longest: the function with the most lines, with its figure.
        deepest: how deep statements are nested at most.
        imports: how many modules it imports.
        globals: names that functions declare `global`.
    """

    path: str
    lines: int
    code: int
    comments: int
    classes: int
    functions: int
    documented: int
    complexity: int
    most_complex: str
    longest: str
    deepest: int
    imports: int
    globals: int

    def __str__(self) -> str:
        """Show them as names and values."""
        values = self._asdict()
        return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in values.items() if value != "")


HEADER = "path: lines, functions, complexity in all, most complex function, longest function"


def row_of(metrics: Metrics) -> str:
    """The figures that tell modules of one folder apart, in one line."""
    shown = (metrics.lines, metrics.functions, metrics.complexity, metrics.most_complex, metrics.longest)
    return f"{metrics.path}: {', '.join(str(value) or '-' for value in shown)}"


def metrics_of(module: Module) -> Metrics:
    """Measure a module."""
    defined = list(outline(module))
    functions = [each for each in defined if each.complexity]
    code, comments = _kinds_of_lines(module)
    return Metrics(
        path=module.path,
        lines=module.lines,
        code=code,
        comments=comments,
        classes=len(defined) - len(functions),
        functions=len(functions),
        documented=sum(each.documented for each in defined),
        complexity=sum(each.complexity for each in functions),
        most_complex=_extreme((each.complexity, each.name) for each in functions),
        longest=_extreme((each.last - each.first + 1, each.name) for each in functions),
        deepest=max((depth_of(node) for _, node in definitions(module.index)), default=0),
        imports=len(_imported(module)),
        globals=len(module.index.declared_global),
    )


def _extreme(figures: Iterable[tuple[int, str]]) -> str:
    figure, name = max(figures, key=lambda each: each[0], default=(0, ""))
    return f"{name} {figure}" if name else ""


def _imported(module: Module) -> set[str]:
    names = {"." * node.level + (node.module or "") for node in module.index.of(ast.ImportFrom)}
    return names | {bound_by(alias) for node in module.index.of(ast.Import) for alias in node.names}


def _kinds_of_lines(module: Module) -> tuple[int, int]:
    """Count the lines with code, docstrings among them, and those with comments."""
    code, comments = set[int](), set[int]()
    nothing = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    try:
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
            if token.type == tokenize.COMMENT:
                comments.add(token.start[0])
            elif token.type not in nothing:
                code.update(range(token.start[0], token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # what the parser takes and this module does not is counted as far as it goes
    return len(code), len(comments)
