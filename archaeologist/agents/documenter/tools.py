"""The documenter's tools: docstrings and documents, kept only when what they say holds against the code."""

from __future__ import annotations

import ast
import posixpath
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist.agents.documenter.proving import SECONDS, unproved
from archaeologist.agents.steps.editing import Desk, Place, desk_of, edited, hash_told, refuse_redacted
from archaeologist.agents.steps.observing import observed
from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.tools import tool
from archaeologist.errors import EditRefused
from archaeologist_tools.documentation import documents
from archaeologist_tools.documentation.api import api_lines
from archaeologist_tools.documentation.claims import false_claims
from archaeologist_tools.documentation.sections import with_section
from archaeologist_tools.engine.base import Evidence, Span, make_edit
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.safety.protected import protection_of
from archaeologist_tools.source.encoding import BOM
from archaeologist_tools.source.module import Module, read_module
from archaeologist_tools.source.scope import parts_of
from archaeologist_tools.surgery import documenting
from archaeologist_tools.surgery.definitions import definition
from archaeologist_tools.surgery.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tools.engine.base import Edit
    from archaeologist_tools.git.command import Git

_WORD = re.compile(rb"[A-Za-z_]\w*")
_LARGEST = 1_000_000
"""Bytes of a file that is searched for names and hosts; larger ones are data."""
_NAMES_TOLD = 8


@tool(read_only=True)
def api(path: str, *, context: ToolContext) -> ToolResult:
    """Show what a Python file offers: public classes and functions with signatures, docstrings, what they raise."""
    module = read_module(path, desk_of(context).snapshot.read(path))
    if not isinstance(module, Module):
        raise EditRefused(f"{path} cannot be read: {module.message}")
    return observed("\n".join(api_lines(module)), f"what {path} offers", path=path)


@tool(idempotent=True, seconds=SECONDS)
def set_docstring(
    path: str,
    qualname: str,
    text: str,
    based_on: str,
    replace_existing: bool = False,
    line: int | None = None,
    *,
    context: ToolContext,
) -> ToolResult:
    """Write a docstring. What it says of parameters, attributes, exceptions and results has to be so; examples are run.

    Args:
        qualname: as in `Stock.add`; empty for the file itself
        text: without quotes and indentation
        replace_existing: where there is one
        line: one of its lines, when several have the name
    """
    desk = desk_of(context)
    module = desk.module(path, based_on, Place(qualname, line))
    wrong = [*false_claims(module, qualname, text, line), *_strange(desk, text)]
    if wrong:
        return _refused(wrong)
    done = documenting.set_docstring(module, qualname, text, replace=replace_existing, line=line)
    node = definition(module, qualname, line) if qualname else module.tree
    return unproved(desk, text, ast.get_docstring(node) or "", module) or edited(desk, path, [done])


@tool(idempotent=True, seconds=SECONDS)
def write_document(path: str, text: str, based_on: str = "", section: str = "", *, context: ToolContext) -> ToolResult:
    """Write one section of a Markdown or reStructuredText document, or a document that is new. Examples are run.

    Args:
        text: what goes below the heading, or all of a new document
        based_on: empty for a new document
        section: its heading, new or there already; empty for a new document
    """
    desk = desk_of(context)
    if not documents.is_document(path):
        raise EditRefused(f"{path} is no Markdown or reStructuredText document")
    refuse_redacted(text, "")
    is_there = path in desk.snapshot.paths()
    before = desk.writable(path, based_on) if is_there else b""
    said = before.decode(errors="replace")
    wrong = [*documents.broken_code(text, said), *_strange(desk, text)]
    if wrong:
        return _refused(wrong)
    after = _with_section(path, before, text, section) if is_there else _new(desk, path, text, section)
    if told := unproved(desk, documents.unfenced(text), documents.unfenced(said)):
        return told
    snapshot = desk.snapshot.with_file(path, after, made_from=desk.snapshot.oid(path) if based_on else "")
    edits = (*desk.workspace.edits, _edit(path, section))
    workspace = desk.workspace.model_copy(update={"changed": dict(snapshot.changed), "edits": edits})
    unknown = documents.unknown_names(text, *_known(desk.snapshot.git, desk.workspace.commit))
    note = f"\nnot found in the project, look again: {', '.join(unknown[:_NAMES_TOLD])}" if unknown else ""
    return desk.changed(workspace, f"kept: {path}; {hash_told(snapshot, path)}{note}")


def _refused(wrong: Sequence[str]) -> ToolResult:
    return replace(observed("\n".join(wrong), "what is wrong", note="not kept, the file is as it was"), ok=False)


def _with_section(path: str, before: bytes, text: str, section: str) -> bytes:
    if not section:
        raise EditRefused(f"{path} is there already; name the section to write, so that the others stay")
    try:
        old = before.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        raise EditRefused(f"{path} is not written in UTF-8, and stays as it is") from error
    new = with_section(old, section, text, markdown=documents.is_markdown(path))
    return before[: len(before) - len(before.removeprefix(BOM))] + new.encode()


def _new(desk: Desk, path: str, text: str, section: str) -> bytes:
    if section:
        raise EditRefused(f"there is no {path}; leave `section` out to write all of it")
    scope = desk.workspace.run.scope
    if scope and not path.startswith(f"{scope}/"):
        raise EditRefused(f"{path} is outside of {scope}, which is all that this run works on")
    if reason := protection_of(path):
        raise EditRefused(f"{path} is {reason}, and is not made here")
    folders = {part for each in desk.snapshot.paths() for part in parts_of(posixpath.dirname(each))}
    if (folder := posixpath.dirname(path)) and folder not in folders:
        raise EditRefused(f"there is no folder {folder}; put it into one that is there")
    return (text.replace("\r\n", "\n").strip("\n") + "\n").encode()


def _edit(path: str, section: str) -> Edit:
    """What is recorded of a document: the text itself is in the commit."""
    reason = f"the section {section}" if section else "a new document"
    span = Span(0, 0, 1, 1)
    return make_edit(Operation.DOCUMENT, path, span, before="", after="", evidence=Evidence.IDENTICAL, reason=reason)


def _strange(desk: Desk, text: str) -> list[str]:
    """What links to where the project links to nowhere, one sentence each."""
    commit = desk.workspace.commit

    def is_named(host: str) -> bool:
        return any(host.encode() in data.lower() for data in _contents(desk.snapshot.git, commit))

    hosts = documents.strange_hosts(text, is_named)
    return [f"nothing in the project names the host {host}; leave the link out" for host in hosts]


@lru_cache(maxsize=2)
def _contents(git: Git, commit: str) -> tuple[bytes, ...]:
    snapshot = Snapshot(git, commit, {})
    paths = [path for path in snapshot.paths() if snapshot.size(path) <= _LARGEST]
    return tuple(snapshot.contents(paths).values())


@lru_cache(maxsize=2)
def _known(git: Git, commit: str) -> tuple[frozenset[str], frozenset[str]]:
    """All words of the project, and all files and folders."""
    words = {word for data in _contents(git, commit) for word in _WORD.findall(data)}
    paths = {part for path in Snapshot(git, commit, {}).paths() for part in parts_of(path)}
    return frozenset(word.decode(errors="replace") for word in words), frozenset(paths)
