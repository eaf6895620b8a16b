from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.archaeologist.recording import MOST_FINDINGS, record_finding
from archaeologist_tools.engine.base import Finding, Fixer, Span
from support.workspaces import agent_at_work

if TYPE_CHECKING:
    from pathlib import Path

    from support.workspaces import Agent

CODE = (
    b"# coding: latin-1\r\nname = '\xe4'\r\n\r\n"
    b"def load():\r\n    try:\r\n        return open(name)\r\n    except Exception:\r\n        pass\r\n"
)
MESSAGE = "all errors are swallowed, so a missing file looks like an empty one"


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return agent_at_work(tmp_path, {"app/load.py": CODE, "app/secret.py": 'password = "hT7#kk2!pq9Z"\n'})


def finding(**other: object) -> dict[str, object]:
    return {
        "path": "app/load.py",
        "first_line": 7,
        "last_line": 8,
        "quote": "except Exception:",
        "kind": "risky-error-handling",
        "message": MESSAGE,
        "fixer": "agent",
        **other,
    }


def test_a_finding_is_kept_with_its_place_in_bytes(agent: Agent) -> None:
    done = agent.use(record_finding, **finding())
    assert done.content == "recorded; 1 finding by now"
    start = CODE.index(b"    except")
    expected = Finding("risky-error-handling", "app/load.py", Span(start, len(CODE), 7, 1), MESSAGE, Fixer.AGENT)
    assert agent.workspace.findings == (expected,)


def test_a_quote_may_be_copied_with_numbers_and_over_lines(agent: Agent) -> None:
    agent.use(record_finding, **finding(quote="7\t    except Exception:\n8\t        pass"))
    agent.use(record_finding, **finding(first_line=2, last_line=2, quote="name = 'ä'"))
    assert [each.span.line for each in agent.workspace.findings] == [7, 2]


def test_a_quote_that_stands_elsewhere_is_refused_with_its_place(agent: Agent) -> None:
    assert agent.refused(record_finding, **finding(first_line=1, last_line=3)) == (
        "the quote does not stand on lines 1 to 3 of app/load.py, but on line 7"
    )
    assert agent.refused(record_finding, **finding(quote="return open(name)\nexcept Exception:")).endswith(
        "but on 6 to 7"
    )
    assert "nor anywhere in it" in agent.refused(record_finding, **finding(quote="except BaseException:"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"first_line": 7, "last_line": 9}, "has no lines 7 to 9, but 1 to 8"),
        ({"first_line": 0}, "has no lines 0 to 8"),
        ({"first_line": 8, "last_line": 7}, "has no lines 8 to 7"),
        ({"quote": "  "}, "too short"),
        ({"quote": "7\t"}, "too short"),
        ({"path": "../load.py"}, "there is no file"),
        ({"message": "bad"}, "says too little"),
        ({"message": "bad " * 200}, "say it in one sentence"),
        ({"kind": "typo"}, "kind"),
        ({"fixer": "rule"}, "fixer"),
    ],
)
def test_what_shows_nothing_is_refused(agent: Agent, wrong: dict[str, object], reason: str) -> None:
    assert reason in agent.refused(record_finding, **finding(**wrong))


def test_said_twice_it_is_one_finding(agent: Agent) -> None:
    agent.use(record_finding, **finding())
    first = agent.context.workspace
    agent.use(record_finding, **finding())
    assert agent.context.workspace == first
    agent.use(record_finding, **finding(message="errors are swallowed, which hides a missing file"))
    assert [each.message for each in agent.workspace.findings] == ["errors are swallowed, which hides a missing file"]
    agent.use(record_finding, **finding(kind="other"))
    assert len(agent.workspace.findings) == 2


def test_a_secret_is_quoted_as_it_was_shown(agent: Agent) -> None:
    secret = finding(path="app/secret.py", first_line=1, last_line=1, kind="security")
    assert agent.use(record_finding, **{**secret, "quote": 'password = "[REDACTED password 1]"'}).ok


def test_findings_have_an_end(tmp_path: Path) -> None:
    agent = agent_at_work(tmp_path, {"many.py": "".join(f"x{number} = {number}\n" for number in range(100))})
    for number in range(MOST_FINDINGS):
        line = number + 1
        agent.use(
            record_finding,
            **finding(path="many.py", first_line=line, last_line=line, quote=f"x{number} = {number}"),
        )
    told = agent.refused(record_finding, **finding(path="many.py", first_line=90, last_line=90, quote="x89 = 89"))
    assert "answer now" in told
