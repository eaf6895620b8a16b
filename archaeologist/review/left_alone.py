"""What a run left alone, and why: by rules, by agents with a model, and files that nobody looked at or may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.documents import BatchEdits, FileEntry, SkippedFile, WorkItems, load
from archaeologist.domain.items import ItemsChosen
from archaeologist.domain.names import Role, Step
from archaeologist.domain.payload import Payload
from archaeologist.review.evidence import UNREADABLE
from archaeologist.review.items import items_of
from archaeologist.review.model import LeftPlace, amount_of
from archaeologist_tools.source.scope import is_test_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView
    from archaeologist.review.items import ItemStand
    from archaeologist_tools.engine.base import Refusal

_SWEEPS = frozenset({Step.REWRITE_BATCH, Step.DOCUMENT_BATCH, Step.WRITE_README})
_WITH_ITEMS = (Role.MODERNIZER, Role.DOCUMENTER)
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
            places += _told(step, store)
        except UNREADABLE:
            complete = False
    for role, stand in _left_items(view):
        try:
            places += _of_item(role, stand, view, store)
        except UNREADABLE:
            complete = False
    return in_order(places), complete


def amount_left(view: RunView, store: ArtefactStore) -> str:
    """Return how much was left alone, in words; empty when not all of it is known any more."""
    places, complete = left_alone(view, store)
    return amount_of(places) if complete else ""


def tellers(view: RunView) -> tuple[tuple[str, str], ...]:
    """Return which steps and items tell what was left alone: while they are the same, nothing new is left alone."""
    steps = ((step.agent, step.name) for step in _tellers(view))
    return (*steps, *((role, f"{stand.number} {stand.words}") for role, stand in _left_items(view)))


def in_order(places: Iterable[LeftPlace]) -> list[LeftPlace]:
    """Return places by file and line."""
    return sorted(places, key=lambda place: (place.path, place.line, place.rule))


def of_refusal(refusal: Refusal, agent: str) -> LeftPlace:
    """Return what a rule left alone."""
    return LeftPlace(refusal.path, refusal.span.line, refusal.rule, refusal.code, refusal.message, agent)


def _tellers(view: RunView) -> list[StepView]:
    ended = [step for step in view.steps.values() if step.result]
    looked = [step for step in ended if step.kind in {Step.OPEN, Step.GATHER_SURVEY}][-1:]
    return [*looked, *(step for step in ended if step.kind in _SWEEPS)]


def _left_items(view: RunView) -> list[tuple[Role, ItemStand]]:
    """Return the work items of which nothing became a commit: their agent says so, or was given up on."""
    return [(role, stand) for role in _WITH_ITEMS for stand in items_of(view, role).stands if stand.left]


def _told(step: StepView, store: ArtefactStore) -> Iterator[LeftPlace]:
    match step.kind:
        case Step.OPEN:
            yield from _not_looked_at(load(store, step.result["opening"], _Looked))
        case Step.GATHER_SURVEY:
            yield from _not_looked_at(load(store, step.result["survey"], _Looked))
        case _:
            refusals = load(store, step.result["artefact"], BatchEdits).refusals
            yield from (of_refusal(refusal, step.agent) for refusal in refusals)


def _not_looked_at(looked: _Looked) -> Iterator[LeftPlace]:
    for skipped in looked.skipped:
        yield LeftPlace(skipped.path, 0, "", skipped.code, skipped.detail or skipped.code, Role.ARCHAEOLOGIST)
    for seen in looked.files:
        if isinstance(seen, _Seen) and seen.by_rule and is_test_path(seen.file.path):
            yield LeftPlace(seen.file.path, 0, "", "test", _TEST, Role.MODERNIZER)


def _of_item(agent: Role, stand: ItemStand, view: RunView, store: ArtefactStore) -> Iterator[LeftPlace]:
    """Yield one place for each file of a work item."""
    steps = view.steps.values()
    chosen = next(step for step in steps if (step.agent, step.kind) == (agent, Step.CHOOSE_ITEMS) and step.result)
    item = load(store, ItemsChosen.model_validate(chosen.result).items, WorkItems).items[stand.number - 1]
    reason = stand.words.removeprefix("left alone: ")
    for path in dict.fromkeys(place.path for place in item.places):
        yield LeftPlace(path, 0, item.kind, stand.left, reason, agent)
