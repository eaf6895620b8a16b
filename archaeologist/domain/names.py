"""Names that are compatibility data: histories written today are replayed by tomorrow's code.

Renaming one of these breaks every open run; a test pins them.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Role(StrEnum):
    """The four agents."""

    ORCHESTRATOR = "orchestrator"
    ARCHAEOLOGIST = "archaeologist"
    MODERNIZER = "modernizer"
    DOCUMENTER = "documenter"

    @property
    def queue(self) -> str:
        """The task queue that the agent's workflow and its steps run on."""
        return f"archaeologist-{self.value}"


class Step(StrEnum):
    """The durable units of work: one Temporal activity type each."""

    OPEN = "open-run"
    CALL_MODEL = "call-model"
    SURVEY_BATCH = "survey-batch"
    GATHER_SURVEY = "gather-survey"
    PLAN_SWEEP = "plan-sweep"
    REWRITE_BATCH = "rewrite-batch"
    GATHER_LAYERS = "gather-layers"
    COMMIT_LAYER = "commit-layer"
    PLAN_DOCUMENTS = "plan-documents"
    DOCUMENT_BATCH = "document-batch"
    WRITE_README = "write-readme"
    RUN_TESTS = "run-tests"
    CLOSE = "close-run"
    CLEAN_UP = "clean-up"
    BRIEF_AGENT = "brief-agent"
    CHOOSE_ITEMS = "choose-items"
    BEGIN_ITEM = "begin-item"
    DRAFT_ITEM = "draft-item"
    COMMIT_ITEM = "commit-item"
    OPEN_CONVERSATION = "open-conversation"
    THINK = "think"
    USE_TOOL = "use-tool"


PLUGIN_TOOLS = "archaeologist.tools"
PLUGIN_AGENTS = "archaeologist.agents"
"""Entry points under which other distributions bring tools and agents; those of rules are the registry's."""

DURABLE_AGENT = "durable-agent"
"""The workflow type of agents that are nothing but a conversation."""


class Phase(StrEnum):
    """What a run is busy with, in order."""

    OPEN = "open"
    PLAN = "plan"
    DIG = "dig"
    REWRITE = "rewrite"
    DOCUMENT = "document"
    VERIFY = "verify"
    SYNTHESIZE = "synthesize"


PAUSE_SIGNAL = "pause"
RESUME_SIGNAL = "resume"
CHILD_PAUSED_SIGNAL = "agent-paused"
PAUSE_ASKED = "a person asked for it"
PAUSE_DUE = "it was told to pause, and does so as soon as a worker is there"
"""What a run waits with until it hears of it."""
PAUSE_BUDGET = "budget: "
"""What the reason of a pause begins with when a limit is reached."""
PAUSE_APPROVAL = "waits for an approval"
"""What the reason holds when an agent asks to be allowed something."""
TELL_UPDATE = "tell"
DECIDE_UPDATE = "decide"
RAISE_UPDATE = "raise-budget"
TOLD_SIGNAL = "told"
DECIDED_SIGNAL = "decided"
RAISED_SIGNAL = "budget-raised"

_ITEM = re.compile(r"item-(?P<number>\d+)(?:-\d+-\d+-(?P<tool>\D.*))?")
"""A work item, or a tool call in its conversation."""

_TALKS = {"dig": "reading the code", "plan": "planning", "report": "summing up", "talk": ""}
_TALKING = re.compile(r"(?:item-(?P<item>\d+)|(?P<talk>dig|plan|report|talk))-(?P<turn>\d+)(?:-\d+-(?P<tool>\D.*))?")
"""A turn of a conversation, or a tool call in one."""

MEMO_RUN = "run"
MEMO_PAUSED = "paused"
MEMO_VERSION = "version"
MEMO_REPOSITORY = "repository"
MEMO_BRANCH = "branch"


def asked_in(reason: str) -> tuple[str, str]:
    """Return what a pause asks a person to allow, such as `plan`, and its summary; both empty when it asks nothing."""
    what, _, summary = reason.partition(f" {PAUSE_APPROVAL}: ")
    return (what, summary) if summary else ("", "")


def spoken_question(asked: str) -> str:
    """Return what people call something that is to be allowed: `item 3` for `item-3`, `the plan` for `plan`."""
    if asked in set(Phase):
        return f"the {'plan' if asked == Phase.PLAN else f'phase {asked}'}"
    item = _ITEM.fullmatch(asked)
    if item is None:
        return asked
    return f"item {item['number']}" + (f", {item['tool']}" if item["tool"] else "")


def spoken_step(name: str) -> str:
    """Return what people call a step: `item 3, turn 4` for `item-3-4`; names of no conversation speak by themselves."""
    step = _TALKING.fullmatch(name)
    if step is None:
        return name
    talk = f"item {step['item']}" if step["item"] else _TALKS[step["talk"]]
    what = step["tool"] or f"turn {step['turn']}"
    return f"{talk}, {what}" if talk else what


def orchestrator_id(repository_name: str, repository_digest: str) -> str:
    """Return the workflow id that all runs of one repository share, which is what keeps them one at a time."""
    return f"modernize-{repository_name}-{repository_digest}"


def agent_id(run_id: str, role: Role) -> str:
    """Return the workflow id of a run's agent."""
    return f"run-{run_id}-{role}"


def agent_name(kind: str, workflow_id: str, parent: str, parent_id: str) -> str:
    """Return what an agent is known by in its run: its role, or where it was begun, `modernizer.item-3-2-1-helper`.

    Args:
        kind: the type of its workflow; other types than those of the four may have many agents in a run.
        workflow_id: the id of its workflow, which is the same however often that is continued.
        parent: what the agent is known by that began it.
        parent_id: the id of that one's workflow.
    """
    if kind in set(Role):
        return Role(kind)
    return f"{parent}.{workflow_id.removeprefix(f'{parent_id}-')}".replace("/", "-")


def called(model: str) -> str:
    """Return what people call a model: its name without the server's address or the folder of a recording."""
    if model.startswith("recorded:"):
        return "recorded"
    return model.rpartition("#")[2].removeprefix("openai:")
