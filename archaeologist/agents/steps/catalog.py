"""Which steps there are, on whose queue they run, and what goes in and comes out.

Loaded by the worker, which must stay light: the functions that do the work live in the roles' `steps.py` and are
loaded only in the child processes that run them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain import conversation as talks
from archaeologist.domain import items, steps, sweeps
from archaeologist.domain.names import Role, Step

if TYPE_CHECKING:
    from archaeologist.domain.payload import Payload


@dataclass(frozen=True)
class StepKind:
    """One kind of step."""

    step: Step
    roles: tuple[Role, ...]
    order: type[Payload]
    result: type[Payload]


_WRITERS = (Role.MODERNIZER, Role.DOCUMENTER)

CATALOG: tuple[StepKind, ...] = (
    StepKind(Step.OPEN, (Role.ORCHESTRATOR,), steps.OpenOrder, steps.Opened),
    StepKind(Step.CALL_MODEL, tuple(Role), steps.ModelOrder, steps.ModelAnswer),
    StepKind(Step.SURVEY_BATCH, (Role.ARCHAEOLOGIST,), sweeps.SurveyBatch, sweeps.BatchSurveyed),
    StepKind(Step.GATHER_SURVEY, (Role.ARCHAEOLOGIST,), sweeps.GatherSurvey, sweeps.Surveyed),
    StepKind(Step.PLAN_SWEEP, (Role.MODERNIZER,), sweeps.PlanSweep, sweeps.SweepPlanned),
    StepKind(Step.REWRITE_BATCH, (Role.MODERNIZER,), sweeps.RewriteBatch, sweeps.BatchRewritten),
    StepKind(Step.GATHER_LAYERS, _WRITERS, sweeps.GatherLayers, sweeps.LayersGathered),
    StepKind(Step.COMMIT_LAYER, _WRITERS, sweeps.CommitLayer, sweeps.Committed),
    StepKind(Step.PLAN_DOCUMENTS, (Role.DOCUMENTER,), sweeps.PlanDocuments, sweeps.SweepPlanned),
    StepKind(Step.DOCUMENT_BATCH, (Role.DOCUMENTER,), sweeps.DocumentBatch, sweeps.BatchRewritten),
    StepKind(Step.WRITE_README, (Role.DOCUMENTER,), sweeps.WriteReadme, sweeps.BatchRewritten),
    StepKind(Step.RUN_TESTS, (Role.ORCHESTRATOR, *_WRITERS), steps.RunTests, steps.TestsRan),
    StepKind(Step.BRIEF_AGENT, (Role.ORCHESTRATOR, Role.ARCHAEOLOGIST), items.BriefAgent, items.Briefed),
    StepKind(Step.CHOOSE_ITEMS, _WRITERS, items.ChooseItems, items.ItemsChosen),
    StepKind(Step.BEGIN_ITEM, _WRITERS, items.BeginItem, items.Briefed),
    StepKind(Step.DRAFT_ITEM, _WRITERS, items.DraftItem, items.ItemDrafted),
    StepKind(Step.COMMIT_ITEM, _WRITERS, items.CommitItem, sweeps.Committed),
    StepKind(Step.OPEN_CONVERSATION, tuple(Role), talks.OpenConversation, talks.ConversationOpened),
    StepKind(Step.THINK, tuple(Role), talks.ThinkOrder, talks.Thought),
    StepKind(Step.USE_TOOL, tuple(Role), talks.UseTool, talks.ToolUsed),
    StepKind(Step.CLOSE, (Role.ORCHESTRATOR,), steps.CloseRun, steps.Closed),
    StepKind(Step.CLEAN_UP, (Role.ORCHESTRATOR,), steps.CleanUp, steps.CleanedUp),
)

KINDS: dict[Step, StepKind] = {kind.step: kind for kind in CATALOG}
