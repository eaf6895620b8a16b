"""Turns what a user asked for into a run request: where, from which commit, for which Python, in whose name."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist import __version__
from archaeologist.domain.names import orchestrator_id
from archaeologist.domain.run import RunLimits, RunRequest, RunScope, TestOptions
from archaeologist.errors import NotARepository, RepositoryError, UsageError
from archaeologist.models.naming import OFFLINE
from archaeologist.pipeline.judging import judgement_of
from archaeologist_tools.git.branch import check_branch_name
from archaeologist_tools.git.objects import list_tree, read_blobs
from archaeologist_tools.git.repository import base_commit, condition, identity, initialize, locate
from archaeologist_tools.source.target import FALLBACK_TARGET, Target, detect_target, parse_target, raised_to_oldest

if TYPE_CHECKING:
    from archaeologist.settings import Settings
    from archaeologist_tools.git.condition import Condition
    from archaeologist_tools.git.repository import Location


@dataclass(frozen=True)
class Intake:
    """A request that is ready to be started."""

    location: Location
    request: RunRequest
    workflow_id: str

    def with_tests(self, *, run: bool) -> Intake:
        """Return it with the user's word on whether the project's own tests may be run."""
        tests = self.request.tests.model_copy(update={"run": run})
        return replace(self, request=self.request.model_copy(update={"tests": tests}))


def find_repository(path: Path, *, init: bool) -> Location:
    """Return the repository that a path is in; with `init` make one.

    Raises:
        RepositoryError: the path is missing, in no repository, in a bare one, or leads out of it.
    """
    try:
        location = locate(path)
    except NotARepository:
        if not init:
            raise
        location = initialize(path)
    for name in (str(location.root), str(location.common_dir), location.scope):
        if not _is_text(name):
            raise RepositoryError(f"the path {name!a} is not UTF-8", hint="rename the folder, or make a link to it")
    return location


def _is_text(name: str) -> bool:
    """Whether a path can travel in a run's request, which is JSON."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def workflow_id_of(location: Location) -> str:
    """Return the workflow id of a repository's runs: the same from every path into it."""
    digest = hashlib.sha256(str(location.common_dir.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:10]
    return orchestrator_id(re.sub(r"[^A-Za-z0-9._-]+", "-", location.root.name) or "repository", digest)


def take_in(location: Location, settings: Settings, rules: tuple[str, ...], *, record: str = "") -> Intake:
    """Make the request of a new run, which does not run the project's tests.

    Args:
        location: the repository and the scope in it.
        settings: what the user and the repository configured.
        rules: rule codes; empty for all.
        record: folder to record the models' answers in; empty for none.

    Raises:
        EmptyRepository: there is no commit to start from.
        UsageError: a branch name, target version or model that cannot be.
    """
    base = base_commit(location)
    now = datetime.now(tz=UTC)
    run_id = secrets.token_hex(4)
    branch = settings.get("branch") or f"archaeologist/{now:%Y%m%d}-{run_id}"
    check_branch_name(location.git, branch)
    target = find_target(location, base, settings.get("target-version"))
    who = identity(location)
    scope = RunScope(
        run_id=run_id,
        root=str(location.root),
        git_dir=str(location.common_dir),
        scope=location.scope,
        base=base,
        branch=branch,
        date=f"{int(now.timestamp())} +0000",
        author_name=who.name,
        author_email=who.email,
    )
    notes = _notes(condition(location))
    if who.fallback:
        notes = (*notes, "git has no user.name and user.email here: commits carry the tool's name")
    judgement = judgement_of(settings, record=record)
    request = RunRequest(
        run=scope,
        version=__version__,
        provider=", ".join(sorted(set(judgement.models.values()))) or OFFLINE,
        target=f"py{target.version[0]}{target.version[1]}",
        target_origin=target.origin,
        rules=rules,
        exclude=settings.get("exclude"),
        tests=TestOptions(
            command=settings.get("test-command"),
            python=settings.get("python"),
            seconds=settings.get("test-timeout"),
        ),
        limits=RunLimits(batch_bytes=settings.get("batch-bytes")),
        judgement=judgement,
        notes=notes,
    )
    return Intake(location, request, workflow_id_of(location))


def find_target(location: Location, base: str, asked: str | None) -> Target:
    """Return the Python version to write for: the one asked for, the one the repository names, or the fallback."""
    if asked:
        return Target(parse_target(asked), "asked for")
    entries = {entry.path: entry.oid for entry in list_tree(location.git, base) if entry.mode.startswith("100")}

    def read(path: str) -> bytes | None:
        oid = entries.get(path)
        return read_blobs(location.git, [oid])[oid] if oid else None

    found = detect_target(read)
    return (
        raised_to_oldest(found)
        if found
        else Target(
            parse_target(FALLBACK_TARGET), "nothing in the repository names one: name it with `--target-version`"
        )
    )


def _notes(found: Condition) -> tuple[str, ...]:
    """Say what the user should know about the repository's condition."""
    notes = []
    if found.dirty:
        notes.append(f"{found.dirty} changed or untracked files are not included: the run works on the last commit")
    if found.detached:
        notes.append("HEAD is detached: the run works on that commit")
    if found.shallow:
        notes.append("the clone is shallow: the history of the code is incomplete")
    if found.signs_commits:
        notes.append("commit.gpgsign is set: the run's commits are not signed; sign when you merge")
    if found.hooks:
        notes.append(f"hooks are not run for the run's commits: {', '.join(found.hooks)}")
    if found.submodules:
        notes.append(f"{found.submodules} submodules are left alone")
    return tuple(notes)


def check_path(text: str) -> Path:
    """Return a path that a user typed. Raises UsageError for one that no file system takes."""
    if "\0" in text:
        raise UsageError("a path cannot hold a NUL byte")
    return Path(text)
