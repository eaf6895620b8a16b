"""Which files of a commit are in scope, and why the others are not.

Only Python files (`.py`, `.pyw`) are listed at all. What is decided by name and mode is decided in `select`, from a
listing of the commit; what needs the content (`content_skip`) is decided when a batch is read.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import accumulate
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from archaeologist_tools.source.module import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SUFFIXES = frozenset({".py", ".pyw"})
VENDORED = frozenset(
    {
        "vendor", "_vendor", "vendored", "third_party", "thirdparty", "node_modules", "site-packages", "dist-packages",
        ".venv", "venv", "env", ".tox", ".nox", ".eggs", "build", "dist", "bower_components", "__pypackages__",
    },
)  # fmt: skip
SYMLINK, SUBMODULE = "120000", "160000"
"""Git's modes of what is no file."""
_HEADER_LINES = 12
_HEADER_BYTES = 8192
_GLOB_PART = re.compile(r"\*+|\?|\[[^\]]+\]|[^*?\[]+|\[")
# What a generator says of the file, not what a person says of things that are generated.
_GENERATED = re.compile(
    rb"(?:^#[\W_]*|\b(?:is|was|been|file|code|implementation)\s+)"
    rb"(?:auto(?:matically|matic)?[- ]?generated\b|generated\s+(?:by|from|with|automatically)\b)"
    rb"|@generated\b|\bdo not (?:edit|modify)\b|\$ANTLR ",
    re.IGNORECASE,
)
# One of these is in all that the pattern finds; looking for them is much faster.
_GENERATED_WORDS = (b"generated", b"not edit", b"not modify", b"antlr")


class Entry(Protocol):
    """What a listing tells of a file; `archaeologist_tools.git.objects.TreeEntry` is one."""

    @property
    def path(self) -> str:
        """Relative to the repository."""

    @property
    def mode(self) -> str:
        """Git's file mode, e.g. `100644`."""

    @property
    def size(self) -> int | None:
        """Bytes; None for what is no file."""


_Entry = TypeVar("_Entry", bound=Entry)


@dataclass(frozen=True)
class Skipped:
    """A path that is not looked at.

    Attributes:
        path: relative to the repository; bytes that are not UTF-8 are surrogate escapes.
        code: `symlink`, `submodule`, `vendored`, `too-large`, `name-not-utf8`, `excluded`, `ignored`, `generated`,
        `nul-bytes`.
        detail: one sentence for the report.
    """

    path: str
    code: str
    detail: str


@dataclass(frozen=True)
class Selection(Generic[_Entry]):
    """What a run looks at.

    Attributes:
        files: the entries in scope, in the order of the listing.
        skipped: Python files and whole folders that are left alone; a folder stands once, for all it holds.
    """

    files: tuple[_Entry, ...]
    skipped: tuple[Skipped, ...]


def select(entries: Iterable[_Entry], *, exclude: Sequence[str] = ()) -> Selection[_Entry]:
    """Choose the files of a run.

    Args:
        entries: a listing of a commit.
        exclude: globs. One without a slash matches a file or folder of that name anywhere; one with a slash matches
        from the
            root of the repository. `*` stops at slashes, `**` does not, and what matches a folder excludes all it
            holds.
    """
    patterns = [_compiled(pattern) for pattern in exclude]
    files: list[_Entry] = []
    skipped: dict[str, Skipped] = {}
    for entry in entries:
        verdict = _skip(entry, patterns)
        if verdict is not None:
            skipped.setdefault(verdict.path, verdict)
        elif has_python_suffix(entry.path):
            files.append(entry)
    return Selection(tuple(files), tuple(skipped.values()))


def has_python_suffix(path: str) -> bool:
    """Whether a path ends as those of Python files do."""
    return posixpath.splitext(path)[1] in _SUFFIXES


def parts_of(path: str) -> Iterator[str]:
    """The folders around a path, outermost first, and the path itself."""
    yield from accumulate(path.split("/"), "{}/{}".format)


def is_test_path(path: str) -> bool:
    """Whether a file belongs to the tests, by the names test runners and people go by."""
    parts = PurePosixPath(path).parts
    stem = PurePosixPath(path).stem
    named = stem in {"conftest", "tests", "test"} or stem.startswith("test_") or stem.endswith(("_test", "_tests"))
    return named or any(part.lower() in {"test", "tests", "testing"} for part in parts[:-1])


def _skip(entry: Entry, patterns: Sequence[re.Pattern[str]]) -> Skipped | None:
    """Why a path is out of scope; None for what is in it, and for what is no Python file."""
    if entry.mode == SUBMODULE:
        return Skipped(entry.path, "submodule", "a submodule is a repository of its own")
    if not has_python_suffix(entry.path):
        return None
    for part in parts_of(entry.path):
        if part != entry.path and posixpath.basename(part) in VENDORED:
            return Skipped(part, "vendored", "holds other people's code, or is made by a tool")
    for part in parts_of(entry.path) if patterns else ():
        if any(pattern.fullmatch(part) for pattern in patterns):
            return Skipped(part, "excluded", "excluded by a pattern")
    if entry.mode == SYMLINK:
        return Skipped(entry.path, "symlink", "a link; the file it leads to is looked at when it is in scope")
    return _unfit(entry)


def _unfit(entry: Entry) -> Skipped | None:
    try:
        entry.path.encode()
    except UnicodeEncodeError:
        return Skipped(entry.path, "name-not-utf8", "its name is not UTF-8")
    if entry.size is not None and entry.size > MAX_BYTES:
        return Skipped(entry.path, "too-large", f"{entry.size} bytes; files over {MAX_BYTES} bytes are data, not code")
    return None


def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a glob; `*` and `?` do not cross a slash, `**` does."""
    text = pattern.strip().rstrip("/")
    parts = text.lstrip("/").split("/") if "/" in text else ["**", text]
    translated = ["(?:.*/)?" if part == "**" else _GLOB_PART.sub(_translated, part) + "/" for part in parts]
    inside = "" if parts[-1] != "**" else ".*"
    return re.compile("".join(translated).removesuffix("/") + inside, re.DOTALL)


def _translated(match: re.Match[str]) -> str:
    part = match.group()
    if part.startswith("*"):
        return "[^/]*"
    if part.startswith("[") and len(part) > 1:
        body = part[1:-1].replace("\\", r"\\")
        return f"[^/{body[1:]}]" if body.startswith("!") else f"[{body}]"
    return "[^/]" if part == "?" else re.escape(part)


def content_skip(path: str, data: bytes) -> Skipped | None:
    """Tell whether a file's content says that it is not written by hand."""
    for line in data[:_HEADER_BYTES].splitlines()[:_HEADER_LINES]:
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if text and not text.startswith(b"#"):
            return None
        lowered = text.lower()
        if any(word in lowered for word in _GENERATED_WORDS) and _GENERATED.search(text):
            return Skipped(path, "generated", f"its header says {text.decode(errors='replace').lstrip('# ')!r}")
    return None
