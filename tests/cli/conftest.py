from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.commandline import CommandLine
from support.embedded import scratch_state
from support.recordings import demo_in_the_middle, demo_run

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["alone", "cli", "demo_in_the_middle", "demo_run"]


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A command line whose server and worker all tests share; both are killed at the end."""
    folder = tmp_path_factory.mktemp("commandline")
    with scratch_state(folder / "state") as state:
        yield CommandLine.beside(state)


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A command line with a state directory that nothing was started in."""
    folder = tmp_path_factory.mktemp("alone")
    with scratch_state(folder / "state") as state:
        yield CommandLine.beside(state)
