"""The child processes of a worker: started when needed, supervised, replaced when they die.

Temporal's process-pool executor stops the whole worker when one child dies, and threads would starve the heartbeats
while LibCST holds the interpreter lock.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archaeologist.agents.turns.attempt import HandLost, StepFault
from archaeologist.domain.names import Step

if TYPE_CHECKING:
    from pathlib import Path

_LINE_LIMIT = 64 * 1024 * 1024


@dataclass
class Crew:
    """Up to `size` child processes that do steps, and more that run the projects' tests, which wait a lot.

    Args:
        state: the state directory, where artefacts and private checkouts are kept.
        size: how many may work at once, the tests aside.
        log: file that the children's standard error goes to.
    """

    state: Path
    size: int
    log: Path
    _idle: list[asyncio.subprocess.Process] = field(default_factory=list)
    _all: set[asyncio.subprocess.Process] = field(default_factory=set)
    _places: asyncio.Semaphore = field(init=False)
    _places_for_tests: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.size)
        self._places_for_tests = asyncio.Semaphore(self.size)

    async def warm_up(self, hands: int) -> None:
        """Start some children before they are needed: loading the rules takes longer than connecting to the server."""
        started = await asyncio.gather(*(self._start() for _ in range(min(hands, self.size))))
        self._idle.extend(started)

    async def do(self, step: Step, order: str) -> str:
        """Have one order done and return the JSON of its result.

        Raises:
            StepFault: the step failed and said how.
            HandLost: the child died.
        """
        async with self._places_for_tests if step is Step.RUN_TESTS else self._places:
            hand = self._take_idle() or await self._start()
            try:
                answer = await self._ask(hand, step, order)
            except BaseException:
                # Also on cancellation: killing the child is what stops the work, tests included.
                self._dismiss(hand)
                raise
            self._idle.append(hand)
        if "error" in answer:
            raise StepFault(**answer["error"], traceback=answer["traceback"])
        return str(answer["result"])

    def _take_idle(self) -> asyncio.subprocess.Process | None:
        while self._idle:
            hand = self._idle.pop()
            if hand.returncode is None:
                return hand
        return None

    async def _ask(self, hand: asyncio.subprocess.Process, step: Step, order: str) -> dict[str, Any]:
        if hand.stdin is None or hand.stdout is None:
            raise HandLost(f"{step}: the child has no pipes")
        try:
            hand.stdin.write(json.dumps({"step": step.value, "order": order}).encode() + b"\n")
            await hand.stdin.drain()
            line = await hand.stdout.readline()
        except (BrokenPipeError, ConnectionResetError):
            line = b""
        if not line.endswith(b"\n"):
            code = await hand.wait()
            raise HandLost(f"{step}: the process that did it ended with status {code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _start(self) -> asyncio.subprocess.Process:
        temporary = self.state / "tmp"
        temporary.mkdir(exist_ok=True)
        with self.log.open("ab") as errors:
            hand = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # the worker may have been started in a repository that nobody trusts
                "-m",
                "archaeologist.agents.steps.bench",
                str(self.state),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                # What a killed child leaves behind is found here and removed by the next worker.
                env={**os.environ, "TMPDIR": str(temporary)},
                limit=_LINE_LIMIT,
            )
        self._all = {other for other in self._all if other.returncode is None} | {hand}
        return hand

    @staticmethod
    def _dismiss(hand: asyncio.subprocess.Process) -> None:
        if hand.returncode is None:
            hand.kill()

    async def close(self) -> None:
        """End every child and wait until it is gone."""
        hands = list(self._all)
        for hand in hands:
            self._dismiss(hand)
        await asyncio.gather(*(hand.wait() for hand in hands))
