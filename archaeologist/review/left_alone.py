"""What a run left alone, and why: by rules, by agents with a model, and files that nobody looked at or may change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archaeologist.documents import (
    BatchEdits,
    FileEntry,
    SkippedFile,
    WorkItems,
    load,
)
from archaeologist.domain.names import Role, Step
from archaeologist.domain.payload import Payload
from archaeologist.domain.steps import ItemDrafted, ItemsChosen
from archaeologist.review.evidence import UNREADABLE
from archaeologist.review.model import LeftPlace
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.view import RunView, StepView
    from archaeologist_tools.engine.base import Refusal

_DRAFT = re.compile(r"item-(\d+)-draft-")
_SWEEPS = frozenset({Step.REWRITE_BATCH, Step.DOCUMENT_BATCH, Step.WRITE_README})
_TEST = "a test: tests are looked at and never edited, because they judge the branch"


class _Seen(Payload):
    """What is wanted of a file of a survey."""

    file: FileEntry
    by_rule: dict[str, int]


class _Looked(Payload):
    """What is wanted of a survey, or of the list of files: of all else there may be megabytes."""

    skipped: tuple[SkippedFile, ...]
    files: tuple[_Seen | FileEntry, ...]


def left_alone(view: RunView, store: ArtefactStore) -> tuple[list[LeftPlace], bool]:
    """Find out what was left alone so far.

    Returns:
        the places, by file and line; and whether these are all that the run's record tells of: some are missing when
        artefacts were cleaned, or spoiled.
    """
    places, complete = list[LeftPlace](), True
    for step in _tellers(view):
        try:
            places += _told(step, view, store)
        except UNREADABLE:
            complete = False
    return in_order(places), complete


def tellers(view: RunView) -> tuple[tuple[str, str], ...]:
    """Return which steps tell what was left alone: while they are the same, nothing new is left alone."""
    return tuple((step.agent.value, step.name) for step in _tellers(view))


def in_order(places: Iterable[LeftPlace]) -> list[LeftPlace]:
    """Return places by file and line."""
    return sorted(places, key=lambda place: (place.path, place.line, place.rule))


def of_refusal(refusal: Refusal, agent: Role) -> LeftPlace:
    """Return what a rule left alone."""
    return LeftPlace(refusal.path, refusal.span.line, refusal.rule, refusal.code, refusal.message, agent)


def _tellers(view: RunView) -> list[StepView]:
    ended = [step for step in view.steps.values() if step.result]
    looked = [step for step in ended if step.kind in {Step.OPEN, Step.GATHER_SURVEY}][-1:]
    drafts = [step for step in ended if step.kind == Step.DRAFT_ITEM and step.result.get("left_alone")]
    return [*looked, *(step for step in ended if step.kind in _SWEEPS), *drafts]


def _told(step: StepView, view: RunView, store: ArtefactStore) -> Iterator[LeftPlace]:
    match Step(step.kind):
        case Step.OPEN:
            yield from _not_looked_at(load(store, step.result["opening"], _Looked))
        case Step.GATHER_SURVEY:
            yield from _not_looked_at(load(store, step.result["survey"], _Looked))
        case Step.DRAFT_ITEM:
            yield from _items(step, view, store)
        case _:
            refusals = load(store, step.result["artefact"], BatchEdits).refusals
            yield from (of_refusal(refusal, step.agent) for refusal in refusals)


def _not_looked_at(looked: _Looked) -> Iterator[LeftPlace]:
    for skipped in looked.skipped:
        yield LeftPlace(skipped.path, 0, "", skipped.code, skipped.detail or skipped.code, Role.ARCHAEOLOGIST)
    for seen in looked.files:
        if isinstance(seen, _Seen) and seen.by_rule and is_test_path(seen.file.path):
            yield LeftPlace(seen.file.path, 0, "", "test", _TEST, Role.MODERNIZER)


def _items(step: StepView, view: RunView, store: ArtefactStore) -> Iterator[LeftPlace]:
    """Yield one place for each file of a work item that its agent left alone."""
    chosen = next(
        (each for each in view.steps.values() if (each.agent, each.kind) == (step.agent, Step.CHOOSE_ITEMS)), None
    )
    number = _DRAFT.search(step.name)
    if chosen is None or number is None or not chosen.result:
        return
    items = load(store, ItemsChosen.model_validate(chosen.result).items, WorkItems)
    item = items.items[int(number[1]) - 1]
    reason = ItemDrafted.model_validate(step.result).left_alone
    for path in dict.fromkeys(place.path for place in item.places):
        yield LeftPlace(path, 0, item.kind, "left-to-people", reason, step.agent)
