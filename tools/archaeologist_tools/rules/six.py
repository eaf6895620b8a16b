"""AR032 six."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.python2.six_calls import atom, bare_raise, literal, plain_call
from archaeologist_tools.python2.six_classes import in_header, without_decorator
from archaeologist_tools.python2.six_conversions import CONVERSIONS, converted
from archaeologist_tools.python2.six_names import moved, name_in_six, names_of_six, plain_imports, table
from archaeologist_tools.python2.stand_ins import merged_classes
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.removal import decorator_removal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.project.models import ProjectFacts
    from archaeologist_tools.source.module import Module

_Use: TypeAlias = ast.Name | ast.Attribute | ast.Call | ast.Import | ast.ImportFrom

# They take every element, and do not tell an iterator from what can be iterated.
_CONSUMERS = frozenset({"dict", "frozenset", "list", "set", "sorted", "sum", "tuple"})

# What stands in the imports of a file where it imports the six that is no part of a package.
_IMPORT = re.compile(rb"(?:^|[;:])[ \t\f]*import[\s;]+(?:[^\n]*,[\s;]*)?six\b|\bfrom[\s;]+six\b", re.MULTILINE)


@register
class Six(Rule[_Use]):
    """Replaces the compatibility package six by what it stands for.

    What it does:
        Finds imports of six and uses of its names, and writes what they are on Python 3.

    Why:
        It makes one source run on Python 2 and 3; on 3 alone it is a detour and a dependency.

    Example:
        `for k, v in six.iteritems(d)` becomes `for k, v in d.items()`.

    Safety:
        From a reviewed list of what is the very same object on Python 3. `ensure_text(x)` is `x.decode()` where x is
        surely bytes, and x itself where it is surely text. Builtins are written only where the module
        does not bind their name (`next = six.next(it)`). An iterator stays one where it is not used up at once.

    Left alone:
        Conversions (`ensure_str`) of what may be text or bytes as far as the code tells, other metaclasses as
        decorators, imports of builtins (`from six.moves import range`), which others may import from here, a project
        that has a module named six.

    References:
        https://six.readthedocs.io
    """

    code = "AR032"
    name = "six"
    family = "syntax"
    title = "Replace six"
    fixer = Fixer.RULE
    redefines = True
    nodes = (
        ast.Name,
        ast.Import,
        ast.ImportFrom,
    )
    words = frozenset({"six"})
    refusals: ClassVar = {
        "unknown": "what it is on Python 3 is not on the list, or is more than a name",
        "type-unknown": "what it does depends on a type that the code does not tell",
        "re-export": "the import binds names that others may import from here",
        "comment": "a comment stands inside",
        "layout": "the import does not stand on a line of its own",
        "name-taken": "the module uses the name of the import for something else",
    }
    invalid = (
        ("import six\n", "import six\n"),
        ("from six.moves import range\n", "from six.moves import range\n"),
        ("import six\nx = six.text_type(1)\n", "x = str(1)\n"),
        ("from six.moves import queue\n", "import queue\n"),
        ("import six\nclass A(six.with_metaclass(M, B)):\n    pass\n", "class A(B, metaclass=M):\n    pass\n"),
    )
    valid = ("from . import six\n", "import sixpack\n")

    def suspects(self, module: Module, facts: ProjectFacts) -> bool:
        """Whether six is imported; where the project has one of its own, that is another module."""
        return "six" not in facts.modules or _IMPORT.search(module.imports) is not None

    def names_in(self, view: View) -> Collection[str]:
        """The names that are six, or of six."""
        return frozenset() if "six" in view.facts.modules else names_of_six(view.index)

    def matches(self, node: _Use, view: View) -> Iterator[Match[_Use]]:
        """Find imports and uses."""
        if isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] == "six" for alias in node.names):
                yield Match(node, "import of six", fixer=Fixer.AGENT)
        elif isinstance(node, ast.ImportFrom):
            if not node.level and (node.module or "").partition(".")[0] == "six":
                yield Match(node, f"import from {node.module}")
        elif isinstance(node, ast.Name):
            whole = _whole(node, view)
            called = isinstance(whole, ast.Call)
            if name := name_in_six(whole.func, view) if isinstance(whole, ast.Call) else _used(whole, view):
                yield Match(whole, f"call of six.{name}" if called else f"use of six.{name}")

    def fix(self, match: Match[_Use], view: View) -> Replacement | Decline:
        """Write what it stands for."""
        node = match.node
        if isinstance(node, ast.Import):
            return Decline("unknown")
        if isinstance(node, ast.ImportFrom):
            return _import(node, view)
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if isinstance(node, ast.Call):
            return _call(node, view)
        return _name(node, _used(node, view), view)


def _whole(node: ast.Name, view: View) -> ast.Name | ast.Attribute | ast.Call:
    """The attribute that is read from a name in the end, or its call."""
    whole: ast.Name | ast.Attribute = node
    while isinstance(parent := view.index.parents.get(whole), ast.Attribute):
        whole = parent
    return parent if isinstance(parent, ast.Call) and parent.func is whole else whole


def _used(node: ast.Name | ast.Attribute, view: View) -> str:
    """The name of six that a use is, when the use is no part of a longer one and not called."""
    parent = view.index.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    if isinstance(parent, ast.Attribute) or called or not isinstance(node.ctx, ast.Load):
        return ""
    name = name_in_six(node, view)
    return "" if name in {"PY2", "PY3", "moves"} else name


def _proved(start: int, end: int, text: str, name: str) -> Replacement:
    return Replacement(start, end, text, Evidence.PROVED, f"on Python 3 six.{name} is just that")


def _name(node: ast.expr, name: str, view: View) -> Replacement | Decline:
    if name == "python_2_unicode_compatible":
        return _without_decorator(node, view)
    if moved(name):
        return _moved(node, name, view)
    start, end = view.module.extent(node)
    builtin = table()["builtins"].get(name) or table()["moves"].get(name.removeprefix("moves."))
    if name in table()["classes"]:
        builtin = table()["classes"][name]
        if not _is_class_of_isinstance(node, view):
            return Decline("unknown")
    if builtin is None:
        return Decline("unknown")
    if not view.is_builtin(builtin):
        return Decline("rebound")
    start, end, text = merged_classes(node, builtin, view) or (start, end, builtin)
    return _proved(start, end, text, name)


def _moved(node: ast.expr, name: str, view: View) -> Replacement | Decline:
    """A name of six that is one of a module, which the file has to import."""
    there = moved(name)
    if there is None or not view.can_import_library(there.module):
        return Decline("name-taken")
    spot = node
    for _ in range(there.rest):
        spot = spot.value if isinstance(spot, ast.Attribute) else spot
    start, end = view.module.extent(spot)
    reason = f"on Python 3 six.{name} is just that"
    return Replacement(start, end, there.text, Evidence.PROVED, reason, (f"import {there.module}",))


def _without_decorator(node: ast.expr, view: View) -> Replacement | Decline:
    """A class without a decorator that gives it back as it is."""
    owner = view.index.parents[node]
    if not isinstance(owner, ast.ClassDef) or node not in owner.decorator_list:
        return Decline("unknown")
    place = decorator_removal(node, view.module)
    return Decline("comment") if place is None else _proved(*place, "python_2_unicode_compatible")


def _is_class_of_isinstance(node: ast.expr, view: View) -> bool:
    parent = view.index.parents[node]
    if isinstance(parent, ast.Tuple):
        node, parent = parent, view.index.parents[parent]
    asks = isinstance(parent, ast.Call) and dotted(parent.func) in {"isinstance", "issubclass"}
    return isinstance(parent, ast.Call) and asks and len(parent.args) == len((1, 2)) and parent.args[1] is node


def _call(node: ast.Call, view: View) -> Replacement | Decline:
    name = name_in_six(node.func, view)
    start, end = view.module.extent(node)
    if b"#" in view.module.data[start:end]:
        return Decline("comment")
    if name in table()["methods"] and len(node.args) == 1 and not node.keywords:
        return _method(node, name, view)
    if conversion := CONVERSIONS.get(name):
        text = converted(node, conversion, view)
        return _proved(start, end, text, name) if text else Decline("type-unknown", conversion.replacement)
    if name in {"b", "u"}:
        text = literal(node, name, view)
        return Decline("unknown") if text is None else _proved(start, end, text, name)
    if name in table()["builtins"] or name.removeprefix("moves.") in table()["moves"] or moved(name):
        return _name(node.func, name, view)
    return _rewritten_call(node, name, view)


def _rewritten_call(node: ast.Call, name: str, view: View) -> Replacement | Decline:
    """A call that is another expression or statement, or a part of a class header."""
    place = {"with_metaclass": in_header, "add_metaclass": without_decorator}.get(name)
    found = place(node, view) if place else None
    if found is not None:
        return Replacement(*found, Evidence.PROVED, "the metaclass is called with the same")
    text = bare_raise(node, view) if name == "reraise" else None
    text = text or plain_call(node, name, view)
    return Decline("unknown") if text is None else _proved(*view.module.extent(node), text, name)


def _method(node: ast.Call, name: str, view: View) -> Replacement | Decline:
    argument = node.args[0]
    if isinstance(argument, ast.Starred) or "\n" in view.module.segment(argument):
        return Decline("unknown")
    text = f"{atom(argument, view)}.{table()['methods'][name]}()"
    if name.startswith("iter") and not _is_used_up(node, view):
        if not view.is_builtin("iter"):
            return Decline("rebound")
        text = f"iter({text})"
    return _proved(*view.module.extent(node), text, name)


def _is_used_up(node: ast.Call, view: View) -> bool:
    parent = view.index.parents[node]
    if isinstance(parent, (ast.For, ast.comprehension)):
        return parent.iter is node
    consumes = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _CONSUMERS
    return (
        consumes and isinstance(parent, ast.Call) and parent.args[:1] == [node] and view.is_builtin(dotted(parent.func))
    )


def _import(node: ast.ImportFrom, view: View) -> Replacement | Decline:
    if "six" in view.facts.modules or node.module == "six":
        return Decline("unknown")
    if any(alias.name in table()["moves"] for alias in node.names):
        return Decline("re-export")
    texts = plain_imports(node, view.target, view.index)
    if texts is None:
        return Decline("unknown")
    start, end = view.module.extent(node)
    line = view.module.line(node.lineno).decode(view.module.encoding)
    last = view.module.starts[view.module.position(end)[0]]
    before, behind = view.module.data[view.module.starts[node.lineno - 1] : start], view.module.data[end:last]
    if before.strip() or (behind.strip() and (len(texts) > 1 or not behind.strip().startswith(b"#"))):
        return Decline("layout")
    if b"#" in view.module.data[start:end]:
        return Decline("comment")
    indent = line[: len(line) - len(line.lstrip())]
    return _proved(start, end, f"{view.module.newline}{indent}".join(texts), (node.module or "").removeprefix("six."))
