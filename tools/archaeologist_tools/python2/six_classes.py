"""Metaclasses that six puts on classes, written into the class header.

`six.with_metaclass(M, B)` is a class of its own that steps aside while the real one is made: it calls
`M(name, (B,), namespace)`, which is what the header does. `@six.add_metaclass(M)` makes the class a second time from
what the first one holds, so only metaclasses that do not look at it are the same in the header.
"""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

_GAP = re.compile(r"[ \t\f]*(?:\r\n?|\n)[ \t\f]*class[ \t\f]+\w+")
# Of `C[int]`, six shows `__prepare__` what it stands for only afterwards.
_BASE = (ast.Name, ast.Attribute)


def in_header(node: ast.Call, view: View) -> tuple[int, int, str] | None:
    """What `six.with_metaclass(M, B)` among the bases of a class is in the header.

    Returns:
        The bytes of the call and the new text; None when the header would not mean the same.
    """
    owner = view.index.parents[node]
    if not isinstance(owner, ast.ClassDef) or owner.bases != [node] or owner.keywords or node.keywords:
        return None
    if not node.args or not all(isinstance(argument, _BASE) for argument in node.args):
        return None
    start, end = view.module.extent(node)
    if b"\n" in view.module.data[start:end] or b"\r" in view.module.data[start:end]:
        return None
    meta, *bases = node.args
    if _is_abc(meta, view) and [dotted(base) for base in bases] == ["object"] and view.is_builtin("object"):
        bases = []
    texts = [*map(view.module.segment, bases), f"metaclass={view.module.segment(meta)}"]
    return start, end, ", ".join(texts)


def without_decorator(node: ast.Call, view: View) -> tuple[int, int, str] | None:
    """The header of a class under `@six.add_metaclass(ABCMeta)`, without the decorator.

    Returns:
        The bytes from the decorator to the end of the bases, and the new text; None when the class would be another.
    """
    owner = view.index.parents[node]
    if not isinstance(owner, ast.ClassDef) or owner.decorator_list[-1:] != [node] or owner.keywords:
        return None
    if len(node.args) != 1 or node.keywords or not _is_abc(node.args[0], view) or _uses_cell(owner):
        return None
    bases = [base for base in owner.bases if dotted(base) != "object"]
    if not all(hasattr(builtins, dotted(base)) and view.is_builtin(dotted(base)) for base in owner.bases):
        return None
    return _header(node, owner, [*map(view.module.segment, bases), f"metaclass={dotted(node.args[0])}"], view)


def _header(node: ast.Call, owner: ast.ClassDef, inside: list[str], view: View) -> tuple[int, int, str] | None:
    module = view.module
    end = module.extent(node)[1]
    gap = _GAP.match(module.data[end:].decode(module.encoding))
    if gap is None:
        return None
    head = end + len(gap.group().encode(module.encoding))
    last = module.extent(owner.bases[-1])[1] if owner.bases else head
    tail = re.match(rb"[ \t]*,?[ \t]*\)" if owner.bases else rb"(?:[ \t]*\([ \t]*\))?", module.data[last:])
    between = module.data[head:last]
    if tail is None or any(mark in between for mark in (b"#", b"\n", b"\r")):
        return None
    start = module.data.rindex(b"@", 0, module.extent(node)[0])
    return start, last + tail.end(), f"{gap.group().lstrip()}({', '.join(inside)})"


def _is_abc(node: ast.expr, view: View) -> bool:
    return full_name(node, view) == "abc.ABCMeta"


def _uses_cell(owner: ast.ClassDef) -> bool:
    """Whether a method asks for the class it was made in, which is the first of the two."""
    names = {part.id for part in ast.walk(owner) if isinstance(part, ast.Name)}
    return not names.isdisjoint({"super", "__class__"})
