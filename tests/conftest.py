"""Hands tests out to processes: one by one, but the modules whose tests all look at one costly run as a whole.

`xdist_group` would say that beside the tests; pytest-xdist 3.8 does not see it under pytest 9.2.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer  # type: ignore[import-untyped]  # it brings no types
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

AS_A_WHOLE = (
    "tests/cli/test_injection.py",
    "tests/cli/test_judged_run.py",
    "tests/durability/test_parallel_items.py",
    "tests/pipeline/test_sub_agents.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` means: one more than cores, because tests of dead workers wait for clocks."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Return who hands out the tests; the modules that are handed out as a whole come first."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - only where processes share the tests

    class ByRun(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            return module if module in AS_A_WHOLE else nodeid

    return ByRun(config, log)
