from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.artefacts import ArtefactMissing, ArtefactStore
from archaeologist.documents import Workspace, keep
from archaeologist.domain.events import StepEnded
from archaeologist.domain.names import Role, Step
from archaeologist.domain.view import viewed
from archaeologist_tools.engine.base import Finding, Fixer, Span
from archaeologist_tui.reading.survey import read_survey
from support.panes import step

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource


def until(source: RecordedSource, name: str) -> RunView:
    ends = [isinstance(event, StepEnded) and event.step == name for event in source.recorded]
    return viewed(source.recorded[: ends.index(True) + 1])


def store(source: RecordedSource) -> ArtefactStore:
    return ArtefactStore(source.data(source.request).artefacts)


def test_a_finished_survey_is_the_archaeologists_own(demo_run: RecordedSource) -> None:
    survey = read_survey(viewed(demo_run.recorded), store(demo_run))
    assert (survey.done, survey.batches) == (True, (1, 1))
    assert survey.by_rule.total() == 621
    assert survey.hot_spots[0].path == "stockroom/reports.py"
    assert survey.hot_spots[0].commits == 1
    assert dict(survey.where("AR001"))["stockroom/models.py"] > 0
    assert sum(count for _, count in survey.where("AR001")) == survey.by_rule["AR001"]


def test_what_batches_found_is_told_while_the_survey_goes_on(demo_run: RecordedSource) -> None:
    before = read_survey(until(demo_run, "open"), store(demo_run))
    assert (before.done, before.batches, before.files) == (False, (0, 1), ())
    during = read_survey(until(demo_run, "survey-1"), store(demo_run))
    assert (during.done, during.batches, during.by_rule.total()) == (False, (1, 1), 621)
    assert during.hot_spots[0].path == "stockroom/reports.py"
    assert during.hot_spots[0].commits == 0


def test_what_an_archaeologist_with_a_model_found_grows_turn_by_turn(demo_run: RecordedSource) -> None:
    counts = [
        len(read_survey(until(demo_run, name), store(demo_run)).judged.findings)
        for name in ("dig-1-1-read", "dig-2-1-record_finding", "dig-3-1-record_finding")
    ]
    assert counts == sorted(counts)
    judged = read_survey(viewed(demo_run.recorded), store(demo_run)).judged
    assert judged.summary.startswith("A stock keeper of 2012")
    assert judged.first == ("stockroom/models.py", "stockroom/storage.py")
    assert [finding.rule for finding in judged.findings] == ["global-state"]


def test_a_survey_whose_artefacts_are_gone_is_missed(demo_run: RecordedSource, tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissing):
        read_survey(viewed(demo_run.recorded), ArtefactStore(tmp_path))


def test_of_what_an_archaeologist_recorded_all_is_told(tmp_path: Path, demo_run: RecordedSource) -> None:
    kept = ArtefactStore(tmp_path)
    findings = [Finding("dead-code", "a.py", Span(0, 1, n, 1), f"number {n} is not used", Fixer.PERSON) for n in (1, 2)]
    events = step(1, "dig-1", Step.THINK, agent=Role.ARCHAEOLOGIST, result={"calls": [], "spent": {}})
    for number in (1, 2):
        workspace = Workspace(run=demo_run.request.run, commit="", target="py38", findings=tuple(findings[:number]))
        result: dict[str, object] = {"ok": True, "workspace": keep(kept, workspace)}
        name = f"dig-1-{number}-record_finding"
        events += step(number + 1, name, Step.USE_TOOL, agent=Role.ARCHAEOLOGIST, result=result)
    assert list(read_survey(viewed(events), kept).judged.findings) == findings
