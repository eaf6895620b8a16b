"""What a completed step adds to the figures of a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.domain.budget import Spent
from archaeologist.domain.names import Step

if TYPE_CHECKING:
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView


def counted(view: RunView, step: StepView) -> RunView:
    """Return the picture of a run with the figures of a completed step added."""
    result = step.result
    match step.kind:
        case Step.OPEN:
            return replace(view, files=result["files"])
        case Step.SURVEY_BATCH:
            return replace(view, findings=view.findings + result["findings"])
        case Step.REWRITE_BATCH | Step.DOCUMENT_BATCH | Step.WRITE_README:
            return replace(view, edits=view.edits + result["edits"], left_alone=view.left_alone + result["left_alone"])
        case Step.GATHER_LAYERS if result:
            layers = {f"commit-{line['step']}": line["edits"] for line in result["lines"]}
            return replace(view, layers={**view.layers, **layers})
        case Step.COMMIT_LAYER | Step.COMMIT_ITEM if result["commit"] not in view.commits:
            drafted = view.drafts.get(result["commit"], 0)
            committed = view.committed + drafted + view.layers.get(step.name, 0)
            commits = (*view.commits, result["commit"])
            return replace(view, commits=commits, edits=view.edits + drafted, committed=committed)
        case Step.RUN_TESTS:
            return replace(view, tests={**view.tests, step.name: result})
        case Step.CALL_MODEL:
            return replace(view, cost_usd=view.cost_usd + result["cost_usd"])
        case Step.THINK:
            spent = Spent.model_validate(result["spent"])
            return replace(view, spent=view.spent.plus(spent), cost_usd=view.cost_usd + spent.usd)
        case Step.DRAFT_ITEM if result["commit"]:
            return replace(view, drafts={**view.drafts, result["commit"]: result["edits"]})
        case _:
            return view
