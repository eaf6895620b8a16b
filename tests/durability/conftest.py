from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.commandline import CommandLine
from support.embedded import scratch_state

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """The program with a server and a worker of this module's own."""
    folder = tmp_path_factory.mktemp("durability")
    with scratch_state(folder / "state") as state:
        yield CommandLine.beside(state)
