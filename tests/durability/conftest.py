from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.embedded import scratch_state
from support.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with a server and a worker of this module's own."""
    folder = tmp_path_factory.mktemp("durability")
    with scratch_state(folder / "state") as state:
        yield Program(state.path, {})
