"""The application: which screens there are, how it is left, and what the terminal is told.

Thin on purpose: a screen reads the run, a pane shows it.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import SystemCommand
from textual.binding import Binding
from textual.filter import Monochrome, NoColor
from textual.widget import Widget

from archaeologist.domain.playing import PlayedSource
from archaeologist_tools.safety.fencing import on_one_line, visible
from archaeologist_tui.actions import actions_of
from archaeologist_tui.chains import chains
from archaeologist_tui.elsewhere import ELSEWHERE_SECONDS, Elsewhere
from archaeologist_tui.keymap import active_on
from archaeologist_tui.keys import LEAVE, with_keys
from archaeologist_tui.messages import Alarmed, Titled
from archaeologist_tui.opened import OpenedRun
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.preferences import NOTICE_SECONDS, Preferences
from archaeologist_tui.reading.ending import ending_of
from archaeologist_tui.screens.calm import CalmScreen
from archaeologist_tui.screens.help import HelpScreen
from archaeologist_tui.screens.key_prompt import KeyPrompt
from archaeologist_tui.screens.played import PlayedRunScreen
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.screens.runs import RunsScreen
from archaeologist_tui.screens.settings import SettingsScreen
from archaeologist_tui.terminal import Terminal
from archaeologist_tui.typed import TypedApp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.screen import Screen

    from archaeologist.domain.controls import RunControls
    from archaeologist.domain.events import RunLine, RunSource
    from archaeologist_tui.actions import Action
    from archaeologist_tui.picture import Picture


@dataclass(frozen=True)
class Left:
    """What a person looked at last, for whoever says how to come back.

    Args:
        picture: the run that was open, if one was.
    """

    picture: Picture | None = None


class ArchaeologistApp(TypedApp[Left]):
    """The screens over all runs of a state directory.

    Args:
        source: where runs are read.
        controls: what can be done with them.
        options: how it looks and behaves.
        run: the run that is opened at once; None for the list of runs.
        notice: what a person is told first, in lines.
    """

    TITLE = "archaeologist"
    BINDINGS: ClassVar = [
        Binding("question_mark", "help", "Help", key_display="?", id="app.help", tooltip="Show the keys of this pane"),
        Binding("comma", "settings", "Settings", show=False, id="app.settings", tooltip="Try themes, change keys"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="app.next", tooltip="Go to the next pane"),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, id="app.previous", tooltip="Go back"),
        Binding("ctrl+p", "command_palette", "Find an action by its name", show=False, id="app.palette", priority=True),
        Binding("ctrl+c", "explain", "How to leave", show=False, id="app.explain", priority=True, system=True),
        replace(LEAVE, show=False),
        Binding("ctrl+q", "detach", "Leave", show=False, id="app.leave-now", priority=True, system=True),
    ]

    def __init__(
        self,
        source: RunSource,
        controls: RunControls,
        options: ScreenOptions | None = None,
        run: RunLine | None = None,
        notice: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._notice = notice
        self._source, self._controls, self._run = source, controls, run
        self.options = options or ScreenOptions()
        self._preferences = Preferences(self, self.options, chains(type(self)))
        self.animation_level = "none"  # each key is answered at once, also over a slow line
        self.terminal = Terminal(self, self.options.notify)
        self._elsewhere, self._list = Elsewhere(source), RunsScreen(source, controls)

    def on_mount(self) -> None:
        """Open the runs, and above them the run that was asked for."""
        self._preferences.use()
        self.set_interval(ELSEWHERE_SECONDS, self.look_elsewhere)
        self.push_screen(self._list)
        if self._run is not None:
            self._open(self._run)
        if self._notice:
            words = visible("\n".join(self._notice))
            self.notify(words, severity="warning", timeout=NOTICE_SECONDS, markup=False)

    def watch_theme(self) -> None:
        """Have no colours where none are wanted: Textual chooses how to before it knows the theme."""
        if self.no_color:
            wrong, right = (Monochrome, NoColor) if self.native_ansi_color else (NoColor, Monochrome)
            self._filters = [right() if isinstance(each, wrong) else each for each in self._filters]

    @on(RunsScreen.Chosen)
    def _chosen(self, event: RunsScreen.Chosen) -> None:
        self._open(event.run)

    def _open(self, run: RunLine) -> None:
        source, self._list.came_from = self._source, run.run_id
        opened = OpenedRun(source, self._controls, run, self.options.editor, lambda: self.pressed)
        self.push_screen(PlayedRunScreen(opened, source) if isinstance(source, PlayedSource) else RunScreen(opened))

    @property
    def _looked_at(self) -> RunScreen | None:
        """The screen of the run that is open, whatever is above it."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, RunScreen)), None)

    @work(exclusive=True, group="elsewhere")
    async def look_elsewhere(self) -> None:
        """Tell of other runs than the one that is open; of that one its screen does, and of all their list."""
        opened = self._looked_at
        if opened is None:
            self._elsewhere.rest()
            return
        with suppress(Exception):  # whatever keeps the server from answering, it is asked again
            for alarm in await self._elsewhere.heard(opened.picture.run):
                self.post_message(Alarmed(alarm))
                self.notify(on_one_line(alarm.body), title=on_one_line(alarm.title), timeout=10, markup=False)

    @on(Alarmed)
    def _person_needed(self, event: Alarmed) -> None:
        self.terminal.tell(on_one_line(event.alarm.title), on_one_line(event.alarm.body))

    @on(Titled)
    def _titled(self, event: Titled) -> None:
        self.terminal.set_title(on_one_line(event.title))

    @on(RunScreen.Ended)
    def _run_ended(self, event: RunScreen.Ended) -> None:
        if ending_of(event.picture.view) is None:  # of one that did not end well a banner says more, and stays
            words = "the run is done; {run.report} shows the report, {run.branch} the branch"
            self.notify(with_keys(self, words), timeout=10, markup=False)

    def action_help(self) -> None:
        """Show the keys that do something now."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_settings(self) -> None:
        """Let a person try themes and change keys."""
        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self.options, self._preferences))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Leave the key of the palette to whoever asks for a key; those that leave always do."""
        return action != "command_palette" or not isinstance(self.screen, KeyPrompt)

    def action_explain(self) -> None:
        """Say how to leave: Ctrl-C must neither stop a run by accident nor leave anybody without an answer."""
        gives_up = {"run.cancel", "runs.cancel"} & {active.binding.id for active in active_on(self.screen)}
        words = "".join(f" and the run goes on; {{{name}}} gives the run up" for name in gives_up)
        words = f"{{app.leave}} leaves{words or '; whatever runs goes on'}"
        self.notify(with_keys(self, words), title="How to leave", markup=False)

    def action_detach(self) -> None:
        """Leave; whatever runs goes on."""
        self.terminal.restore_title()
        self.exit(Left(self._looked_at.picture if self._looked_at else None))

    async def action_quit(self) -> None:
        """Leave; whatever runs goes on."""
        self.action_detach()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer every action of every pane that has a key, besides what Textual offers."""
        for action in actions_of(screen):
            yield SystemCommand(action.title, action.words, _runner(screen, action))
        for command in super().get_system_commands(screen):
            if command.title not in {"Quit", "Keys"}:
                yield command


def _runner(screen: Screen[Any], action: Action) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        if isinstance(screen, CalmScreen) and isinstance(action.node, Widget) and action.node is not screen:
            screen.go_to(action.node)
        await screen.app.run_action(action.action, default_namespace=action.node)

    return run


async def open_screens(
    source: RunSource,
    controls: RunControls,
    options: ScreenOptions,
    run: RunLine | None,
    notice: Sequence[str] = (),
) -> Left:
    """Show runs until a person leaves, the notice first. Returns what was looked at last."""
    app = ArchaeologistApp(source, controls, options, run, notice)
    collect_seldom()
    return await app.run_async(mouse=options.mouse) or Left()


def collect_seldom() -> None:
    """Have Python look for garbage in circles less often.

    It goes through all that the events of a run made, which takes a tenth of a second, and would do so at each tenth
    key; there is hardly any such garbage.
    """
    gc.set_threshold(50_000, 50, 100)
