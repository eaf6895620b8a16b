"""The orchestrator as a durable agent: no tools, a plan at the beginning and a report at the end."""

from __future__ import annotations

from importlib.resources import files

from archaeologist.agents.agent import create_durable_agent
from archaeologist.agents.forms import FORMS
from archaeologist.agents.orchestrator.opinions import REPORTER
from archaeologist.domain.names import Role

_PROMPTS = files(__package__)

AGENTS = (
    create_durable_agent(
        name=Role.ORCHESTRATOR,
        description="Plans a modernization from a survey",
        model="offline",
        system_prompt=(_PROMPTS / "prompt.md").read_text(encoding="utf-8"),
        task_queue=Role.ORCHESTRATOR.queue,
        answer=FORMS[Role.ORCHESTRATOR],
        strikes=3,
        turns=3,
    ),
    create_durable_agent(
        name=REPORTER,
        description="Says what a modernization came to",
        model="offline",
        system_prompt=(_PROMPTS / "report.md").read_text(encoding="utf-8"),
        task_queue=Role.ORCHESTRATOR.queue,
        answer=FORMS[REPORTER],
        strikes=3,
        turns=3,
    ),
)
