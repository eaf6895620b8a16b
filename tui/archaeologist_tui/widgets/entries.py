"""What an outline shows: paragraphs, which may hold others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, overload

from textual.content import Content

from archaeologist_tools.safety.fencing import on_one_line
from archaeologist_tui.reading.commits import NOTHING_OF_CODE, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


NOTHING = Content()


class Entry(Protocol):
    """A paragraph. Its text holds no line breaks, and nothing that a terminal must not see."""

    @property
    def key(self) -> str:
        """What stays the same when it is made anew."""
        ...

    @property
    def text(self) -> str:
        """What is wrapped."""
        ...

    @property
    def inside(self) -> Sequence[Entry]:
        """What is shown below it when it is open."""
        ...

    @property
    def opened(self) -> bool:
        """Whether it is open before anybody said so."""
        ...

    @property
    def deep(self) -> bool:
        """Whether a search looks at what is inside, too."""
        ...

    @property
    def copied(self) -> str:
        """What is copied of it."""
        ...

    def lead(self, *, narrow: bool) -> Content:
        """Return what stands before the text, on its first line; less of it where there is little room."""
        ...

    def margins(self, *, narrow: bool) -> tuple[int, int]:
        """Return the cells before the first line, which are those of the lead, and before the lines below it."""
        ...

    def body(self) -> Content:
        """Return the text with its styles."""
        ...

    @property
    def searched(self) -> str:
        """All words by which it is found, in small letters; not those of what is inside."""
        ...

    def field(self, name: str) -> str:
        """Return the value of a field in small letters; empty for one it has not."""
        ...

    @property
    def about(self) -> Subject:
        """What of the code it is about."""
        ...


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that is ready to be shown.

    Attributes:
        key: what stays the same when it is made anew.
        content: the text with its styles.
        before: what stands before it, on its first line only.
        inside: what is shown below it when it is open.
        opened: whether it is open before anybody said so.
        deep: whether a search looks at what is inside, too.
        fields: what a search may ask for by name, in small letters.
        whole: what is copied; the text when it is empty.
        also: further words by which it is found.
        about: what of the code it is about.
    """

    key: str
    content: Content
    before: Content = NOTHING
    inside: Sequence[Entry] = ()
    opened: bool = False
    deep: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""
    also: str = ""
    about: Subject = NOTHING_OF_CODE

    @property
    def text(self) -> str:
        """What is wrapped."""
        return self.content.plain

    @property
    def copied(self) -> str:
        """What is copied of it."""
        return self.whole or self.text

    def lead(self, *, narrow: bool) -> Content:  # noqa: ARG002 - the same at every width
        """Return what stands before the text."""
        return self.before

    def margins(self, *, narrow: bool) -> tuple[int, int]:  # noqa: ARG002 - see above
        """Return the cells before the text: as many on each line."""
        cells = self.before.cell_length
        return cells, cells

    def body(self) -> Content:
        """Return the text with its styles."""
        return self.content

    @cached_property
    def searched(self) -> str:
        """All words by which it is found."""
        return f"{self.before.plain} {self.text} {self.also}".lower()

    def field(self, name: str) -> str:
        """Return the value of a field."""
        return self.fields.get(name, "")


class Later(Sequence["Entry"]):
    """Entries that are made when they are asked for: what is inside something that few people open.

    Args:
        make: makes them; there is at least one.
    """

    def __init__(self, make: Callable[[], Sequence[Entry]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Sequence[Entry]:
        return self._make()

    def __bool__(self) -> bool:
        """There is something, which is known without making it."""
        return True

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._made)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        """Return one of them, or some."""
        return self._made[place]


def plain(text: str, style: str = "") -> Content:
    """Return strangers' text as content: on one line, with nothing hidden, and with no markup read from it."""
    line = on_one_line(text)
    return Content.styled(line, style) if style else Content(line)
