"""Draws the rows of a diff, each once: numbers, signs, code in colour with the changed words marked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import on_one_line
from archaeologist_tui.levels import levelled
from archaeologist_tui.reading.code import coloured, decoded
from archaeologist_tui.reading.hunk_rows import SIGN, UNENDED, Layout, RowKind
from archaeologist_tui.reading.words import changed_words
from archaeologist_tui.reading.wrapping import code_starts
from archaeologist_tui.widgets.component_styles import component_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.style import Style
    from textual.widget import Widget

    from archaeologist.review.model import ReviewHunk
    from archaeologist_tui.reading.hunk_rows import DiffRow

_KEPT = 400
"""Hunks whose coloured lines are kept."""
_DRAWN = 2_000
"""Rows that are kept as they were drawn."""
_GOES_ON = "\N{DOWNWARDS ARROW WITH TIP RIGHTWARDS}"
_BAR = "\N{LEFT ONE QUARTER BLOCK}"
_UNENDED = Content.styled(UNENDED, ".diff--escape")
STYLES = (
    "diff--absent",
    "diff--added",
    "diff--added-word",
    "diff--bar",
    "diff--escape",
    "diff--file",
    "diff--hunk",
    "diff--hunk-current",
    "diff--number",
    "diff--removed",
    "diff--removed-word",
)
"""The component classes that the widget must have."""
_CLASSES = {"-": "diff--removed", "+": "diff--added"}


class HunkText:
    """The lines of a hunk in colour, made when one of them is drawn first.

    Args:
        hunk: the hunk.
        room: cells of a row, where lines go on in the row below; None where they do not.
        ansi: whether the terminal's own colours are used.
        dark: whether the theme is dark.
    """

    def __init__(self, hunk: ReviewHunk, room: int | None, *, ansi: bool, dark: bool) -> None:
        self._hunk, self._room = hunk, room
        self._ansi, self._dark = ansi, dark
        self._parts: dict[int, list[Content]] = {}

    def part(self, number: int, part: int) -> Content | None:
        """Return what one of the rows of a line shows; None for a row beside which only another line goes on."""
        if number not in self._parts:
            line = self.lines[number]
            starts = (0,) if self._room is None else code_starts(line.plain, self._room)
            self._parts[number] = line.divide(starts[1:])
        parts = self._parts[number]
        return parts[part] if part < len(parts) else None

    @cached_property
    def lines(self) -> tuple[Content, ...]:
        """All lines of the hunk, the changed words marked."""
        lines = self._hunk.hunk.lines
        texts = decoded([line.text for line in lines], self._hunk.encoding)
        found: dict[int, Content] = {}
        # Each side is coloured as it stands in its file: together they are no code.
        for without, within in zip("+-", self._hunk.within, strict=True):
            numbers = [number for number, line in enumerate(lines) if line.sign != without]
            side = [texts[number] for number in numbers]
            contents = coloured(side, self._hunk.path, ansi=self._ansi, dark=self._dark, within=within)
            found |= dict(zip(numbers, contents, strict=True))
        self._mark(found)
        return tuple(found[number] if line.ended else found[number] + _UNENDED for number, line in enumerate(lines))

    def _mark(self, found: dict[int, Content]) -> None:
        number, blocks = 0, self._hunk.hunk.blocks
        lines = self._hunk.hunk.lines
        for block in blocks:
            while lines[number].sign == " ":
                number += 1
            size = block.old_end - block.old_start + block.new_end - block.new_start
            old = [each for each in range(number, number + size) if lines[each].sign == "-"]
            new = [each for each in range(number, number + size) if lines[each].sign == "+"]
            number += size
            marks = changed_words([found[each].plain for each in old], [found[each].plain for each in new])
            for numbers, side, name in ((old, marks[0], "removed"), (new, marks[1], "added")):
                for each, ranges in zip(numbers, side, strict=True):
                    for start, end in ranges:
                        found[each] = found[each].stylize(f".diff--{name}-word", start, end)


class DiffLines:
    """Draws rows of a widget in its styles.

    Args:
        widget: whose component classes say how they look.
        hunks: all hunks that rows are of.
        layout: the rows.
    """

    def __init__(self, widget: Widget, hunks: Sequence[ReviewHunk] = (), layout: Layout | None = None) -> None:
        self._widget = widget
        self._hunks, self._layout = hunks, layout or Layout()
        self._texts: dict[int, HunkText] = {}
        self._drawn: dict[tuple[int, int, bool], Strip] = {}

    def strip(self, place: int, left: int, *, chosen: bool) -> Strip:
        """Return a row as it is drawn.

        Args:
            place: which one.
            left: how many cells of the code are scrolled out on the left.
            chosen: whether it is a row of the current hunk.
        """
        key = (place, left, chosen)
        if key not in self._drawn:
            if len(self._drawn) >= _DRAWN:
                self._drawn.clear()
            self._drawn[key] = self._draw(self._layout.rows[place], left, chosen=chosen)
        return self._drawn[key]

    def _draw(self, row: DiffRow, left: int, *, chosen: bool) -> Strip:
        width = self._layout.shape.width
        if row.kind is RowKind.FILE:
            return self._whole(self._file(row), width, "diff--file")
        bar = self._drawing(Content(_BAR if chosen else " "), "diff--bar")
        if row.kind is RowKind.HUNK:
            name = "diff--hunk-current" if chosen else "diff--hunk"
            return Strip.join([bar, self._whole(self._head(row, width - 1), width - 1, name)])
        if row.kind is RowKind.LINE:
            draw = self._sides if self._layout.shape.split else self._line
            return Strip.join([bar, draw(row, width - 1, left)]).adjust_cell_length(width)
        return Strip.join([bar, self._whole(Content("  ") + (row.note or Content("")), width - 1)])

    def _style(self, *names: str) -> Style:
        return component_style(self._widget, *names)

    def _drawing(self, content: Content, *names: str) -> Strip:
        style = self._style(*names)
        drawn = content.render(style, end="", parse_style=self._widget._get_style)  # noqa: SLF001 - finds component classes
        return Strip([Segment(text, own.rich_style) for text, own in drawn])

    def _whole(self, content: Content, width: int, *names: str) -> Strip:
        strip = self._drawing(content.truncate(width, ellipsis=True), *names)
        return strip.adjust_cell_length(width, self._style(*names).rich_style)

    def _file(self, row: DiffRow) -> Content:
        hunk = self._hunks[row.hunk]
        subject = Content.styled(f"  {on_one_line(hunk.commit.subject)}", "$text-muted not bold")
        return Content(f" {on_one_line(hunk.path)}") + subject

    def _head(self, row: DiffRow, width: int) -> Content:
        """Return the line above a hunk: where it is, and on the right how sure it is."""
        hunk = self._hunks[row.hunk]
        section = on_one_line(hunk.hunk.section.decode(hunk.encoding, "replace"))
        level = levelled(hunk.level) + Content(f"  {counted(len(hunk.edits), 'edit')}" if hunk.edits else "")
        room = max(8, width - level.cell_length - 3)
        place = Content(f"line {hunk.line}  {section}".rstrip()).truncate(room, ellipsis=True)
        return Content(" ") + place.pad_right(room - place.cell_length) + Content(" ") + level

    def _line(self, row: DiffRow, width: int, left: int) -> Strip:
        number = row.old if row.new < 0 else row.new
        line = self._hunks[row.hunk].hunk.lines[number]
        both = self._layout.shape.both_numbers
        return self._code(row, number, (line.old, line.new) if both else (line.new or line.old,), width, left)

    def _sides(self, row: DiffRow, width: int, left: int) -> Strip:
        half = (width - 1) // 2
        lines = self._hunks[row.hunk].hunk.lines
        old = self._side(row, row.old, lines[row.old].old, half, left)
        new = self._side(row, row.new, lines[row.new].new, width - 1 - half, left)
        return Strip.join([old, self._drawing(Content("\N{BOX DRAWINGS LIGHT VERTICAL}"), "diff--number"), new])

    def _side(self, row: DiffRow, number: int, shown: int, width: int, left: int) -> Strip:
        if number < 0:
            return Strip.blank(width, self._style("diff--absent").rich_style)
        return self._code(row, number, (shown,), width, left)

    def _code(self, row: DiffRow, number: int, shown: Sequence[int], width: int, left: int) -> Strip:
        """Draw a part of a line; its number and its sign stand before the first one only."""
        sign, digits = self._hunks[row.hunk].hunk.lines[number].sign, self._layout.digits
        names = (_CLASSES[sign],) if sign in _CLASSES else ()
        code = self._text(row.hunk).part(number, row.part)
        numbers = " ".join(("" if row.part or not each else str(each)).rjust(digits) for each in shown)
        mark = (
            Content(f" {sign} ")
            if not row.part
            else Content(f"{sign}{_GOES_ON} ")
            if code is not None
            else Content(" " * SIGN)
        )
        head = Strip.join([self._drawing(Content(numbers), *names, "diff--number"), self._drawing(mark, *names)])
        room = max(1, width - head.cell_length)
        drawn = self._drawing(code or Content(""), *names)
        return Strip.join([head, drawn.crop_extend(left, left + room, self._style(*names).rich_style)])

    def _text(self, number: int) -> HunkText:
        if number not in self._texts:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            app, layout = self._widget.app, self._layout
            room = layout.room if layout.shape.wrapped else None
            dark = app.current_theme.dark
            self._texts[number] = HunkText(self._hunks[number], room, ansi=app.native_ansi_color, dark=dark)
        return self._texts[number]
