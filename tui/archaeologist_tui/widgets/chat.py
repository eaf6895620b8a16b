"""What an agent and its model say to each other, as it comes; of an agent without a model, what it does by rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.content import Content

from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.names import Role, called
from archaeologist.domain.view import RunView
from archaeologist.reporting.cost import price
from archaeologist.review.conversations import current_talk, talks_of
from archaeologist.wording import counted
from archaeologist_tui.reading.transcripts import ToldTalk, told_talk
from archaeologist_tui.states import marked
from archaeologist_tui.widgets.chat_entries import TalkEntries, trying, writing
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.read_pane import ReadPane
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from archaeologist.domain.step_view import StepView
    from archaeologist.review.conversations import Talk
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.widgets.entries import Entry

_WRITES = "writes"


@dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        talks: the conversations of the agent.
        talk: the one that is shown; None when there is none.
        entries: what is shown of it.
        rows: the conversations in a list.
    """

    talks: Sequence[Talk]
    talk: Talk | None
    entries: Sequence[Entry]
    rows: Sequence[Row]


class ChatReader:
    """Reads conversations; not for the event loop."""

    def __init__(self) -> None:
        self._transcripts: Transcripts | None = None
        self._entries = TalkEntries()

    def read(self, picture: Picture, agent: str, key: str) -> Read:
        """Return what is shown of an agent.

        Args:
            picture: the run.
            agent: whose conversations.
            key: which one; the current one when it is empty.
        """
        view = picture.view
        running = {step.step for step in picture.pending if step.agent == agent and step.state == "run"}
        talks = talks_of(view, agent, running)
        talk = next((talk for talk in talks if talk.key == key), None) or current_talk(talks)
        rows = [Row(talk.key, _summary(talk)) for talk in talks]
        if talk is None:
            return Read(talks, None, [_done(step) for step in view.steps.values() if step.agent == agent], rows)
        told = told_talk(self._at(picture.data.artefacts), talk) if picture.data else ToldTalk(talk)
        return Read(talks, talk, self._entries.of(told), rows)

    def _at(self, artefacts: Path) -> Transcripts:
        if self._transcripts is None or self._transcripts.store.folder != artefacts:
            self._transcripts = Transcripts(ArtefactStore(artefacts))
        return self._transcripts


class ChatPane(ReadPane[Read]):
    """The conversations of one agent, of which one is shown."""

    BORDER_TITLE = "Chat"
    FOLLOW = "chat.follow"
    PLACEHOLDER: ClassVar = 'find words   "two words"   {outline.next-match} next match'
    DEFAULT_CSS = """
    ChatPane > RowList { display: none; height: auto; max-height: 5; border-bottom: solid $surface-lighten-2; }
    ChatPane > RowList.-several { display: block; }
    """
    BINDINGS: ClassVar = [
        Binding("f", "follow", "Follow", id="chat.follow", tooltip="Go to the end of the conversation that goes on"),
        Binding("less_than_sign", "talk(-1)", "Conversation before", show=False, id="chat.previous", key_display="<",
                tooltip="Show the conversation before"),
        Binding("greater_than_sign", "talk(1)", "Next conversation", show=False, id="chat.next", key_display=">",
                tooltip="Show the next conversation"),
    ]  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(hides=False, follows=True, id=id)
        self.agent: str = Role.ORCHESTRATOR
        self.talks = RowList()
        self._reader = ChatReader()
        self._chosen = ""
        self._read_last: Read | None = None
        self._flying: frozenset[tuple[str, str, str]] = frozenset()

    def compose(self) -> ComposeResult:
        """Put the list of conversations above the one that is shown."""
        yield self.talks
        yield from super().compose()

    def choose(self, agent: str, name: str = "") -> None:
        """Show the conversations of another agent.

        Args:
            agent: whose.
            name: of the conversation that is shown, such as `item-3`; empty for the one that goes on.
        """
        if agent != self.agent or name:
            self.agent = agent
            self._choose(f"{agent}.{name}" if name else "")

    def show(self, picture: Picture) -> None:
        """Show what was said by now."""
        super().show(picture)
        flying = frozenset((step.agent, step.step, step.state) for step in picture.pending)
        if flying != self._flying:
            self._flying = flying
            self.read_on()
        self._show_writes()

    def reading(self, picture: Picture) -> Callable[[], Read]:
        """Return what reads the conversations of the agent."""
        return partial(self._reader.read, picture, self.agent, self._chosen)

    def take(self, read: Read) -> None:
        """Show the conversations of the agent."""
        self._read_last = read
        self.talks.set_class(len(read.talks) > 1, "-several")
        with self.prevent(RowList.Moved):
            self.talks.set_rows(read.rows)
            if read.talk is not None:
                self.talks.choose(read.talk.key)
        self.outline.set_entries(read.entries)
        self._show_writes()
        self.refresh_head()

    def _show_writes(self) -> None:
        """Show the end of what the model is writing, or why it is asked again."""
        if self._read_last is None or self._read_last.talk is None or self.picture is None:
            return
        talk, shown = self._read_last.talk, self.outline.layout_of_entries.entries
        asked = {turn.think.name for turn in talk.turns if turn.think.state != "ok"}
        pending = next((each for each in self.picture.pending if each.agent == talk.agent and each.step in asked), None)
        is_shown = bool(shown) and shown[-1].key == _WRITES
        if pending is not None and (pending.writes or pending.attempt > 1):
            entry = writing(pending.writes, called(talk.model)) if pending.writes else trying(pending)
            if is_shown:
                self.outline.replace(entry)
            else:
                self.outline.add_entries([entry])
        elif is_shown:
            self.outline.set_entries(shown[:-1])

    def headline(self) -> Content:
        """Return whose conversation it is, who answers and what it cost."""
        view = self.picture.view if self.picture else RunView()
        model = view.request.judgement.model_of(self.agent) if view.request else ""
        name = Content.styled(view.called(self.agent), "bold")
        talk = self._read_last.talk if self._read_last else None
        if talk is None and not model and self.agent in set(Role):
            return Content.assemble(name, "  works by rules alone: no model is asked")
        if talk is None:
            return Content("  ").join(
                [name, *([plain(called(model))] if model else []), Content("has said nothing yet")]
            )
        spent = talk.spent
        cost = f"{counted(len(talk.turns), 'turn')}  {counted(spent.tokens, 'token')}  {price(spent)}"
        parts = [name, plain(called(talk.model or model)), Content(cost), plain(talk.title)]
        if talk.mark == "run" and not self.outline.following:
            parts.insert(0, self.not_followed())
        if self.searching.value.strip():
            parts.insert(0, self.looked_for())
        return Content("  ").join(parts)

    def action_follow(self) -> None:
        """Go to the end of the conversation that goes on."""
        self._choose("")
        self.outline.follow()

    def action_talk(self, by: int) -> None:
        """Show another conversation."""
        self.talks.action_move(by)

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self._read_last is not None and (self._read_last.talk is None or event.key != self._read_last.talk.key):
            self._choose(event.key)

    @on(RowList.Opened)
    def _opened(self, event: RowList.Opened) -> None:
        event.stop()
        self.outline.focus()

    def _choose(self, key: str) -> None:
        self._chosen = key
        self.outline.following = True
        self.read_again()


def _summary(talk: Talk) -> Content:
    """Return a conversation in one line."""
    came_to = [counted(len(talk.turns), "turn"), *([plain(talk.outcome).plain] if talk.outcome else [])]
    return Content.assemble(marked(talk.mark), " ", plain(talk.title), (f"  {'  '.join(came_to)}", "$foreground-muted"))


def _done(step: StepView) -> Entry:
    """Return what an agent did by its rules."""
    text = f"{step.summary}: {step.message}" if step.message else step.summary
    return Paragraph(f"{step.agent}.{step.name}", plain(text), marked(step.state) + Content(" "))
