"""The values of a `%` format, matched with its specifiers and written as the fields of an f-string.

`%s` asks `str(x)`, a field asks `format(x, '')`; `%d` takes any number, `:d` only whole ones; a bare value is spread
when it is a tuple. So a conversion is written only where the type of the value, or the conversion `!s`, makes both the
same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.bindings import Kind
from archaeologist_tools.inference.types import UNKNOWN, Inferred, exact
from archaeologist_tools.strings.embedding import converted, embedded, plain_text
from archaeologist_tools.strings.evaluation_order import check_order
from archaeologist_tools.strings.fstrings import TemplateError
from archaeologist_tools.strings.percent_template import TEXT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.strings.percent_template import Specifier

# Their objects give the same text for `format(x, '')` and `str(x)`, whatever the project defines.
_BUILTINS = (
    "str", "int", "float", "bool", "complex", "NoneType", "bytes", "bytearray", "list", "dict", "set", "frozenset",
    "tuple", "range", "function", "module",
)  # fmt: skip
_OBJECTS = ("type", "exception", "instance", "match", "pattern", "logger", "file", "iterator")
# Since then the compiler writes a template of texts alone as an f-string, and asks each value for its text in turn.
_SPREAD_BY_COMPILER = (3, 11)
# They need parentheses to be read right in front of `!s`.
_LOOSE = (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp)


class PercentValues:
    """The right side of one `%` format.

    Args:
        node: the whole expression.
        found: the specifiers of the template, percent signs aside.
        view: the file.
    """

    def __init__(self, node: ast.BinOp, found: Sequence[Specifier], view: View) -> None:
        self._node = node
        self._specifiers = found
        self._view = view
        self.reasons: list[str] = []

    def fields(self) -> list[str]:
        """The fields in the order of the template, braces included.

        Raises:
            TemplateError: with the reason code, when something does not mean the same.
        """
        right = self._node.right
        if any(found.is_star for found in self._specifiers):
            raise TemplateError("star-operand")
        keys = [found.key for found in self._specifiers]
        if any(key is not None for key in keys):
            return self._mapped([key for key in keys if key is not None])
        if isinstance(right, ast.Tuple):
            return self._listed(right.elts)
        return self._bare(right)

    def _bare(self, right: ast.expr) -> list[str]:
        if len(self._specifiers) != 1:
            raise TemplateError("spread-operand")
        inferred = self._view.types.of(right)
        if not inferred.never("tuple") or self._may_answer(inferred):
            raise TemplateError("bare-operand")
        field = self._field(self._specifiers[0], right, inferred)
        self._note(right, inferred)
        return [field]

    def _may_answer(self, inferred: Inferred) -> bool:
        """Whether the value may be a text that answers to the operator itself, which Python asks first."""
        return not inferred.exactly(*_BUILTINS) and self._view.texts_answer_percent

    def _listed(self, values: Sequence[ast.expr]) -> list[str]:
        if any(isinstance(value, ast.Starred) for value in values):
            raise TemplateError("star-operand")
        if len(values) != len(self._specifiers):
            raise TemplateError("argument-count")
        if self._view.target < _SPREAD_BY_COMPILER or any(found.is_number for found in self._specifiers):
            # The compiler itself spreads a template of texts alone; here nothing may change while it is filled.
            check_order(values, self._view)
        fields = []
        for found, value in zip(self._specifiers, values, strict=True):
            # What it is makes no difference to `%r`.
            inferred = UNKNOWN if found.conversion in "ra" else self._view.types.kinds(value)
            fields.append(self._field(found, value, inferred))
            if inferred.types:
                self._note(value, inferred)
        return fields

    def _mapped(self, keys: Sequence[str]) -> list[str]:
        if len(keys) != len(self._specifiers):
            raise TemplateError("mapping")
        right = self._node.right
        if isinstance(right, ast.Dict):
            return self._literal(keys, right)
        if isinstance(right, ast.Call) and _is_plain_call(right, "locals", self._view):
            return self._local(keys)
        if isinstance(right, ast.Call) and _is_plain_call(right, "dict", self._view) and right.keywords:
            return self._chosen(keys, {word.arg or "": word.value for word in right.keywords})
        if isinstance(right, ast.Name):
            return self._looked_up(keys, right)
        raise TemplateError("mapping")

    def _literal(self, keys: Sequence[str], right: ast.Dict) -> list[str]:
        values: dict[str, ast.expr] = {}
        for key, value in zip(right.keys, right.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                values[key.value] = value
        if len(values) != len(right.keys):
            raise TemplateError("mapping")
        return self._chosen(keys, values)

    def _chosen(self, keys: Sequence[str], values: dict[str, ast.expr]) -> list[str]:
        """The fields for a mapping that is written out: each value once and in order, or values that do nothing."""
        if not set(keys) <= set(values):
            raise TemplateError("mapping")
        in_order = list(keys) == list(values)
        if not in_order and not all(isinstance(value, (ast.Name, ast.Constant)) for value in values.values()):
            raise TemplateError("mapping-order")
        check_order([values[key] for key in keys], self._view)
        fields = []
        for found, key in zip(self._specifiers, keys, strict=True):
            inferred = self._view.types.of(values[key])
            fields.append(self._field(found, values[key], inferred))
            self._note(values[key], inferred)
        return fields

    def _local(self, keys: Sequence[str]) -> list[str]:
        """The fields for `% locals()`: names that the function has surely bound where the template stands."""
        types, node = self._view.types, self._node
        scope = types.scopes.around(node)
        if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            raise TemplateError("mapping")
        fields = []
        for found, key in zip(self._specifiers, keys, strict=True):
            bindings = types.scopes.bindings(scope, key)
            if not bindings or not types.flow.is_bound(key, node, bindings) or bindings[0].kind is Kind.DEFINITION:
                raise TemplateError("mapping")
            inferred = types.variables.named(key, node, scope)
            fields.append(self._written(found, key, inferred, loose=False))
        return fields

    def _looked_up(self, keys: Sequence[str], right: ast.Name) -> list[str]:
        """The fields for a mapping with a name: `%` asks it for one key after the other, as a subscript does."""
        inferred = self._view.types.holding(right)
        value = UNKNOWN
        for kind in inferred.types or ():
            value = kind.value or UNKNOWN
        if len(inferred.types or ()) != 1:
            value = UNKNOWN
        return [
            self._written(found, f"{right.id}[{key!r}]", value, loose=False)
            for found, key in zip(self._specifiers, keys, strict=True)
        ]

    def _field(self, found: Specifier, value: ast.expr, inferred: Inferred) -> str:
        if (literal := _inlined(found, value)) is not None:
            return literal
        inner, conversion = converted(value, self._view)
        if conversion and found.conversion == "s":
            spec = found.of_text()
            return f"{{{embedded(inner, self._view)}{conversion}{f':{spec}' if spec else ''}}}"
        text = embedded(value, self._view)
        if (number := self._made_number(found, value, inferred)) is not None:
            return self._written(found, f"{number}({text.strip()})", exact(number), loose=False)
        return self._written(found, text, inferred, loose=isinstance(value, _LOOSE))

    def _made_number(self, found: Specifier, value: ast.expr, inferred: Inferred) -> str | None:
        """The builtin that makes of a value what the conversion makes of it; None when the value is a number of it."""
        name = "int" if found.conversion in WHOLE else "float" if found.takes_float else ""
        fits = (*(("int", "float") if found.takes_float else ("int",)), "bool", "NoneType")
        if not name or inferred.only(*fits) or not self._view.is_builtin(name):
            return None
        if not self._view.types.countable.is_no_text(value):
            return None
        self.reasons.append(f"{ast.unparse(value)} is no text, so {name}() takes what %{found.conversion} takes")
        return name

    def _written(self, found: Specifier, text: str, inferred: Inferred, *, loose: bool) -> str:
        if found.conversion in TEXT:
            return self._text(found, text, inferred, loose=loose)
        if not found.is_number:
            raise TemplateError("conversion")
        # None is refused with a TypeError by both.
        fits = ("int", "float", "bool", "NoneType") if found.takes_float else ("int", "bool", "NoneType")
        if (
            not inferred.only(*fits)
            or inferred.only("NoneType")
            or (self._view.facts.formats and not inferred.exactly(*fits))
        ):
            raise TemplateError("conversion")
        if found.conversion in WHOLE and found.is_plain and inferred.exactly("int"):
            return f"{{{text}}}"
        return f"{{{text}:{found.of_number()}}}"

    def _text(self, found: Specifier, text: str, inferred: Inferred, *, loose: bool) -> str:
        spec = found.of_text()
        behind = f":{spec}" if spec else ""
        if found.conversion == "s" and (inferred.exactly("str") if spec else formats_as_text(inferred, self._view)):
            return f"{{{text}{behind}}}"
        shown = f"({text.strip()})" if loose else text
        return f"{{{shown}!{found.conversion}{behind}}}"

    def _note(self, value: ast.expr, inferred: Inferred) -> None:
        kinds = " or ".join(sorted({kind.name for kind in inferred.types or ()})) or "no tuple"
        because = f" ({inferred.reason})" if inferred.reason else ""
        self.reasons.append(f"{ast.unparse(value)} is {kinds}{because}")


def formats_as_text(inferred: Inferred, view: View) -> bool:
    """Whether `format(x, '')` surely gives the same as `str(x)`."""
    if inferred.exactly(*_BUILTINS):
        return True
    return inferred.only(*_BUILTINS, *_OBJECTS) and not view.facts.formats


def _inlined(found: Specifier, value: ast.expr) -> str | None:
    """A text that is written out, put into the template itself; None when it has to be escaped there."""
    if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or found.conversion != "s":
        return None
    return plain_text(format(value.value, found.of_text()))


def _is_plain_call(node: ast.Call, name: str, view: View) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == name and not node.args and view.is_builtin(name)
