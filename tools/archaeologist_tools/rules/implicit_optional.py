"""AR041 implicit-optional."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.project.annotation_readers import READER_REFUSALS, reader_of
from archaeologist_tools.source.annotations import holds_none, is_plain_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_UNION_SYNTAX = (3, 10)
_QUOTED = re.compile(r"(['\"])[^'\"\\]*\1")
_IMPORT = "from typing import Optional"


@register
class ImplicitOptional(Rule[ast.arg]):
    """Adds None to the annotation of parameters whose default it is.

    What it does:
        Finds annotated parameters with the default None whose annotation does not allow None.

    Why:
        The annotation contradicts the default. Type checkers used to add the None silently; PEP 484 forbids that now,
        and `typing.get_type_hints` stopped in Python 3.11.

    Example:
        `def f(x: int = None)` becomes `def f(x: int | None = None)`.

    Safety:
        Rewrites where the annotation is a builtin class, a class of this module, or a type of the standard library, so
        that the union can be made when the function is defined, and where nothing in sight reads annotations.

    Left alone:
        Functions and classes with decorators that may read annotations, types that are not known, modules that read
        annotations.

    References:
        ruff RUF013; PEP 484, PEP 604
    """

    code = "AR041"
    name = "implicit-optional"
    family = "types"
    title = "Say that None is allowed where it is the default"
    minimum = (3, 5)
    fixer = Fixer.RULE
    aliases = ("RUF013",)
    nodes = (ast.arg,)
    words = frozenset({"None"})
    # A colon that ends no line, and None as the next thing that something is set to.
    sign = re.compile(rb":(?!\s*(?:#.*)?[\r\n])(?:[^=d]|d(?!ef\b))*+=(?:[\s(\\]|#.*)*+None\b")
    refusals: ClassVar = {
        "unknown-type": "the annotation may be something of which no union can be made",
        **READER_REFUSALS,
        "name-taken": "the module uses the name Optional for something else",
    }
    valid = (
        "def f(x: int | None = None): pass\n",
        "def f(x: 'Optional[int]' = None): pass\n",
        "def f(x: object = None): pass\n",
        "def f(x=None, y: int = 0): pass\n",
    )
    invalid = (
        ("def f(x: int = None): pass\n", "def f(x: int | None = None): pass\n"),
        ("def f(*, x: 'str' = None): pass\n", "def f(*, x: 'str | None' = None): pass\n"),
        ("def f(x: T = None): pass\n", "def f(x: T = None): pass\n"),
        ("@command\ndef f(x: int = None): pass\n", "@command\ndef f(x: int = None): pass\n"),
    )

    def matches(self, node: ast.arg, view: View) -> Iterator[Match[ast.arg]]:
        """Find the parameters."""
        if node.annotation is None or not _is_none(_default(node, view)):
            return
        annotation = _parsed(node.annotation)
        if annotation is not None and not holds_none(annotation):
            yield Match(node, f"{node.arg} is None by default, which its annotation does not allow")

    def fix(self, match: Match[ast.arg], view: View) -> Replacement | Decline:
        """Add None to the annotation."""
        written = match.node.annotation
        annotation = _parsed(written) if written is not None else None
        if written is None or annotation is None or not is_plain_type(annotation, view):
            return Decline("unknown-type")
        if reader := reader_of(_function_of(match.node, view), view):
            return Decline(reader)
        start, end = view.module.extent(written)
        text = view.module.segment(written)
        if isinstance(written, ast.Constant) and not _QUOTED.fullmatch(text):
            return Decline("unknown-type")
        if view.target < _UNION_SYNTAX and not view.can_import(_IMPORT):
            return Decline("name-taken")
        imports = () if view.target >= _UNION_SYNTAX else (_IMPORT,)
        reason = "None is the default, and nothing in sight reads the annotation"
        return Replacement(start, end, _with_none(text, view), Evidence.PROVED, reason, imports)


def _function_of(node: ast.arg, view: View) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda:
    """The function that a parameter belongs to; a lambda's has no annotation."""
    return view.index.parents[view.index.parents[node]]  # type: ignore[return-value]  # what has parameters


def _default(node: ast.arg, view: View) -> ast.expr | None:
    arguments = view.index.parents[node]
    if not isinstance(arguments, ast.arguments):
        return None
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((default for parameter, default in pairs if parameter is node), None)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parsed(annotation: ast.expr) -> ast.expr | None:
    """The annotation, or what its text says when it is quoted; None when that is no expression."""
    if not isinstance(annotation, ast.Constant):
        return annotation
    if not isinstance(annotation.value, str):
        return None
    try:
        return ast.parse(annotation.value.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _with_none(text: str, view: View) -> str:
    quote = text[0] if text[0] in "'\"" else ""
    inner = text.strip(quote) if quote else text
    written = f"{inner.strip()} | None" if view.target >= _UNION_SYNTAX else f"Optional[{inner.strip()}]"
    return f"{quote}{written}{quote}"
