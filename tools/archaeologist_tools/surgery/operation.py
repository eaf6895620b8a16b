"""One operation on one file: its edits, and the file with them, which must be read as the file was."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Edit, Evidence, Span, make_edit
from archaeologist_tools.engine.layers import Layer, splice
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from collections.abc import Sequence


class Operation(StrEnum):
    """What an agent asked for; stands in its edits where others have the code of a rule."""

    REWRITE = "MODEL-REWRITE"
    DROP = "MODEL-DROP"
    ANNOTATE = "MODEL-ANNOTATE"
    IMPORT = "MODEL-IMPORT"
    DOCSTRING = "MODEL-DOCSTRING"
    STATE = "MODEL-STATE"
    DOCUMENT = "MODEL-DOCUMENT"


def replacing(
    operation: Operation,
    module: Module,
    start: int,
    end: int,
    text: str,
    *,
    reason: str,
    evidence: Evidence = Evidence.UNVERIFIED,
    imports: tuple[str, ...] = (),
) -> Edit:
    """The edit that puts a text in the place of some bytes of a file."""
    before = module.data[start:end].decode(module.encoding)
    span = Span(start, end, *module.position(start))
    return make_edit(
        operation, module.path, span, before=before, after=text, evidence=evidence, reason=reason, imports=imports
    )


def layer(operation: Operation, edits: Sequence[Edit], data: bytes) -> Layer:
    """Edits that belong together, with the file after them."""
    return Layer(operation, data, tuple(edits))


def reread(module: Module, edits: Sequence[Edit]) -> Module:
    """Read a file as it is after edits.

    Raises:
        EditRefused: a text cannot be written in the encoding of the file, or the file does not parse any more.
    """
    try:
        data = splice(module.data, edits, module.encoding)
    except UnicodeEncodeError as error:
        text = error.object[error.start : error.end]
        raise EditRefused(f"{module.path} is written in {module.encoding}, which has no {text!a}") from error
    after = read_module(module.path, data, module.grammar)
    if not isinstance(after, Module):
        raise EditRefused(f"with that {module.path} no longer parses: {after.message}")
    if (after.encoding, after.bom) != (module.encoding, module.bom):
        raise EditRefused(f"that would change the encoding of {module.path} from {module.encoding}")
    return after
