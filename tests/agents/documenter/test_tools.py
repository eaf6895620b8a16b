"""The documenter's tools on a real repository: what is not so is refused, and no code changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.agents.documenter.tools import api, set_docstring, write_document
from archaeologist.agents.modernizer.tools import run_gates
from support.workspaces import Agent, agent_at_work

if TYPE_CHECKING:
    from pathlib import Path

STOCK = "# see https://known.org\nclass Stock:\n    def add(self, name):\n        return name\n"
README = "# App\n\nIntro.\n\n## Usage\n\nOld.\n"
FILES: dict[str, str | bytes] = {
    "app/stock.py": STOCK,
    "app/old.py": "print 1\n",
    "README.md": README,
    "docs/latin.rst": "Gr\xfc\xdfe\n=====\n".encode("latin-1"),
    "tests/test_stock.py": "def test(): pass\n",
    "tests/README.md": "# Tests\n",
    "AGENTS.md": "# Agents\n",
    "LICENSE.md": "# MIT\n",
}


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    return agent_at_work(tmp_path, FILES)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"qualname": "Stock.add", "text": "Add.\n\nArgs:\n    nmae: it"}, "`Stock.add` has no parameter `nmae`"),
        ({"qualname": "Stock.add", "text": "Add.\n\nRaises:\n    OSError: x"}, "nothing here raises `OSError`"),
        ({"qualname": "Stock.add", "text": "See https://evil.io/x"}, "nothing in the project names the host evil.io"),
        ({"qualname": "Stock.ad", "text": "Add."}, "defines no class or function `Stock.ad`"),
        ({"qualname": "", "text": "Uses [REDACTED token 1]."}, "[REDACTED ...] is a secret"),
        ({"qualname": "", "text": ""}, "the docstring says nothing"),
        ({"qualname": "", "text": "Doc.", "based_on": "0" * 12}, "read it again"),
        ({"qualname": "test", "text": "Do.", "path": "tests/test_stock.py"}, "is a test, and stays as it is"),
    ],
)
def test_docstrings_that_are_refused(agent: Agent, arguments: dict[str, str], reason: str) -> None:
    assert reason in agent.refused(set_docstring, **({"path": "app/stock.py"} | arguments))


def test_docstrings_that_are_so_are_kept(agent: Agent) -> None:
    text = "Add.\n\nSee https://known.org.\n\nArgs:\n    name: of what is added\n\nReturns:\n    the name"
    assert agent.use(set_docstring, path="app/stock.py", qualname="Stock.add", text=text).ok
    assert agent.use(set_docstring, path="app/stock.py", qualname="Stock", text="A stock.").ok
    assert agent.use(set_docstring, path="app/stock.py", qualname="", text="Stock.").ok
    shown = agent.text("app/stock.py")
    assert '"""Stock."""' in shown
    assert "        Args:\n            name: of what is added\n" in shown
    assert {edit.rule for edit in agent.workspace.edits} == {"MODEL-DOCSTRING"}
    assert agent.use(run_gates).content == "all gates pass"
    assert "has a docstring" in agent.refused(set_docstring, path="app/stock.py", qualname="Stock", text="Another.")
    arguments = {"path": "app/stock.py", "qualname": "Stock", "text": "Another.", "replace_existing": True}
    assert agent.use(set_docstring, **arguments).ok


def test_the_api_of_a_file_is_shown(agent: Agent) -> None:
    assert "line 3: def Stock.add(self, name): no docstring" in agent.use(api, path="app/stock.py").content
    assert "looks like Python 2" in agent.refused(api, path="app/old.py")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"path": "README.md"}, "README.md is there already; name the section to write"),
        ({"path": "README.md", "section": "Usage", "based_on": ""}, "read it again"),
        (
            {"path": "README.md", "section": "Usage", "text": "```python\nx = (\n```"},
            "the code on line 2 does not parse",
        ),
        ({"path": "README.md", "section": "Usage", "text": "https://evil.io"}, "names the host evil.io"),
        ({"path": "README.md", "section": "Usage", "text": "# App"}, "would end the section"),
        ({"path": "README.md", "section": "Usage", "text": "[REDACTED password 1]"}, "[REDACTED ...] is a secret"),
        ({"path": "docs/latin.rst", "section": "Usage"}, "docs/latin.rst is not written in UTF-8"),
        ({"path": "app/stock.py"}, "is no Markdown or reStructuredText document"),
        ({"path": "tests/README.md", "section": "Tests"}, "is a test, and stays as it is"),
        ({"path": "AGENTS.md", "section": "Agents"}, "an instruction to agents, and stays as it is"),
        ({"path": "LICENSE.md", "section": "MIT"}, "a licence, and stays as it is"),
        ({"path": "docs/CLAUDE.md", "based_on": ""}, "an instruction to agents, and is not made here"),
        ({"path": "../x.md", "based_on": ""}, "there is no folder .."),
        ({"path": "new/x.md", "based_on": ""}, "there is no folder new; put it into one that is there"),
        ({"path": "docs/x.md", "based_on": "", "section": "A"}, "there is no docs/x.md; leave `section` out"),
        ({"path": ".github/x.md", "based_on": ""}, "continuous integration"),
    ],
)
def test_documents_that_are_refused(agent: Agent, arguments: dict[str, str], reason: str) -> None:
    assert reason in agent.refused(write_document, **({"text": "New."} | arguments))


def test_a_section_of_a_document_is_written(agent: Agent) -> None:
    done = agent.use(write_document, path="README.md", section="Usage", text="Call `Stock.add`, never `Stock.sub`.")
    assert done.ok
    assert done.content.endswith("not found in the project, look again: Stock.sub")
    assert agent.text("README.md") == README.replace("Old.", "Call `Stock.add`, never `Stock.sub`.")
    assert [edit.reason for edit in agent.workspace.edits] == ["the section Usage"]


def test_a_new_document_is_written(agent: Agent) -> None:
    assert agent.use(write_document, path="docs/usage.md", text="# Usage\r\n\r\nNew.", based_on="").ok
    assert agent.text("docs/usage.md") == "# Usage\n\nNew.\n"
