"""`archaeologist rules`: list and explain the rules, or apply them to files in place with no server and no git."""

from __future__ import annotations

import difflib
import errno
import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from archaeologist.cli import exits
from archaeologist.cli.statistics import statistics_of
from archaeologist.errors import ArchaeologistError, DiskFull, PathMissing, RepositoryError
from archaeologist_tools.source.target import FALLBACK_TARGET

if TYPE_CHECKING:
    from archaeologist_tools.engine.base import AnyRule
    from archaeologist_tools.engine.sweep import FileRewrite


@click.group()
def rules() -> None:
    """List and explain the rules, or apply them to files in place."""


@rules.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
def list_rules(as_json: bool) -> None:
    """List every rule: code, family, name, who rewrites what it finds."""
    from archaeologist_tools.engine.registry import all_rules

    for rule in all_rules():
        if as_json:
            click.echo(json.dumps({**_facts(rule), "title": rule.title}))
        else:
            click.echo(f"{rule.code}  {rule.family:<8} {rule.name:<28} {_doer(rule):<8} {rule.title}")


def _doer(rule: AnyRule) -> str:
    return "rewrites" if rule.rewrites else "reports"


def _facts(rule: AnyRule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "rewrites": rule.rewrites,
        "minimum": f"py{rule.minimum[0]}{rule.minimum[1]}",
        "ruff": list(rule.aliases),
    }


@rules.command()
@click.argument("code")
def show(code: str) -> None:
    """Explain one rule, by code or name: what, why, example, safety, when it leaves code alone."""
    from archaeologist_tools.engine.registry import find_rule

    rule = find_rule(code)
    click.echo(
        f"{rule.code} {rule.name} ({rule.family}; {_doer(rule)}; writes Python {_spoken(rule.minimum)} and newer)"
    )
    for name, text in rule.documentation().items():
        click.echo(f"\n{name}\n{_indented(text)}")
    for before, after in rule.invalid:
        label = "becomes" if before != after else "is reported"
        click.echo(f"\nFound\n{_indented(before)}\n{label}\n{_indented(after) if before != after else ''}".rstrip())
    for text in rule.valid:
        click.echo(f"\nNot found\n{_indented(text)}")
    for reason, text in rule.refusals.items():
        click.echo(f"\nLeft alone as {reason}\n{_indented(text)}")


def _spoken(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip("\n").splitlines())


@rules.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rules", "codes", help="Rule codes, names or families, separated by commas.")
@click.option("--target-version", default=FALLBACK_TARGET, show_default=True, help="Lowest Python version.")
@click.option("--diff", is_flag=True, help="Print what would change; write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would change.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.option("--statistics", is_flag=True, help="Print, for each rule, what was rewritten and what was left alone.")
def apply(
    paths: tuple[Path, ...],
    *,
    codes: str | None,
    target_version: str,
    diff: bool,
    check: bool,
    as_json: bool,
    statistics: bool,
) -> int:
    """Apply the rules to files, or to the Python files below folders, in place: no server, no git, the same engine.

    Below a folder, links, other repositories, what git ignores and other people's code are left alone, and told.
    """
    files, skipped = _files(paths)
    changed = 0
    rewrites = _rewritten(files, codes, target_version)
    for rewrite in skipped:
        _tell(rewrite, as_json=as_json)
    for (path, data), rewrite in zip(files, rewrites, strict=True):
        _tell(rewrite, as_json=as_json)
        if not rewrite.layers:
            continue
        changed += 1
        if diff:
            click.echo(_diff(path, data, rewrite.layers[-1].data), nl=False)  # bytes, so that `patch` takes it
        if not (diff or check):
            _replace(path, rewrite.layers[-1].data)
    if statistics:
        for line in statistics_of(rewrites):
            click.echo(line)
    if not as_json:
        click.echo(f"{changed} of {len(files)} files {'would change' if diff or check else 'changed'}", err=True)
    return exits.FOUND if check and changed else exits.DONE


def _files(paths: tuple[Path, ...]) -> tuple[list[tuple[Path, bytes]], list[FileRewrite]]:
    """The files with their contents, and those below folders that are left alone."""
    found: list[Path] = []
    skipped: dict[str, FileRewrite] = {}
    for path in paths:
        if not path.exists():
            raise PathMissing(f"{path} does not exist")
        if path.is_dir():
            below, left = _below(path)
            found += below
            skipped.update((rewrite.path, rewrite) for rewrite in left)
        else:
            found.append(path)
    return [(path, _content(path)) for path in dict.fromkeys(found)], list(skipped.values())


def _below(folder: Path) -> tuple[list[Path], list[FileRewrite]]:
    from archaeologist_tools.engine.sweep import FileRewrite
    from archaeologist_tools.git.ignored import ignored_in
    from archaeologist_tools.source.folder import scan

    try:
        files, skipped = scan(folder, ignored_in(folder))
    except OSError as error:
        raise _unusable(folder, "read", error) from error
    return files, [FileRewrite(str(folder / left.path), status=left.code, message=left.detail) for left in skipped]


def _tell(rewrite: FileRewrite, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_record(rewrite)))
    elif rewrite.status != "ok":
        click.echo(f"{rewrite.path}: left alone: {rewrite.message or rewrite.status}", err=True)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, "read", error) from error


def _rewritten(files: list[tuple[Path, bytes]], codes: str | None, target_version: str) -> list[FileRewrite]:
    """Rewrite in as many processes as there are cores, once the whole project is known."""
    from archaeologist_tools.engine.parallel import rewrite_in_parallel
    from archaeologist_tools.engine.registry import all_rules, select_rules
    from archaeologist_tools.project.neighbourhood import neighbours
    from archaeologist_tools.source.target import parse_target

    chosen = select_rules(codes) if codes else all_rules()
    named = [(str(path), data) for path, data in files]
    around = [(str(path), data) for path, data in neighbours([path for path, _ in files])]
    codes_of = [rule.code for rule in chosen]
    return rewrite_in_parallel(named, rules=codes_of, target=parse_target(target_version), around=around)


def _record(rewrite: FileRewrite) -> dict[str, object]:
    return {
        "path": rewrite.path,
        "status": rewrite.status,
        "message": rewrite.message,
        "edits": [asdict(edit) for layer in rewrite.layers for edit in layer.edits],
        "left_alone": [asdict(refusal) for refusal in rewrite.refusals],
    }


def _replace(path: Path, content: bytes) -> None:
    """Put new content in the place of a file, whole or not at all; a link stays a link, the mode stays the mode."""
    real = path.resolve() if path.is_symlink() else path
    temporary = real.with_name(f".archaeologist-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        shutil.copymode(real, temporary)
        temporary.replace(real)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unusable(path, "written", error) from error


def _unusable(path: Path, what: str, error: OSError) -> ArchaeologistError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return DiskFull(f"{path} cannot be {what}: {error.strerror}", hint="free some space and type the command again")
    return RepositoryError(f"{path} cannot be {what}: {error.strerror}", hint="check who may read and write the file")


def _diff(path: Path, before: bytes, after: bytes) -> bytes:
    name = os.fsencode(path)
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(before), _lines(after), fromfile=name, tofile=name, lineterm=b"\n"
    )
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    """Return the lines as `diff` and `patch` see them: only a line feed ends one."""
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])
