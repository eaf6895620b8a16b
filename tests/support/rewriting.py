"""Rewriting one file with chosen rules: what a rule must do, and what it must leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist_tools.engine.survey import FileSurvey, survey_files
from archaeologist_tools.engine.sweep import FileRewrite, rewrite_files

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts

TARGET = (3, 8)


def rewrite(
    source: str | bytes,
    *rules: str,
    target: tuple[int, int] = TARGET,
    facts: ProjectFacts | None = None,
    path: str = "app.py",
) -> FileRewrite:
    """Rewrite one file with the rules of these codes."""
    data = source.encode() if isinstance(source, str) else source
    (result,) = rewrite_files([(path, data)], rules=rules, target=target, facts=facts)
    return result


def survey(source: str | bytes, *rules: str, target: tuple[int, int] = TARGET, path: str = "app.py") -> FileSurvey:
    """Survey one file with the rules of these codes."""
    data = source.encode() if isinstance(source, str) else source
    (result,) = survey_files([(path, data)], rules=rules, target=target)
    return result


def check_noop(source: str, rule: str, reason: str, **options: object) -> None:
    """A rule finds something and leaves it alone, for this reason."""
    result = rewrite(source, rule, **options)  # type: ignore[arg-type]  # handed through
    assert result.layers == ()
    assert {refusal.code for refusal in result.refusals} == {reason}


def check_transformed(before: str, after: str, rule: str, **options: object) -> FileRewrite:
    """A rule writes this, byte for byte, and nothing more when it is run again."""
    result = rewrite(before, rule, **options)  # type: ignore[arg-type]  # handed through
    assert result.layers, [refusal.message for refusal in result.refusals]
    assert result.layers[-1].data.decode() == after
    assert rewrite(result.layers[-1].data, rule, **options).layers == ()  # type: ignore[arg-type]  # handed through
    return result
