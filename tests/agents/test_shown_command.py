from __future__ import annotations

import pytest

from archaeologist.agents.orchestrator.steps import shown
from archaeologist_tools.checks.plan import TestPlan


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (("/opt/py/bin/python3", "-m", "unittest", "discover"), "python -m unittest discover"),
        (("python3.12", "-m", "pytest"), "python -m pytest"),
        (("/home/me/.venv/bin/pytest", "-k", "not slow"), "pytest -k 'not slow'"),
        (("make", "test"), "make test"),
    ],
)
def test_the_command_that_goes_into_the_readme_names_no_path_of_this_machine(
    command: tuple[str, ...], text: str
) -> None:
    assert shown(TestPlan("command", command, python="/opt/py/bin/python3")) == text
