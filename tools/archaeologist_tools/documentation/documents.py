"""What a document says, held against the project: its examples parse, and what it names is there."""

from __future__ import annotations

import ast
import posixpath
import re
from typing import TYPE_CHECKING

from archaeologist_tools.documentation.examples import broken_examples

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

MARKDOWN = frozenset({".md", ".markdown"})
RESTRUCTURED = frozenset({".rst"})

_FENCED = re.compile(
    r"^(?P<indent> {0,3})(?P<fence>```+|~~~+)[ \t]*(?P<language>[\w+-]*)[^\n]*\n(?P<code>.*?)^ {0,3}(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_MARK = re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.MULTILINE)
_DIRECTIVE = re.compile(
    r"^\.\. (?:code-block|code|sourcecode):: *python\d?[ \t]*\n(?:[ \t]+:[^\n]*\n)*"
    r"(?P<code>(?:[ \t]*\n|[ \t]+[^\n]*(?:\n|\Z))+)",
    re.MULTILINE,
)
_PYTHON = frozenset({"python", "python3", "py", "py3", "pycon"})
_QUOTED = re.compile(r"(?<!`)(`{1,2})(?P<name>[^`\n]+?)\1(?!`)")
_CODE_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-]+\.(?:py|cfg|toml|ini|md|rst|txt)")
_HOST = re.compile(r"\b(?:https?|ftp)://(?:[^\s/@]*@)?([\w.-]+)", re.IGNORECASE)

_NOBODY = frozenset({"localhost", "127.0.0.1", "example.com", "example.org", "docs.python.org", "www.python.org"})
"""Hosts that anybody may name."""


def is_document(path: str) -> bool:
    """Whether a path is that of a Markdown or reStructuredText document."""
    return posixpath.splitext(path.lower())[1] in MARKDOWN | RESTRUCTURED


def is_markdown(path: str) -> bool:
    """Whether a path is that of a Markdown document."""
    return posixpath.splitext(path.lower())[1] in MARKDOWN


def unfenced(text: str) -> str:
    """The text with empty lines for the marks of fences, which would be part of what an example should show."""
    return _MARK.sub("", text)


def broken_code(text: str, before: str = "") -> list[str]:
    """What is wrong with the Python code in a document, one sentence each.

    Args:
        text: what is written.
        before: the document without it; what examples it has are none of the text's.
    """
    found = [*broken_examples(unfenced(text), unfenced(before))]
    blocks = [match for match in _FENCED.finditer(text) if match["language"].lower() in _PYTHON]
    for match in (*blocks, *_DIRECTIVE.finditer(text)):
        code = _dedented(match["code"])
        line = text.count("\n", 0, match.start("code")) + 1
        if ">>>" not in code:
            found += (f"the code on line {line} does not parse: {why}" for why in _why_not(code))
    return found


def _why_not(code: str) -> Iterator[str]:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError) as error:
        yield str(error.args[0])


def _dedented(code: str) -> str:
    rows = code.split("\n")
    indent = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    return "\n".join(row[indent:] for row in rows)


def unknown_names(text: str, words: Collection[str], paths: Collection[str]) -> list[str]:
    """Find what a document puts in backticks that looks like code or a file, and is nowhere in the project.

    Args:
        text: the document.
        words: all words of the project's files.
        paths: the project's files and folders.
    """
    plain = _FENCED.sub("", text)
    names = dict.fromkeys(match["name"].strip() for match in _QUOTED.finditer(plain))
    return [name for name in names if not _is_known(name, words, paths)]


def _is_known(name: str, words: Collection[str], paths: Collection[str]) -> bool:
    if _PATH.fullmatch(name) and ("/" in name or name not in words):
        wanted = name.strip("/").removeprefix("./")
        if wanted in paths or any(path.endswith(f"/{wanted}") for path in paths):
            return True
        if "/" in name:
            return False
    if not _CODE_NAME.fullmatch(name):
        return True  # a command, an option or words, of which nothing can be told
    return all(part in words for part in name.removesuffix("()").split("."))


def strange_hosts(text: str, is_named: Callable[[str], bool]) -> list[str]:
    """Find the hosts that a text links to and the project does not: an agent may have been told to advertise some.

    Args:
        text: the text.
        is_named: tells whether some file of the project holds a text.
    """
    hosts = dict.fromkeys(host.lower().rstrip(".") for host in _HOST.findall(text))
    return [host for host in hosts if host not in _NOBODY and not is_named(host)]
