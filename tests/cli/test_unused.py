"""What was typed for a new run and does not hold in the one that is open: found from the two requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.cli.modernize import modernize
from archaeologist.cli.unused import unlike
from archaeologist.pipeline.intake import find_repository, take_in
from archaeologist.settings import load_settings
from support.projects import project

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.domain.run import RunRequest


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return project(tmp_path / "project", {"sub/more.py": "x = 1\n"})


def asked(path: Path, *rules: str, **settings: object) -> RunRequest:
    named = {name.replace("_", "-"): value for name, value in settings.items()}
    return take_in(find_repository(path, init=False), load_settings(named, environment={}), rules).request


def typed(*words: str) -> dict[str, Any]:
    """Return the options of `modernize` as click gives them."""
    return modernize.make_context("modernize", list(words)).params


def test_nothing_is_said_of_what_is_the_same_or_was_not_typed(repository: Path) -> None:
    began = asked(repository, "AR020", branch="a", target_version="py311")
    assert list(unlike(asked(repository), began, typed())) == []
    words = typed("--rules", "AR020", "--branch", "a", "--target-version", "3.11", "--no-tests")
    assert list(unlike(asked(repository, "AR020", branch="a", target_version="py311"), began, words)) == []


def test_each_option_that_does_not_hold_is_said_with_what_does(repository: Path) -> None:
    began = asked(repository, branch="a", model="http://example.com/v1#m", budget_tokens=1000)
    began = began.model_copy(update={"tests": began.tests.model_copy(update={"run": True})})
    wanted = asked(repository / "sub", "AR020", branch="b", exclude=("c", "d"), budget_tokens=5000)
    words = typed(
        *("--rules", "AR020", "--branch", "b", "--exclude", "c", "--exclude", "d", "--no-tests", "--offline"),
        *("--model", "offline", "--budget-tokens", "5000", "--approve", "none"),
    )
    assert [line.strip() for line in unlike(wanted, began, words)] == [
        "sub: it began with the whole repository",
        "--branch b: it began with a",
        "--rules AR020: it began with all rules",
        "--exclude c --exclude d: it began with none",
        "--no-tests: it began with `--trust-tests`",
        "--model offline: it began with http://example.com/v1#m",
        "--offline: it began with http://example.com/v1#m",
        "--budget-tokens 5000: it began with 1,000",
    ]


def test_of_many_rules_the_first_are_named(repository: Path) -> None:
    began = asked(repository, "AR020", "AR021", "AR022", "AR023", "AR024")
    (line,) = unlike(asked(repository, "AR020"), began, typed("--rules", "AR020"))
    assert line.endswith("AR020, AR021, AR022, AR023, and 1 more")
