from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.steps.bench import Bench
from archaeologist.agents.steps.briefing import begin_item
from archaeologist.documents import CodePlace, WorkItem, WorkItems, keep
from archaeologist.domain.items import BeginItem
from archaeologist.domain.names import Role
from archaeologist.domain.run import TestOptions
from support.workspaces import agent_at_work

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("role", "agreed", "told"),
    [(Role.DOCUMENTER, False, True), (Role.DOCUMENTER, True, False), (Role.MODERNIZER, False, False)],
)
def test_who_documents_is_told_that_no_examples_can_be_run(
    tmp_path: Path, role: Role, agreed: bool, told: bool
) -> None:
    agent = agent_at_work(tmp_path, {"app.py": "def two():\n    return 2\n"})
    bench, workspace = Bench.below(tmp_path), agent.workspace
    place = CodePlace(path="app.py", qualname="two")
    item = WorkItem(kind="docstrings", places=(place,), title="", notes=("app.py, function two: no docstring",))
    order = BeginItem(
        run=workspace.run,
        role=role,
        items=keep(bench.artefacts, WorkItems(items=(item,))),
        index=0,
        survey="",
        commit=workspace.commit,
        target="py38",
        goal="",
        tests=TestOptions(run=agreed),
    )
    brief = bench.artefacts.get(begin_item(bench, order).brief).decode()
    assert ("Write no examples" in brief) is told
