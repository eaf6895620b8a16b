"""The workflows of the four agents, by role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.archaeologist.workflow import ArchaeologistWorkflow
from archaeologist.agents.documenter.workflow import DocumenterWorkflow
from archaeologist.agents.modernizer.workflow import ModernizerWorkflow
from archaeologist.agents.orchestrator.workflow import OrchestratorWorkflow
from archaeologist.domain.names import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKFLOWS: Mapping[Role, type] = {
    Role.ORCHESTRATOR: OrchestratorWorkflow,
    Role.ARCHAEOLOGIST: ArchaeologistWorkflow,
    Role.MODERNIZER: ModernizerWorkflow,
    Role.DOCUMENTER: DocumenterWorkflow,
}
