"""The archaeologist as a durable agent: it reads what rules cannot judge, and records what it finds."""

from __future__ import annotations

from importlib.resources import files

from archaeologist.agents.agent import create_durable_agent
from archaeologist.agents.archaeologist.recording import record_finding
from archaeologist.agents.archaeologist.tools import (
    blame,
    duplicates,
    find_callers,
    find_usages,
    globals_written,
    history,
    lint,
    list_files,
    metrics,
    outline,
    read,
    unused_definitions,
)
from archaeologist.agents.forms import FORMS
from archaeologist.domain.names import Role

AGENTS = (
    create_durable_agent(
        name=Role.ARCHAEOLOGIST,
        description="Reads a legacy code base and records what is wrong with it, with evidence",
        model="offline",
        system_prompt=(files(__package__) / "prompt.md").read_text(encoding="utf-8"),
        tools=(
            list_files,
            read,
            outline,
            find_usages,
            find_callers,
            metrics,
            duplicates,
            unused_definitions,
            globals_written,
            history,
            blame,
            lint,
            record_finding,
        ),
        task_queue=Role.ARCHAEOLOGIST.queue,
        answer=FORMS[Role.ARCHAEOLOGIST],
        strikes=8,
        turns=40,
    ),
)
