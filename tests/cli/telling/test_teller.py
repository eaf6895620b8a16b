from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.cli.telling.teller import Teller
from archaeologist.domain.events import AgentEnded, DataPlane, StepEnded
from archaeologist.domain.names import Role
from archaeologist.domain.view import RunView, reduce
from archaeologist.pipeline.recordings.source import RecordedSource
from support.pictures import RECORDED

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.run import RunRequest


class Elsewhere:
    """A recorded run whose artefacts are somewhere else."""

    def __init__(self, folder: Path) -> None:
        self.plane = DataPlane(folder, folder)

    def data(self, request: RunRequest) -> DataPlane:
        return self.plane


async def told(teller: Teller, events: list[RunEvent]) -> dict[int, list[str]]:
    """What is said about each event, by its place."""
    view, found = RunView(), dict[int, list[str]]()
    for place, event in enumerate(events):
        view = reduce(view, event)
        found[place] = [*teller.before(view), *await teller.after(event, view)]
    return found


@pytest.fixture
async def story(demo_run: RecordedSource) -> list[str]:
    lines = await told(Teller(demo_run), list(demo_run.recorded))
    return [line for each in lines.values() for line in each]


def about(story: list[str], topic: str) -> list[str]:
    return [line.removeprefix(topic) for line in story if line.startswith(topic)]


async def test_every_phase_is_announced_once_with_what_happens_in_it(story: list[str]) -> None:
    phases = about(story, "phase ")
    assert [line.split(":")[0] for line in phases] == [
        "1 of 7, open",
        "2 of 7, plan",
        "3 of 7, dig",
        "4 of 7, rewrite",
        "5 of 7, document",
        "6 of 7, verify",
        "7 of 7, synthesize",
    ]
    assert phases[2] == "3 of 7, dig: survey the code"


async def test_what_was_asked_for_and_planned_is_told_as_soon_as_it_is_known(demo_run: RecordedSource) -> None:
    events = list(demo_run.recorded)
    found = await told(Teller(demo_run), events)
    first = found[0]
    assert "asked for, branch: archaeologist/demo" in first
    assert "asked for, written for: Python 3.8 (setup.py: python_requires)" in first
    plans = {place: [line for line in lines if line.startswith("plan, ")] for place, lines in found.items()}
    by_rules, by_model = [place for place, lines in plans.items() if lines]
    assert isinstance(events[by_rules], StepEnded)
    assert plans[by_rules][1].startswith("plan, modernizer: rewrite for Python 3.8 what ")
    assert plans[by_model] == [
        "plan, modernizer: make texts readable, and keep every journal line byte for byte",
        "plan, documenter: say what a movement is and what each report shows",
        "plan, first: stockroom/models.py",
    ]


async def test_the_survey_is_summed_up_with_the_command_that_lists_all_of_it(story: list[str]) -> None:
    assert "survey: 12 files, 1,466 lines, 621 findings" in story
    spots = about(story, "survey, look here first: ")
    assert spots[0] == "stockroom/reports.py, 111 findings, changed in 1 commit"
    assert (len(spots), spots[-1]) == (6, "and 6 more")
    (most,) = about(story, "survey, found by rule: ")
    assert most.startswith("AR040 missing-annotation 164, ")
    assert most.endswith(", and 23 more")
    assert "survey: `archaeologist runs show bb4c8d16 --list survey` lists all files" in story
    (said,) = about(story, "survey, the archaeologist says: ")
    assert said.startswith("A stock keeper of 2012")
    (found,) = about(story, "survey, the archaeologist found: ")
    assert found.startswith("global-state, ")
    assert found.endswith(", at stockroom/settings.py:88")


async def test_what_an_agent_left_alone_is_counted_by_reason_when_it_ends(
    demo_run: RecordedSource, story: list[str]
) -> None:
    events = list(demo_run.recorded)
    found = await told(Teller(demo_run), events)
    (lines,) = [
        lines
        for place, lines in found.items()
        if isinstance(event := events[place], AgentEnded) and event.agent == Role.MODERNIZER
    ]
    assert lines[0].startswith("rewrite done in ")
    assert lines[0].endswith(
        " s: 14 commits of rules; 3 work items, 2 committed, 1 left alone; "
        "1 more item left out: the setting `items` says how many there may be"
    )
    assert lines[1:3] == [
        "rewrite: item 2, stockroom/storage.py (AR012): left alone: other programs read these texts byte for byte",
        "left alone: 88 places and 2 files, for 30 reasons",
    ]
    assert lines[3].startswith("left alone: 9 of AR001 percent-format: ")
    assert ", for example stockroom/" in lines[3]
    assert lines[8:] == [
        "left alone: 48 places and 2 files more, for 25 other reasons",
        "left alone: `archaeologist runs show bb4c8d16 --list left-alone` lists every place",
    ]
    assert len(about(story, "left alone: ")) == 8 + 4, "the documenter's are its own"


async def test_all_of_it_is_short_and_says_the_same_without_colour_and_pictures(story: list[str]) -> None:
    assert len(story) < 60
    assert all(line.isascii() and line.isprintable() for line in story)


async def test_what_cannot_be_read_is_told_and_the_rest_goes_on(demo_run: RecordedSource, tmp_path: Path) -> None:
    lines = await told(Teller(Elsewhere(tmp_path)), list(demo_run.recorded))  # type: ignore[arg-type]  # all it needs
    story = [line for each in lines.values() for line in each]
    assert about(story, "survey: this cannot be read: ")
    assert any(line.startswith("rewrite done in ") for line in story)
    assert "left alone: what rules left alone in other files is not known: its artefacts are not here" in story
    assert story[-1].startswith("phase 7 of 7")


async def test_a_run_that_rules_alone_make_is_told_as_well(tmp_path: Path) -> None:
    source = RecordedSource(RECORDED / "finished")
    lines = await told(Teller(source), list(source.recorded))
    story = [line for each in lines.values() for line in each]
    assert "asked for, models: none: rules alone, the same result every time" in story
    (rewrite,) = about(story, "rewrite done in ")
    assert rewrite.endswith(" commits of rules")
