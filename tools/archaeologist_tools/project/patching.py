"""Which functions around files a module replaces, as tests do: by dotted texts, by attributes, by assignment."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import bound_by, called, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

# The end of `app.util.os.path.exists`, `os.remove`, `builtins.open`, `app.util.shutil.rmtree`.
_PATCHED = re.compile(r"(?:\w+\.)*?(?P<name>(?:os\.path|os|path|io|codecs|shutil|tempfile|subprocess)\.\w+|open)\Z")
# In a module that is named at run time; often in a helper that nobody calls.
_PATCHED_SOMEWHERE = re.compile(r"(?:%s|\{\w*\})?\.open\Z")
SOMEWHERE = "?.open"
# Stands for `open` where a plain mock takes its place: what such a mock gives in a `with` is another mock.
PLAIN_OPEN = "open()"
# The end of `app.util.datetime`, a class or module that tests replace to stop the clock.
_CLOCK = re.compile(r"(?!datetime\.datetime\Z)(?:\w+\.)+(?:datetime|utcnow|utcfromtimestamp)\Z")
CLOCK = "datetime"
# The last names, and the last names but one, of what these patterns find; most texts have none of them.
_TAILS = frozenset({"open", "datetime", "utcnow", "utcfromtimestamp"})
_OWNERS = frozenset({"os", "path", "io", "codecs", "shutil", "tempfile", "subprocess"})
_BEHAVIOURS = frozenset({"new_callable", "side_effect", "wraps"})
# The modules of the standard library whose `open` is the builtin.
_HOLDERS = frozenset({"builtins", "io", "_io"})
_REPLACERS = frozenset({"object", "setattr", "delattr", "stub_out_with", "Set", "replace"})
_PATCHERS = _REPLACERS | {"patch"}
# Functions that modules import by their own names, and that are replaced there: `app.util.isfile`.
_OF_PATH = frozenset(
    {"abspath", "basename", "dirname", "exists", "getmtime", "getsize", "isdir", "isfile", "islink", "join", "realpath"}
)
_OF_OS = frozenset(
    {"chmod", "getcwd", "listdir", "lstat", "makedirs", "mkdir", "remove", "rename", "rmdir", "stat", "unlink", "walk"}
)
_OF_EITHER = _OF_PATH | _OF_OS


def patched_functions(index: Index) -> tuple[str, ...]:
    """The full names of the functions that a module replaces, sorted."""
    found = {name for text in _texts(index) for name in _named(text)}
    if _replaces_open(index):
        found.add(PLAIN_OPEN)
    return tuple(sorted(found))


def _replaces_open(index: Index) -> bool:
    """Whether something takes the place of `open` of which nothing says that it can stand in a with statement."""
    if "mock_open" in index.names or "mock_open" in index.attributes:
        return False
    modules = {bound_by(alias) for alias in index.of(ast.alias)}
    stored = (dotted(node) for node in index.stored("open"))
    return any(map(_mocks_open, index.named(ast.Call, _PATCHERS))) or any(
        text.partition(".")[0] in modules and _opens_files(text) for text in stored
    )


def _mocks_open(call: ast.Call) -> bool:
    """Whether a call replaces `open` by an object that does nothing of its own: `patch('app.util.open')`."""
    name = dotted(call.func).rpartition(".")[2]
    if name not in _PATCHERS or any(word.arg in _BEHAVIOURS for word in call.keywords):
        return False
    texts = [str(argument.value) for argument in call.args[:1] if isinstance(argument, ast.Constant)]
    return any(map(_opens_files, (*texts, *_replaced(call))))


def _opens_files(text: str) -> bool:
    """Whether a dotted name ends in the builtin `open`, or in one that a module has of it."""
    owner, _, name = text.rpartition(".")
    if name != "open" or not owner:
        return False
    module = owner.rpartition(".")[2]
    return module in _HOLDERS or module not in sys.stdlib_module_names


def _texts(index: Index) -> Iterator[str]:
    modules = {bound_by(alias) for alias in index.of(ast.alias)}
    yield from index.dotted_texts
    for call in index.named(ast.Call, _REPLACERS):
        yield from (name for name in _replaced(call) if name.partition(".")[0] in modules)
    for call in index.named(ast.Call, {"multiple"}):
        yield from _replaced_together(call)
    for attribute in index.stores:
        if dotted(attribute).partition(".")[0] in modules:
            yield dotted(attribute)


def _replaced(call: ast.Call) -> Iterator[str]:
    """What `patch.object(os.path, 'exists')` and `monkeypatch.setattr(os, 'remove', f)` replace."""
    if called(call) not in _REPLACERS:
        return
    match call.args[:2]:
        case [ast.expr() as owner, ast.Constant(value=str(name))]:
            yield f"{dotted(owner)}.{name}"
        case _:
            pass


def _replaced_together(call: ast.Call) -> Iterator[str]:
    """What `patch.multiple('os.path', exists=f, isfile=g)` replaces."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "multiple" and call.args):
        return
    owner = call.args[0]
    text = str(owner.value) if isinstance(owner, ast.Constant) else dotted(owner)
    yield from (f"{text}.{keyword.arg}" for keyword in call.keywords if keyword.arg)


def _named(text: str) -> Iterator[str]:
    owner, _, tail = text.rpartition(".")
    if tail not in _TAILS and tail not in _OF_EITHER and owner.rpartition(".")[2] not in _OWNERS:
        return
    if _CLOCK.fullmatch(text):
        yield CLOCK
    if match := _PATCHED.fullmatch(text):
        name = match["name"]
        yield f"os.{name}" if name.startswith("path.") else name
    elif _PATCHED_SOMEWHERE.fullmatch(text):
        yield SOMEWHERE
    elif tail in _OF_EITHER and text.isascii() and text.replace(".", "").isidentifier():
        yield f"os.path.{tail}" if tail in _OF_PATH else f"os.{tail}"
