"""Steps that the modernizer and the documenter share: sort edits into layers, commit a layer."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from archaeologist.agents.steps.bench import Bench, does
from archaeologist.agents.steps.repository import author_of, git_of
from archaeologist.boundaries import boundary
from archaeologist.documents import BatchEdits, LayerChange, LayerOfRule, Layers, LeftAlone, keep, load, load_shared
from archaeologist.domain.names import Step
from archaeologist.domain.sweeps import CommitLayer, Committed, GatherLayers, LayerLine, LayersGathered
from archaeologist.wording import counted
from archaeologist_tools.engine.registry import commit_order, find_rule
from archaeologist_tools.git.branch import CommitOrder, commit_changes
from archaeologist_tools.git.tree import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.documents import RewrittenFile
    from archaeologist.domain.run import RunScope


@does(Step.GATHER_LAYERS)
def gather_layers(bench: Bench, order: GatherLayers) -> LayersGathered:
    """Sort the edits of all batches into layers, one a rule.

    A rule comes a second time when another one gave it something new to do; then its second layer follows.
    """
    batches = [load(bench.artefacts, artefact, BatchEdits) for artefact in order.batches]
    by_key: dict[tuple[int, int], list[LayerChange]] = {}
    for batch in batches:
        for file in batch.files:
            for key, change in _keyed(file):
                by_key.setdefault(key, []).append(change)
    codes = [rule.code for rule in commit_order()]
    layers = tuple(
        LayerOfRule(
            step=f"{order.phase}-{codes[position]}" + (f"-{turn + 1}" if turn else ""),
            rule=codes[position],
            title=find_rule(codes[position]).title,
            changes=tuple(changes),
        )
        for (turn, position), changes in sorted(by_key.items())
    )
    refusals = tuple(refusal for batch in batches for refusal in batch.refusals)
    lines = tuple(
        LayerLine(
            step=layer.step,
            rule=layer.rule,
            title=layer.title,
            files=len(layer.changes),
            edits=sum(len(change.edits) for change in layer.changes),
        )
        for layer in layers
    )
    listed = Layers(
        layers=tuple(keep(bench.artefacts, layer) for layer in layers),
        left_alone=keep(bench.artefacts, LeftAlone(refusals=refusals)),
    )
    return LayersGathered(
        layers=keep(bench.artefacts, listed),
        lines=lines,
        files=len({change.path for layer in layers for change in layer.changes}),
        edits=sum(line.edits for line in lines),
        left_alone=len(refusals),
    )


def _keyed(file: RewrittenFile) -> Iterator[tuple[tuple[int, int], LayerChange]]:
    """Yield a file's layers with their place among all commits: (turn, position of the rule).

    Within a file each layer lies on the one before, so keys must rise; where the order of rules starts over, a new
    turn begins.
    """
    positions = {rule.code: position for position, rule in enumerate(commit_order())}
    turn, last = 0, -1
    for layer in file.layers:
        position = positions[layer.rule]
        turn += position <= last
        last = position
        yield (turn, position), LayerChange(path=file.path, mode=file.mode, oid=layer.oid, edits=layer.edits)


@does(Step.COMMIT_LAYER)
def commit_layer(bench: Bench, order: CommitLayer) -> Committed:
    """Commit one layer on top of the parent; find the commit again when an earlier attempt made it."""
    listed = load_shared(bench.artefacts, order.layers, Layers)
    layer = load(bench.artefacts, listed.layers[order.index], LayerOfRule)
    boundary("commit-before")
    result = commit_changes(
        git_of(order.run),
        commit_order_of(layer, order.run, order.parent),
    )
    boundary("commit-after")
    return Committed(commit=result.commit, subject=layer.title, repeated=result.repeated)


def commit_order_of(layer: LayerOfRule, run: RunScope, parent: str) -> CommitOrder:
    """Return the commit that a layer becomes on top of `parent`."""
    return CommitOrder(
        branch=run.branch,
        parent=parent,
        changes=[Change(change.path, change.mode, change.oid) for change in layer.changes],
        subject=layer.title,
        body=body_of(layer),
        trailers=trailers_of(layer, run),
        author=author_of(run),
        date=run.date,
    )


def body_of(layer: LayerOfRule) -> str:
    """Return what the commit message says below its subject: what, why, and on which evidence."""
    if layer.body:
        return layer.body
    documentation = find_rule(layer.rule).documentation()
    reasons = Counter(f"{edit.evidence}: {edit.reason}" for change in layer.changes for edit in change.edits)
    evidence = "\n".join(f"* {count} x {reason}" for reason, count in reasons.most_common(5))
    edits = counted(reasons.total(), "edit")
    files = counted(len(layer.changes), "file")
    parts = (documentation.get("What it does", ""), documentation.get("Why", ""), f"{edits} in {files}.\n\n{evidence}")
    return "\n\n".join(part for part in parts if part)


def trailers_of(layer: LayerOfRule, run: RunScope) -> dict[str, str]:
    """Return the commit's trailers; run and step are what a repeated attempt finds its own commit by."""
    evidence = sorted({edit.evidence.value for change in layer.changes for edit in change.edits})
    return {
        "Archaeologist-Run": run.run_id,
        "Archaeologist-Step": layer.step,
        "Archaeologist-Rule": layer.rule if layer.body else f"{layer.rule} {find_rule(layer.rule).name}",
        "Archaeologist-Evidence": ", ".join(evidence),
        **layer.trailers,
    }
