"""What a person is told who may be elsewhere: that a run needs somebody, has ended, or cannot go on; each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.names import spoken_question
from archaeologist.domain.run import RunState
from archaeologist.wording import counted
from archaeologist_tui.reading.asking import AskKind, ask_in
from archaeologist_tui.reading.ending import ending_of
from archaeologist_tui.reading.marks import run_word

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from archaeologist.domain.events import RunLine
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.trouble import Trouble

LASTS_SECONDS = 10.0
"""A trouble that is over sooner was none: who was killed is started again, and code is tried again."""


@dataclass(frozen=True)
class Alarm:
    """What a person is told.

    Args:
        title: whose run it is, and what about it.
        body: which run, and the rest in a sentence.
    """

    title: str
    body: str


def waits(run: RunLine, paused: str) -> Alarm | None:
    """Return that a run waits for an answer; None when it does not, or when it waits as a person asked it to."""
    ask = ask_in(paused)
    if ask is None or ask.kind is AskKind.PAUSE:
        return None
    asked = f"{spoken_question(ask.step)}: " if ask.step else ""
    return Alarm(f"{run.name} waits for you", f"run {run.run_id}: {asked}{ask.what}")


def ended(picture: Picture) -> Alarm:
    """Return that a run has ended, and what came of it."""
    run, view = picture.run, picture.view
    ending = ending_of(view)
    came_to = f"{counted(view.edits, 'edit')}, {counted(len(view.commits), 'commit')} on {run.branch}"
    return Alarm(f"{run.name}: {run_word(view)}", f"run {run.run_id}: {ending.what if ending else came_to}")


def troubled(runs: Iterable[RunLine], trouble: Trouble) -> Alarm:
    """Return that runs cannot go on."""
    lines = list(runs)
    named = ", ".join(f"{run.name} {run.run_id}" for run in lines)
    title = f"{lines[0].name} cannot go on" if len(lines) == 1 else "runs cannot go on"
    return Alarm(title, f"{named}: {trouble.what}" if named else trouble.what)


class Lasting:
    """Lets alarms through that have lasted, each once until what it tells of is over."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._told: set[str] = set()

    def heard(self, alarms: Mapping[str, Alarm], now: float) -> list[Alarm]:
        """Return what is to be told.

        Args:
            alarms: what is so now, by what tells one trouble from another.
            now: in seconds.
        """
        self._since = {name: self._since.get(name, now) for name in alarms}
        self._told &= alarms.keys()
        fresh = [name for name, since in self._since.items() if now - since >= LASTS_SECONDS and name not in self._told]
        self._told.update(fresh)
        return [alarms[name] for name in fresh]


class Watch:
    """Watches a list of runs."""

    def __init__(self) -> None:
        self._before: dict[str, RunLine] = {}
        self._lasting = Lasting()

    def begin_anew(self) -> None:
        """Tell nothing of what has happened since the list was read last: another screen has."""
        self._before = {}

    def happened(self, lines: Sequence[RunLine]) -> list[Alarm]:
        """Return what is to be told of a list that was just read: what has changed since it was read before."""
        told = [alarm for line in lines for alarm in _happened(self._before.get(line.workflow_run), line)]
        self._before = {line.workflow_run: line for line in lines}
        return told

    def heard(
        self, lines: Sequence[RunLine], trouble: Trouble | None, failing: Container[str], now: float
    ) -> list[Alarm]:
        """Return what is to be told of runs that cannot go on.

        Args:
            lines: the runs.
            trouble: what keeps them from going on.
            failing: those whose code fails, by the executions of their workflows.
            now: in seconds.
        """
        stands = {
            line.run_id: Alarm(f"{line.name} cannot go on", f"run {line.run_id}: its code fails")
            for line in lines
            if line.state.is_open and line.workflow_run in failing
        }
        if trouble is not None:
            still = [line for line in lines if line.state is RunState.RUNNING]
            stands[trouble.answer] = troubled(still, trouble)
        return self._lasting.heard(stands, now)


def _happened(was: RunLine | None, line: RunLine) -> Iterator[Alarm]:
    if was is None:
        return
    if line.paused != was.paused and (alarm := waits(line, line.paused)):
        yield alarm
    if was.state.is_open and not line.state.is_open:
        yield Alarm(f"{line.name}: {line.state.upper()}", f"run {line.run_id}: its branch is {line.branch}")
