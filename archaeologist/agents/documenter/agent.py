"""The documenter as a durable agent: one module a conversation."""

from __future__ import annotations

from importlib.resources import files

from archaeologist.agents.agent import create_durable_agent
from archaeologist.agents.archaeologist.tools import find_usages, read
from archaeologist.agents.documenter.tools import api, set_docstring, write_document
from archaeologist.agents.forms import FORMS
from archaeologist.domain.names import Role

AGENTS = (
    create_durable_agent(
        name=Role.DOCUMENTER,
        description="Writes docstrings that are missing, true and short",
        model="offline",
        system_prompt=(files(__package__) / "prompt.md").read_text(encoding="utf-8"),
        tools=(read, find_usages, api, set_docstring, write_document),
        task_queue=Role.DOCUMENTER.queue,
        answer=FORMS[Role.DOCUMENTER],
        strikes=6,
        turns=24,
    ),
)
