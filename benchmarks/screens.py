"""How long a person waits for a screen: keys pressed in panes that hold much, while more arrives."""

from __future__ import annotations

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.agents.turns.transcript import Opening, begin, extend
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.budget import Spent
from archaeologist.domain.chat import AssistantMessage, ToolCall, ToolMessage, UserMessage
from archaeologist.domain.events import DataPlane, PendingStep
from archaeologist.domain.names import Role, Step
from archaeologist.domain.view import viewed
from archaeologist_tui.app import collect_seldom
from archaeologist_tui.widgets.chat import ChatPane
from archaeologist_tui.widgets.log import LogPane
from benchmarks.keypress import Press, Timed, figures, press
from benchmarks.measures import Figure
from support.panes import PaneApp, pictured, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.domain.events import RunEvent
    from archaeologist_tui.picture import Picture

LINES = 10_000
TURNS = 300
CALLS = 3
CHAT_KEYS = ("k", "k", "ctrl+u", "enter", "j", "g", "G", "slash", *"read", "enter", "n", "N", "slash", "escape", "f")
KEYS = ("k", "k", "ctrl+u", "ctrl+u", "enter", "j", "enter", "g", "G", "slash", *"file 77", "enter", "n", "N", "k",
        "exclamation_mark", "exclamation_mark", "slash", "escape", "f", "y")  # fmt: skip
ROUNDS = 5


def screens() -> Iterator[Figure]:
    """Time key presses in a log of 10,000 lines and in a conversation of 300 turns, while more arrives."""
    collect_seldom()
    first, keys, resized = asyncio.run(_in_log())
    yield from figures(f"log of {LINES:,} lines", keys)
    yield Figure("log of 10,000 lines, first picture", first, "ms", 1000, f"{3 * LINES:,} events at once")
    yield Figure("log of 10,000 lines, resized", resized, "ms", None, "every line wrapped anew")
    with tempfile.TemporaryDirectory() as folder:
        first, keys = asyncio.run(_in_chat(Path(folder)))
    yield from figures(f"conversation of {TURNS} turns", keys)
    yield Figure("conversation of 300 turns, first picture", first, "ms", 1000, "read from the artefact store")


class TimedPane(Timed, PaneApp):
    """A pane on its own, which remembers when keys were handled and pictures drawn."""


async def _in_log() -> tuple[float, list[Press], float]:
    events, more = _events(0, LINES), _events(LINES, LINES + ROUNDS * len(KEYS))
    picture, later = pictured(events), pictured((), viewed([*events, *more]))
    app = TimedPane(pane := LogPane())
    async with app.run_test(size=(100, 40)) as pilot:
        began = time.process_time()
        pane.add(events, picture)
        while pane.is_behind:
            await pilot.pause()
        first = _milliseconds(began)
        pane.focus()
        presses = []
        for key in KEYS * ROUNDS:
            arriving, more = more[:3], more[3:]
            pane.add(arriving, later)
            presses.append(await press(pilot, key))
        began = time.process_time()
        await pilot.resize_terminal(90, 40)
        return first, presses, _milliseconds(began)


async def _in_chat(folder: Path) -> tuple[float, list[Press]]:
    events = _conversation(ArtefactStore(folder))
    picture = _chat_picture(events, folder)
    views = [picture.view, viewed([*events, *_asked()])]
    app = TimedPane(pane := ChatPane())
    async with app.run_test(size=(100, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        began = time.process_time()
        pane.show(picture)
        while pane.is_behind:
            await pilot.pause()
        first = _milliseconds(began)
        pane.focus()
        presses = []
        for number, key in enumerate(CHAT_KEYS * ROUNDS):
            # A model writes all the time; something else happens now and then.
            writes = tuple(replace(each, writes=f"I look at {number}") for each in picture.pending)
            pane.show(replace(picture, view=views[number // 10 % 2], pending=writes))
            presses.append(await press(pilot, key))
        return first, presses


def _conversation(store: ArtefactStore) -> list[RunEvent]:
    """Keep a long conversation, in which each call gives back 200 lines; return its steps."""
    result = "\n".join(f"{number}: what a tool found in a file, as long as lines of code are" for number in range(200))
    head = begin(store, Opening(agent="modernizer", model="m", system="You are."), UserMessage(content="Do it."))
    spent = Spent(turns=1, input_tokens=9_000, output_tokens=90, usd=0.01).model_dump()
    opened: dict[str, object] = {"head": head, "agent": "modernizer", "manners": {"model": "m"}}
    events = step(0, "item-1-open", Step.OPEN_CONVERSATION, result=opened)
    for turn in range(1, TURNS + 1):
        calls = tuple(ToolCall(id=f"{turn}.{n}", name="read", arguments=f'{{"path": "{n}.py"}}') for n in range(CALLS))
        said = AssistantMessage(content="I look at some more of it, and then I say what is to be done.", calls=calls)
        head = extend(store, head, said)
        events += step(turn * 10, f"item-1-{turn}", Step.THINK, result={"head": head, "spent": spent, "calls": []})
        for place, call in enumerate(calls):
            name = f"item-1-{turn}-{place + 1}-read"
            events += step(turn * 10 + place + 1, name, Step.USE_TOOL, result={"ok": True, "observation": ""})
            head = extend(store, head, ToolMessage(call=call.id, content=f"{call.id} {result}"))
    return events


def _asked() -> Sequence[RunEvent]:
    """Return the events of a turn that is not over."""
    return step(TURNS * 10 + 10, f"item-1-{TURNS + 1}", Step.THINK)[:2]


def _chat_picture(events: Sequence[RunEvent], folder: Path) -> Picture:
    pending = PendingStep(Role.MODERNIZER, f"item-1-{TURNS + 1}", Step.THINK, 1, "run", "", None)
    return replace(pictured([*events, *_asked()]), pending=(pending,), data=DataPlane(folder, folder))


def _events(first: int, last: int) -> Sequence[RunEvent]:
    """Return the events of so many steps, whose lines are as long as those of runs are."""
    words = "apply the rules to app/services/inventory/storage.py, and commit what comes of it"
    return [
        event
        for number in range(first, last)
        for event in step(number, f"step-{number}", Step.GATHER_LAYERS, summary=f"{words}, file {number} of 10,000")
    ]


def _milliseconds(began: float) -> float:
    return (time.process_time() - began) * 1000
