"""Which functions around files a module replaces, as tests do: by dotted texts, by attributes, by assignment."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.source.index import Index

# The end of `app.util.os.path.exists`, `os.remove`, `builtins.open`, `app.util.shutil.rmtree`.
_PATCHED = re.compile(r"(?:\w+\.)*?(?P<name>(?:os\.path|os|path|io|codecs|shutil|tempfile|subprocess)\.\w+|open)\Z")
_REPLACERS = frozenset({"object", "setattr", "delattr", "stub_out_with", "Set", "replace"})


def patched_functions(index: Index) -> tuple[str, ...]:
    """The full names of the functions that a module replaces, sorted."""
    return tuple(sorted({name for text in _texts(index) for name in _named(text)}))


def _texts(index: Index) -> Iterator[str]:
    modules = {(alias.asname or alias.name).partition(".")[0] for alias in index.of(ast.alias)}
    for text in index.of(ast.Constant):
        if isinstance(text.value, str) and "." in text.value:
            yield text.value
    for call in index.of(ast.Call):
        function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        match call.args[:2]:
            case [ast.expr() as owner, ast.Constant(value=str(name))] if function in _REPLACERS:
                replaced = f"{dotted(owner)}.{name}"
                yield replaced if replaced.partition(".")[0] in modules else ""
            case _:
                pass
    for attribute in index.of(ast.Attribute):
        if not isinstance(attribute.ctx, ast.Load) and dotted(attribute).partition(".")[0] in modules:
            yield dotted(attribute)


def _named(text: str) -> Iterator[str]:
    match = _PATCHED.fullmatch(text)
    if match:
        name = match["name"]
        yield f"os.{name}" if name.startswith("path.") else name
        # A function imported by its own name, such as `app.util.isfile`, is replaced there.
    tail = text.rpartition(".")[2]
    if match is None and tail in _OWN_NAMES and text.isascii() and text.replace(".", "").isidentifier():
        yield f"os.path.{tail}"


_OWN_NAMES = frozenset(
    {"abspath", "basename", "dirname", "exists", "getmtime", "getsize", "isdir", "isfile", "islink", "realpath"}
)
