from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from archaeologist.artefacts import ArtefactMissing, ArtefactStore
from archaeologist.cli.telling.lists import listed
from archaeologist.domain.view import RunView, viewed

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.cli.telling.lists import List
    from archaeologist.pipeline.recordings.source import RecordedSource


def lines_of(what: List, source: RecordedSource) -> list[str]:
    return list(listed(what, viewed(source.recorded), ArtefactStore(source.data(source.request).artefacts)))


def test_every_place_that_was_left_alone_has_a_line_with_its_file_first(demo_run: RecordedSource) -> None:
    lines = lines_of("left-alone", demo_run)
    assert len(lines) == 91 + 2 + 2, "findings, files of tests, files of work items"
    assert "stockroom/storage.py: AR012 use-pathlib, left-to-people: other programs read these texts byte for byte" in (
        lines
    )
    assert any(line.startswith("tests/test_stock.py: test: a test: ") for line in lines)
    files = [line.partition(":")[0] for line in lines]
    assert files == sorted(files)


def test_the_whole_survey_has_all_hot_spots_rules_and_files(demo_run: RecordedSource) -> None:
    lines = lines_of("survey", demo_run)
    topics = Counter(line.partition(":")[0] for line in lines)
    assert topics["survey, look here first"] == 11
    assert topics["stockroom/models.py"] == 1
    (rules,) = (line for line in lines if line.startswith("survey, found by rule: "))
    assert len(rules.split(", ")[1:]) == 28
    assert not any("and " in line and " more" in line for line in lines)


def test_the_whole_plan_has_every_commit_and_every_work_item(demo_run: RecordedSource) -> None:
    lines = lines_of("plan", demo_run)
    assert "phase 3 of 7, dig: survey the code; done: 621 findings in 1,466 lines" in lines
    commit = "rewrite, commit of AR020: Drop the base class object, 9 edits in 5 files; "
    assert any(line.startswith(commit) for line in lines)
    reason = "other programs read these texts byte for byte"
    assert f"rewrite, item 2, stockroom/storage.py (AR012): left alone: {reason}" in lines
    assert sum(", item " in line for line in lines) == 6
    assert "rule AR020 object-base: Drop the base class object; 9 findings in 5 files" in lines
    assert sum(line.startswith("rule ") for line in lines) == 83


def test_a_plan_is_told_without_what_rules_find_where_the_survey_is_gone(
    demo_run: RecordedSource, tmp_path: Path
) -> None:
    lines = list(listed("plan", viewed(demo_run.recorded), ArtefactStore(tmp_path)))
    assert lines[-1] == "what will be done: what each rule finds is not known: its artefacts are not here"


def test_nothing_is_listed_of_a_run_of_which_nothing_is_known(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    assert list(listed("left-alone", RunView(), store)) == []
    assert list(listed("survey", RunView(), store)) == ["survey: 0 files, 0 lines, 0 findings, not begun"]
    assert all("to come" in line or "at work" in line for line in listed("plan", RunView(), store))


def test_a_survey_whose_artefacts_are_gone_is_an_error(demo_run: RecordedSource, tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissing):
        list(listed("survey", viewed(demo_run.recorded), ArtefactStore(tmp_path)))
