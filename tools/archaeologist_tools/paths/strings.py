"""What the code itself says of the text of a path: that it is no bytes, not empty, how it ends.

`os.path` works on the text as it stands. `Path` reads it: a slash at the end, a `.` and an empty text lose their
meaning. Both agree only for texts of which this is known not to matter.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

# As many names as one could wish to take off: the path is absolute and holds no `..`.
ENDLESS = 99
_SEPARATORS = "/\\"
_CONVERSION = re.compile(r"%[^a-zA-Z%]*[a-zA-Z%]")
_SAFE_METHODS = frozenset({"format", "join", "replace", "strip", "lower", "upper"})


@dataclass(frozen=True)
class Text:
    """What is known of a text.

    Attributes:
        is_str: it is a `str`, or an object that says which path it is; surely no bytes.
        filled: it is not empty.
        names: how many plain names it ends in at least: neither `.` nor `..` nor a slash behind them.
        whole: it is nothing but these names, so that those of a text before it count on.
        fixed: it is written out in the code.
        own: it leads from the file of the code to somewhere by what is written out.
        dots: some `..` was written into it.
        rooted: it is absolute.
        plain: a Path spells it the same, when it is not empty.
        worded: its last name neither begins nor ends with a dot, so that all agree on the extension.
        below: it begins with the way to the file of the code.
        raw: a Path may hold a `..` of the way to the code that the text does not hold.
    """

    is_str: bool = False
    filled: bool = False
    names: int = 0
    whole: bool = False
    fixed: bool = False
    own: bool = False
    dots: bool = False
    rooted: bool = False
    plain: bool = False
    worded: bool = False
    below: bool = False
    raw: bool = False


UNKNOWN = Text()


def of_literal(value: str) -> Text:
    """What is known of a text that is written out."""
    parts = value.split("/")
    names = 0
    for part in reversed(parts):
        if part in {"", ".", ".."} or "\\" in part or ":" in part:
            break
        names += 1
    whole = names == len(parts)
    # Elsewhere than on Unix, a Path spells a slash inside of it differently.
    plain = whole and names == 1
    return Text(
        is_str=True,
        filled=bool(value),
        names=names,
        whole=whole,
        fixed=True,
        dots=".." in parts,
        plain=plain,
        worded=names > 0 and parts[-1] == parts[-1].strip("."),
    )


def of_expression(node: ast.expr) -> Text | None:
    """What is known of a text from the form of the expression alone; None when the form tells nothing."""
    match node:
        case ast.Constant(value=str(value)):
            return of_literal(value)
        case ast.JoinedStr(values=values):
            return _pieced(values)
        case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod()):
            return _formatted(template)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _added(of_expression(left) or UNKNOWN, of_expression(right) or UNKNOWN, right)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr=method)) if method in _SAFE_METHODS:
            return Text(is_str=True)
        case ast.Attribute(attr="__file__") | ast.Name(id="__file__"):
            return Text(is_str=True, filled=True, names=1, own=True, plain=True, worded=True, below=True)
        case _:
            return None


def joined(parts: list[Text]) -> Text:
    """What is known of texts put together by `os.path.join`, which takes no mixture of text and bytes."""
    names, last = 0, True
    for part in reversed(parts):
        names += part.names if last else 0
        last = last and part.whole
    return Text(
        is_str=any(part.is_str for part in parts),
        filled=any(part.filled for part in parts),
        names=names,
        whole=last,
        fixed=all(part.fixed for part in parts),
        own=parts[0].own and all(part.fixed for part in parts[1:]),
        dots=any(part.dots for part in parts),
        rooted=parts[0].rooted,
        plain=parts[0].plain and all(part.plain and part.whole for part in parts[1:]),
        worded=parts[-1].worded,
        below=parts[0].below,
        raw=any(part.raw for part in parts),
    )


def _formatted(template: str) -> Text:
    filled = bool(_CONVERSION.sub("", template))
    last = [match for match in _CONVERSION.finditer(template) if match.end() == len(template)]
    return Text(
        is_str=True, filled=filled, names=int(last[0].group().endswith("d") if last else ends_in_name(template))
    )


def _pieced(values: list[ast.expr]) -> Text:
    literals = [value.value for value in values if isinstance(value, ast.Constant)]
    last = values[-1] if values else None
    end = last.value if isinstance(last, ast.Constant) else ""
    return Text(is_str=True, filled=any(literals), names=int(ends_in_name(str(end))))


def _added(left: Text, right: Text, last: ast.expr) -> Text:
    end = last.value if isinstance(last, ast.Constant) else ""
    names = int(isinstance(end, str) and ends_in_name(end)) or int(bool(right.names) and not right.whole)
    return Text(left.is_str or right.is_str, left.filled or right.filled, names)


def ends_in_name(end: str) -> bool:
    """Whether a text that ends so ends in a plain name, whatever stands before."""
    return bool(end) and end[-1] not in f"{_SEPARATORS}.:"


def parent(text: Text) -> Text:
    """What is known of `os.path.dirname` of a text that ends in a plain name."""
    filled = text.rooted or text.names > 1
    names = text.names if text.names == ENDLESS else text.names - 1
    return replace(text, filled=filled, names=names, worded=False)


def either(texts: list[Text]) -> Text:
    """What is known of a text that is one of several."""
    return Text(
        is_str=all(text.is_str for text in texts),
        filled=all(text.filled for text in texts),
        names=min(text.names for text in texts),
        whole=all(text.whole for text in texts),
        fixed=all(text.fixed for text in texts),
        own=all(text.own for text in texts),
        dots=any(text.dots for text in texts),
        rooted=all(text.rooted for text in texts),
        plain=all(text.plain for text in texts),
        worded=all(text.worded for text in texts),
        below=all(text.below for text in texts),
        raw=any(text.raw for text in texts),
    )


def both(first: Text, second: Text) -> Text:
    """What two sources say together of one text."""
    return replace(
        first,
        is_str=first.is_str or second.is_str,
        filled=first.filled or second.filled,
        names=max(first.names, second.names),
    )
