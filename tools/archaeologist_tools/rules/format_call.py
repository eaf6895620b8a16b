"""AR002 format-call."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.rules.percent_format import TRANSLATORS, may_log
from archaeologist_tools.strings.embedding import (
    check_call_around,
    check_statement,
    converted,
    embedded,
    has_comment,
    plain_text,
)
from archaeologist_tools.strings.evaluation_order import check_order, is_quiet
from archaeologist_tools.strings.format_template import fields_of, placeholders
from archaeologist_tools.strings.fstrings import TemplateError, pieces_of, to_fstring
from archaeologist_tools.strings.wrapping import placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.strings.format_template import Field

_PLAIN = (ast.Name, ast.Constant)
_PRIMARY = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


@register
class FormatCall(Rule[ast.Call]):
    """Writes `'...{}...'.format(a)` as an f-string.

    What it does:
        Finds `format` called on a string literal, and puts the arguments into the fields.

    Why:
        The values stand far from the places they fill. In an f-string they stand where they appear.

    Example:
        `'{} of {}'.format(n, total)` becomes `f'{n} of {total}'`.

    Safety:
        Both ask the value's `__format__` with the same format. `format` computes every argument first, once each: so
        an argument that is used twice must be a name or a literal, all others are used once and in order, and none is
        computed by a call behind a value that the call may change.

    Left alone:
        Starred arguments, arguments that are not used, log messages, translated texts, comments inside, long
        conditions, keys that are no plain words.

    References:
        ruff UP032; https://docs.python.org/3/library/string.html#format-string-syntax
    """

    code = "AR002"
    name = "format-call"
    family = "strings"
    title = "Use f-strings for str.format calls"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ("UP030", "UP032")
    keeps_values = True
    nodes = (ast.Call,)
    names = frozenset({"format"})
    sign = re.compile(rb"format\b(?<![\w\]}]\.format)(?:[\s)\\]|#[^\n]*)*+\(")
    refusals: ClassVar = {
        "star-operand": "arguments are only known at run time",
        "field": "a field of the template is not understood",
        "argument-count": "a field has no argument, or an argument no field",
        "repeated-operand": "an argument is used twice, and may be another one when it is computed again",
        "evaluation-order": "the arguments would be computed in another order, or behind one that they may change",
        "conversion": "the literal is not a plain string",
        "logging": "a log message is best left to the logger to format",
        "translated": "message catalogues look the template up as it stands",
        "comment": "a comment stands between the arguments",
        "backslash": "an argument holds a backslash or a #, which an f-string does not allow before Python 3.12",
        "nested-quote": "an argument holds the same quotes as the template",
        "multiline": "an argument spans several lines",
        "hard-to-read": "an argument is a long condition or a text of its own, which reads better behind the template",
        "too-long": "the line would become longer than the lines of this file",
    }
    valid = ("row = '{}'.format\n", "x = template.format(1)\n")
    invalid = (
        ("x = '{} {:>4}'.format(a, b.c)\n", "x = f'{a} {b.c:>4}'\n"),
        ("x = '{0.name}: {0!r}'.format(a)\n", "x = f'{a.name}: {a!r}'\n"),
        ("x = '{0} {0}'.format(f())\n", "x = '{0} {0}'.format(f())\n"),
        ("x = '{} {b}'.format(*args, **kw)\n", "x = '{} {b}'.format(*args, **kw)\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:  # noqa: ARG002
        """Find `format` on a literal."""
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "format" and is_text(function.value):
            yield Match(node, "format call on a string literal")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Write the f-string."""
        try:
            return _rewritten(match.node, view)
        except TemplateError as error:
            return Decline(error.code)


def is_text(node: ast.expr) -> bool:
    """Whether a node is a string literal."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _rewritten(node: ast.Call, view: View) -> Replacement:
    if view.index.fstring_around(node) or not isinstance(node.func, ast.Attribute):
        raise TemplateError("inside-f-string")
    call = view.index.parents[node]
    if isinstance(call, ast.Call) and node in call.args and may_log(call, view):
        raise TemplateError("logging")
    check_call_around(node, view, TRANSLATORS, "translated")
    module = view.module
    start, end = module.extent(node)
    literal_end = _end_of_literal(node.func, view)
    literal = module.data[start:literal_end].decode(module.encoding)
    if has_comment(module.data[literal_end:end].decode(module.encoding)):
        raise TemplateError("comment")
    fields = fields_of(pieces_of(literal), str(ast.literal_eval(node.func.value)))
    arguments = _arguments(node)
    _check_uses(fields, arguments, view)
    texts = _texts(fields, arguments)
    values = {name: _value(value, fields, name, view) for name, value in arguments.items() if name not in texts}
    written = [texts[field.name] if field.name in texts else field.written(values) for field in fields]
    check_statement(node, written, view)
    place = placed(to_fstring(literal, placeholders, written, view.target), node, view)
    return Replacement(*place, Evidence.PROVED, "each value is formatted as before, in the same order")


def _end_of_literal(function: ast.Attribute, view: View) -> int:
    """Where the literal ends, closing parentheses included."""
    data, position = view.module.data, view.module.extent(function.value)[1]
    dot = view.module.extent(function)[1] - len("format")
    return position + data[position:dot].rfind(b")") + 1


def _arguments(node: ast.Call) -> dict[str, ast.expr]:
    """The arguments by the names that fields have for them, in the order in which they are computed."""
    if any(isinstance(value, ast.Starred) for value in node.args) or any(word.arg is None for word in node.keywords):
        raise TemplateError("star-operand")
    found = {str(position): value for position, value in enumerate(node.args)}
    found.update({word.arg or "": word.value for word in node.keywords})
    return found


def _check_uses(fields: Sequence[Field], arguments: dict[str, ast.expr], view: View) -> None:
    flat = [inner for field in fields for inner in (field, *field.nested)]
    used = [field.name for field in flat]
    if set(used) != set(arguments):
        raise TemplateError("argument-count")
    repeated = {name for name in used if used.count(name) > 1}
    if not all(isinstance(arguments[name], _PLAIN) for name in repeated):
        raise TemplateError("repeated-operand")
    if used != list(arguments) and not all(is_quiet(value, view) for value in arguments.values()):
        raise TemplateError("evaluation-order")
    computed = [name for name in used if not isinstance(arguments[name], _PLAIN)]
    if computed != [name for name in arguments if name in computed]:
        raise TemplateError("evaluation-order")
    if any(field.subscripts for field in flat) and computed:
        # A key that is looked up may be made by the look-up, as in a defaultdict.
        raise TemplateError("evaluation-order")
    asked = next((place for place, field in enumerate(flat) if field.access), len(flat))
    if any(field.name in computed for field in flat[asked + 1 :]):
        # `format` reads attributes last, and a property may count.
        raise TemplateError("evaluation-order")
    check_order([arguments[name] for name in used], view)


def _texts(fields: Sequence[Field], arguments: dict[str, ast.expr]) -> dict[str, str]:
    """The arguments that are texts of which nothing is asked, to be put into the template itself."""
    found = {}
    for name, value in arguments.items():
        uses = [inner for field in fields for inner in (field, *field.nested) if inner.name == name]
        if (
            isinstance(value, ast.Constant)
            and isinstance(value.value, str)
            and all(use in fields and use.is_plain for use in uses)
        ):
            text = plain_text(value.value)
            if text is not None:
                found[name] = text
    return found


def _value(value: ast.expr, fields: Sequence[Field], name: str, view: View) -> str:
    """The source of an argument; in parentheses where an attribute or key behind it would bind to a part of it."""
    uses = [inner for field in fields for inner in (field, *field.nested) if inner.name == name]
    inner, conversion = converted(value, view)
    if conversion and not any(use.access or use.conversion for use in uses):
        return f"{embedded(inner, view)}{conversion}"
    text = embedded(value, view)
    accessed = any(use.access for use in uses)
    return f"({text.strip()})" if accessed and not isinstance(value, _PRIMARY) else text
