"""`archaeologist modernize --dry-run`: the same engine over the same files, in this process, writing nothing."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits
from archaeologist_tools.engine.parallel import rewrite_in_parallel
from archaeologist_tools.engine.registry import all_rules, find_rule
from archaeologist_tools.git.objects import list_tree, read_blobs
from archaeologist_tools.source.scope import is_test_path, select
from archaeologist_tools.source.target import parse_target

if TYPE_CHECKING:
    from archaeologist.pipeline.intake import Intake
    from archaeologist_tools.engine.sweep import FileRewrite


def dry_run(intake: Intake, *, as_json: bool) -> int:
    """Print what a run would rewrite and leave alone; no server, no branch."""
    request, location = intake.request, intake.location
    selection = select(list_tree(location.git, request.run.base, request.run.scope), exclude=request.exclude)
    sources = [file for file in selection.files if not is_test_path(file.path)]  # a run never edits tests
    tests = [file for file in selection.files if is_test_path(file.path)]  # but they tell what may be rewritten
    blobs = read_blobs(location.git, [file.oid for file in selection.files])
    rewrites = rewrite_in_parallel(
        [(file.path, blobs[file.oid]) for file in sources],
        rules=request.rules or [rule.code for rule in all_rules()],
        target=parse_target(request.target),
        around=[(file.path, blobs[file.oid]) for file in tests],
    )
    rows = _rows(rewrites)
    if as_json:
        for rule, files, edits, left in rows:
            click.echo(json.dumps({"event": "RulePreviewed", **_record(rule, files, edits, left)}))
        result = {"base": request.run.base, "target": request.target, "edits": sum(row[2] for row in rows)}
        click.echo(json.dumps({"event": "Result", "state": "dry-run", "result": result}))
        return exits.DONE
    click.echo(
        f"{location.root} at {request.run.base[:10]}, written for {request.target} ({request.target_origin})", err=True
    )
    for note in request.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{'rule':<34} {'files':>6} {'edits':>6} {'left alone':>10}")
    for rule, files, edits, left in rows:
        click.echo(f"{rule + ' ' + find_rule(rule).name:<34} {files:>6} {edits:>6} {left:>10}")
    click.echo(f"nothing was written; {len(selection.skipped)} files are not looked at", err=True)
    return exits.DONE


def _record(rule: str, files: int, edits: int, left: int) -> dict[str, object]:
    return {"rule": rule, "files": files, "edits": edits, "left_alone": left}


def _rows(rewrites: list[FileRewrite]) -> list[tuple[str, int, int, int]]:
    files: Counter[str] = Counter()
    edits: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for rewrite in rewrites:
        files.update({layer.rule for layer in rewrite.layers})
        for layer in rewrite.layers:
            edits[layer.rule] += len(layer.edits)
        left.update(refusal.rule for refusal in rewrite.refusals)
    return [(rule, files[rule], edits[rule], left[rule]) for rule in sorted(edits.keys() | left.keys())]
