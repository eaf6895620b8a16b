"""The archaeologist's steps: look at every file, then put the findings beside the code's history."""

from __future__ import annotations

from collections import Counter

from archaeologist.agents.archaeologist.suspecting import suspects_elsewhere, suspects_in
from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import contents, git_of
from archaeologist.boundaries import boundary
from archaeologist.documents import (
    BatchFindings,
    BatchSurvey,
    FileEntry,
    HotSpot,
    Opening,
    PublicName,
    SkippedFile,
    Survey,
    SurveyedFile,
    keep,
    load,
    load_shared,
)
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import BatchSurveyed, GatherSurvey, SurveyBatch, Surveyed
from archaeologist_tools.engine.survey import FileSurvey, survey_files
from archaeologist_tools.git.history import Churn, churn
from archaeologist_tools.project.facts import merge
from archaeologist_tools.source.target import parse_target

HOT_SPOTS = 20


@does(Step.SURVEY_BATCH)
def survey_batch(bench: Bench, order: SurveyBatch) -> BatchSurveyed:
    """Find legacy code in the files of one batch."""
    opening = load_shared(bench.artefacts, order.opening, Opening)
    files = [opening.files[position] for position in opening.batches[order.batch]]
    texts = contents(git_of(order.run), files)
    surveys = survey_files(texts, rules=opening.rules, target=parse_target(order.target), facts=None)
    findings = tuple(finding for found in surveys for finding in found.findings)
    survey = BatchSurvey(
        files=tuple(_surveyed(file, found) for file, found in zip(files, surveys, strict=True)),
        facts=tuple(found.facts for found in surveys),
        findings=keep(bench.artefacts, BatchFindings(findings=findings)),
        suspects=suspects_in(texts),
    )
    artefact = keep(bench.artefacts, survey)
    boundary("artefact-written")
    return BatchSurveyed(artefact=artefact, files=len(files), findings=len(findings))


def _surveyed(file: FileEntry, found: FileSurvey) -> SurveyedFile:
    return SurveyedFile(
        file=file,
        status=found.status,
        message=found.message,
        lines=found.lines,
        summary=found.summary,
        by_rule=dict(Counter(finding.rule for finding in found.findings)),
        public=tuple(
            PublicName(kind=name.kind, name=name.name, documented=name.has_docstring) for name in found.public
        ),
    )


@does(Step.GATHER_SURVEY)
def gather_survey(bench: Bench, order: GatherSurvey) -> Surveyed:
    """Merge the batches, and find the files that change often and hold much legacy code."""
    opening = load_shared(bench.artefacts, order.opening, Opening)
    batches = [load(bench.artefacts, artefact, BatchSurvey) for artefact in order.batches]
    files = tuple(file for batch in batches for file in batch.files)
    by_rule: Counter[str] = Counter()
    for file in files:
        by_rule.update(file.by_rule)
    unreadable = tuple(
        SkippedFile(path=file.file.path, code=file.status, detail=file.message) for file in files if file.status != "ok"
    )
    survey = Survey(
        files=files,
        skipped=(*opening.skipped, *unreadable),
        batches=order.batches,
        facts=merge(fact for batch in batches for fact in batch.facts),
        rules=opening.rules,
        by_rule=dict(sorted(by_rule.items())),
        hot_spots=_hot_spots(files, churn(git_of(order.run), order.run.base, order.run.scope)),
        suspects=(
            *(place for batch in batches for place in batch.suspects),
            *suspects_elsewhere(order.run, {file.file.path for file in files}),
        ),
    )
    return Surveyed(
        survey=keep(bench.artefacts, survey),
        files=len(files),
        lines=sum(file.lines for file in files),
        findings=by_rule.total(),
        unreadable=len(unreadable),
        by_rule=survey.by_rule,
    )


def _hot_spots(files: tuple[SurveyedFile, ...], history: dict[str, Churn]) -> tuple[HotSpot, ...]:
    """Rank files by commits times findings, after Tornhill, Your Code as a Crime Scene (2015), chapter 3."""
    spots = [
        HotSpot(
            path=file.file.path,
            commits=history[file.file.path].commits,
            authors=history[file.file.path].authors,
            findings=sum(file.by_rule.values()),
        )
        for file in files
        if file.file.path in history
    ]
    spots.sort(key=lambda spot: (-spot.commits * spot.findings, spot.path))
    return tuple(spots[:HOT_SPOTS])
