"""`modernize --model`: four agents with a model, from the command line, over real HTTP, on a real repository."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.steps.packing import NOTES
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist.temporal.state import StateDirectory
from support.commandline import CommandLine
from support.embedded import wait_until
from support.model_server import ModelServer, Reply
from support.modernist import finish, shown_in, well
from support.repositories import git, make_repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_what_breaks_tests_or_comes_to_nothing_is_not_committed_and_named(cli: CommandLine, tmp_path: Path) -> None:
    """An edit that passes every gate and breaks a test goes back to the model; a kind that only fails is stopped."""
    root = make_repository("inventory", tmp_path / "inventory")
    for name in "abcd":
        functions = [f"def say{number}(x):\n    return '%s!' % x\n" for number in range(NOTES)]
        (root / "stockroom" / f"{name}.py").write_text("\n\n".join(functions))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "Say more")
    told: list[str] = []

    def careless(body: dict[str, object]) -> Reply:
        messages = body["messages"]
        assert isinstance(messages, list)
        system = messages[0]["content"]
        if not system.startswith("You are the modernizer"):
            return well(body) if system.startswith("You are the orchestrator") else _leaves_alone(body)
        place = shown_in(messages[1]["content"]).get(("stockroom/models.py", "Item.__str__"))
        if not place:
            return Reply.empty()
        if len(messages) > 2:
            told.append(messages[-1]["content"])
            return finish({"outcome": "left-alone", "title": "", "reason": "the tests want it as it is"})
        edit = place | {"source": "return 'wrong'", "imports": None, "drops_code": None}
        return finish({"outcome": "done", "title": "Say less", "reason": "it is shorter"}, ("rewrite_function", edit))

    with ModelServer(careless) as server:
        done = cli.run("modernize", root, "--model", server.model, "--trust-tests", "--plain")
    assert done.code == 0, done.stderr
    assert len(told) == 1
    assert "tests that passed before fail with this edit" in told[0]
    branch = git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads/archaeologist/")
    assert "wrong" not in git(root, "show", f"{branch}:stockroom/models.py")
    report = git(root, "notes", "--ref", "archaeologist", "show", branch)
    assert "6 bad answers or refused calls: your answer was empty" in report
    assert "after several in a row came to nothing" in report
    given_up = re.findall(r"^\* modernizer: ([^ ,:]+).*: 6 bad answers", report, re.MULTILINE)
    four = [f"stockroom/{name}.py" for name in "abcd"]
    other_kind = ["stockroom/settings.py", "stockroom/storage.py"]
    assert [path for path in given_up if path not in other_kind] == four, "four at once, none after three in a row"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_repository("encodings", tmp_path / "small")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(_leaves_alone) as server:
        yield server


def run_of(cli: CommandLine, root: Path) -> dict[str, str]:
    """Return what is listed of the one run of a repository."""
    (record,) = (each for each in cli.run("runs", "list", "--json").records if each["repository"] == str(root))
    return record


def _leaves_alone(body: dict[str, object]) -> Reply:
    """Answer as a model that finds all as it should be."""
    system = body["messages"][0]["content"]  # type: ignore[index]
    if system.startswith(("You are the orchestrator", "You write", "You are the archaeologist")):
        return well(body) if "archaeologist" not in system[:30] else finish({"summary": "Fine.", "first": []})
    return finish({"outcome": "left-alone", "title": "", "reason": "it is fine"})


def test_a_plan_waits_for_a_person_and_a_no_leaves_the_code_alone(
    cli: CommandLine, small: Path, server: ModelServer
) -> None:
    asked = cli.run("modernize", small, "--model", server.model, "--no-tests", "--plain", "--approve", "plan")
    assert asked.code == 3
    assert "plan waits for an approval: care for texts" in asked.stderr
    assert "archaeologist approve" in asked.stderr
    assert run_of(cli, small)["state"] == "paused"
    refused = cli.run("approve", "--deny", "not now", cwd=small)
    assert refused.code == 0, refused.stderr
    done = cli.run("resume", cwd=small)
    assert done.code == 0, done.stderr
    assert git(small, "for-each-ref", "refs/heads/archaeologist/") == ""
    nothing = cli.run("approve", cwd=small)
    assert nothing.code == 3
    assert "only an open run can be told anything" in nothing.hint or "is done" in nothing.error


def _documents(body: dict[str, object]) -> Reply:
    """Answer as a model that documents, and leaves the code alone."""
    is_documenter = "You are the documenter" in body["messages"][0]["content"]  # type: ignore[index]
    return well(body) if is_documenter else _leaves_alone(body)


def test_what_waits_for_a_person_goes_on_waiting_until_it_is_decided(cli: CommandLine, small: Path) -> None:
    with ModelServer(_documents) as server:
        asked = cli.run("modernize", small, "--model", server.model, "--no-tests", "--plain", "--approve", "item")
        for what in ("plan", "rewrite", "document", "item-1"):
            waits = asked.stderr.splitlines()[-3:]
            assert f"{what} waits for an approval" in waits[0], asked.stderr
            again = cli.run("resume", cwd=small)
            assert (again.code, again.stderr.splitlines()[-3:]) == (3, waits), "going on decides nothing"
            assert cli.run("approve", *(["--deny", "no"] if what == "rewrite" else []), cwd=small).code == 0
            asked = cli.run("resume", cwd=small)
    assert asked.code == 0, asked.stderr
    subjects = git(small, "log", "--format=%s", "main..", run_of(cli, small)["branch"]).splitlines()
    assert [each for each in subjects if each.startswith("Document ") and each.endswith(".py")], subjects
    assert "Use f-strings for % formatting" not in subjects, "no to a phase leaves it out"


LIMITS = {
    "tokens": ("1000", r"[\d,]+ of 1,000 tokens", "1", "1000000"),
    "answers": ("1", "1 of 1 answers", "1", "100"),
    "seconds": ("0.001", r"\d+ of 0 seconds", "0.0001", "1000"),
}


def test_each_budget_that_is_used_up_stops_the_run_until_it_is_raised(cli: CommandLine, small: Path) -> None:
    """One run with three limits: it stops at each of them in turn."""
    limits = {f"ARCHAEOLOGIST_BUDGET_{name.upper()}": limit for name, (limit, *_) in LIMITS.items()}
    limited = CommandLine(cli.state, cli.home, limits)
    with ModelServer(_leaves_alone) as server:
        stopped = limited.run("modernize", small, "--model", server.model, "--no-tests", "--plain")
        for name, (_, words, too_low, enough) in LIMITS.items():
            assert stopped.code == 4, stopped.stderr
            assert re.search(f"budget: {words}", stopped.error)
            assert "archaeologist budget" in stopped.hint
            refused = cli.run("budget", f"--{name}", too_low, cwd=small)
            assert refused.code == 3
            assert "spent already" in refused.error
            assert cli.run("budget", f"--{name}", enough, cwd=small).code == 0
            stopped = cli.run("resume", cwd=small)
    assert stopped.code == 0, stopped.stderr


def test_a_person_can_speak_to_an_agent_that_waits(cli: CommandLine, small: Path, server: ModelServer) -> None:
    server.script = [Reply.status(401, "no such key")]
    paused = cli.run("modernize", small, "--model", server.model, "--no-tests", "--plain")
    assert paused.code == 3
    assert "no such key" in paused.error
    run = run_of(cli, small)["run_id"]
    nobody = cli.run("tell", run, "documenter", "hello", cwd=small)
    assert nobody.code == 3
    assert "the documenter is not at work now; at work: archaeologist" in nobody.error
    assert cli.run("tell", run, "archaeologist", "mind the umlauts", cwd=small).code == 0
    server.script = _leaves_alone
    done = cli.run("resume", cwd=small)
    assert done.code == 0, done.stderr
    assert any("The person who runs this says: mind the umlauts" in str(body) for body in server.bodies)


SKILL = "---\nname: umlauts\ndescription: How texts are written here. Read it first.\n---\n\nNever drop an umlaut.\n"


@pytest.mark.parametrize("trusted", [True, False])
def test_skills_of_a_repository_are_read_when_the_user_trusts_them(
    cli: CommandLine, small: Path, server: ModelServer, trusted: bool
) -> None:
    place = small / ".archaeologist" / "skills" / "umlauts" / "SKILL.md"
    place.parent.mkdir(parents=True)
    place.write_text(SKILL)
    git(small, "add", "--all")
    git(small, "commit", "--quiet", "-m", "Tell agents about umlauts")

    def reads(body: dict[str, object]) -> Reply:
        messages = body["messages"]
        assert isinstance(messages, list)
        if messages[0]["content"].startswith("You are the archaeologist") and len(messages) == 2:
            return Reply.calls(("read_skill", {"name": "umlauts"}))
        return _leaves_alone(body)

    server.script = reads
    options = ("--model", server.model, "--no-tests", "--plain", *(["--trust-skills"] if trusted else []))
    done = cli.run("modernize", small, *options)
    assert done.code == 0, done.stderr
    said = [str(body["messages"]) for body in server.bodies]
    assert any("How texts are written here" in text for text in said) is trusted
    assert any("Never drop an umlaut" in text for text in said) is trusted
    orchestrator = next(body for body in server.bodies if "You are the orchestrator" in str(body["messages"][0]))
    assert "umlauts" not in str(orchestrator["messages"][0]), "the orchestrator has no tools, and so no skills"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "gpt"), "gpt"),
        (("--model", "openai:gpt-x", "--offline"), "nothing may leave this one"),
        (("--model", "http://example.com/v1#x", "--offline"), "nothing may leave this one"),
        (("--model", "http://127.0.0.1:9/v1#x", "--budget-usd", "1"), "the price of"),
        (("--model", "openai:x", "--replay", "there"), "there is no --model to ask"),
    ],
    ids=["no name", "offline", "offline host", "unknown price", "replay and model"],
)
def test_a_model_that_cannot_be_is_an_error_before_anything_starts(
    cli: CommandLine, small: Path, options: tuple[str, ...], words: str
) -> None:
    done = cli.run("modernize", small, "--no-tests", *options)
    assert done.code == 2
    assert words in done.error


def test_a_wrong_key_is_mended_by_setting_it_and_resuming(alone: CommandLine, small: Path) -> None:
    """The worker that is alive has the wrong one; it is replaced by one that has what the user set."""

    def script(body: dict[str, object]) -> Reply:
        known = locked.requests[-1].headers["authorization"] == "Bearer right"
        return _leaves_alone(body) if known else Reply.status(401, "that key is wrong")

    with ModelServer() as locked:
        locked.script = script
        options = ("--model", locked.model, "--no-tests", "--plain")
        paused = alone.run("modernize", small, *options, ARCHAEOLOGIST_API_KEY="wrong")
        assert paused.code == 3
        assert "that key is wrong" in paused.error
        still = alone.run("resume", cwd=small, ARCHAEOLOGIST_API_KEY="wrong")
        assert still.code == 3
        done = alone.run("resume", cwd=small, ARCHAEOLOGIST_API_KEY="right")
    assert done.code == 0, done.stderr
    kept = [path.read_bytes() for path in alone.state.rglob("*") if path.is_file() and path.suffix != ".db"]
    assert not any(b"Bearer" in content or b'right"' in content for content in kept)


def test_a_missing_key_is_an_error_before_anything_starts(alone: CommandLine, small: Path) -> None:
    done = alone.run("modernize", small, "--model", "openai:gpt-5", "--no-tests")
    assert done.code == 3
    assert done.error == "no key for openai:gpt-5"
    assert "OPENAI_API_KEY" in done.hint
    checked = alone.run("doctor", ARCHAEOLOGIST_MODEL="openai:gpt-5")
    assert checked.code == 3
    assert "FAIL  model          no key for openai:gpt-5" in checked.stdout


async def test_what_a_model_is_writing_is_seen_while_it_writes(cli: CommandLine, small: Path) -> None:
    def script(body: dict[str, object]) -> Reply:
        return Reply.slow(Reply.says("I wonder what this code is for. "), 1.0)

    with ModelServer(script) as server:
        options = ("--model", server.model, "--no-tests", "--detach")
        assert cli.run("modernize", small, *options).code == 0
        client = await connect(ServerSettings(), StateDirectory(cli.state), start=False, plugins=[plugin()])
        source = LiveSource(client)
        (run,) = [run for run in await source.runs() if run.repository == str(small)]
        async with asyncio.timeout(30):
            while not any("I wonder" in step.writes for step in await source.pending(run)):  # noqa: ASYNC110 - a server is asked
                await asyncio.sleep(0.1)
        events = [event async for event in source.events(run, follow=False)]
    assert "I wonder" not in str(events)


def test_a_server_that_is_not_there_is_tried_again_and_then_waits(cli: CommandLine, small: Path) -> None:
    log = small.parent / "log"
    options = ("--model", "http://127.0.0.1:9/v1#x", "--no-tests", "--json")
    started = cli.start(log, "modernize", small, *options)
    wait_until(lambda: "StepStarted" in log.read_text() and "dig-begin" in log.read_text(), "the archaeologist thinks")
    started.interrupt()
    shown = cli.run("runs", "show", cwd=small)
    assert "dig-1" in shown.stdout
