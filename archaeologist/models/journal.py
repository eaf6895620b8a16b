"""The journal of paid answers: an answer is on disk before the step that asked for it returns.

A worker that dies between paying and reporting does not pay again: the next attempt finds the answer here. Keyed by
the workflow's run id and the step's name; the workflow id would collide after a reset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.artefacts import write_durably
from archaeologist.boundaries import boundary
from archaeologist.domain.steps import ModelAnswer, ModelOrder

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.models.provider import Provider


@dataclass(frozen=True)
class AnswerJournal:
    """Answers below one folder."""

    folder: Path

    async def answer(self, provider: Provider, order: ModelOrder, workflow_run: str, step: str) -> ModelAnswer:
        """Return the recorded answer, or ask the provider and record what it says."""
        path = self.folder / workflow_run / f"{step}.json"
        if path.exists():
            return ModelAnswer.model_validate_json(path.read_bytes())
        boundary("model-call-before")
        answer = await provider.answer(order)
        write_durably(path, answer.model_dump_json().encode())
        boundary("model-call-after")
        return answer
