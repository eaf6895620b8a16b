"""Writing the `with` block for a file that is opened in the middle of a statement."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from archaeologist_tools.files.blocks import MAX_LINE, LayoutError, deeper, indentation, text_of, trailing, unit
from archaeologist_tools.files.openers import opener_of
from archaeologist_tools.files.with_statement import Written, ending, line_end

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View
    from archaeologist_tools.files.chain_names import Chain

_HEADER = re.compile(r"([ \t]*with [^#]*[^#\s]):([ \t]*(?:\r\n?|\n))")
_BREAK = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")


def write_chain(chain: Chain, view: View) -> Written:
    """Write a `with` block for a file that is opened in the middle of a statement.

    Raises:
        LayoutError: the lines cannot be moved without a loss; `code` says why.
    """
    module, statement = view.module, chain.statement
    indent = indentation(module, statement)
    trailing(module, statement)
    trailing(module, chain.last)
    if joined := _added_to_block(chain, view):
        return joined
    if not chain.name:
        text = f"{trailing(module, statement)}{ending(statement, view)}{indent}{_step(chain, view)}pass"
    elif chain.hoisted is not None:
        text = ending(statement, view) + _hoisted_text(chain, chain.hoisted, view)
    else:
        text = ending(statement, view) + _moved_text(chain, view)
    header = f"with {_one_line(module.segment(chain.opener.call))}" + (f" as {chain.name}:" if chain.name else ":")
    if len(f"{indent}{header}".expandtabs(8)) > MAX_LINE:
        raise LayoutError("too-long")
    return Written(module.extent(statement)[0], line_end(chain.last, view), header + text)


def _added_to_block(chain: Chain, view: View) -> Written | None:
    """One more file for the `with` statement around, when that opens files and holds nothing but this statement."""
    module, statement = view.module, chain.statement
    block = view.index.parents[statement]
    alone = isinstance(block, ast.With) and block.body == [statement] and statement.lineno == statement.end_lineno
    if not chain.name or chain.hoisted or not alone or not isinstance(block, ast.With):
        return None
    if block.lineno != statement.lineno - 1 or not all(opener_of(item.context_expr, view) for item in block.items):
        return None
    header = _HEADER.fullmatch(text_of(module, block.lineno))
    text = f"{header.group(1)}, {module.segment(chain.opener.call)} as {chain.name}:" if header else ""
    if not header or len(text.expandtabs(8)) > view.line_limit:
        return None
    text += header.group(2) + indentation(module, statement) + _replaced(statement, chain, view)
    return Written(module.starts[block.lineno - 1], module.extent(statement)[1], text)


def _step(chain: Chain, view: View) -> str:
    return unit(view.module, view.index, chain.statement)


def _hoisted_text(chain: Chain, value: ast.expr, view: View) -> str:
    """`lines = f.readlines()` in the block, and the statement behind it."""
    module, statement = view.module, chain.statement
    (start, end), newline = module.extent(value), module.newline
    before = module.data[module.extent(statement)[0] : start].decode(module.encoding)
    after = module.data[end : line_end(statement, view)].decode(module.encoding)
    indent = indentation(module, statement)
    inner = f"{indent}{_step(chain, view)}{chain.result} = {_one_line(_replaced(value, chain, view))}"
    gap = newline if statement.lineno != statement.end_lineno and not isinstance(statement, (ast.For, ast.If)) else ""
    return f"{inner}{newline}{gap}{indent}{before}{chain.result}{after}"


def _moved_text(chain: Chain, view: View) -> str:
    """The statement, one level deeper, with the file's name in the place of the call that opens it."""
    module, statement = view.module, chain.statement
    if any(_spans_lines(node) for node in ast.walk(statement)) and not isinstance(statement, ast.For):
        raise LayoutError("layout")
    start, end = module.extent(chain.opener.call)
    row = module.position(start)[0]
    indent = indentation(module, statement)
    if row != module.position(end - 1)[0]:
        if module.position(end - 1)[0] != chain.last.end_lineno or row != statement.lineno:
            raise LayoutError("layout")
        return indent + _step(chain, view) + _one_line(_replaced(statement, chain, view)) + trailing(module, statement)
    last = chain.last.end_lineno or chain.last.lineno
    lines = deeper(module, statement.lineno, last, within=indent, by=_step(chain, view))
    line, old = lines[row - statement.lineno], module.line(row).decode(module.encoding)
    place = len(module.data[module.starts[row - 1] : start].decode(module.encoding)) + len(line) - len(old)
    size = len(module.segment(chain.opener.call))
    lines[row - statement.lineno] = line[:place] + chain.name + line[place + size :]
    return "".join(lines).removesuffix("\n").removesuffix("\r")


def _spans_lines(node: ast.AST) -> bool:
    text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))
    return text and node.lineno != node.end_lineno  # type: ignore[attr-defined]  # both are expressions


def _replaced(node: ast.expr | ast.stmt, chain: Chain, view: View) -> str:
    """The source of a node with the file's name in the place of the call that opens it."""
    module = view.module
    (start, end), (opened, closed) = module.extent(node), module.extent(chain.opener.call)
    before, after = module.data[start:opened], module.data[closed:end]
    return before.decode(module.encoding) + chain.name + after.decode(module.encoding)


def _one_line(text: str) -> str:
    if "\n" not in text and "\r" not in text:
        return text
    if any(part in text for part in ('"""', "'''", "\\", "#")):
        raise LayoutError("layout")
    return _BREAK.sub(_joint, text)


def _joint(match: re.Match[str]) -> str:
    """What stands in the place of a line break: nothing behind an opening bracket and before a closing one."""
    around = match.string[match.start() - 1 : match.start()], match.string[match.end() : match.end() + 1]
    return "" if around[0] in "([{" or around[1] in ")]}" else " "
