"""What a person tells a run by keys: allow, refuse, pause, go on, give up, use more, or a word to an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding

from archaeologist.domain.budget import Budget
from archaeologist.domain.names import Role, spoken_question
from archaeologist.domain.run import RunState
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.keys import LEAVE, with_keys
from archaeologist_tui.picture import READING
from archaeologist_tui.reading.asking import (
    ANSWERS,
    LIMITS,
    AskKind,
    ask_of,
    gone_on,
    limit_of,
    pauses,
    raised,
    spelt_limit,
    spent_of,
    why_not,
)
from archaeologist_tui.reading.runs import cancel_question, removal, revival_question
from archaeologist_tui.screens.prompt import Confirm, TextPrompt
from archaeologist_tui.screens.telling import TellingScreen

if TYPE_CHECKING:
    from archaeologist.domain.events import RunLine
    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

CANCEL = Binding("x", "cancel", "Cancel", id="run.cancel", tooltip="Give the run up; its branch stays")
"""The key that a screen has behind what people look for more often."""


class CommandScreen(TellingScreen):
    """A screen of one run that can be told what to do; which run, and which agent is chosen, is its heirs' to say."""

    BINDINGS: ClassVar = [
        LEAVE,
        Binding("a", "allow", "Allow", id="run.allow", tooltip="Allow what the run waits for"),
        Binding("r", "refuse", "Refuse", id="run.refuse", tooltip="Refuse it, with a reason that the agent reads"),
        Binding("b", "budget", "Budget", id="run.budget", tooltip="Let the run use more"),
        Binding("R", "revive", "Start", id="run.revive", tooltip="Start server and worker again"),
        Binding("p", "pause", "Pause", id="run.pause", tooltip="Stop before the next step"),
        Binding("p", "go_on", "Go on", id="run.go-on", tooltip="Go on after a pause or a failure"),
        Binding("p", "wait", "What it waits for", show=False, id="run.go-on", tooltip="Say which keys answer"),
        Binding("m", "message", "Message", show=False, id="run.message", tooltip="Say something to the chosen agent"),
        Binding("o", "web", "Web UI", show=False, id="run.web", tooltip="Open the Temporal Web UI"),
    ]

    answerable = True
    """Whether the run hears what it is told; not a recorded one."""

    @property
    def picture(self) -> Picture:
        """The run as it is shown."""
        raise NotImplementedError

    @property
    def chosen_agent(self) -> str | None:
        """The agent that words are for."""
        raise NotImplementedError

    def follow_anew(self, run: RunLine) -> None:
        """Follow another execution of the run."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Offer keys only while they do something."""
        ask = ask_of(self.picture.view)
        kind = ask.kind if ask else None
        match action:
            case "allow" | "refuse":
                return kind is AskKind.APPROVAL
            case "budget":
                return kind is AskKind.BUDGET
            case "revive":
                return self.picture.view.state.is_open and not self.picture.health.whole
            case "pause":
                return self.picture.view.state is RunState.RUNNING and not self.picture.view.pause_is_due
            case "go_on":
                stopped = self.picture.view.state in {RunState.PAUSED, RunState.FAILED, RunState.CANCELLED}
                return (stopped or self.picture.view.pause_is_due) and not (ask and ask.wants_answer)
            case "wait":
                return ask is not None and ask.wants_answer
            case "cancel" | "message":
                return self.picture.view.state.is_open
            case _:
                return True

    @work
    async def action_allow(self) -> None:
        """Allow what the run waits for."""
        # A second press must not answer a question that nobody has seen yet.
        await self.told(self.controls.decide(self.picture.run, None, self._question), "allowed")

    @work
    async def action_refuse(self) -> None:
        """Refuse what the run waits for."""
        question = self._question
        reason = await self.app.push_screen_wait(TextPrompt(why_not(question)))
        if reason is not None:
            await self.told(self.controls.decide(self.picture.run, reason, question), "refused")

    @property
    def _question(self) -> str:
        """What is asked now, by its name."""
        ask = ask_of(self.picture.view)
        return ask.step if ask else ""

    @work
    async def action_budget(self) -> None:
        """Let the run use more: as much as a person says, half as much again unless it is something else."""
        run, view = self.picture.run, self.picture.view
        limits = Budget()
        for name, amount in raised(view.budget, spent_of(view)).model_dump(exclude_none=True).items():
            limit = await self._limit(name, spelt_limit(name, amount))
            if limit is None:
                return
            limits = limits.raised(limit)
        if limits == Budget():
            words = f"`archaeologist budget {run.run_id}` raises a limit: which one is reached is not known here"
            self.notify(READING if view.request is None else words, severity="warning", markup=False)
            return
        await self.told(self.controls.raise_budget(run, limits), f"the limit is {limits.words} now")

    async def _limit(self, name: str, amount: str) -> Budget | None:
        """Ask how high a limit shall be until it is an amount; None when the person would rather not."""
        wrong, spent = "", spent_of(self.picture.view)
        while True:
            used = Budget.model_validate({name: getattr(spent.as_budget(), name)}).words
            question = f"Let run {self.picture.run.run_id} use more? Spent: {used}\nNew limit, in {LIMITS[name]}:"
            text = await self.app.push_screen_wait(TextPrompt(f"{wrong}{question}", amount))
            if text is None:
                return None
            try:
                return limit_of(name, text, spent)
            except ValueError as error:
                wrong, amount = f"{error}\n", text

    @work
    async def action_revive(self) -> None:
        """Start server and worker again."""
        await self.told(self.controls.revive(), "server and worker are there; the run goes on")

    @work
    async def action_pause(self) -> None:
        """Pause the run."""
        done = with_keys(self.app, f"the run {pauses(self.controls.health(), '{run.go-on} goes on')}")
        await self.told(self.controls.pause(self.picture.run), done, starts=False)

    @work
    async def action_go_on(self) -> None:
        """Make the run go on; one that was given up after a question."""
        run, was = self.picture.run, self.picture.view.state
        if was is RunState.CANCELLED and not await self.app.push_screen_wait(Confirm(revival_question(run))):
            return
        gone = await self.told(self.controls.resume(run), gone_on)
        if gone is not None and gone.workflow_run != self.picture.run.workflow_run:
            self.follow_anew(gone)

    def action_wait(self) -> None:
        """Say that the run does not go on before it is answered, and which keys answer."""
        ask = ask_of(self.picture.view)
        if ask is not None:
            waits = f"{spoken_question(ask.step)} waits for your answer" if ask.step else ask.what
            self.notify(f"{visible(waits)}\n{with_keys(self.app, ANSWERS[ask.kind])}", markup=False)

    @work
    async def action_cancel(self) -> None:
        """Give the run up, after a question."""
        run = self.picture.run
        if await self.app.push_screen_wait(Confirm(cancel_question(run, self._commits))):
            told = f"run {run.run_id} is cancelled"
            await self.told(self.controls.cancel(run), lambda _: f"{told}; {removal(run, self._commits)}")

    @property
    def _commits(self) -> int:
        return len(self.picture.view.commits)

    @work
    async def action_message(self) -> None:
        """Say something to the chosen agent."""
        view, agent = self.picture.view, self.chosen_agent
        if agent is None:
            return
        name, known = spoken_to(view, agent), view.agents.get(agent)
        if known is None or not known.state.is_open:
            self.notify(f"{name} is not at work", severity="warning", markup=False)
            return
        text = await self.app.push_screen_wait(TextPrompt(f"What shall {name} know? It reads it in its next turn"))
        if text is not None:
            await self.told(self.controls.tell(self.picture.run, agent, text), f"{name} reads it in its next turn")

    def action_web(self) -> None:
        """Open the Temporal Web UI."""
        if self.picture.health.web_ui:
            self.app.open_url(self.picture.health.web_ui)
        else:
            self.notify("no address of a Temporal Web UI is known", severity="warning")


def spoken_to(view: RunView, agent: str) -> str:
    """Return in words who reads what an agent is told: of sub-agents there may be several with one name."""
    known = view.agents.get(agent)
    if known is None or agent in set(Role):
        return f"the {agent}"
    return visible(f"the {known.name} that works for the {view.called(known.parent)}")
