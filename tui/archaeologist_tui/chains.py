"""Who hears a key, on every screen: the focused widget, what is around it, the screen and the application.

Two actions can have the same key as long as no chain has both. A test compares this with the screens themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input

from archaeologist_tui.consent import ConsentApp
from archaeologist_tui.screens.branch import BranchScreen
from archaeologist_tui.screens.help import HelpScreen
from archaeologist_tui.screens.played import PlayedRunScreen
from archaeologist_tui.screens.prompt import Confirm, TextPrompt
from archaeologist_tui.screens.report import ReportScreen
from archaeologist_tui.screens.run import TABS, RunScreen
from archaeologist_tui.screens.runs import RunsScreen
from archaeologist_tui.screens.settings import SettingsScreen, ThemeList
from archaeologist_tui.widgets.agents import AgentsPane
from archaeologist_tui.widgets.chat import ChatPane
from archaeologist_tui.widgets.commit_list import CommitList
from archaeologist_tui.widgets.diff import DiffView
from archaeologist_tui.widgets.keyed_scroll import KeyedText
from archaeologist_tui.widgets.keys_pane import KeyList, KeysPane
from archaeologist_tui.widgets.left_pane import LeftPane
from archaeologist_tui.widgets.outline import Outline
from archaeologist_tui.widgets.outline_pane import FilterInput, OutlinePane
from archaeologist_tui.widgets.rows import RowList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import App
    from textual.dom import DOMNode

    from archaeologist_tui.keymap import Chain

_Parts = tuple[type["DOMNode"], ...]
_RUN: Sequence[_Parts] = (
    (AgentsPane,),
    (DiffView,),
    (RowList, ChatPane),
    *((part, pane) for pane in TABS.values() if issubclass(pane, OutlinePane) for part in (Outline, FilterInput)),
)
_PARTS: Mapping[type[Screen[Any]], Sequence[_Parts]] = {
    RunsScreen: ((RowList,), (FilterInput,)),
    RunScreen: _RUN,
    PlayedRunScreen: _RUN,
    BranchScreen: ((CommitList,), (DiffView,), (LeftPane,), (FilterInput,)),
    ReportScreen: ((KeyedText,),),
    SettingsScreen: ((ThemeList,), (KeyList, KeysPane), (FilterInput, KeysPane)),
    HelpScreen: ((VerticalScroll,),),
    TextPrompt: ((Input,),),
    Confirm: ((),),
}


def chains(app: type[App[Any]]) -> list[Chain]:
    """Return every chain of classes that hear a key one after the other, of an application and of what asks first."""
    ours = [(*parts, screen, app) for screen, several in _PARTS.items() for parts in several]
    return [*ours, (KeyedText, Screen, ConsentApp)]
