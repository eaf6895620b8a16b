"""The modernizer's steps: apply the rules to batches of files; the new blobs go into the object store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import contents, git_of
from archaeologist.boundaries import boundary
from archaeologist.documents import (
    BatchEdits,
    FileEntry,
    FileLayer,
    RewrittenFile,
    Survey,
    Sweep,
    cut,
    keep,
    load_shared,
)
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import BatchRewritten, PlanSweep, RewriteBatch, SweepPlanned
from archaeologist_tools.engine.registry import all_rules
from archaeologist_tools.engine.sweep import rewrite_files
from archaeologist_tools.git.objects import write_blobs
from archaeologist_tools.source.scope import is_test_path
from archaeologist_tools.source.target import parse_target

if TYPE_CHECKING:
    from archaeologist_tools.engine.sweep import FileRewrite
    from archaeologist_tools.git.command import Git


@does(Step.PLAN_SWEEP)
def plan_sweep(bench: Bench, order: PlanSweep) -> SweepPlanned:
    """Choose the files in which the survey found something that a rule rewrites.

    Tests are the oracle that judges the branch: they are surveyed, and never edited.
    """
    survey = load_shared(bench.artefacts, order.survey, Survey)
    rewriting = {rule.code for rule in all_rules() if rule.rewrites}
    rules = tuple(code for code in order.rules if code in rewriting)
    files = tuple(
        file.file
        for file in survey.files
        if file.status == "ok" and not file.by_rule.keys().isdisjoint(rules) and not is_test_path(file.file.path)
    )
    batches = cut([file.size for file in files], order.limits.batch_bytes, order.limits.max_batches)
    sweep = keep(bench.artefacts, Sweep(files=files, batches=batches, rules=rules, facts=survey.facts))
    return SweepPlanned(sweep=sweep, files=len(files), batches=len(batches))


@does(Step.REWRITE_BATCH)
def rewrite_batch(bench: Bench, order: RewriteBatch) -> BatchRewritten:
    """Apply the rules to one batch."""
    sweep = load_shared(bench.artefacts, order.sweep, Sweep)
    files = [sweep.files[position] for position in sweep.batches[order.batch]]
    git = git_of(order.run)
    rewrites = rewrite_files(
        contents(git, files), rules=sweep.rules, target=parse_target(order.target), facts=sweep.facts
    )
    return write_layers(bench, git, files, rewrites)


def write_layers(bench: Bench, git: Git, files: list[FileEntry], rewrites: list[FileRewrite]) -> BatchRewritten:
    """Write every layer of every file as a blob, with one git process, and record which belongs where."""
    oids = iter(write_blobs(git, [layer.data for rewrite in rewrites for layer in rewrite.layers]))
    boundary("blobs-written")
    rewritten = tuple(
        RewrittenFile(
            path=file.path,
            mode=file.mode,
            layers=tuple(FileLayer(rule=layer.rule, oid=next(oids), edits=layer.edits) for layer in rewrite.layers),
        )
        for file, rewrite in zip(files, rewrites, strict=True)
        if rewrite.layers
    )
    refusals = tuple(refusal for rewrite in rewrites for refusal in rewrite.refusals)
    return BatchRewritten(
        artefact=keep(bench.artefacts, BatchEdits(files=rewritten, refusals=refusals)),
        files=len(rewritten),
        edits=sum(len(layer.edits) for file in rewritten for layer in file.layers),
        left_alone=len(refusals),
    )
