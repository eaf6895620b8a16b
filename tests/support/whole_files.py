"""The agent to compare with: it reads and rewrites whole files, as the well-known demonstrations of agents do.

It is a sensible one of its kind, and comes to the very same files as the run that it is compared with:

* the same four roles; the orchestrator says one short plan and one report;
* the archaeologist lists the files and reads each once, empty ones left out;
* modernizer and documenter read and write only the files that they change, each once, at the first try;
* one conversation a role, one call a turn, because what is written next depends on what was read; prompts and tools are
  as short as can be, and no test is run.

`apart` is the kinder variant: each file is a conversation of its own. It is made with the library of this project, and
asks over real HTTP, so that its context grows as that of any agent does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from archaeologist.agents import DurableAgentClient, create_durable_agent, tool
from support.agents import at_work, queue_of
from support.model_server import ModelServer, Reply
from support.repositories import git
from support.tokens import Meter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.agents import DurableAgent, Tool
    from archaeologist.temporal.state import StateDirectory

PROMPTS = {
    "orchestrator": "You are the orchestrator of a modernization of legacy Python code. Plan it, and report on it",
    "archaeologist": "You are the archaeologist. Read the code and say, file by file, what is old about it",
    "modernizer": "You are the modernizer. Rewrite legacy Python files in modern Python that behaves as before",
    "documenter": "You are the documenter. Write the docstrings that files lack; change nothing else",
}


@dataclass(frozen=True)
class Modernization:
    """What a run made of a repository.

    Attributes:
        root: the repository.
        base: the commit it began with.
        rewritten: the modernizer's last commit.
        tip: the documenter's last commit.
    """

    root: Path
    base: str
    rewritten: str
    tip: str

    @classmethod
    def on(cls, root: Path, base: str, branch: str) -> Modernization:
        """Read a run's branch."""
        form = "--format=%H %(trailers:key=Archaeologist-Step,valueonly,separator=)"
        rows = [row.split() for row in git(root, "log", "--reverse", form, f"{base}..{branch}").splitlines()]
        commits = [commit for commit, _ in rows]
        rewritten = [commit for commit, step in rows if not step.startswith("document")]
        return cls(root, git(root, "rev-parse", base), rewritten[-1], commits[-1])

    @property
    def changed_lines(self) -> int:
        """Lines that went and lines that came, as git counts them."""
        rows = git(self.root, "diff", "--numstat", self.base, self.tip).splitlines()
        return sum(int(number) for row in rows for number in row.split("\t")[:2])


@dataclass(frozen=True)
class _Conversation:
    role: str
    brief: str
    replies: list[Reply]


async def rewrite_whole_files(
    state: StateDirectory, done: Modernization, folder: Path, *, apart: bool = False
) -> Meter:
    """Come to the same files as a run by reading and writing them whole, and return what that took.

    Args:
        state: where the agents' worker and server are.
        done: the run to compare with.
        folder: where the repository is copied to; not there yet.
        apart: each file is a conversation of its own.
    """
    git(done.root, "clone", "--quiet", str(done.root), str(folder))
    git(folder, "checkout", "--quiet", "--detach", done.base)
    talks = [talk for whole in _conversations(done, folder) for talk in (_apart(whole) if apart else [whole])]
    replies = {talk.brief: talk.replies for talk in talks}

    def script(body: dict[str, Any]) -> Reply:
        said = sum(message["role"] == "assistant" for message in body["messages"])
        reply: Reply = replies[body["messages"][1]["content"]][said]
        return reply

    meter = Meter(script)
    with ModelServer(meter) as server:
        agents = {role: _agent(role, server.model, _tools(folder)) for role in PROMPTS}
        async with at_work(state, *agents.values()):
            for talk in talks:
                client = DurableAgentClient(agents[talk.role].task_queue, state_dir=state.path)
                reply = await client.run(talk.brief)
                assert not reply.given_up, reply.given_up
    assert git(folder, "diff", "--name-only", done.tip) == ""
    return meter


def _agent(role: str, model: str, tools: list[Tool]) -> DurableAgent:
    return create_durable_agent(
        model=model,
        system_prompt=PROMPTS[role],
        tools=[] if role == "orchestrator" else tools,
        task_queue=queue_of(role),
        name=role,
    )


def _tools(folder: Path) -> list[Tool]:
    @tool(read_only=True)
    def list_files() -> str:
        """List the files of the repository."""
        return git(folder, "ls-files")

    @tool(read_only=True)
    def read_file(path: str) -> str:
        """Read a file."""
        return (folder / path).read_bytes().decode()

    @tool(idempotent=True)
    def write_file(path: str, content: str) -> str:
        """Write a file, all of it."""
        (folder / path).write_bytes(content.encode())
        return "written"

    return [list_files, read_file, write_file]


def _conversations(done: Modernization, folder: Path) -> Iterator[_Conversation]:
    """Yield one conversation a role, and a second one of the orchestrator, in their order."""
    paths = [path for path in git(folder, "ls-files").splitlines() if (folder / path).stat().st_size]
    notes = "\n".join(
        f"{path}: idioms of Python 2, texts put together with %, names without docstrings" for path in paths
    )
    yield _Conversation("orchestrator", "Plan the modernization for Python 3.8", [Reply.says(_PLAN)])
    reads = [Reply.calls(("read_file", {"path": path})) for path in paths]
    listed = Reply.calls(("list_files", {}))
    yield _Conversation("archaeologist", "Read the repository", [listed, *reads, Reply.says(notes)])
    for role, start, end in (("modernizer", done.base, done.rewritten), ("documenter", done.rewritten, done.tip)):
        yield _Conversation(
            role, f"You are the {role}. {_PLAN}\n\nWhat was found:\n{notes}", _rewrites(folder, start, end)
        )
    yield _Conversation("orchestrator", f"Report. {_PLAN}\n\nAll of it is done", [Reply.says(_PLAN)])


def _rewrites(folder: Path, start: str, end: str) -> list[Reply]:
    replies = []
    for path in git(folder, "diff", "--name-only", start, end).splitlines():
        content = git(folder, "show", f"{end}:{path}") + "\n"
        replies += [
            Reply.calls(("read_file", {"path": path})),
            Reply.calls(("write_file", {"path": path, "content": content})),
        ]
    return [*replies, Reply.says("Done")]


def _apart(whole: _Conversation) -> Iterator[_Conversation]:
    """Yield a conversation for each file of one; its brief names the file, and what was found in others is left out."""
    reads = [number for number, reply in enumerate(whole.replies) if _is_read(reply)]
    if not reads:
        yield whole
    for first, following in pairwise([*reads, len(whole.replies) - 1]):
        brief = f"{whole.role}: {_PLAN}\n\n{whole.replies[first].tools[0].arguments}"
        yield _Conversation(whole.role, brief, [*whole.replies[first:following], Reply.says("Done")])


def _is_read(reply: Reply) -> bool:
    return any(call.name == "read_file" for call in reply.tools)


_PLAN = "Texts become f-strings, files are opened in with statements, what served Python 2 goes; tests stay as they are"
_FOUND = "idioms of Python 2, texts put together with %, names without docstrings"
