"""Operations on the text of one file: what they make of it, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.guard import read_for
from archaeologist_tools.errors import EditRefused
from archaeologist_tools.source.module import Module

if TYPE_CHECKING:
    from collections.abc import Callable

    from archaeologist_tools.engine.layers import Layer

TARGET = (3, 8)


def module(source: str | bytes, path: str = "app/stock.py", target: tuple[int, int] = TARGET) -> Module:
    """Read a file."""
    read = read_for(path, source.encode() if isinstance(source, str) else source, target)
    assert isinstance(read, Module), read
    return read


def refusal(operation: Callable[..., Layer], source: str | bytes, *arguments: object, **options: object) -> str:
    """Ask for an operation that is refused, and give the reason."""
    with pytest.raises(EditRefused) as caught:
        operation(module(source), *arguments, **options)
    return str(caught.value)
