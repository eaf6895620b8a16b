"""What will be done, how far it is, and what was left alone and why; a file's name typed here finds all about it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content

from archaeologist.artefacts import ArtefactMissing, ArtefactStore
from archaeologist.domain.names import Phase
from archaeologist.review.left_alone import left_alone, tellers
from archaeologist.review.model import amount_of
from archaeologist.wording import counted
from archaeologist_tui.keys import with_keys
from archaeologist_tui.reading.commits import Subject
from archaeologist_tui.reading.phases import mark_of
from archaeologist_tui.reading.plan import answer_of, goals, grouped, phases, wishes
from archaeologist_tui.reading.planned import planned
from archaeologist_tui.reading.rules import rule_name
from archaeologist_tui.reading.survey import survey_steps
from archaeologist_tui.states import marked
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.planned_entries import planned_entries
from archaeologist_tui.widgets.read_pane import ReadPane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archaeologist.review.items import Items, ItemStand
    from archaeologist.review.model import LeftPlace
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.plan import LayerStand, LeftGroup, PhaseStand, Wish
    from archaeologist_tui.reading.planned import PlannedGroup
    from archaeologist_tui.widgets.entries import Entry

_MUTED = "$foreground-muted"
_LEFT = "left"
"""Key of the entry that all that was left alone is inside of."""
_NAME = 14
_PHASE = 11


@dataclass(frozen=True)
class ReadPlan:
    """What is shown.

    Attributes:
        entries: all of it.
        left: how much was left alone; empty as long as nobody knows.
        complete: whether these are all that the run left alone.
    """

    entries: Sequence[Entry]
    left: str
    complete: bool


class PlanReader:
    """Reads what was left alone, once as long as nothing new is; not for the event loop."""

    def __init__(self) -> None:
        self._known: tuple[object, ReadPlan] | None = None
        self._planned: tuple[object, Sequence[PlannedGroup]] | None = None

    def read(self, picture: Picture) -> ReadPlan:
        """Return what is shown of a run."""
        view, entries = picture.view, list[Paragraph]()
        entries.append(_section("phases", "in this order", [_phase(stand) for stand in phases(view)]))
        if rules := self._rules(picture):
            first = mark_of(view, Phase.PLAN) == "ask"  # it is what a person wants to read then
            title = (
                "what will be done, by rule" if view.state.is_open else "what the rules found, and what becomes of it"
            )
            section = _section("planned", title, planned_entries(rules))
            entries.insert(0 if first else len(entries), section)
        if goals_told := [_wish(f"goal.{number}", wish) for number, wish in enumerate(goals(view))]:
            entries.append(_section("goals", "what the agents are asked", goals_told))
        if view.request is not None:
            asked = [_wish(f"asked.{number}", wish) for number, wish in enumerate(wishes(view.request))]
            entries.append(_section("asked", "what was asked for", asked, opened=False))
        left = self._left_alone(picture)
        return ReadPlan((*entries, *left.entries), left.left, left.complete)

    def _rules(self, picture: Picture) -> Sequence[PlannedGroup]:
        """Return the rules of the plan, as long as the survey is where it was; it may be megabytes."""
        if picture.data is None:
            return ()
        name = (picture.data, answer_of(picture.view, "ask-plan"), survey_steps(picture.view))
        if self._planned is None or self._planned[0] != name:
            with suppress(ArtefactMissing):
                self._planned = name, planned(picture.view, ArtefactStore(picture.data.artefacts))
        return self._planned[1] if self._planned else ()

    def _left_alone(self, picture: Picture) -> ReadPlan:
        if picture.data is None:
            return ReadPlan((), "", complete=False)
        name = (picture.data, tellers(picture.view))
        if self._known is None or self._known[0] != name:
            places, complete = left_alone(picture.view, ArtefactStore(picture.data.artefacts))
            self._known = name, ReadPlan((_left(places, complete=complete),), amount_of(places), complete)
        return self._known[1]


class PlanPane(ReadPane[ReadPlan]):
    """The plan of a run, and what was left alone."""

    BORDER_TITLE = "Plan"
    FIELDS: ClassVar = ("rule", "path", "code", "agent")
    BINDINGS: ClassVar = [
        Binding("w", "why", "Left alone", show=False, id="plan.why", tooltip="Go to what was left alone, and why"),
    ]
    PLACEHOLDER: ClassVar = "a file, a rule or a word: why was it left alone?   rule:AR012   path:app/"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._reader = PlanReader()
        self._left = ""

    def reading(self, picture: Picture) -> Callable[[], ReadPlan]:
        """Return what reads the plan."""
        return partial(self._reader.read, picture)

    def take(self, read: ReadPlan) -> None:
        """Show the plan."""
        known = "" if read.complete else " that are known"
        self._left = f"{read.left} left alone{known}" if read.left else ""
        self.outline.set_entries(read.entries)
        self.refresh_head()

    def headline(self) -> Content:
        """Return how much was left alone, and how to find out about a file."""
        if self.searching.value.strip():
            return self.looked_for()
        why = with_keys(self.app, "{plan.why} says why, {outline.filter} finds one")
        return Content(f"{self._left}  {why}" if self._left else "")

    def action_why(self) -> None:
        """Go to what was left alone, and why, with as much of it in view as there is room for."""
        if not self._left:
            return
        if self.searching.value:
            self.action_clear()
            self.search()  # at once, as what is gone to is perhaps not found
        self.outline.focus()
        self.outline.action_edge(1)
        self.outline.choose(_LEFT)


def _section(key: str, title: str, inside: Sequence[Entry], *, opened: bool = True) -> Paragraph:
    return Paragraph(key, Content.styled(title, "bold"), inside=tuple(inside), opened=opened)


def _wish(key: str, wish: Wish) -> Paragraph:
    return Paragraph(key, plain(wish.text), Content.styled(wish.name.ljust(_NAME), _MUTED))


def _phase(stand: PhaseStand) -> Paragraph:
    words = f": {'left out: ' if stand.mark == 'skip' else ''}{stand.words}" if stand.words else ""
    inside: list[Entry] = [_layer(stand.phase, place, layer) for place, layer in enumerate(stand.layers)]
    inside += _items(stand.phase, stand.items)
    return Paragraph(
        f"phase.{stand.phase}",
        Content.assemble(plain(stand.what), (plain(words).plain, _MUTED)),
        Content.assemble(marked(stand.mark), " ", (stand.phase.ljust(_PHASE), "bold")),
        inside=tuple(inside),
        opened=stand.mark in {"run", "ask", "FAIL"},
    )


def _layer(phase: str, place: int, layer: LayerStand) -> Paragraph:
    tail = f"  {layer.size}{f'  {layer.commit[:10]}' if layer.commit else ''}"
    return Paragraph(
        f"layer.{phase}.{place}",
        Content.assemble(plain(layer.title), (tail, _MUTED)),
        Content.assemble(marked(layer.mark), " ", layer.rule.ljust(6)),
        fields={"rule": layer.rule.lower()},
        about=Subject(layer.commit),
    )


def _items(phase: str, items: Items) -> Iterable[Paragraph]:
    for stand in items.stands:
        yield _item(phase, stand)
    if items.beyond:
        text = f"{counted(items.beyond, 'more item')} left out: the setting `items` says how many there may be"
        yield Paragraph(f"beyond.{phase}", plain(text, _MUTED), marked("skip") + Content(" "))


def _item(phase: str, stand: ItemStand) -> Paragraph:
    return Paragraph(
        f"item.{phase}.{stand.number}",
        Content.assemble(plain(stand.title), ("  ", ""), plain(stand.words, _MUTED)),
        Content.assemble(marked(stand.mark), f" item {stand.number}  "),
        fields={"rule": stand.kind.lower()},
        about=Subject(stand.commit),
    )


def _left(places: Sequence[LeftPlace], *, complete: bool) -> Paragraph:
    inside = [_group(group) for group in grouped(places)]
    if not complete:
        text = "what rules left alone in other files is not known: its artefacts are not here"
        inside.insert(0, Paragraph("left.incomplete", plain(text, "$text-warning")))
    elif not inside:
        inside = [Paragraph("left.nothing", plain("nothing so far", _MUTED))]
    return _section(_LEFT, f"left alone, and why: {amount_of(places)}", inside)


def _group(group: LeftGroup) -> Paragraph:
    key = f"left.{group.rule}.{group.code}"
    name = f"{group.rule} {rule_name(group.rule)}".strip() or "whole files"
    inside = tuple(_place(f"{key}.{number}", place, group) for number, place in enumerate(group.places))
    return Paragraph(
        key,
        Content.assemble((plain(name).plain, "bold"), "  ", plain(group.reason), (f"  {group.code}", _MUTED)),
        Content(f"{len(group.places):>4}  "),
        inside=inside,
        fields={"rule": group.rule.lower(), "code": group.code.lower()},
    )


def _place(key: str, place: LeftPlace, group: LeftGroup) -> Paragraph:
    where = f"{place.path}:{place.line}" if place.line else place.path
    why = "" if place.reason == group.reason else f"  {place.reason}"
    entry = Paragraph(
        key,
        Content.assemble(plain(where), (f" {plain(why).plain}" if why else "", _MUTED)),
        fields={
            "path": place.path.lower(),
            "rule": place.rule.lower(),
            "code": place.code.lower(),
            "agent": place.agent,
        },
        whole=where,
        about=Subject(path=place.path),
    )
    entry.searched  # noqa: B018 - worked out now, in a thread, and not when a person types
    return entry
