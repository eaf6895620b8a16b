"""Models and servers that misbehave at random: every task ends or waits for a person, and nothing wrong is kept.

SEQUENCES says how many random sequences; the default keeps the suite short. The modernizer's real tools work on a real
repository, several tasks at a time.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.agents import AgentReply, Budget, create_durable_agent
from archaeologist.agents.client import DurableTask
from archaeologist.agents.forms import FORMS
from archaeologist.agents.modernizer import tools
from archaeologist.documents import Workspace, load
from archaeologist.domain.conversation import AgentTask
from archaeologist.domain.judgement import ItemReport
from archaeologist.domain.names import DURABLE_AGENT, Role
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist_tools.gates.gates import gate_failures
from archaeologist_tools.gates.permission import allowed_by
from archaeologist_tools.git.command import Git
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.safety.protected import protection_of
from support.agents import at_work, queue_of
from support.embedded import scratch_state
from support.model_server import ModelServer, Reply
from support.repositories import git
from support.workspaces import agent_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.agents.agent import DurableAgent
    from archaeologist.temporal.state import StateDirectory

SEQUENCES = int(os.environ.get("SEQUENCES", "16"))
SEED = 4_2026
ENOUGH = 40
"""With so many sequences some edit is right."""
AT_ONCE = 16

FILES: dict[str, str | bytes] = {
    "app/__init__.py": "",
    "app/stock.py": "class Stock(object):\n    def add(self, name, count):\n        return '%s: %s' % (name, count)\n",
    "app/twice.py": "def one():\n    return 1\n\n\ndef two():  # keep\n    return one() + one()\n",
    "tests/test_app.py": "def test_one():\n    assert True\n",
    "LICENSE": "free\n",
}
PATHS = (*FILES, "../outside.py", "/etc/passwd", ".git/config", "app/../../x.py", "app", "app/none.py", "tests/new.py")
SOURCES = (
    "return 1",
    "return 1  # keep\n",
    "def one():\n    return 2 - 1\n",
    "def two():  # keep\n    return one() + one()\n",
    "def add(self, name, count):\n    return f'{name}: {count}'\n",
    "def add(self, name):\n    return name\n",
    "import os\nos.system('true')\n",
    "return (",
    "eval('1')",
    "",
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("faults") / "state") as opened:
        yield opened


@dataclass
class Chaos:
    """Replies at random, the same for the same seed; each task has a stream of its own, named in its brief."""

    hashes: dict[str, str]
    streams: dict[str, random.Random] = field(default_factory=dict)

    def reply(self, body: dict[str, Any]) -> Reply:
        """Return what the server does next."""
        brief = next(message["content"] for message in body["messages"] if message["role"] == "user")
        chance = self.streams.setdefault(brief, random.Random(f"{SEED} {brief}"))
        kind = chance.choices(("work", "done", "fault", "nonsense", "terminal"), (45, 12, 18, 23, 2))[0]
        return getattr(self, f"_{kind}")(chance, body)  # type: ignore[no-any-return]

    def _work(self, chance: random.Random, body: dict[str, Any]) -> Reply:
        return Reply.calls(*(self._call(chance, body) for _ in range(chance.choice((1, 1, 1, 2, 4)))))

    def _call(self, chance: random.Random, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        path = chance.choice(PATHS) if chance.random() < 0.5 else chance.choice(("app/stock.py", "app/twice.py"))
        based_on = self._known_hash(path, body) if chance.random() < 0.8 else "0" * 12
        match chance.choice(("rewrite", "rewrite", "annotate", "import", "rules", "gates", "diff", "withdraw")):
            case "rewrite":
                name = chance.choice(("one", "one", "two", "Stock.add", "Stock", "none"))
                source = chance.choice(SOURCES)
                return "rewrite_function", _full(
                    path=path, qualname=name, source=source, based_on=based_on, drops_code=chance.random() < 0.3
                )
            case "annotate":
                types = [
                    {"key": chance.choice(("return", "name", "x")), "value": chance.choice(("int", "str", "os.y"))}
                ]
                return "annotate", _full(path=path, qualname="Stock.add", types=types, based_on=based_on)
            case "import":
                statement = chance.choice(("import os", "from . import x", "from os import *", "import socket"))
                return "add_import", {"path": path, "statement": statement, "based_on": based_on}
            case "rules":
                return "apply_rules", {
                    "path": path,
                    "rules": [chance.choice(("AR001", "AR020", "AR999"))],
                    "based_on": based_on,
                }
            case "gates":
                return "run_gates", {}
            case "diff":
                return "diff", {}
            case _:
                return "withdraw", {"path": path}

    def _known_hash(self, path: str, body: dict[str, Any]) -> str:
        """Return the hash that the last observation named for a file, as a model would; at first the commit's."""
        for message in reversed(body["messages"]):
            text = str(message.get("content") or "")
            if message["role"] == "tool" and path in text and "based_on=" in text:
                return text.rpartition("based_on=")[2][:12]
        return self.hashes.get(path, "0" * 12)

    def _done(self, chance: random.Random, body: dict[str, Any]) -> Reply:
        if "response_format" in body or chance.random() < 0.7:
            outcome = chance.choice(("done", "left-alone", "perhaps"))
            return Reply.answers({"outcome": outcome, "title": "Edit", "reason": "it is better"})
        return Reply.says("I am done")

    def _fault(self, chance: random.Random, body: dict[str, Any]) -> Reply:
        del body
        faults = (
            Reply.status(429, retry_after=0.05),
            Reply.status(500),
            Reply.status(503),
            Reply.drops(),
            Reply.cuts(),
            Reply.truncated_json(),
            Reply.status(400, "maximum context length is 8192 tokens", error_code="context_length_exceeded"),
        )
        return chance.choice(faults)

    def _nonsense(self, chance: random.Random, body: dict[str, Any]) -> Reply:
        del body
        return chance.choice(
            (
                Reply.empty(),
                Reply.refuses(),
                Reply.filtered(),
                Reply.runs_out(),
                Reply.calls(("shell", {"command": "rm -rf /"})),
                Reply.raw_calls(("withdraw", '{"path": "app')),
                Reply.calls(("withdraw", {"path": 3})),
                Reply.calls(("withdraw", {"path": "app/stock.py"})).wrong_usage(),
            )
        )

    def _terminal(self, chance: random.Random, body: dict[str, Any]) -> Reply:
        del body
        return chance.choice((Reply.status(401), Reply.status(429, error_code="insufficient_quota")))


def _full(**arguments: Any) -> dict[str, Any]:
    """Return arguments in the strict form, where what is left out is null."""
    optional = {"imports": None, "line": None, "drops_code": None, "replace_existing": None}
    known = {"rewrite_function": ("imports", "line", "drops_code"), "annotate": ("replace_existing", "line")}
    names = known["rewrite_function" if "source" in arguments else "annotate"]
    return {**{name: optional[name] for name in names}, **arguments}


def modernizer(server: ModelServer) -> DurableAgent:
    return create_durable_agent(
        model=server.model,
        name=Role.MODERNIZER,
        system_prompt="You modernize.",
        tools=(
            tools.rewrite_function,
            tools.annotate,
            tools.add_import,
            tools.apply_rules,
            tools.run_gates,
            tools.diff,
            tools.withdraw,
        ),
        task_queue=queue_of("faults"),
        answer=FORMS[Role.MODERNIZER],
        strikes=8,
        turns=16,
    )


async def ended(task: DurableTask) -> AgentReply | str:
    """Return the task's reply, or why it waits for a person."""
    result = asyncio.create_task(task.result())
    async with asyncio.timeout(180):
        while not result.done():
            reason = await task.waits_for()
            if reason:
                await task.cancel()
                result.cancel()
                return reason
            await asyncio.wait({result}, timeout=0.2)
        return result.result()


def outside(root: Path) -> dict[str, bytes]:
    """Return what lies beside and in the work tree: nothing of it may change."""
    folder = root.parent
    places = [*root.rglob("*"), *folder.glob("*.py")]
    return {str(path): path.read_bytes() for path in places if path.is_file() and ".git/objects" not in str(path)}


def wrong(workspace: Workspace) -> list[str]:
    """Return what a workspace holds that it must not."""
    repository = Git(Path(workspace.run.git_dir))
    before = Snapshot(repository, workspace.commit, {})
    after = Snapshot(repository, workspace.commit, workspace.changed)
    found = [path for path in workspace.changed if protection_of(path) or path not in before.paths()]
    for path in workspace.changed:
        edits = [edit for edit in workspace.edits if edit.path == path]
        failures = gate_failures(path, before.read(path), after.read(path), (3, 8), allowed=allowed_by(edits))
        found += [f"{path}: {failure}" for failure in failures if failure.gate != "names"]
    return found


async def test_every_sequence_of_faults_ends_as_it_should(state: StateDirectory) -> None:
    at = agent_at_work(state.path, FILES)
    root = state.path / "project"
    hashes = {path: at.hash_of(path) for path in FILES}
    before, refs = outside(root), git(root, "for-each-ref")
    endings: dict[str, int] = {}
    kept = 0
    with ModelServer(Chaos(hashes).reply) as server:
        agent = modernizer(server)
        async with at_work(state, agent):
            client = await connect(ServerSettings(), state, start=False, plugins=[plugin()])
            places = asyncio.Semaphore(AT_ONCE)

            async def sequence(number: int) -> AgentReply | str:
                async with places:
                    handle = await client.start_workflow(
                        DURABLE_AGENT,
                        AgentTask(
                            run_id=f"fault-{number}",
                            brief=f"sequence {number}",
                            workspace=at.context.workspace,
                            budget=Budget(turns=40),
                        ),
                        id=f"fault-{number}",
                        task_queue=agent.task_queue,
                        result_type=AgentReply,
                    )
                    return await ended(DurableTask(handle.id, handle))

            results = await asyncio.gather(*(sequence(number) for number in range(SEQUENCES)))
    for result in results:
        if isinstance(result, str):
            assert "hint: " in result or result.startswith("budget: "), result
            ending = "paused"
        elif result.given_up:
            assert re.search(" bad answers or refused calls: |longer than the model can read", result.given_up)
            ending = "given up"
        else:
            ItemReport.model_validate(json.loads(result.answer))
            ending = "answered"
        endings[ending] = endings.get(ending, 0) + 1
        if not isinstance(result, str):
            workspace = load(at.context.artefacts, result.workspace, Workspace)
            kept += len(workspace.edits)
            assert wrong(workspace) == []
    assert outside(root) == before
    assert git(root, "for-each-ref") == refs
    assert sum(endings.values()) == SEQUENCES
    assert kept or SEQUENCES < ENOUGH, "no edit was ever kept, so the gates were not tried"
    print(f"\n{SEQUENCES} sequences: {endings}, {kept} edits kept, {len(server.requests)} requests")  # noqa: T201
