"""One run, live: what its agents are at, what happens, what it asks of a person. The screen that people leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding
from textual.containers import Horizontal

from archaeologist.domain.names import Role
from archaeologist_tui.keys import titled
from archaeologist_tui.reading.commits import NOTHING_OF_CODE
from archaeologist_tui.reading.work import at_work, conversation_of
from archaeologist_tui.screens.above import AboveScreen
from archaeologist_tui.screens.branch import BranchScreen
from archaeologist_tui.screens.command import CANCEL
from archaeologist_tui.screens.following import FollowingScreen
from archaeologist_tui.screens.report import ReportScreen
from archaeologist_tui.widgets.agents import AgentsPane
from archaeologist_tui.widgets.chat import ChatPane
from archaeologist_tui.widgets.diff_pane import DiffPane
from archaeologist_tui.widgets.headline import Headline
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.log import LogPane
from archaeologist_tui.widgets.notice import LOW, Notice
from archaeologist_tui.widgets.nowline import NowLine
from archaeologist_tui.widgets.outline import Outline
from archaeologist_tui.widgets.outline_pane import OutlinePane
from archaeologist_tui.widgets.plan import PlanPane
from archaeologist_tui.widgets.survey import SurveyPane
from archaeologist_tui.widgets.tabs import TabLine, Tabs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from archaeologist.domain.events import RunEvent, RunLine
    from archaeologist_tui.opened import OpenedRun
    from archaeologist_tui.picture import Picture

TabbedPane = LogPane | DiffPane | PlanPane | ChatPane | SurveyPane
TABS: Mapping[str, type[TabbedPane]] = {
    "log": LogPane, "diff": DiffPane, "plan": PlanPane, "chat": ChatPane, "survey": SurveyPane
}  # fmt: skip
MOST_HELD = 1_000


class RunScreen(FollowingScreen):
    """Shows one run.

    Args:
        opened: the run, and what it needs.
    """

    CSS_PATH = "run.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (140, "-wide")]  # noqa: RUF012 - Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-tall")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar = [
        Binding("v", "branch", "Branch", id="run.branch", tooltip="Read what the run has committed, hunk by hunk"),
        Binding("t", "report", "Report", id="run.report", tooltip="Read the report"),
        CANCEL,
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
        Binding("slash", "filter", "Filter", show=False, key_display="/", id="run.filter", tooltip="Filter the log"),
        Binding("escape", "app.pop_screen", "Runs", show=False, id="run.back", tooltip="Back to all runs"),
    ]

    agents = getters.query_one(AgentsPane)

    def __init__(self, opened: OpenedRun) -> None:
        super().__init__(opened)
        self.headline = Headline()
        self._panes = {name: pane(id=name) for name, pane in TABS.items()}
        self._held: list[RunEvent] = []
        """Events that the log has not got yet: whatever a covered screen draws, Textual draws the one above it anew."""
        self._chose = False
        """Whether a person has chosen an agent; until then the tabs are about the one at work."""

    @property
    def chosen_agent(self) -> str | None:
        """The agent that the current row is about."""
        return self.agents.agent

    def compose(self) -> ComposeResult:
        """Show headline, agents and tabs."""
        yield self.headline
        yield NowLine()
        yield Notice(answerable=self.answerable)
        with Horizontal(id="panes"):
            yield AgentsPane(id="agents")
            yield Tabs(self._panes, id="tabs")
        yield KeyLine()

    def on_mount(self) -> None:
        """Let the keys go to the agents."""
        self.agents.focus()
        self._call_panes()

    def _call_panes(self) -> None:
        """Write on the panes which keys lead there."""
        titles = {each: titled(self.app, f"run.{each}", pane.BORDER_TITLE) for each, pane in self._panes.items()}
        self.query_one(Tabs).call(titles)
        self.agents.border_title = titled(self.app, "run.agents", self.agents.BORDER_TITLE)

    def follow_anew(self, run: RunLine) -> None:
        """Follow another execution of the run, of which the log has nothing yet."""
        self._held = []
        super().follow_anew(run)

    def advance(self, events: Sequence[RunEvent], picture: Picture) -> None:
        """Hand events and the new picture to whoever shows them."""
        if self.headline not in self.children:
            return  # the application is being taken down
        self._held += events
        if not self._chose:
            self.query_one(ChatPane).choose(at_work(picture.view))
        if self.is_seen or len(self._held) > MOST_HELD:
            self._show(picture)
        if isinstance(above := self.app.screen, AboveScreen):
            above.show(picture)
        super().advance(events, picture)

    def _show(self, picture: Picture) -> None:
        self.query_one(LogPane).add(self._held, picture)
        self._held = []
        for pane in (self.headline, self.query_one(NowLine), self.query_one(Notice), self.agents, self._tab):
            pane.show(picture)
        self.set_class(self.query_one(Notice).says, "-noticed")

    def on_resize(self) -> None:
        """Make use of the room once it is shared out: of a run that has ended no other picture comes."""
        if self.headline in self.children:
            self.call_after_refresh(self._show_anew)

    def on_screen_resume(self) -> None:
        """Show what happened while another screen was above this one, under which other keys may have been chosen."""
        self._call_panes()
        self._show_anew()

    def _show_anew(self) -> None:
        self._show(self.picture)

    @property
    def _tab(self) -> TabbedPane:
        """The pane of the tab that is seen."""
        return self._panes[self.query_one(Tabs).active]

    @on(AgentsPane.Moved, "#agents")
    def _agent_chosen(self) -> None:
        """Let the tabs be about the agent, and the work, that is chosen."""
        agent, line = self.agents.agent, self.agents.work
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
        """Go to a tab, which shows at once what it has missed while it was hidden; the diff, what the row is about."""
        tab = self._tab
        if name == "diff" and not (isinstance(tab, DiffPane) and tab.has_focus_within):
            self.query_one(DiffPane).pick(tab.about if isinstance(tab, OutlinePane) else NOTHING_OF_CODE)
        self.query_one(Tabs).open(name)
        self._tab.show(self.picture)
        self._tab.focus()

    @on(Outline.Asked)
    def _diff_asked(self) -> None:
        self.action_tab("diff")

    def go_to(self, widget: Widget) -> None:
        """Open the tab of a pane, and let that have the focus."""
        for name, pane in self._panes.items():
            if pane in widget.ancestors_with_self:
                self.action_tab(name)
        super().go_to(widget)

    def action_filter(self) -> None:
        """Filter the log, from a pane that has no filter of its own: what is typed behind / must be no keys there."""
        self.action_tab("log")
        self.query_one(LogPane).action_filter()

    def action_branch(self) -> None:
        """Read what the run has committed."""
        self.app.push_screen(BranchScreen(self.picture, self.opened.editor))

    def action_report(self) -> None:
        """Read the report."""
        self.app.push_screen(ReportScreen(self.picture))
