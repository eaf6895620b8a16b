"""What is known of the code by now: the survey, or as long as it goes on what its batches found. Reads artefacts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist.documents import FileEntry, HotSpot, SkippedFile, SuspectPlace, Workspace, load
from archaeologist.domain.judgement import DigReport
from archaeologist.domain.names import Role, Step
from archaeologist.domain.payload import Payload
from archaeologist.review.conversations import talks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView
    from archaeologist_tools.engine.base import Finding

_HOT_SPOTS = 40
"""Of a survey that goes on: as many as a finished one has at most."""


class SeenFile(Payload):
    """What is shown of a file."""

    file: FileEntry
    status: str
    message: str
    lines: int
    summary: str
    by_rule: dict[str, int]

    @property
    def findings(self) -> int:
        """Legacy constructs in it."""
        return sum(self.by_rule.values())


class _Part(Payload):
    """What is shown of a batch, or of a survey; facts, of which there may be megabytes, are not."""

    files: tuple[SeenFile, ...]
    suspects: tuple[SuspectPlace, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    hot_spots: tuple[HotSpot, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What an archaeologist with a model says.

    Attributes:
        summary: of the code, in some sentences; empty before it has read the code.
        first: paths of the modules to begin with.
        findings: what it recorded, each seen to be there.
    """

    summary: str = ""
    first: Sequence[str] = ()
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class SurveyPicture:
    """What is known of the code.

    Attributes:
        done: whether that is all.
        batches: batches that were looked at, and how many there are; the latter 0 when nobody knows yet.
        files: what was looked at.
        hot_spots: where modernizing pays first; without the history of the code while the survey goes on.
        skipped: what was not looked at, and why.
        suspects: places that speak to models.
        judged: what an archaeologist with a model says.
    """

    done: bool
    batches: tuple[int, int] = (0, 0)
    files: Sequence[SeenFile] = ()
    hot_spots: Sequence[HotSpot] = ()
    skipped: Sequence[SkippedFile] = ()
    suspects: Sequence[SuspectPlace] = ()
    judged: Judged = field(default_factory=Judged)

    @property
    def by_rule(self) -> Counter[str]:
        """Findings by rule."""
        total: Counter[str] = Counter()
        for file in self.files:
            total.update(file.by_rule)
        return total

    @property
    def unreadable(self) -> list[SeenFile]:
        """Files that no rule can look into."""
        return [file for file in self.files if file.status != "ok"]

    def where(self, rule: str) -> list[tuple[str, int]]:
        """Return the files that a rule found something in, and how much."""
        found = [(file.file.path, file.by_rule[rule]) for file in self.files if rule in file.by_rule]
        return sorted(found, key=lambda each: (-each[1], each[0]))

    @property
    def lines(self) -> int:
        """Lines of all files."""
        return sum(file.lines for file in self.files)

    def not_looked_at(self) -> Mapping[str, Sequence[SkippedFile]]:
        """Return what was not looked at by reason."""
        groups: dict[str, list[SkippedFile]] = defaultdict(list)
        for file in self.skipped:
            groups[file.code].append(file)
        return groups


def survey_steps(view: RunView) -> tuple[str, ...]:
    """Return which steps tell of the code: while they are the same, nothing new is known."""
    return tuple(step.name for step in view.steps.values() if step.result and _tells(step))


def _tells(step: StepView) -> bool:
    return step.agent == Role.ARCHAEOLOGIST or step.kind == Step.OPEN


def read_survey(view: RunView, store: ArtefactStore) -> SurveyPicture:
    """Return what is known of the code by now. Raises ArtefactMissing."""
    gathered, batches = _ended(view, Step.GATHER_SURVEY), _ended(view, Step.SURVEY_BATCH)
    parts = [_part(store, str(step.result["artefact"])) for step in batches] if not gathered else []
    whole = _part(store, str(gathered[-1].result["survey"])) if gathered else None
    files = whole.files if whole else tuple(file for part in parts for file in part.files)
    return SurveyPicture(
        done=whole is not None,
        batches=(len(batches), _batches(view)),
        files=files,
        hot_spots=whole.hot_spots if whole else _so_far(files),
        skipped=whole.skipped if whole else (),
        suspects=whole.suspects if whole else tuple(place for part in parts for place in part.suspects),
        judged=_judged(view, store),
    )


def _ended(view: RunView, kind: Step) -> list[StepView]:
    return [step for step in view.steps.values() if step.kind == kind and step.result]


def _batches(view: RunView) -> int:
    opened = _ended(view, Step.OPEN)
    return int(opened[-1].result["batches"]) if opened else 0


def _so_far(files: Iterable[SeenFile]) -> list[HotSpot]:
    ranked = sorted(files, key=lambda file: (-file.findings, file.file.path))
    return [HotSpot(path=file.file.path, commits=0, authors=0, findings=file.findings) for file in ranked[:_HOT_SPOTS]]


@lru_cache(maxsize=64)
def _part(store: ArtefactStore, artefact: str) -> _Part:
    return load(store, artefact, _Part)


def _judged(view: RunView, store: ArtefactStore) -> Judged:
    talk = next((talk for talk in talks_of(view, Role.ARCHAEOLOGIST) if talk.turns), None)
    if talk is None:
        return Judged()
    workspaces = [call.result["workspace"] for turn in talk.turns for call in turn.calls.values()
                  if call.result.get("workspace")]  # fmt: skip
    findings = load(store, str(workspaces[-1]), Workspace).findings if workspaces else ()
    answers = [str(turn.thought["text"]) for turn in talk.turns if turn.thought.get("answer")]
    report = DigReport.model_validate_json(answers[-1]) if answers else None
    return Judged(report.summary if report else "", report.first if report else (), findings)
