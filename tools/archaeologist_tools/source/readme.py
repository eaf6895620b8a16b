"""A generated section of the README: what each module is for, how the tests are run, which Python it is for.

The section stands between two marker comments, so that a later run replaces it and never touches what people wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAMES = ("README.md", "README.rst", "README.txt", "README")
_BEGIN, _END = "archaeologist:begin", "archaeologist:end"


@dataclass(frozen=True)
class ModuleLine:
    """A row of the table: a module's path and the first line of its docstring, which may be empty."""

    path: str
    summary: str


@dataclass(frozen=True)
class ReadmeFacts:
    """What the section says.

    Attributes:
        modules: the modules in scope; sorted here.
        target: the lowest Python, such as `3.8`.
        test_command: how the tests are run, empty when there are none.
    """

    modules: tuple[ModuleLine, ...]
    target: str
    test_command: str = ""


def choose_readme(paths: Iterable[str], scope: str = "") -> str:
    """The README of a scope: the first of `NAMES` that is there, in any case, else a new README.md.

    Args:
        paths: paths of the commit, relative to the repository.
        scope: a folder, or a Python file, whose folder is meant; empty for the whole repository.
    """
    folder = PurePosixPath(scope)
    if folder.suffix in {".py", ".pyw"}:
        folder = folder.parent
    here = {PurePosixPath(path).name.lower(): path for path in sorted(paths) if PurePosixPath(path).parent == folder}
    found = next((here[name.lower()] for name in NAMES if name.lower() in here), None)
    return found or str(folder / NAMES[0])


def readme_section(existing: bytes | None, path: str, name: str, facts: ReadmeFacts) -> bytes | None:
    """Put the section into a README.

    Args:
        existing: the README's bytes, None when there is none yet.
        path: where it is; its suffix decides between Markdown and reStructuredText.
        name: the project's name, the title of a new README.
        facts: what to say.

    Returns:
        The whole new README, or None when nothing changes or the markers of an earlier section are damaged.
    """
    markdown = path.lower().endswith((".md", ".markdown"))
    lines = _markdown(facts) if markdown else _restructured(facts)
    begin, end = (f"<!-- {_BEGIN} -->", f"<!-- {_END} -->") if markdown else (f".. {_BEGIN}", f".. {_END}")
    if existing is None:
        name = _printable(name)
        title = [f"# {_safe(name)}", ""] if markdown else [name, "=" * max(len(name), 1), ""]
        return "".join(f"{line}\n" for line in [*title, begin, "", *lines, "", end]).encode()
    newline = "\r\n" if b"\r\n" in existing else "\n"
    section = newline.join([begin, "", *lines, "", end]).encode(_encoding(existing), "replace")
    result = _inserted(existing, section, begin.encode(), end.encode(), newline.encode())
    return None if result == existing else result


def _inserted(existing: bytes, section: bytes, begin: bytes, end: bytes, newline: bytes) -> bytes:
    """Replace the earlier section, or append the first one; with damaged markers give the file back as it is."""
    begins, ends = existing.count(begin), existing.count(end)
    if begins == ends == 0:
        body = existing.rstrip(b"\r\n")
        return (body + newline * 2 if body else b"") + section + newline
    start, stop = existing.find(begin), existing.find(end)
    if begins != 1 or ends != 1 or stop < start:
        return existing
    return existing[:start] + section + existing[stop + len(end) :]


def _encoding(existing: bytes) -> str:
    try:
        existing.decode()
    except UnicodeDecodeError:
        return "ascii"
    return "utf-8"


def _rows(facts: ReadmeFacts) -> Sequence[ModuleLine]:
    """The modules of which there is something to say; all of them when there is nothing of any."""
    telling = [module for module in facts.modules if module.summary] or facts.modules
    return sorted(telling, key=lambda module: module.path)


def _markdown(facts: ReadmeFacts) -> list[str]:
    lines = ["## Modules", "", "| Module | What it holds |", "| --- | --- |"]
    lines += [
        f"| `{_printable(module.path)}` | {_safe(module.summary)} |".replace("|  |", "| |") for module in _rows(facts)
    ]
    lines += ["", f"Written for Python {facts.target} and newer."]
    if facts.test_command:
        lines += ["", "Run the tests with:", "", f"    {facts.test_command}"]
    return lines


def _safe(text: str) -> str:
    """Text that cannot end a table cell or open a tag."""
    return _printable(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _restructured(facts: ReadmeFacts) -> list[str]:
    # Bold words instead of a heading: the order of heading marks is the document's own.
    lines = ["**Modules**", ""]
    for module in _rows(facts):
        path, summary = _printable(module.path), _printable(module.summary).replace("\\", "\\\\")
        lines.append(f"* ``{path}``" + (f": {_escaped(summary)}" if summary else ""))
    lines += ["", f"Written for Python {facts.target} and newer."]
    if facts.test_command:
        lines += ["", "Run the tests with::", "", f"    {facts.test_command}"]
    return lines


def _escaped(text: str) -> str:
    """Text whose stars, backquotes, bars and underscores mean themselves in reStructuredText."""
    return "".join(f"\\{character}" if character in "*`|_" else character for character in text)


def _printable(text: str) -> str:
    return visible(" ".join(text.encode("utf-8", "replace").decode().split()))
