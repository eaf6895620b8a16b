"""AR003 eager-logging."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.inference.passed import kinds_of
from archaeologist_tools.project.mocked_loggers import LOG_METHODS, is_looked_at
from archaeologist_tools.rules.percent_format import PERCENT_BEHIND_TEXT, is_format, may_log
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.log_records import reads_records
from archaeologist_tools.strings.embedding import has_comment, one_line, too_long
from archaeologist_tools.strings.fstrings import TemplateError
from archaeologist_tools.strings.percent_template import specifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_RAISED_BY_FORMATTING = frozenset({"TypeError", "ValueError"})


@register
class EagerLogging(Rule[ast.Call]):
    """Hands the values of a log message to the logger.

    What it does:
        Finds `log.info('...' % x)`: the message of a logging method is a literal with `%`. Where the object is
        surely a logger of the standard library, the values become arguments of the call.

    Why:
        The message is made even when nobody reads it, and no two messages group under one template.

    Example:
        `log.info('read %s' % name)` becomes `log.info('read %s', name)`.

    Safety:
        The logger formats `message % arguments` itself, with the same result. Only where the object comes from
        `logging.getLogger` and a single value is surely no tuple. What changes is that a message nobody reads is not
        formatted, and that a value that cannot be formatted is reported by logging instead of raised.

    Left alone:
        Objects that may be no logger, values that may be tuples, calls with more arguments, comments inside, calls
        whose TypeError or ValueError a handler around them waits for.

    References:
        ruff G002; https://docs.python.org/3/library/logging.html#logging.Logger.debug
    """

    code = "AR003"
    name = "eager-logging"
    family = "strings"
    title = "Let the logger format its messages"
    fixer = Fixer.RULE
    aliases = ("G002",)
    keeps_values = True
    nodes = (ast.Call,)
    words = frozenset({"%"})
    sign = PERCENT_BEHIND_TEXT
    names = LOG_METHODS | {"log"}
    refusals: ClassVar = {
        "unknown-logger": "nothing in the code shows that the object is a logger of the standard library",
        "text-effects": "an object of this module does something when it is asked for its text, which nobody may do",
        "record-reader": "a filter or formatter of the project looks at what a message was made of",
        "patched": "the project replaces the logger or its class, and may look at what it is called with",
        "attempt": "a handler around it catches what a value that cannot be formatted raises",
        "bare-operand": "nothing in the code shows that the value is no tuple, and a tuple would be spread",
        "mapping": "values are looked up by key in a mapping",
        "more-arguments": "the call has arguments of its own already",
        "argument-count": "the number of values differs from the number of conversions",
        "conversion": "the template is not valid",
        "comment": "a comment stands between the template and its values",
        "multiline": "a value spans several lines",
        "too-long": "the line would become longer than the lines of this file",
    }
    valid = ("log.info('read %s', name)\n",)
    invalid = (
        (
            "import logging\nlog = logging.getLogger()\nlog.info('%s: %d' % (a, b))\n",
            "import logging\nlog = logging.getLogger()\nlog.info('%s: %d', a, b)\n",
        ),
        ("log.info('read %s' % (name,))\n", "log.info('read %s' % (name,))\n"),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find a logging method whose message is a `%` expression on a literal."""
        message = _message(node)
        if message is not None and is_format(message) and may_log(node, view):
            yield Match(node, "the message is formatted before the logger is asked")

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline:
        """Put a comma in the place of the operator."""
        message = _message(match.node)
        if message is None or not is_format(message):  # as `matches` made sure
            return Decline("conversion")
        if view.index.fstring_around(message):
            return Decline("inside-f-string")
        if not _is_logger(match.node, view):
            return Decline("unknown-logger")
        if view.facts.reads_records or reads_records(view.index):
            return Decline("record-reader")
        if _is_replaced(match.node, view):
            return Decline("patched")
        if _is_caught(match.node, view):
            return Decline("attempt")
        if view.texts_have_effects and not _is_plain(message, view):
            return Decline("text-effects")
        if match.node.args[-1] is not message or any(isinstance(value, ast.Starred) for value in match.node.args):
            return Decline("more-arguments")
        values = message.right.elts if isinstance(message.right, ast.Tuple) else [message.right]
        if not values:
            return Decline("no-safe-fix")  # without values the logger leaves `%%` as it is
        try:
            reason = _check_values(message, values, view)
        except TemplateError as error:
            return Decline(error.code)
        return _with_arguments(message, values, reason, view)


def _message(call: ast.Call) -> ast.expr | None:
    """The message of a call of a logger: the first argument, behind the level for `log`."""
    place = 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else 0
    return call.args[place] if len(call.args) > place else None


def _is_logger(call: ast.Call, view: View) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or any(name.endswith("setLoggerClass") for name in view.index.called):
        return False
    return view.types.of(function.value).only("logger") or view.types.members.qualified(function.value) == "logging"


def _is_caught(call: ast.Call, view: View) -> bool:
    """Whether a `try` of the same function catches by name what goes wrong when a message is formatted."""
    part: ast.AST = call
    for parent in view.index.ancestors(call):
        if isinstance(parent, _FUNCTIONS):
            return False
        if isinstance(parent, ast.Try) and part in parent.body:
            kinds = (kind for handler in parent.handlers for kind in kinds_of(handler.type))
            if any(dotted(kind) in _RAISED_BY_FORMATTING for kind in kinds):
                return True
        part = parent
    return False


def _is_plain(message: ast.BinOp, view: View) -> bool:
    """Whether the values surely are no objects of this module."""
    values = message.right.elts if isinstance(message.right, ast.Tuple) else [message.right]
    return all(view.types.of(value).exactly("str", "int", "float", "bool", "NoneType") for value in values)


def _is_replaced(call: ast.Call, view: View) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    path = view.module.path
    return any(is_looked_at(entry, path, function.value, function.attr) for entry in view.facts.replaced_loggers)


def _check_values(message: ast.BinOp, values: list[ast.expr], view: View) -> str:
    template = str(message.left.value) if isinstance(message.left, ast.Constant) else ""
    found = [each for each in specifiers(template) if each.conversion != "%"]
    if any(each.key is not None for each in found):
        raise TemplateError("mapping")
    count = len(found) + sum("*" in {each.width, each.precision} for each in found)
    if count != len(values) or any(isinstance(value, ast.Starred) for value in values):
        raise TemplateError("argument-count")
    if isinstance(message.right, ast.Tuple):
        return "the object is a logger, which formats the message with these values itself"
    inferred = view.types.of(message.right)
    if not inferred.never("tuple"):
        raise TemplateError("bare-operand")
    return f"the object is a logger, and the value is no tuple ({inferred.reason})"


def _with_arguments(message: ast.BinOp, values: list[ast.expr], reason: str, view: View) -> Replacement | Decline:
    """Write the template and its values as arguments, on one line where they fit, else with the values on the next."""
    module = view.module
    start, end = module.extent(message)
    if has_comment(module.data[module.extent(message.left)[0] : end].decode(module.encoding)):
        return Decline("comment")
    template = _template(message, view)
    try:
        written = ", ".join(_argument(value, view) for value in values)
    except TemplateError as error:
        return Decline(error.code)
    line, column = module.position(start)
    lead = module.line(line)[: column - 1].decode(module.encoding)
    aligned = "".join(character if character.isspace() else " " for character in lead)
    for gap in (" ", module.newline + aligned):
        text = f"{template},{gap}{written}"
        if not too_long(text, start, end, view):
            return Replacement(start, end, text, Evidence.PROVED, reason)
    return Decline("too-long")


def _template(message: ast.BinOp, view: View) -> str:
    """The literal without parentheses around it; lines that were aligned to what stood inside of them move along."""
    module = view.module
    start, literal = module.extent(message)[0], module.extent(message.left)[0]
    dropped = literal - start
    lines = module.segment(message.left).split(module.newline)
    moved = [line[dropped:] if not line[:dropped].strip() else line for line in lines[1:]]
    text = module.newline.join([lines[0], *moved])
    same = isinstance(message.left, ast.Constant) and ast.literal_eval(f"({text})") == message.left.value
    return text if same else module.segment(message.left)


def _argument(value: ast.expr, view: View) -> str:
    text = one_line(value, view)
    return f"({text})" if isinstance(value, (ast.Yield, ast.YieldFrom, ast.NamedExpr)) else text
