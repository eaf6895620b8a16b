"""AR001 percent-format."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.proof import same_expression
from archaeologist_tools.engine.registration import register
from archaeologist_tools.project.mocked_loggers import LOG_METHODS
from archaeologist_tools.source.index import dotted, walk
from archaeologist_tools.strings.embedding import check_call_around, check_statement, converted, has_comment, one_line
from archaeologist_tools.strings.fstrings import TemplateError, to_fstring
from archaeologist_tools.strings.percent_template import placeholders, specifiers
from archaeologist_tools.strings.percent_values import PercentValues
from archaeologist_tools.strings.wrapping import placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

TRANSLATORS = frozenset(
    {"_", "N_", "gettext", "lgettext", "ugettext", "ngettext", "ungettext", "gettext_lazy", "ugettext_lazy"}
)
# Methods of loggers whose names say little: the object has to be named as one, or be one.
_COMMON_NAMES = frozenset({"error", "log"})
_METHODS = LOG_METHODS | _COMMON_NAMES
PERCENT_BEHIND_TEXT = re.compile(rb"%(?:(?<=['\")\\\n\r]%)|(?<=['\")\\\s]\s%))")
"""What a file holds in which the operator `%` stands behind a literal, perhaps in parentheses or a line above."""
_CALLS = {"%s": "str", "%r": "repr", "%a": "ascii"}
_QUERIES = frozenset({"execute", "executemany", "executescript"})
_SQL = re.compile(
    r"\s*(?:SELECT\s.+\sFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|CREATE\s+TABLE\s"
    r"|DROP\s+TABLE\s|ALTER\s+TABLE\s)",
    re.IGNORECASE | re.DOTALL,
)


@register
class PercentFormat(Rule[ast.BinOp]):
    """Writes `'...%s...' % (a, b)` as an f-string.

    What it does:
        Finds a string literal followed by the `%` operator, and writes an f-string where that means the same.

    Why:
        An f-string shows each value where it appears, cannot be given the wrong number of values, and does not change
        its meaning when a value happens to be a tuple.

    Example:
        `'%s has %r' % (name, items)` becomes `f'{name!s} has {items!r}'`; `'%d of %d' % (n, len(items))` becomes
        `f'{n} of {len(items)}'` where n is surely a whole number.

    Safety:
        `%s` asks `__str__`, `{x}` asks `__format__`: `!s` stays unless the type of the value is known from the code. A
        value that is not in a tuple is rewritten only when it is surely none itself. Numbers are rewritten where the
        value is surely a number of that kind, and with `int()` or `float()` where it is surely no text: these take what
        `%d` and `%f` take, and digits in a text besides. Where the compiler makes the same code of both texts, it is
        the witness.

    Left alone:
        Values that may be tuples; numbers of unknown type; log messages (a logger formats them itself), translated
        texts, SQL; comments inside the operands; values that would be computed in another order.

    References:
        ruff UP031; https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
    """

    code = "AR001"
    name = "percent-format"
    family = "strings"
    title = "Use f-strings for % formatting"
    minimum = (3, 6)
    fixer = Fixer.RULE
    aliases = ("UP031",)
    keeps_values = True
    nodes = (ast.BinOp,)
    words = frozenset({"%"})
    sign = PERCENT_BEHIND_TEXT
    refusals: ClassVar = {
        "bare-operand": "nothing in the code shows that the value is no tuple, and a tuple would be spread",
        "spread-operand": "one value fills several places: it is a tuple that is made elsewhere",
        "mapping": "values are looked up by key in a mapping that is not written out",
        "mapping-order": "the values would be computed in another order",
        "evaluation-order": "a value is computed by a call behind one that the call may change",
        "conversion": "nothing in the code shows that the value is a number of the kind that the conversion takes",
        "star-operand": "the values, or a width, are only known at run time",
        "argument-count": "the number of values differs from the number of conversions",
        "logging": "a log message is best left to the logger to format (eager-logging)",
        "translated": "message catalogues look the template up as it stands",
        "sql": "a query should get its values as parameters, which is for a person to change",
        "comment": "a comment stands inside the operands",
        "backslash": "an operand holds a backslash or a #, which an f-string does not allow before Python 3.12",
        "nested-quote": "an operand holds the same quotes as the template",
        "nested-legacy": "an operand holds what a rule could not rewrite any more inside an f-string",
        "multiline": "an operand spans several lines",
        "hard-to-read": "an operand is a long condition or a text of its own, which reads better behind the template",
        "too-long": "the line would become longer than the lines of this file",
    }
    valid = ("f'{a}'", "7 % 3", "template % (a,)", "b'%d' % (n,)")
    invalid = (
        ("x = '%s: %r' % (key, value)\n", "x = f'{key!s}: {value!r}'\n"),
        ("x = '%-5s|%%' % (cell,)\n", "x = f'{cell!s:5}|%'\n"),
        ("x = '%s' % (d['k'],)\n", "x = f\"{d['k']!s}\"\n"),
        ("x = '%d of %s' % (len(a), repr(a))\n", "x = f'{len(a)} of {a!r}'\n"),
        ("x = '%s' % value\n", "x = '%s' % value\n"),
        ("x = '%d' % (n,)\n", "x = '%d' % (n,)\n"),
    )

    def matches(self, node: ast.BinOp, view: View) -> Iterator[Match[ast.BinOp]]:  # noqa: ARG002
        """Find `'literal' % x`."""
        if is_format(node):
            yield Match(node, "% formatting of a string literal")

    def fix(self, match: Match[ast.BinOp], view: View) -> Replacement | Decline:
        """Write the f-string."""
        try:
            return _rewritten(match.node, view)
        except TemplateError as error:
            return Decline(error.code)


def is_format(node: ast.AST) -> TypeGuard[ast.BinOp]:
    """Whether a node is a `str` literal followed by the operator `%`."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.left.value, str)
    )


def _rewritten(node: ast.BinOp, view: View) -> Replacement:
    _check_surroundings(node, view)
    module = view.module
    template = str(node.left.value) if isinstance(node.left, ast.Constant) else ""
    values = PercentValues(node, [found for found in specifiers(template) if found.conversion != "%"], view)
    fields = values.fields()
    check_statement(node, fields, view)
    start, end = module.extent(node)
    literal_end = _end_of_literal(node, view)
    if has_comment(module.data[literal_end:end].decode(module.encoding)):
        raise TemplateError("comment")
    literal = module.data[start:literal_end].decode(module.encoding)
    if literal.count("%") != template.count("%"):
        raise TemplateError("conversion")  # an escape sequence stands for a percent sign, or a comment holds one
    text = _called(node, template, view) or to_fstring(literal, placeholders, fields, view.target)
    place = placed(text, node, view)
    if not values.reasons and same_expression(module.data[start:end].decode(module.encoding), text):
        return Replacement(*place, Evidence.IDENTICAL, "both texts compile to equal code objects")
    reason = "; ".join(dict.fromkeys(values.reasons)) or "each value is written as % would write it"
    return Replacement(*place, Evidence.PROVED, reason)


def _called(node: ast.BinOp, template: str, view: View) -> str:
    """`str(x)` for a template that holds nothing but one value; empty where that is not what it is."""
    name = _CALLS.get(template, "")
    if not name or isinstance(node.right, (ast.Tuple, ast.Dict)) or not view.is_builtin(name):
        return ""
    text = one_line(node.right, view)
    is_text = name == "str" and converted(node.right, view)[1]
    return text if is_text else f"{name}({text})"


def _check_surroundings(node: ast.BinOp, view: View) -> None:
    if view.index.fstring_around(node):
        raise TemplateError("inside-f-string")
    values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    for value in values:
        if not isinstance(value, ast.Constant) and not dotted(value) and _holds_legacy(value):
            raise TemplateError("nested-legacy")
    call = view.index.parents[node]
    if isinstance(call, ast.Call) and node in call.args and may_log(call, view):
        raise TemplateError("logging")
    check_readers(node, str(node.left.value) if isinstance(node.left, ast.Constant) else "", view)


def check_readers(node: ast.expr, template: str, view: View) -> None:
    """Check that a text is neither looked up in a catalogue of messages nor a query.

    Raises:
        TemplateError: it is.
    """
    check_call_around(node, view, TRANSLATORS, "translated")
    check_call_around(node, view, _QUERIES, "sql")
    if _SQL.match(template):
        raise TemplateError("sql")


def may_log(call: ast.Call, view: View) -> bool:
    """Whether a call may be one of a logger of the standard library, which formats its messages itself.

    Parsers, too, have a method `error`, and mathematics a function `log`; and a project that logs through a class of
    its own, and nowhere through the standard library, has other methods of these names.
    """
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
        return False
    receiver = function.value.attr if isinstance(function.value, ast.Attribute) else getattr(function.value, "id", "")
    is_named_so = "log" in receiver.lower() or view.types.kinds(function.value).only("logger")
    if function.attr in _COMMON_NAMES and not is_named_so:
        return False
    return view.facts.logs or not view.facts.own_logger or bool(view.index.bound["logging"])


def _holds_legacy(value: ast.expr) -> bool:
    return any(is_format(part) or _is_old_super(part) for part in walk(value))


def _is_old_super(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super" and bool(node.args)
    )


def _end_of_literal(node: ast.BinOp, view: View) -> int:
    """Where the left side ends, closing parentheses included; only blanks and comments follow before the operator."""
    data = view.module.data
    end = position = view.module.extent(node.left)[1]
    while (character := data[position : position + 1]) != b"%":
        if character == b"#":
            position = view.module.starts[view.module.position(position)[0]]
            continue
        position += 1
        if character == b")":
            end = position
    return end
