"""The modernizer as a durable agent: one work item a conversation."""

from __future__ import annotations

from importlib.resources import files

from archaeologist.agents.agent import create_durable_agent
from archaeologist.agents.archaeologist.tools import find_usages, read
from archaeologist.agents.forms import FORMS
from archaeologist.agents.modernizer.testing import run_tests
from archaeologist.agents.modernizer.tools import (
    add_import,
    annotate,
    apply_rules,
    diff,
    move_state,
    rewrite_function,
    run_gates,
    withdraw,
)
from archaeologist.domain.names import Role

AGENTS = (
    create_durable_agent(
        name=Role.MODERNIZER,
        description="Modernizes one place of legacy code with the smallest edit that keeps behaviour",
        model="offline",
        system_prompt=(files(__package__) / "prompt.md").read_text(encoding="utf-8"),
        tools=(
            read,
            find_usages,
            rewrite_function,
            annotate,
            add_import,
            move_state,
            apply_rules,
            run_gates,
            run_tests,
            diff,
            withdraw,
        ),
        task_queue=Role.MODERNIZER.queue,
        answer=FORMS[Role.MODERNIZER],
        strikes=6,
        turns=24,
    ),
)
