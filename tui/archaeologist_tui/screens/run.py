"""One run, live: what its agents are at, what happens, what it asks of a person. The screen that people leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message

from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.feed import RunFeed, never
from archaeologist_tui.reading.clock import span
from archaeologist_tui.reading.meanwhile import meanwhile
from archaeologist_tui.reading.work import at_work, conversation_of
from archaeologist_tui.screens.branch import BranchScreen
from archaeologist_tui.screens.command import CommandScreen
from archaeologist_tui.screens.report import ReportScreen
from archaeologist_tui.widgets.agents import AgentsPane
from archaeologist_tui.widgets.chat import ChatPane
from archaeologist_tui.widgets.diff_pane import DiffPane
from archaeologist_tui.widgets.headline import Headline
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.log import LogPane
from archaeologist_tui.widgets.notice import Notice
from archaeologist_tui.widgets.nowline import NowLine
from archaeologist_tui.widgets.plan import PlanPane
from archaeologist_tui.widgets.survey import SurveyPane
from archaeologist_tui.widgets.tabs import TabLine, Tabs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunEvent, RunLine, RunSource
    from archaeologist_tui.picture import Picture

TabbedPane = LogPane | DiffPane | PlanPane | ChatPane | SurveyPane
TABS: Mapping[str, type[TabbedPane]] = {
    "log": LogPane, "diff": DiffPane, "plan": PlanPane, "chat": ChatPane, "survey": SurveyPane
}  # fmt: skip
MOST_HELD = 1_000
REMEMBER_SECONDS = 5.0
SUCCESSOR_SECONDS = 3.0
ABSENT_SECONDS = 30.0
"""An absence that is worth a word."""
MEANWHILE_SECONDS = 20.0
"""How long the word stands; the log has it all."""


class RunScreen(CommandScreen):
    """Follows one run until it is closed; closing it stops nothing.

    Args:
        source: where the run is read.
        controls: what can be done with it.
        run: which run.
        editor: command line of the editor; empty for that of the environment.
        pressed: returns when a key was pressed last, by `time.monotonic`.
    """

    CSS_PATH = "run.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (140, "-wide")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar = [
        Binding("v", "branch", "Branch", id="run.branch", tooltip="Read what the run has committed, hunk by hunk"),
        Binding("t", "report", "Report", id="run.report", tooltip="Read the report"),
        Binding("1", "pane('agents')", "Agents", show=False, id="run.agents", tooltip="Go to the agents"),
        Binding("2", "tab('log')", "Log", show=False, id="run.log", tooltip="Go to the log"),
        Binding(
            "3,d", "tab('diff')", "Diff", show=False, id="run.diff", tooltip="Read the newest or the chosen commit"
        ),
        Binding(
            "4", "tab('plan')", "Plan", show=False, id="run.plan", tooltip="Read what is done, and what is left alone"
        ),
        Binding("5", "tab('chat')", "Chat", show=False, id="run.chat", tooltip="Read what the chosen agent says"),
        Binding("6", "tab('survey')", "Survey", show=False, id="run.survey", tooltip="Read where the legacy code is"),
        Binding("escape", "app.pop_screen", "Runs", show=False, id="run.back", tooltip="Back to all runs"),
    ]

    agents = getters.query_one(AgentsPane)

    @dataclass
    class Waits(Message):
        """The run waits for a person."""

        what: str

    @dataclass
    class Ended(Message):
        """The run has ended while somebody looked."""

        picture: Picture

    def __init__(
        self,
        source: RunSource,
        controls: RunControls,
        run: RunLine,
        editor: str = "",
        pressed: Callable[[], float] = never,
    ) -> None:
        super().__init__()
        self._editor = editor
        self.headline = Headline()
        self._panes = {name: pane(id=name) for name, pane in TABS.items()}
        self._source, self.controls, self._pressed = source, controls, pressed
        self._feed = RunFeed(source, controls, run, self._advance, pressed)
        self._since = controls.seen(run)
        self._held: list[RunEvent] = []
        """Events that the log has not got yet: whatever a covered screen draws, Textual draws the one above it anew."""
        self._chose = False
        """Whether a person has chosen an agent; until then the tabs are about the one at work."""
        self._asked = ""
        self._was_open = False
        self._decided: tuple[str, RunState, bool] | None = None

    @property
    def picture(self) -> Picture:
        """The run as it is shown."""
        return self._feed.picture

    @property
    def chosen_agent(self) -> str | None:
        """The agent that the current row is about."""
        return self.agents.agent

    def compose(self) -> ComposeResult:
        """Show headline, agents and tabs."""
        yield self.headline
        yield NowLine()
        yield Notice()
        with Horizontal(id="panes"):
            yield AgentsPane(id="agents")
            yield Tabs(self._panes, id="tabs")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin to follow the run."""
        self.agents.focus()
        self._follow()
        self.set_interval(REMEMBER_SECONDS, self._remember)
        self.set_interval(SUCCESSOR_SECONDS, self._look_for_successor)

    @work(exclusive=True, group="successor")
    async def _look_for_successor(self) -> None:
        """Follow a run that had ended and that somebody made go on elsewhere."""
        run, state = self.picture.run, self.picture.view.state
        if state.is_open or state is RunState.DONE:
            return
        try:
            lines = await self._source.runs()
        except Exception:  # noqa: BLE001 - whatever keeps the server from answering, it is asked again
            return
        newer = next((line for line in lines if line.run_id == run.run_id), run)
        if newer.workflow_run != run.workflow_run:
            self.follow_anew(newer)

    def follow_anew(self, run: RunLine) -> None:
        """Follow another execution of the run."""
        self._feed = RunFeed(self._source, self.controls, run, self._advance, self._pressed)
        self._held = []
        self._follow()

    def _remember(self) -> None:
        """Remember that somebody looks: a window that is closed says no more."""
        if self.picture.data is not None:
            self.controls.see(self.picture.run, self.picture.now)

    @work(exclusive=True, group="feed")
    async def _follow(self) -> None:
        await self._feed.follow()

    def _advance(self, events: Sequence[RunEvent], picture: Picture) -> None:
        """Hand events and the new picture to whoever shows them."""
        if self.headline not in self.children:
            return  # the application is being taken down
        self._held += events
        if not self._chose:
            self.query_one(ChatPane).choose(at_work(picture.view))
        if self.is_seen or len(self._held) > MOST_HELD:
            self._show(picture)
        if isinstance(above := self.app.screen, (BranchScreen, ReportScreen)):
            above.show(picture)
        if picture.view.request is not None and not self._feed.behind:
            self._tell_meanwhile(picture)
        self._tell(picture)

    def _show(self, picture: Picture) -> None:
        if self._held:
            self.query_one(LogPane).add(self._held, picture)
            self._held = []
        for pane in (self.headline, self.query_one(NowLine), self.query_one(Notice), self.agents, self._tab):
            pane.show(picture)

    def on_screen_resume(self) -> None:
        """Show what happened while another screen was above this one."""
        self._show(self.picture)

    def _tell_meanwhile(self, picture: Picture) -> None:
        """Say once what happened since somebody looked last."""
        since, self._since = self._since, None
        if since is None or (picture.now - since).total_seconds() < ABSENT_SECONDS:
            return
        lines = meanwhile(picture.view, since)
        if lines:
            title = f"Since you looked, {span((picture.now - since).total_seconds())} ago"
            self.notify(visible("\n".join(lines)), title=title, timeout=MEANWHILE_SECONDS, markup=False)

    @property
    def _tab(self) -> TabbedPane:
        """The pane of the tab that is seen."""
        return self._panes[self.query_one(Tabs).active]

    def _tell(self, picture: Picture) -> None:
        """Say once that a person is needed, and once that the run ended."""
        paused, is_open = picture.view.paused, picture.view.state.is_open
        if paused and paused != self._asked:
            self.post_message(self.Waits(paused))
        self._asked = paused
        if self._was_open and not is_open:
            self.post_message(self.Ended(picture))
        if picture.view.started is not None:
            self._was_open = is_open
        # What decides which keys do something.
        if (decides := (paused, picture.view.state, picture.health.whole)) != self._decided:
            self._decided = decides
            self.refresh_bindings()

    @on(AgentsPane.Moved, "#agents")
    def _agent_chosen(self) -> None:
        """Let the tabs be about the agent, and the work, that is chosen."""
        agent, line = self.agents.agent, self.agents.key
        self._chose = self._chose or agent != Role.ORCHESTRATOR
        if agent is not None and self._chose:
            self.query_one(ChatPane).choose(agent, conversation_of(line))
            self.query_one(DiffPane).choose(line)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self.query_one(f"#{name}").focus()

    @on(TabLine.Chosen)
    def _tab_chosen(self, event: TabLine.Chosen) -> None:
        self.action_tab(event.name)

    def action_tab(self, name: str) -> None:
        """Go to a tab, which shows at once what it has missed while it was hidden."""
        self.query_one(Tabs).open(name)
        self._tab.show(self.picture)
        self._tab.focus()

    def action_branch(self) -> None:
        """Read what the run has committed."""
        self.app.push_screen(BranchScreen(self.picture, self._editor))

    def action_report(self) -> None:
        """Read the report."""
        self.app.push_screen(ReportScreen(self.picture))
