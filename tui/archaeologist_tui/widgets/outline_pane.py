"""A pane of a run that is an outline: above it a line that says what is shown, below it what is typed to see less."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input, Static

from archaeologist_tui.keys import key_of, with_keys
from archaeologist_tui.reading.commits import NOTHING_OF_CODE, Subject
from archaeologist_tui.reading.query import parsed
from archaeologist_tui.widgets.outline import Outline

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from archaeologist_tui.reading.query import Query


_LETTERS = {"slash": "/", "plus": "+", "minus": "-"}
"""Keys of which Textual 8.2 does not know that they are letters."""


class FilterInput(Input):
    """Where a person types what to look for."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "Forget", id="filter.leave", tooltip="Show everything again"),
    ]

    virtual_size = Reactive(Size(0, 0), layout=False)  # Textual has the whole screen arranged anew at each letter

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key writes here, whatever else it does elsewhere."""
        return super().check_consume_key(key, character or _LETTERS.get(key))

    def action_leave(self) -> None:
        """Look for nothing any more."""
        self.value = ""
        self.post_message(self.Submitted(self, ""))


class OutlinePane(Vertical):
    """An outline with a line above it, which can be searched.

    Args:
        marks: whether entries that can be opened have a mark.
        hides: whether a search hides what it does not find.
        follows: whether the end is followed from the beginning.
    """

    FIELDS: ClassVar[tuple[str, ...]] = ()
    """What a search may ask for by name."""
    FOLLOW: ClassVar = ""
    """Id of the key that follows the end again."""
    PLACEHOLDER: ClassVar[str] = 'words   "two words"   -without'
    """What may be typed, with the ids of keys in braces."""
    DEFAULT_CSS = """
    OutlinePane {
        height: 1fr;
        & > .outline-pane--head {
            height: 1;
            padding: 0 1;
            color: $text-muted;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > FilterInput { display: none; height: 1; }
        & > FilterInput.-open { display: block; }
    }
    """
    BINDINGS: ClassVar = [
        Binding(
            "slash", "filter", "Filter", key_display="/", id="outline.filter", tooltip="Show only what holds words"
        ),
        Binding("n", "found(1)", "Next match", show=False, id="outline.next-match", tooltip="Go to the next match"),
        Binding("escape", "clear", "Show all", show=False, id="outline.clear", tooltip="Show everything again"),
        Binding("N", "found(-1)", "Match before", show=False, id="outline.previous-match", tooltip="Go one match back"),
    ]

    def __init__(
        self,
        *,
        marks: bool = True,
        hides: bool = True,
        follows: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.follows = follows
        self.outline = Outline(marks=marks, hides=hides, follows=follows)
        self._said = Content()
        self.head = Static(classes="outline-pane--head", markup=False)
        self.searching = FilterInput(compact=True)

    def compose(self) -> ComposeResult:
        """Put the parts below each other."""
        yield self.head
        yield self.outline
        yield self.searching

    def focus(self, scroll_visible: bool = True) -> OutlinePane:
        """Focus the outline."""
        self.outline.focus(scroll_visible)
        return self

    @property
    def about(self) -> Subject:
        """What of the code the current entry is about, while a person is here."""
        return self.outline.about if self.has_focus_within else NOTHING_OF_CODE

    def headline(self) -> Content:
        """Return what stands above the outline."""
        return self.looked_for()

    def not_followed(self, more: str = "") -> Content:
        """Return that the end is not followed, how it is, and what is there by now."""
        return Content.styled(f"follow is off, {key_of(self.app, self.FOLLOW)} goes on{more}", "bold $text-warning")

    def looked_for(self) -> Content:
        """Return what is looked for, and how much of it there is."""
        if not self.searching.value.strip():
            return Content("filter: -")
        found = len(self.outline.layout_of_entries.found)
        return Content.assemble("filter: ", (self.searching.value.strip(), "bold"), f"  {found:,} found")

    def refresh_head(self) -> None:
        """Say anew what is shown."""
        line = self.headline()
        if not line.is_same(self._said):
            self._said = line
            self.head.update(line, layout=False)

    def asked(self, text: str) -> Query:
        """Return what a person looks for."""
        return parsed(text, self.FIELDS)

    def search(self) -> None:
        """Show what is looked for by now."""
        self.outline.look_for(self.asked(self.searching.value))
        self.refresh_head()

    def action_filter(self) -> None:
        """Let a person type what to look for."""
        self.searching.placeholder = with_keys(self.app, self.PLACEHOLDER)
        self.searching.add_class("-open")
        self.searching.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's form
        """Leave escape to the screen as long as nothing is looked for."""
        return bool(self.searching.value) if action == "clear" else True

    def action_clear(self) -> None:
        """Look for nothing any more."""
        self.searching.action_leave()

    def action_found(self, by: int) -> None:
        """Go to the next match, or to the one before."""
        if not self.outline.go_to_found(by):
            self.app.bell()

    @on(events.Click, ".outline-pane--head")
    def _head_clicked(self) -> None:
        """Go on following, as the line says: a mouse has no f."""
        if self.follows and not self.outline.following:
            self.outline.follow()

    @on(Outline.FollowingChanged)
    def _followed(self, event: Outline.FollowingChanged) -> None:
        event.stop()
        self.following_changed()

    def following_changed(self) -> None:
        """Say whether the end is followed."""
        self.refresh_head()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.search()

    @on(Input.Submitted)
    def _looked(self, event: Input.Submitted) -> None:
        event.stop()
        self.searching.set_class(bool(event.value.strip()), "-open")
        self.outline.focus()

    @on(Outline.Copied)
    def _copy(self, event: Outline.Copied) -> None:
        event.stop()
        self.app.copy_to_clipboard(event.text)
        self.notify("copied", timeout=2)
