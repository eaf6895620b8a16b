"""One Python file as bytes, text and syntax tree, with exact byte positions.

Rules splice bytes, `ast` counts columns in UTF-8 bytes of the decoded line. For a UTF-8 file these agree; for any other
encoding, and behind a byte order mark, they do not. Everything that turns a node into a place in a file goes through
here.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from archaeologist_tools.source.encoding import BOM, encoding_of
from archaeologist_tools.source.index import Index

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 2 * 1024 * 1024
_FEW = 3

ONLY_WORDS = bytes(code if chr(code).isalnum() or chr(code) == "_" or code > 127 else 32 for code in range(256))  # noqa: PLR2004 - ASCII
"""Turns what is no part of a word into a blank; bytes over 127 belong to letters, or to halves of them."""
# What only Python 2 accepts. Applied to a file that does not parse, so a false hit costs no more than a wrong word in a
# message.
_PYTHON2_LINE = re.compile(
    rb"^[ \t]*(?:print[ \t]+[^=(\s]|print[ \t]*>>|exec[ \t]+[^=(\s]|raise[ \t]+[\w.]+[ \t]*,"
    rb"|except[ \t]+[^:(]+,[ \t]*\w+[ \t]*:)"
    rb"|<>|\b0[0-7]+[lL]?\b|\b\d+[lL]\b|\bur['\"]|`[^`\n]+`",
    re.MULTILINE,
)
_PYTHON2_MESSAGE = re.compile(
    r"Missing parentheses in call to '(?:print|exec)'|multiple exception types must be parenthesized"
    r"|leading zeros in decimal integer|inconsistent use of tabs",
)


@dataclass(frozen=True)
class Unreadable:
    """A file that is not looked at, and why.

    Attributes:
        path: where it is, relative to the repository.
        code: `python2`, `syntax`, `nul-bytes`, `encoding` or `too-large`.
        message: one sentence for the report.
    """

    path: str
    code: str
    message: str


@dataclass(frozen=True, eq=False)
class Module:
    """A file that parses as Python 3; equal to itself alone, since each one has a tree of its own.

    Attributes:
        path: where it is, relative to the repository.
        data: the file as it is on disk.
        encoding: a codec name; `utf-8` also for files with a byte order mark.
        grammar: the Python with whose grammar it was read; None for that of the running one.
    """

    path: str
    data: bytes
    encoding: str
    grammar: tuple[int, int] | None = None

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree; made when it is asked for, because edits are checked without that of the whole file."""
        return parse(self.data, feature_version=self.grammar)

    @cached_property
    def text(self) -> str:
        """The decoded file without its byte order mark, with its own line endings."""
        return self.data[self.bom :].decode(self.encoding)

    @cached_property
    def index(self) -> Index:
        """The index of its tree; made when it is asked for, because in most files there is nothing to look for."""
        return Index(self.tree)

    @property
    def bom(self) -> int:
        """How many bytes a byte order mark takes at the start: 0 or 3."""
        return len(BOM) if self.data.startswith(BOM) else 0

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The byte offset of each line; one more entry stands for the end of the file."""
        return line_starts(self.data)

    @cached_property
    def newline(self) -> str:
        r"""The line ending most lines have: `\n`, `\r\n` or `\r`."""
        both = self.data.count(b"\r\n")
        counts = {"\n": self.data.count(b"\n") - both, "\r\n": both, "\r": self.data.count(b"\r") - both}
        return max(counts, key=counts.__getitem__)

    @cached_property
    def words(self) -> frozenset[bytes]:
        """All words of the file, those in comments and texts as well."""
        return frozenset(self.data.translate(ONLY_WORDS).split())

    @cached_property
    def imports(self) -> bytes:
        """The lines in which `import` stands; where one goes on in the next, a semicolon stands for the break."""
        joined = self.data.replace(b"\\\r\n", b";").replace(b"\\\n", b";").replace(b"\\\r", b";")
        return b"\n".join(_lines_with(b"import", joined))

    def rewritten(self, data: bytes) -> Module:
        """The file with other bytes, which are read as these are."""
        return Module(self.path, data, self.encoding, self.grammar)

    def mentions(self, texts: frozenset[str]) -> bool:
        """Whether one of some words, or of some other texts such as `%`, stands anywhere in the file."""
        words, others = _sought(texts)
        if any(text in self.data for text in others):
            return True
        # To look for a few words is faster than to part a file into its own, unless that is done.
        many = len(words) > _FEW or "words" in vars(self)
        return (many or any(word in self.data for word in words)) and not words.isdisjoint(self.words)

    @property
    def lines(self) -> int:
        """How many lines the file has; a last line without an ending counts."""
        last_is_empty = self.starts[-1] == self.starts[-2]
        return len(self.starts) - 1 - last_is_empty

    def line(self, number: int) -> bytes:
        """The bytes of a line, 1-based, with its ending."""
        return self.data[self.starts[number - 1] : self.starts[number]]

    def offset(self, line: int, column: int) -> int:
        """Turn a position of `ast` (1-based line, 0-based column in UTF-8 bytes) into a byte offset of the file."""
        start = self.starts[line - 1]
        if self.encoding == "utf-8":
            return start + column
        before = self.line(line).decode(self.encoding).encode()[:column]
        return start + len(before.decode().encode(self.encoding))

    def character_offset(self, line: int, column: int) -> int:
        """Turn a 1-based line and a 1-based column counted in characters, as ruff gives them, into a byte offset."""
        if line >= len(self.starts):
            return len(self.data)
        before = self.line(line).decode(self.encoding)[: column - 1]
        return self.starts[line - 1] + len(before.encode(self.encoding))

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and 1-based column, counted in bytes, of a byte offset."""
        line = min(bisect_right(self.starts, offset), len(self.starts) - 1)
        return line, offset - self.starts[line - 1] + 1

    def extent(
        self, node: ast.expr | ast.stmt | ast.excepthandler | ast.arg | ast.alias | ast.keyword
    ) -> tuple[int, int]:
        """The byte offsets where a node begins and ends."""
        if node.end_lineno is None or node.end_col_offset is None:  # pragma: no cover - the parser always sets them
            raise ValueError("the node was not made by the parser")
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt | ast.arg) -> str:
        """The source text of a node."""
        start, end = self.extent(node)
        return self.data[start:end].decode(self.encoding)


@cache
def _sought(texts: frozenset[str]) -> tuple[frozenset[bytes], tuple[bytes, ...]]:
    """The words among some texts, and the others; every rule asks every file for the same ones."""
    words = frozenset(text.encode() for text in texts if text.isidentifier())
    return words, tuple(text.encode() for text in sorted(texts) if not text.isidentifier())


def _lines_with(text: bytes, data: bytes) -> Iterator[bytes]:
    """The lines that hold a text; to look for them is faster than to part a file into all of its lines."""
    found = data.find(text)
    while found >= 0:
        end = data.find(b"\n", found)
        end = end if end >= 0 else len(data)
        yield data[data.rfind(b"\n", 0, found) + 1 : end]
        found = data.find(text, end)


def line_starts(data: bytes) -> tuple[int, ...]:
    """The byte offset of each line of a file; one more entry stands for its end."""
    first = len(BOM) if data.startswith(BOM) else 0
    ends = tuple(accumulate(map(len, data.splitlines(keepends=True))))
    return (first, *ends) if data and data[-1:] not in {b"\n", b"\r"} else (first, *ends, len(data))


def first_line(node: ast.stmt) -> int:
    """The number of the line that a statement begins in, with its decorators."""
    decorators: list[ast.expr] | None = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else node.lineno


def parse(data: bytes | str, *, feature_version: tuple[int, int] | None = None) -> ast.Module:
    """Parse quietly: a file's own syntax warnings are not ours to print.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse` does for what it cannot read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data, feature_version=feature_version)


def open_module(path: str, data: bytes, feature_version: tuple[int, int] | None = None) -> Module | Unreadable:
    """Decode a file without parsing it.

    Args:
        path: relative to the repository; only names the result.
        data: the file's bytes.
        feature_version: the Python with whose grammar it is parsed when its tree is asked for.

    Returns:
        The module, whose tree may prove impossible to make, or why it cannot be decoded.
    """
    if len(data) > MAX_BYTES:
        return Unreadable(path, "too-large", f"{len(data)} bytes; files over {MAX_BYTES} bytes are data, not code")
    if b"\0" in data:
        return Unreadable(path, "nul-bytes", "holds NUL bytes")
    encoding = encoding_of(data)
    if encoding is None:
        return Unreadable(path, "encoding", "cannot be decoded with the encoding it declares")
    return Module(path, data, encoding, feature_version)


def why_no_tree(module: Module) -> Unreadable | None:
    """Parse a file, unless that is done; tell why it cannot be parsed, or give None."""
    try:
        _ = module.tree
    except SyntaxError as error:
        return _not_python3(module.path, module.data, error)
    except (ValueError, RecursionError, MemoryError) as error:
        return Unreadable(module.path, "syntax", f"{type(error).__name__}: {error}")
    return None


def read_module(path: str, data: bytes, feature_version: tuple[int, int] | None = None) -> Module | Unreadable:
    """Read a file as Python 3.

    Args:
        path: relative to the repository; only names the result.
        data: the file's bytes.
        feature_version: read it with the grammar of this Python, as far as the running one can tell.

    Returns:
        The module, or why it cannot be read. A file that is not Python 3 is reported, never guessed at.
    """
    module = open_module(path, data, feature_version)
    return module if isinstance(module, Unreadable) else why_no_tree(module) or module


def _not_python3(path: str, data: bytes, error: SyntaxError) -> Unreadable:
    where = f"line {error.lineno}: {error.msg}"
    if _PYTHON2_MESSAGE.search(error.msg or "") or _PYTHON2_LINE.search(data):
        return Unreadable(path, "python2", f"looks like Python 2 ({where})")
    return Unreadable(path, "syntax", where)
