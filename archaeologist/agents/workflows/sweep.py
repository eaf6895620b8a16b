"""What the modernizer and the documenter share: layers of edits become commits, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from archaeologist.agents.workflows.steering import SteeredWorkflow
    from archaeologist.domain.briefs import ChangesMade
    from archaeologist.domain.names import Role, Step
    from archaeologist.domain.sweeps import CommitLayer, Committed, GatherLayers, LayersGathered, SweepPhase
    from archaeologist.wording import counted

if TYPE_CHECKING:
    from archaeologist.domain.run import RunScope


class SweepWorkflow(SteeredWorkflow):
    """An agent whose batches end in commits."""

    async def commit_layers(
        self,
        run: RunScope,
        batches: tuple[str, ...],
        phase: SweepPhase,
        tip: str,
        role: Role,
    ) -> ChangesMade:
        """Commit the batches' edits on top of `tip`, one commit a layer, and return what was made."""
        gathered = await self.step(
            Step.GATHER_LAYERS,
            GatherLayers(run=run, batches=batches, phase=phase),
            LayersGathered,
            name="gather-layers",
            summary="sort the edits by rule",
            queue=role,
        )
        commits = 0
        for index, line in enumerate(gathered.lines):
            committed = await self.step(
                Step.COMMIT_LAYER,
                CommitLayer(run=run, layers=gathered.layers, index=index, parent=tip),
                Committed,
                name=f"commit-{line.step}",
                summary=f"commit: {line.title} ({counted(line.edits, 'edit')} in {counted(line.files, 'file')})",
                queue=role,
            )
            commits += committed.commit != tip
            tip = committed.commit
        return ChangesMade(
            tip=tip,
            commits=commits,
            files=gathered.files,
            edits=gathered.edits,
            left_alone=gathered.left_alone,
            layers=gathered.layers,
        )
