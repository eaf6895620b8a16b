"""Named points between two effects, where `archaeologist crashtest` kills.

Durability breaks between an effect and its record. Each such place calls `boundary(name)`, which does nothing unless
ARCHAEOLOGIST_BOUNDARIES names a folder: then a file of that name in it is an order to stop here and wait for the kill.
The order is taken by renaming the file, so a boundary is hit once however many processes reach it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

VARIABLE: Final = "ARCHAEOLOGIST_BOUNDARIES"

BOUNDARIES: Final = (
    "model-call-before",
    "model-call-after",
    "blobs-written",
    "commit-before",
    "commit-after",
    "tests-running",
    "artefact-written",
)
"""The boundaries inside steps; starting an agent and waiting are stopped at from outside."""

TOOL_BOUNDARIES: Final = ("tool-call-before", "tool-call-after")
"""Those inside tool calls, which only runs with a model have."""

PATIENCE: Final = 60.0
"""Seconds to wait for the kill before going on, so that a crash test that died leaves no process behind. Removing the
file lets the process go on at once."""


def boundary(name: str) -> None:
    """Stop here for the kill when a crash test asks for it."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return
    order = Path(folder) / name
    hit = order.with_suffix(f".hit-{os.getpid()}")
    try:
        order.rename(hit)
    except FileNotFoundError:
        return
    end = time.monotonic() + PATIENCE
    while hit.exists() and time.monotonic() < end:
        time.sleep(0.02)
