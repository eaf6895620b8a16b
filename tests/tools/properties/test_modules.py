"""Modules of any layout, rewritten with every rule: the result parses, is settled, and differs only where it must."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from archaeologist_tools.engine.registry import all_rules
from support.rewriting import rewrite

_CODES = tuple(rule.code for rule in all_rules())
_FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
_TARGETS = st.sampled_from([(3, 6), (3, 8), (3, 11), (3, 12)])

_IMPORTS = (
    "import os", "import sys", "import os.path as p", "from os import path", "import six", "import logging",
    "from collections import namedtuple, Mapping", "from __future__ import print_function", "import io, codecs",
    "try:\n    import json\nexcept ImportError:\n    import simplejson as json",
)  # fmt: skip
_SIMPLE = (
    "x = '%s' % (a,)", "x = '%s: %d' % (a, len(b))", "y = '%(k)s' % {'k': a}", "x = '{} {}'.format(a, b)",
    "x = 'one %s' \\\n    ' two' % (a,)", "x = ('%s'  # first\n     ' %r'  # second\n     % (a, b))", "x = u'text'",
    "f = open(a)\ny = f.read()\nf.close()", "y = open(a).read()", "x = os.path.join(a, 'b')", "x += 1; y = '%s' % (a,)",
    "x = os.path.exists(a) and os.path.basename(a)", "print('%s' % a)", "x = dict()", "x = list([1])", "x = a == None",
    "raise IOError('%s' % a)", "assert '%s' % (a,) != '''%s\n  {}''' % (b,)", "x = lambda a: '%s' % (a,)",
    "logging.info('%s' % (a,))", "x = [('%s' % (v,)) for v in b]", "x = \\\n    '%5.2f' % float(a)", "pass",
    "x = sys.version_info[0] >= 3 and 'new' or 'old'", "x = six.text_type(a)", "del x", "global z; z = '%s' % (a,)",
)  # fmt: skip
_HEADS = (
    "if sys.version_info >= (3,):", "if sys.version_info[0] == 2:", "for a in b:", "while a:", "with open(a) as f:",
    "def method(self, a, b=[], *args):", "class Old(object):", "class New(Base, object):", "if a is None:",
    "def function(a, b=None):", "class Error(Exception):",
)  # fmt: skip
_TAILS = {
    "if": ("", "else:", "elif b == None:"),
    "for": ("", "else:"),
    "while": ("", "else:"),
}
_REMARKS = st.sampled_from(["", "", "", "  # why", "  # noqa", " #: é"])
_GAPS = st.sampled_from(["", "", "\n", "\n\n", "# a remark of its own\n", "\f\n"])


@dataclass(frozen=True)
class Layout:
    """How a module is written down."""

    indent: str
    newline: str
    mark: str
    end: bool

    def apply(self, text: str) -> bytes:
        """The bytes of a module that was written with line feeds."""
        text = text if self.end else text.rstrip("\n")
        return (self.mark + text.replace("\n", self.newline)).encode()


_LAYOUTS = st.builds(
    Layout,
    indent=st.sampled_from(["    ", "  ", "\t"]),
    newline=st.sampled_from(["\n", "\n", "\r\n"]),
    mark=st.sampled_from(["", "", "\ufeff"]),
    end=st.booleans(),
)


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


@st.composite
def _blocks(draw: st.DrawFn, indent: str, depth: int = 0) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        gap, remark = draw(_GAPS), draw(_REMARKS)
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            head = draw(st.sampled_from(_HEADS))
            text = f"{head}{remark}\n{_indented(draw(_blocks(indent, depth + 1)), indent)}"
            tail = draw(st.sampled_from(_TAILS.get(head.partition(" ")[0], ("",))))
            text += f"{tail}\n{_indented(draw(_blocks(indent, depth + 1)), indent)}" if tail else ""
        else:
            text = f"{draw(st.sampled_from(_SIMPLE))}{remark}\n"
        lines.append(gap + text)
    return "".join(lines)


@st.composite
def _modules(draw: st.DrawFn) -> bytes:
    layout = draw(_LAYOUTS)
    imports = sorted(draw(st.sets(st.sampled_from(_IMPORTS), max_size=5)), key=lambda text: "__future__" not in text)
    head = "".join(f"{text}{draw(_REMARKS)}\n" for text in imports)
    return layout.apply(head + draw(_blocks(layout.indent)))


def _valid(data: bytes) -> bool:
    try:
        compile(data, "mod.py", "exec")
    except SyntaxError:
        return False
    return True


def _after(data: bytes, target: tuple[int, int], *rules: str) -> bytes:
    result = rewrite(data, *(rules or _CODES), target=target, path="mod.py")
    return result.layers[-1].data if result.layers else data


@_FEW
@given(_modules(), _TARGETS)
def test_what_comes_out_compiles_and_is_settled(before: bytes, target: tuple[int, int]) -> None:
    if not _valid(before):
        return
    after = _after(before, target)
    compile(after, "mod.py", "exec")
    assert _after(after, target) == after
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") - after.count(b"\r\n") == 0 or b"\r\n" not in before
    assert after.count(b"\f") == before.count(b"\f") or after.count(b"\n") < before.count(b"\n")


class _WithoutTexts(ast.NodeTransformer):
    """Puts the same in the place of every format, so that only what is around formats is left."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        literal = isinstance(node.left, ast.Constant) and isinstance(node.left.value, str)
        return ast.Constant("text") if literal and isinstance(node.op, ast.Mod) else self.generic_visit(node)

    def visit_JoinedStr(self, _: ast.JoinedStr) -> ast.AST:
        return ast.Constant("text")

    def visit_Call(self, node: ast.Call) -> ast.AST:
        is_format = isinstance(node.func, ast.Attribute) and node.func.attr == "format"
        return ast.Constant("text") if is_format else self.generic_visit(node)


def _around_texts(data: bytes) -> str:
    return ast.dump(_WithoutTexts().visit(ast.parse(data)))


@_FEW
@given(_modules(), _TARGETS)
def test_formats_change_and_nothing_around_them(before: bytes, target: tuple[int, int]) -> None:
    after = _after(before, target, "AR001", "AR002")
    if after != before:
        assert _around_texts(after) == _around_texts(before)
