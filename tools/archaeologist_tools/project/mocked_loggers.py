"""Which loggers a module replaces, as tests do, and which of their methods it looks at the calls of.

Values that move from a message to the arguments of the call are seen by a test that looks at the calls, and by no
other. What is looked at is followed to the `patch` that made it; where that fails, it may be any logger of the file.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by, called, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical"})
_ALL, _ANYWHERE = "*", "?"
# `app.util.log`, `app.util.logger.warning`, and `.log` behind a module that is named at run time.
_LOGGER = re.compile(
    r"(?P<owner>(?:\w+\.)*?)\.?(?P<name>\w*(?i:log)\w*)"
    r"(?:\.(?P<method>debug|info|warning|warn|error|exception|critical|log))?\Z"
)
_DOTTED = re.compile(r"\w+(?:\.\w+)+\Z")
_NAMED_AS_LOGGER = re.compile(r"(?:^|[._])(?:log|logger|logging)\d*(?:[._]|$)", re.IGNORECASE)
_LOOKS = frozenset(
    {
        "assert_any_call", "assert_called_once_with", "assert_called_with", "assert_has_calls", "call_args",
        "call_args_list", "method_calls", "mock_calls",
    }
)  # fmt: skip
_REPLACERS = frozenset({"patch", "object", "setattr", "stub_out_with", "Set", "replace"})
_MOCKS = frozenset({"Mock", "MagicMock", "NonCallableMock", "create_autospec"})


@dataclass(frozen=True)
class _Logger:
    """A logger, or one method of it, that a module replaces.

    Attributes:
        owner: the full name of the module that holds it; `?` when that is not told.
        name: its name there.
        method: the one method that is replaced; `*` for the whole logger.
    """

    owner: str
    name: str
    method: str = _ALL


def replaced_loggers(index: Index) -> tuple[str, ...]:
    """The loggers that a module replaces, with the methods whose calls it looks at.

    Returns:
        `module.name:method` for each; `?` in place of the module when it is not told whose, `*` for all methods.
    """
    replaced = _Replaced(index)
    found = {*replaced.recorded()}
    if any(map(dotted, (call.func for call in index.calls.get("setLoggerClass", ())))):
        return (f"{_ANYWHERE}.{_ALL}:{_ALL}",)  # all loggers are of another class
    for attribute in _LOOKS & index.attributes.keys():
        for node in index.attributes[attribute]:
            found.update(replaced.looked_at(node.value))
    return tuple(sorted(f"{each.owner}.{each.name}:{each.method}" for each in found))


def is_looked_at(entry: str, path: str, logger: ast.expr, method: str) -> bool:
    """Whether an entry of `replaced_loggers` tells of a look at the calls of a logger's method.

    Args:
        entry: the entry.
        path: the file that calls the method.
        logger: the logger as it is written there.
        method: the method.
    """
    replaced, _, looked = entry.rpartition(":")
    owner, _, name = replaced.rpartition(".")
    if looked not in {method, _ALL}:
        return False
    if owner == "logging" or name == _ALL:
        return True
    own = logger.attr if isinstance(logger, ast.Attribute) else getattr(logger, "id", "")
    return name == own and (owner == _ANYWHERE or isinstance(logger, ast.Attribute) or _is_module(owner, path))


def _is_module(owner: str, path: str) -> bool:
    parts = [part for part in PurePosixPath(path).with_suffix("").parts if part not in {"/", "__init__"}]
    here, there = f".{'.'.join(parts)}", f".{owner}"
    return here.endswith(there) or there.endswith(here)


class _Replaced:
    """The loggers that one module replaces.

    Args:
        index: the module's index.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._calls = [call for call in index.named(ast.Call, _REPLACERS) if call.args]

    @cached_property
    def _loggers(self) -> set[_Logger]:
        found = {found for text in self._index.of(ast.Constant) for found in _named(text)}
        return found.union(found for call in self._calls for found in _of_call(call))

    def recorded(self) -> Iterator[_Logger]:
        """The loggers that something other than a mock takes the place of: it sees what it is called with."""
        for call in self._calls:
            loggers = [*_of_call(call), *_named(call.args[0])]
            if loggers and not all(map(self._is_mock, _replacements(call))):
                yield from loggers
        modules = {bound_by(alias) for alias in self._index.of(ast.alias)}
        for name in self._index.attributes:
            if _NAMED_AS_LOGGER.search(name):
                for target in self._index.stored(name):
                    if isinstance(target.value, ast.Name) and target.value.id in modules:
                        yield _Logger(_ANYWHERE, name)

    def looked_at(self, look: ast.expr) -> Iterator[_Logger]:
        """The loggers, and methods, that one look at the calls of a mock may be about."""
        method = look.attr if isinstance(look, ast.Attribute) and look.attr in LOG_METHODS else _ALL
        if not self._loggers and method == _ALL:
            return
        loggers = self._held_by(look)
        if not loggers and isinstance(look, ast.Attribute) and method != _ALL:
            loggers, look = self._held_by(look.value), look.value
        elif loggers:
            method = _ALL
        if loggers is None and (method != _ALL or _NAMED_AS_LOGGER.search(dotted(look))):
            # Not even in a file that replaces no logger: a class that this one is derived from may do so.
            loggers = [*self._loggers] or [_Logger(_ANYWHERE, _ALL)]
        for logger in loggers or ():
            if _ALL in {method, logger.method} or method == logger.method:
                yield _Logger(logger.owner, logger.name, method if logger.method == _ALL else logger.method)

    def _held_by(self, holder: ast.expr) -> list[_Logger] | None:
        """The loggers that a name or an attribute stands for; None when that cannot be told."""
        key = dotted(holder)
        values = self._given(key, holder) if key else []
        if not values:
            return None
        found = {
            each
            for call in self._calls
            if key in map(dotted, _replacements(call))
            for each in (*_of_call(call), *_named(call.args[0]))
        }
        for value in values:
            parts = list(ast.walk(value))
            loggers = {each for part in parts for each in (*_of_call(part), *_named(part))}
            if not loggers and not any(map(_is_dotted_text, parts)) and not _is_new_mock(value):
                return None
            found |= loggers
        return [*found]

    def _given(self, key: str, holder: ast.expr) -> list[ast.expr]:
        """The values that a name is given in the function around its use, or an attribute anywhere."""
        scopes = [self._scope(holder), *map(self._scope, self._index.ancestors(holder))]
        for scope in dict.fromkeys(scopes):
            values = [value for where, value in self._values.get(key, ()) if "." in key or where is scope]
            if values:
                return values
        return []

    @cached_property
    def _values(self) -> dict[str, list[tuple[ast.AST, ast.expr]]]:
        """What is bound to each name and attribute, with the function that does it."""
        found: defaultdict[str, list[tuple[ast.AST, ast.expr]]] = defaultdict(list)
        for assignment in self._index.of(ast.Assign):
            for target in assignment.targets:
                found[dotted(target)].append((self._scope(assignment), assignment.value))
        for statement in self._index.of(ast.With):
            for item in statement.items:
                if item.optional_vars:
                    found[dotted(item.optional_vars)].append((self._scope(statement), item.context_expr))
        for function in self._index.of(ast.FunctionDef):
            for parameter, decorator in _patched_parameters(function):
                found[parameter].append((function, decorator))
        return dict(found)

    def _scope(self, node: ast.AST) -> ast.AST:
        functions = (each for each in self._index.ancestors(node) if isinstance(each, ast.FunctionDef))
        return next(functions, self._index.tree)

    def _is_mock(self, value: ast.expr) -> bool:
        """Whether a value only records what it is called with, for those who look at it."""
        if isinstance(value, ast.Call):
            return _is_new_mock(value) or any(part in self._calls for part in ast.walk(value))
        values = self._given(dotted(value), value) if dotted(value) else []
        return bool(values) and all(isinstance(each, ast.Call) and self._is_mock(each) for each in values)


def _patched_parameters(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that decorators of a test hand mocks over for, the last decorator first."""
    makers = [each for each in reversed(function.decorator_list) if isinstance(each, ast.Call)]
    patches = [each for each in makers if called(each) in _REPLACERS and not any(_replacements(each))]
    parameters = [parameter.arg for parameter in function.args.args if parameter.arg not in {"self", "cls"}]
    if len(patches) <= len(parameters):
        yield from zip(parameters, patches, strict=False)


def _is_new_mock(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called(value) in _MOCKS and not any(_replacements(value))


def _of_call(node: ast.AST) -> Iterator[_Logger]:
    """The logger that `patch.object(app, 'log')` or `monkeypatch.setattr(app.log, 'info', f)` replaces."""
    if not isinstance(node, ast.Call) or called(node) not in _REPLACERS:
        return
    match node.args[:2]:
        case [ast.Constant(), *_]:
            pass
        case [owner, ast.Constant(value=str(name))]:
            holder = dotted(owner)
            if name in LOG_METHODS and "log" in holder.lower():
                yield _Logger("logging" if "Logger" in holder else _ANYWHERE, holder.rpartition(".")[2], name)
            elif "log" in name.lower():
                yield _Logger(_ANYWHERE, name)
        case [made, *_]:
            texts = (part.value for part in ast.walk(made) if isinstance(part, ast.Constant))
            tails = (text.rpartition(".")[2] for text in texts if isinstance(text, str))
            yield from (_Logger(_ANYWHERE, tail) for tail in tails if "log" in tail.lower())


def _named(node: ast.AST) -> Iterator[_Logger]:
    """The logger that a dotted text names."""
    if _is_dotted_text(node) and (match := _LOGGER.match(str(node.value))):  # type: ignore[attr-defined]  # a constant
        yield _Logger(match["owner"].rstrip(".") or _ANYWHERE, match["name"], match["method"] or _ALL)


def _is_dotted_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_DOTTED.match(node.value))


def _replacements(call: ast.Call) -> Iterator[ast.expr]:
    """What a call puts in the place of what it replaces."""
    by_text = bool(call.args) and isinstance(call.args[0], ast.Constant)
    yield from call.args[1 if by_text or called(call) == "patch" else 2 :][:1]
    yield from (word.value for word in call.keywords if word.arg in {"new", "side_effect", "wraps", "new_callable"})
