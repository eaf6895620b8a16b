"""What a picture of a run costs that goes on: events a second, few and many at a time, and what the picture keeps.

Results are read as a server's are, with other ids in each turn, so that nothing is shared that would not be.
"""

from __future__ import annotations

import gc
import hashlib
import json
import time
import tracemalloc
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from temporalio.api.common.v1 import Payload

from archaeologist.domain.events import StepEnded
from archaeologist.domain.view import RunView, advance
from archaeologist.pipeline.histories import decoded
from archaeologist.pipeline.recordings.files import opened
from archaeologist.pipeline.recordings.neutral import IDS
from archaeologist_tui.app import collect_seldom
from benchmarks.bigrun import items_of
from benchmarks.measures import MIB, Figure
from support.recordings import DEMO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.events import RunEvent

SIZES = (20_000, 200_000)
BATCHES = (1_000, 5)
MEASURED = 5_000
"""Events that are reduced at once, and whose time is taken when they are reduced again."""
_TURN = 500


def advancing() -> Iterator[Figure]:
    """Time `advance` on runs of 20,000 and 200,000 events, and measure the memory of their pictures."""
    collect_seldom()
    for size in SIZES:
        view, last, kept = _grown(size)
        yield Figure(f"picture of {size:,} events", kept, "MiB", None, f"{len(view.steps):,} steps with their results")
        for batch in BATCHES:
            began = time.perf_counter()
            for place in range(0, len(last), batch):
                view = advance(view, last[place : place + batch])
            rate = len(last) / (time.perf_counter() - began)
            yield Figure(f"picture of {size:,} events, {batch:,} more at a time", rate, "events/s")


def _grown(size: int) -> tuple[RunView, list[RunEvent], float]:
    """Return the picture of so many events, the last ones of these, and the MiB that the picture keeps."""
    view = RunView()
    last: list[RunEvent] = []
    with opened(DEMO) as demo:
        events = items_of(demo, demo.now())
        tracemalloc.start()
        for _ in range(size // MEASURED):
            last = [_as_read(event) for event in islice(events, MEASURED)]
            view = advance(view, last)
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] / MIB
        tracemalloc.stop()
    return view, last, kept


def _as_read(event: RunEvent) -> RunEvent:
    """Return an event with a result of its own."""
    if not isinstance(event, StepEnded):
        return event
    turn = event.number // _TURN
    text = IDS.sub(lambda found: hashlib.sha256(f"{found[0]}{turn}".encode()).hexdigest(), json.dumps(event.result))
    return replace(event, result=decoded(Payload(data=text.encode())))
