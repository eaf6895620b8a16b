"""What a finished branch says about itself: the ledger for programs and the report for people."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from archaeologist.documents import (
    FileEntry,
    LayerChange,
    LayerOfRule,
    Opening,
    Survey,
    SurveyedFile,
)
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunRequest, RunScope, Verdict
from archaeologist.domain.steps import CloseRun, TestsRan
from archaeologist.reporting.ledger import ledger_lines
from archaeologist.reporting.markdown import Evidence, markdown_report
from archaeologist_tools.engine.base import Evidence as Level
from archaeologist_tools.engine.base import Refusal, Span, make_edit
from archaeologist_tools.git.branch import CommitLine
from archaeologist_tools.project.models import ProjectFacts

RUN = RunScope(
    run_id="7f3a",
    root="/r",
    git_dir="/r/.git",
    base="b" * 40,
    branch="modern",
    date="0 +0000",
    author_name="A",
    author_email="a@b.invalid",
)
EDIT = make_edit(
    "AR020",
    "app.py",
    Span(7, 15, 1, 8),
    before="(object)",
    after="",
    evidence=Level.PROVED,
    reason="object is the builtin",
)
REFUSAL = Refusal("AR001", "we|rd`\n.py", Span(0, 3, 4, 1), "bare-operand", "may be a tuple")


@pytest.fixture
def evidence() -> Evidence:
    file = FileEntry(path="app.py", mode="100644", oid="0" * 40, size=20)
    layer = LayerOfRule(
        step="rewrite-AR020",
        rule="AR020",
        title="Drop the base class object",
        changes=(LayerChange(path="app.py", mode="100644", oid="1" * 40, edits=(EDIT,)),),
    )
    surveyed = SurveyedFile(file=file, status="ok", message="", lines=2, summary="", by_rule={"AR020": 1}, public=())
    commit = CommitLine("c" * 40, layer.title, {"Archaeologist-Step": layer.step}, ("app.py",), 1, 1)
    return Evidence(
        opening=Opening(files=(file,), skipped=(), batches=((0,),), rules=("AR020",)),
        survey=Survey(
            files=(surveyed,),
            skipped=(),
            batches=(),
            facts=ProjectFacts(),
            rules=("AR020",),
            by_rule={"AR020": 1},
            hot_spots=(),
        ),
        layers=(layer,),
        left_alone={Role.DOCUMENTER: (REFUSAL,)},
        commits=(commit,),
    )


def order(*, broken: tuple[str, ...] = (), tests: TestsRan | None = None) -> CloseRun:
    return CloseRun(
        run=RUN,
        request=RunRequest(run=RUN, version="0", target="py38", target_origin="setup.py", notes=("HEAD is detached",)),
        opening="",
        survey="",
        rewritten="",
        documented="",
        tip="c" * 40,
        verdict=Verdict.WORSE if broken else Verdict.GOOD,
        summary="One edit. All is well.",
        broken=broken,
        baseline=tests,
        verified=tests,
    )


def test_the_ledger_names_every_edit_with_its_commit_and_every_refusal_with_its_reason(evidence: Evidence) -> None:
    edit, left_alone = map(json.loads, ledger_lines(evidence).splitlines())
    assert edit["kind"] == "edit"
    assert edit["commit"] == "c" * 40
    assert (edit["rule"], edit["evidence"], edit["before"], edit["id"]) == ("AR020", "proved", "(object)", EDIT.id)
    assert left_alone["kind"] == "left-alone"
    assert (left_alone["code"], left_alone["span"]["line"]) == ("bare-operand", 4)
    assert left_alone["agent"] == "documenter"


def test_the_report_tells_commits_evidence_and_what_was_left_alone(evidence: Evidence) -> None:
    text = markdown_report(order(), evidence)
    assert text.startswith("# Modernized for Python 3.8\n\nOne edit. All is well.\n")
    assert "| AR020 Drop the base class object | `cccccccccc` | 1 | 1 | +1 -1 | proved 1 |" in text
    assert "| AR001 | bare-operand | 1 | may be a tuple |" in text
    assert "| AR020 | object-base | 1 |" in text
    assert "Note: HEAD is detached." in text
    assert "tests were not run" in text


def test_the_report_names_the_tests_that_hold_findings_and_stay(evidence: Evidence) -> None:
    (surveyed,) = evidence.survey.files
    named = {path: surveyed.file.model_copy(update={"path": path}) for path in ("tests/test_a.py", "tests/test_b.py")}
    found = surveyed.model_copy(update={"file": named["tests/test_a.py"]})
    clean = surveyed.model_copy(update={"file": named["tests/test_b.py"], "by_rule": {}})
    survey = evidence.survey.model_copy(update={"files": (surveyed, found, clean)})
    text = markdown_report(order(), replace(evidence, survey=survey))
    assert "1 test file holds findings and stays as it is, as tests judge the branch: `tests/test_a.py`" in text
    assert "test_b" not in text


def test_names_from_the_code_under_work_cannot_break_out_of_a_table(evidence: Evidence) -> None:
    text = markdown_report(order(), evidence)
    assert "we\\|rd' .py:4" in text


def test_a_branch_that_got_worse_names_the_tests(evidence: Evidence) -> None:
    tests = TestsRan(artefact="", command="python -m unittest", passed=1, failed=1, skipped=0, seconds=1)
    text = markdown_report(order(broken=tuple(f"test_{number}" for number in range(40)), tests=tests), evidence)
    assert "**These tests passed before and do not now:**" in text
    assert "* `test_24`" in text
    assert "and 15 more" in text
    assert "Command: `python -m unittest`" in text


def test_a_report_stays_below_what_a_pull_request_takes(evidence: Evidence) -> None:
    many = tuple(
        Refusal("AR001", f"{'p' * 150}{number}.py", Span(0, 1, 1, 1), f"code-{number}", "w" * 300)
        for number in range(3_000)
    )
    big = Evidence(evidence.opening, evidence.survey, evidence.layers, {Role.MODERNIZER: many}, evidence.commits)
    assert len(markdown_report(order(), big).encode()) < 64_000
