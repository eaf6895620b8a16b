"""What the rules found, what they rewrote by which evidence, and what they left alone for which reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tools.engine.sweep import FileRewrite


def statistics_of(rewrites: Sequence[FileRewrite]) -> Iterator[str]:
    """Give the lines of a table: one a rule, and below it one for each reason why something was left alone."""
    from archaeologist_tools.engine.base import Evidence
    from archaeologist_tools.engine.registry import find_rule

    rewritten: defaultdict[str, Counter[str]] = defaultdict(Counter)
    left: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for rewrite in rewrites:
        for layer in rewrite.layers:
            rewritten[layer.rule].update(edit.evidence.value for edit in layer.edits)
        for refusal in rewrite.refusals:
            left[refusal.rule][refusal.code] += 1
    yield f"{'rule':<34} {'found':>6} {'identical':>9} {'proved':>6} {'left alone':>10}"
    for rule in sorted(rewritten.keys() | left.keys()):
        made, kept = rewritten[rule], left[rule]
        name = f"{rule} {find_rule(rule).name}"
        counts = f"{made[Evidence.IDENTICAL]:>9} {made[Evidence.PROVED]:>6} {kept.total():>10}"
        yield f"{name:<34} {made.total() + kept.total():>6} {counts}"
        for reason, count in kept.most_common():
            yield f"{'':<52}{count:>6}  {reason}"
