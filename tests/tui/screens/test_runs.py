"""The list of runs: its order, its filter, and what can be done from it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archaeologist.domain.budget import Spent
from archaeologist.domain.controls import Health
from archaeologist.domain.events import CodeFailed, RunLine
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.reading.runs import (
    Outcome,
    cancel_question,
    delete_question,
    heading,
    ordered,
    outcome_of,
    removal,
    row_of,
    wrong_with,
)
from archaeologist_tui.screens.runs import RunsScreen
from archaeologist_tui.widgets.rows import RowList
from support.pictures import made_worse
from support.screens import screens, shown_by, until, until_shown

NOW = datetime(2012, 3, 14, 15, 9, 26, tzinfo=UTC)
OLD = RunLine("aaaa", "w", "1", "/code/shop", "modern", RunState.DONE, "", NOW - timedelta(days=3), NOW, "0.1.0")
NEW = replace(OLD, run_id="bbbb", started=NOW - timedelta(minutes=5), ended=None, state=RunState.RUNNING)
ASKS = replace(NEW, run_id="cccc", started=NOW - timedelta(days=2), state=RunState.PAUSED, paused="plan waits")
LATEST = replace(OLD, run_id="dddd", started=NOW - timedelta(minutes=1), repository="/code/[red]bank")


def test_what_waits_for_a_person_is_on_top_then_open_runs_then_the_newest() -> None:
    lines = ordered([LATEST, OLD, NEW, ASKS])
    assert [line.run_id for line in lines] == ["cccc", "bbbb", "dddd", "aaaa"]


def test_a_filter_keeps_runs_that_have_all_words_anywhere() -> None:
    assert ordered([OLD, NEW, LATEST], "shop done") == [OLD]
    assert ordered([OLD, NEW, ASKS], "WAITS") == [ASKS]


@pytest.mark.parametrize(
    ("spent", "cost"),
    [
        (None, "..."),
        (Spent(), "$0.00"),
        (Spent(turns=2, usd=0.417), "$0.42"),
        (Spent(turns=2, unpriced=1, usd=0.417), "$0.42"),
        (Spent(turns=2, unpriced=2, input_tokens=12_000, output_tokens=345), "12.3k tok"),
    ],
)
def test_a_row_tells_state_age_time_cost_repository_and_question(spent: Spent | None, cost: str) -> None:
    row = row_of(ASKS, NOW, Outcome(spent) if spent else None, 120).plain
    assert row.split() == ["?", "ask", "cccc", "2", "d", "ago", "2", "d", *cost.split(), "shop", "waits", "for", "you:",
                           "plan", "waits", "modern"]  # fmt: skip
    assert row.index("cccc") == heading(120).index("run")
    assert row.index("shop") >= heading(120).index("repository")


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (120, "run aaaa 3 d ago 3 d $0.00 shop archaeologist/2012-03-11-aaaa"),
        (96, "run aaaa 3 d ago 3 d $0.00 shop archaeologist/2012-03-11-aaaa"),
        (95, "run aaaa 3 d $0.00 shop archaeologist/2012-03-11-aaaa"),
        (79, "run aaaa 3 d $0.00 shop archaeologist/2012-03-11-aaaa"),
        (70, "run aaaa 3 d $0.00 shop archaeologist/2012-03-11-aaaa"),
        (69, "run aaaa 3 d $0.00 shop …chaeologist/2012-03-11-aaaa"),
        (59, "run aaaa 3 d $0.00 shop …t/2012-03-11-aaaa"),
        (50, "run aaaa 3 d $0.00 shop …-11-aaaa"),
        (44, "run aaaa 3 d $0.00 shop"),
    ],
)
def test_where_there_is_little_room_the_end_of_the_branch_is_told_and_not_how_long_a_run_took(
    width: int, told: str
) -> None:
    line = replace(OLD, state=RunState.RUNNING, branch="archaeologist/2012-03-11-aaaa")
    row = row_of(line, NOW, Outcome(Spent()), width)
    assert " ".join(row.plain.split()[1:]) == told
    assert row.cell_length <= width
    assert row.plain.index("shop") == heading(width).index("repository")


def test_where_there_is_little_room_a_question_comes_without_words_that_the_state_says() -> None:
    assert row_of(ASKS, NOW, Outcome(Spent()), 60).plain.endswith("shop  plan waits  modern")


async def test_rows_are_made_anew_for_another_width(demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archaeologist_tui.screens.runs.LOOK_SECONDS", 3_600.0)  # they would be made anew then, too
    async with screens(demo_run, size=(100, 20)) as pilot:
        await until_shown(pilot, "$0.06")
        await pilot.resize_terminal(60, 20)
        shown = await until_shown(pilot, "inventory  …")
        assert "took" not in shown
        assert " ago" not in shown


def test_a_branch_that_is_not_good_is_told_where_there_is_little_room_too() -> None:
    row = row_of(OLD, NOW, Outcome(Spent(), is_worse=True), 59).plain
    assert row.startswith("✗ FAIL aaaa")
    assert row.endswith("shop  NOT GOOD  modern")


def test_names_of_strangers_are_no_markup_and_move_no_cursor() -> None:
    assert "[red]bank" in row_of(LATEST, NOW, None, 120).plain
    hidden = "\x1b[2J"
    line = replace(ASKS, repository=f"/code/{hidden}", branch=f"modern{hidden}", paused=f"plan waits:\nwhy {hidden}?")
    row = row_of(line, NOW, None, 120).plain
    assert row.endswith("  \\x1b[2J  waits for you: plan waits: why \\x1b[2J?  modern\\x1b[2J")
    assert removal(line, 1).startswith("`git -C /code/\\x1b[2J branch -D modern\\x1b[2J` ")


async def test_the_list_shows_what_a_run_has_cost_and_a_filter_that_finds_nothing_says_so(
    demo_run: RecordedSource,
) -> None:
    async with screens(demo_run) as pilot:
        await until_shown(pilot, "$0.06")
        assert "words that a run must have" not in shown_by(pilot)
        await pilot.press("slash")
        await until_shown(pilot, "words that a run must have")
        await pilot.press("enter")
        assert "words that a run must have" not in shown_by(pilot)
        await pilot.press("slash", *"inventory", "enter")
        shown = await until_shown(pilot, "Runs: 1  filter: inventory")
        assert [line.strip() for line in shown.splitlines()].count("inventory") == 1, "what was typed stays"
        assert isinstance(pilot.app.focused, RowList)
        await pilot.press("escape")
        await until(pilot, lambda: "filter: " not in shown_by(pilot), "all are shown")
        await pilot.press("slash", *"nowhere")
        await until_shown(pilot, "no run has such a word; esc shows all")
        await pilot.press("escape")
        assert "inventory" in await until_shown(pilot, "Runs: 1")


class Pausing(RecordedControls):
    """Remembers what was paused."""

    def __init__(self) -> None:
        self.paused: list[str] = []
        self.found = Health()

    def health(self) -> Health:
        return self.found

    async def pause(self, run: RunLine) -> None:
        self.paused.append(run.run_id)


async def test_a_run_at_work_is_paused_and_of_one_that_asks_it_is_said_where_it_is_answered(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = replace(ASKS, paused="plan waits for an approval: 12 files")

    async def runs(self: RecordedSource) -> list[RunLine]:
        return [asks, NEW]

    monkeypatch.setattr(RecordedSource, "runs", runs)
    async with screens(demo_run, controls=(controls := Pausing())) as pilot:
        footer = await until_shown(pilot, "x Cancel")
        assert "Go on" not in footer
        assert "Pause" not in footer
        await pilot.press("p")
        await until_shown(pilot, "run cccc waits for your answer")
        await until_shown(pilot, "⏎ opens it, where keys answer")
        await pilot.press("j")
        await until_shown(pilot, "p Pause")
        await pilot.press("p")
        await until_shown(pilot, "p makes it go on")
        controls.found = Health(worker=False)
        await pilot.press("p")
        await until_shown(pilot, "run bbbb pauses as soon as a worker is there")
    assert controls.paused == ["bbbb", "bbbb"]


async def test_keys_are_offered_that_do_something_with_the_current_run(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [ASKS, NEW, replace(OLD, run_id="ffff", state=RunState.FAILED), OLD]

    async def runs(self: RecordedSource) -> list[RunLine]:
        return listed

    monkeypatch.setattr(RecordedSource, "runs", runs)
    async with screens(demo_run) as pilot:
        footer = await until_shown(pilot, "p Go on  x Cancel")
        assert "del" not in footer
        await pilot.press("G")
        done = await until_shown(pilot, "del Delete")
        assert "Go on" not in done
        assert "Cancel" not in done
        await pilot.press("x")
        assert "Give up run" not in shown_by(pilot)
        await pilot.press("k")
        assert "p Go on  del Delete" in shown_by(pilot), "it failed"
        await pilot.press("k")
        assert "Go on" not in await until_shown(pilot, "p Pause  x Cancel"), "it does"
        listed[1] = replace(NEW, state=RunState.DONE)  # it ends while somebody looks
        screen = pilot.app.screen
        screen.query_one(RowList).choose(NEW.run_id)
        assert isinstance(screen, RunsScreen)
        await screen.look().wait()
        assert "Cancel" not in await until_shown(pilot, "del Delete")


@pytest.mark.parametrize("directly", [True, False])
async def test_who_comes_back_from_a_run_is_at_its_row(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch, *, directly: bool
) -> None:
    (line,) = await demo_run.runs()
    listed = [
        replace(line, run_id=OLD.run_id, workflow_run="1"),
        line,
        replace(line, run_id=NEW.run_id, workflow_run="2"),
    ]

    async def runs(self: RecordedSource) -> list[RunLine]:
        return list(listed)

    monkeypatch.setattr(RecordedSource, "runs", runs)
    async with screens(demo_run, run=line if directly else None) as pilot:
        if not directly:
            await until_shown(pilot, "Runs: 3")
            await pilot.press("j", "enter")
        await until_shown(pilot, "1 Agents")
        listed.append(replace(ASKS, workflow_run="3"))  # which stands above the others
        await pilot.press("escape")
        await until_shown(pilot, "Runs: 4")
        screen = pilot.app.screen
        assert isinstance(screen, RunsScreen)
        assert screen.current == line
        await pilot.press("delete")
        await until_shown(pilot, f"Forget run {line.run_id}?")
        await pilot.press("escape", "k")
        assert screen.current is not None
        assert (moved := screen.current.run_id) != line.run_id
        await screen.look().wait()
        assert screen.current.run_id == moved, "it was gone to once"
        await pilot.press("j", "enter")
        await until_shown(pilot, f"run {line.run_id}")


async def test_what_a_recorded_run_refuses_is_told(demo_in_the_middle: RecordedSource) -> None:
    async with screens(demo_in_the_middle) as pilot:
        await until_shown(pilot, "inventory")
        await pilot.press("x")
        assert "Give up run" in shown_by(pilot)
        await pilot.press("y")
        await until_shown(pilot, "a recorded run cannot be changed")
        (told,) = pilot.app._notifications
        assert (told.severity, told.markup) == ("error", False)
        assert told.message.endswith("\n`archaeologist modernize` starts a run of your own")


async def test_runs_are_not_read_for_the_list_while_one_of_them_is_looked_at(
    demo_in_the_middle: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual calls the screen below the one that is seen a current one, too."""
    read: list[bool] = []
    events = RecordedSource.events

    def noted(self: RecordedSource, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None) -> object:
        read.append(follow)
        return events(self, run, follow=follow, caught_up=caught_up)

    monkeypatch.setattr(RecordedSource, "events", noted)
    (line,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=line) as pilot:
        await until_shown(pilot, "following")
        listed = next(screen for screen in pilot.app.screen_stack if isinstance(screen, RunsScreen))
        await listed.look().wait()
        await listed.count().wait()
        assert read == [True]
        await pilot.press("escape")
        await until_shown(pilot, "Runs: 1")
        await listed.count().wait()
        assert False in read


class Gone(RecordedControls):
    """Somebody is missing until they are started again."""

    def __init__(self, gone: Health) -> None:
        self.found = gone

    def health(self) -> Health:
        return self.found

    async def revive(self) -> None:
        self.found = Health()


@pytest.mark.parametrize(
    ("gone", "told", "stands"),
    [
        (Health(server=False, worker=False, logs=("/log",)), "the server is gone, and no run goes on", "no server"),
        (Health(worker=False), "no worker is alive, and 1 run cannot go on", "no worker"),
    ],
)
async def test_who_is_missing_is_told_and_started_again(
    demo_in_the_middle: RecordedSource, *, gone: Health, told: str, stands: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archaeologist_tui.screens.runs.LOOK_SECONDS", 3_600.0)  # what is seen comes at once
    async with screens(demo_in_the_middle, controls=Gone(gone)) as pilot:
        shown = await until_shown(pilot, told)
        assert all(log in shown for log in gone.logs)
        assert f"inventory  stands still: {stands}" in await until_shown(pilot, "✗ FAIL")
        assert "R Start" in shown_by(pilot)
        await pilot.press("R")
        shown = await until_shown(pilot, "▸ run")
        assert told not in shown
        assert "R Start" not in shown


async def test_a_list_that_was_never_read_does_not_say_that_there_are_no_runs(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refusing(self: RecordedSource) -> list[RunLine]:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(RecordedSource, "runs", refusing)
        async with screens(demo_run, controls=Gone(Health(server=False, worker=False))) as pilot:
            shown = await until_shown(pilot, "the runs are read once the server is back")
            assert "no runs yet" not in shown
            assert "Runs: 0" not in shown
            patch.undo()
            await until_shown(pilot, "Runs: 1")


async def test_a_server_that_does_not_answer_does_not_keep_the_list_from_saying_so(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(self: RecordedSource) -> list[RunLine]:
        await asyncio.Event().wait()
        return []

    controls = Gone(Health())
    async with screens(demo_run, controls=controls) as pilot:
        await until_shown(pilot, "inventory")
        monkeypatch.setattr(RecordedSource, "runs", silent)
        controls.found = Health(server=False)
        screen = pilot.app.screen
        assert isinstance(screen, RunsScreen)
        screen.look()
        await until_shown(pilot, "the server is gone")


NO_WORKER = Health(worker=False)
ENDED = replace(OLD, ended=OLD.started + timedelta(hours=1))


@pytest.mark.parametrize(
    ("line", "outcome", "health", "told"),
    [
        (NEW, Outcome(Spent(), is_stuck=True), Health(), "its code fails"),
        (ENDED, Outcome(Spent(), is_stuck=True), Health(), ""),
        (NEW, None, NO_WORKER, "stands still: no worker"),
        (NEW, None, Health(server=False, worker=False), "stands still: no server"),
        (ASKS, None, NO_WORKER, ""),
        (ENDED, None, NO_WORKER, ""),
        (ENDED, Outcome(Spent(), is_worse=True), Health(), "NOT GOOD"),
    ],
)
def test_what_is_wrong_with_a_run_is_told_instead_of_its_state(
    line: RunLine, outcome: Outcome | None, health: Health, told: str
) -> None:
    assert wrong_with(line, outcome, health) == told
    row = row_of(line, NOW, outcome, 60, health).plain
    assert row.startswith("✗ FAIL") is bool(told)
    assert told in row


def test_what_is_wrong_with_a_run_goes_before_what_it_asks() -> None:
    row = row_of(replace(ASKS, state=RunState.RUNNING), NOW, None, 120, NO_WORKER).plain
    assert row.endswith("shop  stands still: no worker  modern")


def test_how_long_a_run_took_is_counted_to_its_end() -> None:
    assert " 3 d ago      1 h" in row_of(ENDED, NOW, None, 120).plain


async def test_whether_code_fails_is_read_from_histories(demo_in_the_middle: RecordedSource) -> None:
    events = demo_in_the_middle.recorded
    failed = CodeFailed(events[-1].time, Role.ORCHESTRATOR, "first", 99_999, "no such step")
    assert not outcome_of(viewed(events)).is_stuck
    assert outcome_of(viewed([*events, failed])).is_stuck


async def test_what_a_run_has_come_to_is_read_from_its_history(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded)
    assert outcome_of(view) == Outcome(view.spent, commits=len(view.commits))
    assert view.commits
    worse = viewed(made_worse(demo_run.recorded))
    assert outcome_of(worse).is_worse
    assert not outcome_of(replace(worse, state=RunState.RUNNING)).is_worse, "it may be tried again"


def test_no_branch_is_to_be_removed_of_a_run_that_has_committed_nothing() -> None:
    assert removal(NEW, 2) == "`git -C /code/shop branch -D modern` removes what it made"
    assert removal(NEW, 0) == "it has committed nothing"
    assert cancel_question(NEW, 0).endswith("? It has committed nothing.")
    assert cancel_question(NEW, 1).endswith("stays on its branch modern.")
    assert delete_question(OLD, 0) == "Forget run aaaa? It has committed nothing."
    assert delete_question(OLD, 1) == "Forget run aaaa? Its branch modern stays in the repository."
