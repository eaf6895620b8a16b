"""Which keys are in each other's way: what is believed of the screens is compared with the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.widget import Widget

from archaeologist.pipeline.recordings.playback import Playback
from archaeologist_tui.app import ArchaeologistApp
from archaeologist_tui.chains import chains
from archaeologist_tui.consent import ConsentApp
from archaeologist_tui.keymap import KEPT, Keymap, bindings_of
from archaeologist_tui.keys import all_keys, spelled, split
from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.screens.prompt import Confirm, TextPrompt
from support.clocks import Turned
from support.screens import screens, shown_by, until_shown

if TYPE_CHECKING:
    from textual.screen import Screen

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.keymap import Chain

CHAINS = chains(ArchaeologistApp)
OPENS = {"v": "1 Commits", "t": "archaeologist/demo", "comma": "Theme", "question_mark": "This screen"}
"""What opens a screen above a run, and what is seen on it."""
BY_ID = {key.id: key for key in all_keys()}


def heard_by(screen: Screen[Any]) -> set[Chain]:
    """Return what hears keys on a screen, whatever is focused; the screen itself when nothing can be."""
    focusable = [widget for widget in screen.walk_children(Widget) if widget.can_focus] or [screen]
    chained = {tuple(type(node) for node in widget.ancestors_with_self) for widget in focusable}
    return {tuple(kind for kind in chain if bindings_of(kind)) for chain in chained}


async def test_the_chains_are_those_of_the_screens(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    found: set[Chain] = set()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "1 Agents")
        found |= {chain for screen in pilot.app.screen_stack[1:] for chain in heard_by(screen)}
        for key, words in (
            ("v", "1 Commits"),
            ("t", "archaeologist/demo"),
            ("comma", "Theme"),
            ("question_mark", "This screen"),
        ):
            await pilot.press(key)
            await until_shown(pilot, words)
            found |= heard_by(pilot.app.screen)
            await pilot.press("escape")
        for prompt in (TextPrompt("why?"), Confirm("really?")):
            await pilot.app.push_screen(prompt)
            found |= heard_by(prompt)
    async with screens(Playback(demo_run, clock=Turned()), run=run) as pilot:
        await until_shown(pilot, "1 Agents")
        found |= heard_by(pilot.app.screen)
    consent = ConsentApp("/home/me/legacy", str, ScreenOptions())
    async with consent.run_test():
        found |= heard_by(consent.screen)
    assert set(CHAINS) == found


@pytest.mark.parametrize(
    ("name", "key", "taken_by"),
    [
        ("run.branch", "t", "run.report"),  # the same screen
        ("run.branch", "exclamation_mark", "log.failures"),  # a pane of it, which hears it first
        ("outline.copy", "v", "run.branch"),  # its screen
        ("list.down", "t", "run.report"),  # what all lists share
        ("list.down", "w", "plan.why"),
        ("log.follow", "z", None),  # panes of which one is focused
        ("diff.wrap", "f", None),
        ("branch.group", "t", None),  # screens of which one is seen
        ("app.help", "f1", None),
        ("app.settings", "t", "run.report"),
        ("run.branch", "ctrl+pagedown", "page_right"),  # what Textual binds in a list
        ("run.branch", "ctrl+u", "list.page-up"),
        ("run.branch", "ctrl+k", None),  # edits a line that is typed, as letters do
        ("run.branch", "ctrl+p", "app.palette"),
        ("help.close", "comma", None),  # nothing behind a modal screen is heard
        ("help.close", "ctrl+q", "app.leave-now"),  # but what always is
        ("consent.yes", "n", "consent.no"),
        ("consent.yes", "t", None),  # another application
    ],
)
def test_a_key_is_taken_by_what_hears_it_together_with_the_action(name: str, key: str, taken_by: str | None) -> None:
    others = Keymap(CHAINS, {}).in_the_way(name, key)
    assert next((other.id or other.action for other in others), None) == taken_by


def test_a_key_that_was_given_away_is_free_and_the_one_that_was_got_is_taken() -> None:
    keymap = Keymap(CHAINS, {}).changed_to("run.report", ["Z"])
    assert keymap.in_the_way("run.branch", "t") == []
    assert [other.id for other in keymap.in_the_way("run.branch", "Z")] == ["run.report"]


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({"app.leave": "v"}, [("v", "app.leave", "run.branch")]),  # the same screen: who has it newly
        ({"run.branch": "q"}, [("q", "run.branch", "app.leave")]),
        ({"app.settings": "t"}, [("t", "run.report", "app.settings"), ("t", "report.back", "app.settings")]),  # nearer
        ({"plan.why": "t"}, [("t", "plan.why", "run.report")]),
        ({"run.branch": "ctrl+p"}, [("ctrl+p", "app.palette", "run.branch")]),  # what goes before everything
        ({"run.branch": "Z", "run.report": "Z"}, [("Z", "run.branch", "run.report")]),  # both newly: the first one
        ({"run.branch": "t", "run.report": "v"}, []),
        ({"run.branch": "ctrl+pagedown"}, [("ctrl+pagedown", "page_right", "run.branch")]),  # Textual's
    ],
)
def test_of_two_actions_with_one_key_it_is_known_which_one_is_heard(
    changed: dict[str, str], taken: list[tuple[str, str, str]]
) -> None:
    found = Keymap(CHAINS, changed).taken
    assert [(each.key, each.heard.id or each.heard.action, each.unheard.id) for each in found] == taken


@pytest.mark.parametrize(
    ("name", "key", "changed"),
    [
        ("run.branch", "t", {"run.branch": "t", "run.report": "v"}),
        ("list.down", "G", {"list.down": "G", "list.last": "j,end"}),  # of several, the first one is given away
        ("run.report", "slash", {"run.report": "slash", "outline.filter": "t", "run.filter": "t"}),
        ("run.branch", "enter", None),  # always opens a row
        ("rows.open", "q", None),  # has no other key to give
        ("run.branch", "ctrl+pagedown", None),  # Textual's
        ("run.pause", "t", None),  # shares the key that it would give with what makes the run go on
        ("settings.back", "s", None),
    ],
)
def test_keys_are_swapped_where_everybody_keeps_one(name: str, key: str, changed: dict[str, str] | None) -> None:
    swapped = Keymap(CHAINS, {}).swapped(name, key)
    assert (swapped and swapped.changed) == changed


def test_keys_that_are_swapped_twice_are_as_they_were() -> None:
    swapped = Keymap(CHAINS, {}).swapped("run.branch", "t")
    assert swapped is not None
    assert (again := swapped.swapped("run.branch", "v")) is not None
    assert again.changed == {}


def test_nothing_is_in_the_way_of_what_it_shares_a_key_with_by_default() -> None:
    for key in BY_ID.values():
        for each in split(key.keys):
            assert Keymap(CHAINS, {}).in_the_way(key.id, each) == [], key
    moved = Keymap(CHAINS, {}).changed_to("run.pause", ["P"])
    assert moved.in_the_way("run.go-on", "P") == []


@pytest.mark.parametrize(("name", "key"), KEPT.items())
def test_keys_without_which_nobody_could_leave_or_change_a_key_stay(name: str, key: str) -> None:
    assert Keymap(CHAINS, {}).changed_to(name, ["f9"]).changed[name] == f"{key},f9"
    assert key in split(BY_ID[name].keys)


async def test_they_stay_also_when_a_file_says_otherwise(demo_run: RecordedSource) -> None:
    keys = {"settings.back": "B", "app.leave-now": "ctrl+x", "app.settings": ",", "app.help": "f1,,"}
    async with screens(demo_run, options=ScreenOptions(keys=keys)) as pilot:
        await pilot.press("comma")
        assert "f1 Help" in await until_shown(pilot, "Theme")
        await pilot.press("escape")
        assert "Theme" not in shown_by(pilot)
        await pilot.press("ctrl+q")
    assert pilot.app.return_value is not None


async def test_an_action_keeps_its_key_when_one_that_shares_it_gets_another(demo_run: RecordedSource) -> None:
    playback = Playback(demo_run, clock=Turned())
    (run,) = await playback.runs()
    async with screens(playback, run=run, options=ScreenOptions(keys={"player.halt": "H"})) as pilot:
        await until_shown(pilot, "H Stop")
        await pilot.press("H")
        assert "p Play" in await until_shown(pilot, "stands still")
        await pilot.press("p")
        await until_shown(pilot, "▸ plays")


@pytest.mark.parametrize(
    ("keys", "people"),
    [
        ("question_mark", "?"),
        ("?", "?"),
        ("ctrl+d, pagedown", "ctrl+d pgdn"),
        ("G,end", "G end"),
        ("comma,slash,plus,minus", ", / + -"),
        ("escape,delete", "esc del"),
        (",", ""),
    ],
)
def test_keys_are_shown_as_people_write_them(keys: str, people: str) -> None:
    assert spelled(keys) == people
