"""Writing what `os.path` works out from the text alone: `abspath` and `normpath` take every `..` out of it.

`pathlib` has no such function: `absolute` keeps a `..`, and `resolve` follows links. So one `os.path.abspath` stays, at
the innermost text, and what is built on it is exact: its result has no `..`, no doubled and no last slash.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist_tools.paths import strings
from archaeologist_tools.paths.built import Built, NotBuilt
from archaeologist_tools.paths.strings import ENDLESS, Text

if TYPE_CHECKING:
    from archaeologist_tools.paths.building import Builder

_NORMAL = Text(filled=True, names=ENDLESS, rooted=True, plain=True)


def normalized(call: ast.Call, builder: Builder) -> Built:
    """Write `os.path.abspath(...)`, or `normpath` of one, so that the result can be taken apart by `parent`.

    Raises:
        NotBuilt: a part of it is not known well enough.
    """
    name = builder.meaning.called(call)
    base = call if name == "os.path.abspath" else _base(call.args[0], builder)
    if base is None:
        raise NotBuilt("not-normalized")
    return _inside(call.args[0], base, builder)


def _base(node: ast.expr, builder: Builder) -> ast.Call | None:
    """The call at the beginning of a path that makes it absolute."""
    if isinstance(node, ast.Call) and builder.meaning.called(node) in {"os.path.abspath", "os.getcwd"}:
        return node
    inner = builder.parent_of(node)
    if inner is None and isinstance(node, ast.Call) and builder.is_builder(node):
        inner = node.args[0]
    return None if inner is None else _base(inner, builder)


def _inside(node: ast.expr, call: ast.Call, builder: Builder) -> Built:
    """What `abspath` makes of the text of an expression."""
    name = builder.meaning.called(node)
    if isinstance(node, ast.Call) and name in {"os.path.abspath", "os.path.normpath"} and builder.is_builder(node):
        return _inside(node.args[0], call, builder)
    if isinstance(node, ast.Call) and name == "os.path.join" and builder.is_builder(node):
        return _joined(node, call, builder)
    inner = builder.parent_of(node)
    if inner is not None:
        if not builder.text_of(inner).names:
            raise NotBuilt("parent-differs")
        return _parent(_inside(inner, call, builder))
    return _leaf(node, call, builder)


def _joined(node: ast.Call, call: ast.Call, builder: Builder) -> Built:
    whole = _inside(node.args[0], call, builder)
    for part in node.args[1:]:
        value = builder.constant(part)
        if value is None:
            raise NotBuilt("not-normalized")
        names = value.split("/")
        if ".." not in names:
            whole = _below(whole, builder.source(part), strings.of_literal(value))
            continue
        for name in names:
            whole = _parent(whole) if name == ".." else _below(whole, repr(name), strings.of_literal(name))
    return whole


def _below(whole: Built, code: str, text: Text) -> Built:
    if not text.whole:
        raise NotBuilt("not-normalized")
    return Built(f"{whole.code} / {code}", strings.joined([whole.text, text]), closed=False)


def _parent(whole: Built) -> Built:
    return Built(f"{whole.receiver}.parent", strings.parent(whole.text))


def _leaf(node: ast.expr, call: ast.Call, builder: Builder) -> Built:
    if builder.meaning.called(node) == "os.getcwd":
        return builder.build(node)
    known = builder.text_of(node)
    code = f"Path({builder.view.module.segment(call.func)}({builder.source(node)}))"
    return Built(code, replace(_NORMAL, is_str=known.is_str, own=known.own))
