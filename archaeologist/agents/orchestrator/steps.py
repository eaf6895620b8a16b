"""What surrounds the agents' work: opening a run, the project's tests, the report, cleaning up."""

from __future__ import annotations

import re
import shlex
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import git_of
from archaeologist.agents.tooling.skill_files import load_skills_from
from archaeologist.agents.turns.hosting import keep_skills
from archaeologist.boundaries import boundary
from archaeologist.documents import (
    FileEntry,
    LayerOfRule,
    Layers,
    LeftAlone,
    Opening,
    SkippedFile,
    Survey,
    TestOutcomes,
    Workspace,
    cut,
    keep,
    load,
    load_shared,
)
from archaeologist.domain.names import Role, Step
from archaeologist.domain.steps import CleanedUp, CleanUp, Closed, CloseRun, Opened, OpenOrder, RunTests, TestsRan
from archaeologist.reporting.ledger import ledger_lines
from archaeologist.reporting.markdown import Evidence, markdown_report
from archaeologist_tools.checks.compare import compare
from archaeologist_tools.checks.detection import detect_tests
from archaeologist_tools.checks.plan import TestLimits, TestPlan, require_baseline
from archaeologist_tools.checks.tests import run_tests
from archaeologist_tools.engine.registry import commit_order
from archaeologist_tools.errors import EditRefused, TestsUnusable
from archaeologist_tools.git.branch import commits
from archaeologist_tools.git.notes import LEDGER, write_note
from archaeologist_tools.git.objects import list_tree
from archaeologist_tools.git.snapshot import Snapshot
from archaeologist_tools.git.worktree import open_worktree, remove_worktree
from archaeologist_tools.source.scope import select

if TYPE_CHECKING:
    from archaeologist.domain.run import RunScope

BROKEN_SHOWN = 200
"""Tests named in a history; the artefact has them all."""


@does(Step.OPEN)
def open_run(bench: Bench, order: OpenOrder) -> Opened:
    """List the files of the scope at the base commit and cut them into batches."""
    request, run = order.request, order.run
    selection = select(list_tree(git_of(run), run.base, run.scope), exclude=request.exclude)
    files = tuple(FileEntry(path=file.path, mode=file.mode, oid=file.oid, size=file.size) for file in selection.files)
    skipped = tuple(
        SkippedFile(path=printable(skip.path), code=skip.code, detail=skip.detail) for skip in selection.skipped
    )
    limits = request.limits
    opening = Opening(
        files=files,
        skipped=skipped,
        batches=cut([file.size for file in files], limits.batch_bytes, limits.max_batches),
        rules=request.rules or tuple(rule.code for rule in commit_order()),
    )
    return Opened(
        opening=keep(bench.artefacts, opening),
        files=len(files),
        skipped=len(skipped),
        bytes=sum(file.size for file in files),
        batches=len(opening.batches),
        rules=opening.rules,
        notes=request.notes,
        skills=_skills(bench, run) if request.judgement.skills else "",
    )


def _skills(bench: Bench, run: RunScope) -> str:
    """Keep the skills that the repository brings, and return their artefact id."""
    snapshot = Snapshot(git_of(run), run.base, {})

    def read(path: str) -> bytes | None:
        try:
            return snapshot.read(path)
        except EditRefused:
            return None  # a link, a submodule

    return keep_skills(bench.artefacts, load_skills_from(read, snapshot.paths()))


def printable(path: str) -> str:
    """Return a path as text that every encoder takes: bytes that are no UTF-8 are shown as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@does(Step.RUN_TESTS)
def run_project_tests(bench: Bench, order: RunTests) -> TestsRan:
    """Run the project's tests in a private checkout of a commit."""
    run = order.run
    folder = bench.worktrees / run.run_id / order.label
    worktree = open_worktree(git_of(run), order.commit, folder / "checkout")
    try:
        if order.against:
            return _run_again(bench, order, worktree, folder / "scratch")
        return _run_first(bench, order, worktree, folder / "scratch")
    finally:
        remove_worktree(folder)


def _run_first(bench: Bench, order: RunTests, worktree: Path, scratch: Path) -> TestsRan:
    """Find out what passes today. Tests that cannot be used are no reason to stop: the branch is then unverified."""
    options = order.options
    plan: TestPlan | None = None
    try:
        plan = detect_tests(worktree, command=options.command, python=options.python, root=Path(order.run.root))
        if plan is None:
            return _nothing("", "no tests were found")
        boundary("tests-running")
        ran = run_tests(plan, worktree, limits=TestLimits(seconds=options.seconds), scratch=scratch)
        require_baseline(ran)
    except TestsUnusable as error:
        return _nothing(shown(plan) if plan else options.command or "", str(error))
    return _told(bench, TestOutcomes(plan=plan, ran=ran))


def _run_again(bench: Bench, order: RunTests, worktree: Path, scratch: Path) -> TestsRan:
    """Run what was run at the base: the branch is judged by the same command, whatever it would suggest itself."""
    before = load(bench.artefacts, str(order.against), TestOutcomes)
    boundary("tests-running")
    ran = run_tests(before.plan, worktree, limits=TestLimits(seconds=order.options.seconds), scratch=scratch)
    told = _told(bench, TestOutcomes(plan=before.plan, ran=ran))
    comparison = compare(before.ran, ran)
    broken = comparison.lost
    if comparison.worse and not broken:
        broken = (f"the test run as a whole (exit code {ran.exit_code})",)
    return told.model_copy(update={"worse": comparison.worse, "broken": broken[:BROKEN_SHOWN]})


def shown(plan: TestPlan) -> str:
    """Return a test command as anybody may type it: it goes into the README, so no path of this machine is in it."""
    program, *arguments = plan.command
    name = PurePath(program).name
    return shlex.join([re.sub(r"^python[\d.]*$", "python", name), *arguments])


def _nothing(command: str, problem: str) -> TestsRan:
    return TestsRan(artefact="", command=command, passed=0, failed=0, skipped=0, seconds=0, problem=problem)


def _told(bench: Bench, outcomes: TestOutcomes) -> TestsRan:
    counts = list(outcomes.ran.outcomes.values())
    return TestsRan(
        artefact=keep(bench.artefacts, outcomes),
        command=shown(outcomes.plan),
        passed=counts.count("passed"),
        failed=counts.count("failed") + counts.count("error"),
        skipped=counts.count("skipped") + counts.count("xfailed"),
        seconds=outcomes.ran.seconds,
    )


@does(Step.CLOSE)
def close_run(bench: Bench, order: CloseRun) -> Closed:
    """Write the report, and onto the branch, as a git note, the evidence that outlives the server's retention."""
    git = git_of(order.run)
    lines = commits(git, order.run.base, order.tip)
    swept = {Role.MODERNIZER: order.rewritten, Role.DOCUMENTER: order.documented}
    agents = {role: load_shared(bench.artefacts, layers, Layers) for role, layers in swept.items() if layers}
    judged = [layer for work in order.judged.values() for layer in work.layers]
    workspace = load(bench.artefacts, order.findings, Workspace) if order.findings else None
    evidence = Evidence(
        opening=load_shared(bench.artefacts, order.opening, Opening),
        survey=load_shared(bench.artefacts, order.survey, Survey),
        layers=tuple(
            load(bench.artefacts, layer, LayerOfRule)
            for layer in (*(layer for agent in agents.values() for layer in agent.layers), *judged)
        ),
        findings=workspace.findings if workspace else (),
        left_alone={
            role: load(bench.artefacts, agent.left_alone, LeftAlone).refusals for role, agent in agents.items()
        },
        commits=tuple(lines),
    )
    report = markdown_report(order, evidence)
    artefact = bench.artefacts.put(report.encode())
    if lines:
        write_note(git, order.tip, report.encode())
        write_note(git, order.tip, ledger_lines(evidence).encode(), ref=LEDGER)
    return Closed(report=artefact, commits=len(lines), files=len({path for line in lines for path in line.files}))


@does(Step.CLEAN_UP)
def clean_up(bench: Bench, order: CleanUp) -> CleanedUp:
    """Remove the private checkouts that killed attempts left behind."""
    folder = bench.worktrees / order.run.run_id
    if not folder.exists():
        return CleanedUp(removed=0)
    removed = len(list(folder.iterdir()))
    remove_worktree(folder)
    return CleanedUp(removed=removed)
