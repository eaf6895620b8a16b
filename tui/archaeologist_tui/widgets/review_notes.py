"""What could not be read of a branch, and what else is odd about it; there only when there is something to say."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from archaeologist_tui.widgets.entries import plain


class ReviewNotes(Static):
    """Notes of a review, one a line."""

    DEFAULT_CSS = """
    ReviewNotes {
        height: auto; max-height: 3; padding: 0 1; color: $text-warning; display: none;
        &.-told { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._notes: tuple[str, ...] = ()

    def tell(self, notes: tuple[str, ...]) -> None:
        """Show notes; the same ones again cost nothing."""
        if notes != self._notes:
            self._notes = notes
            self.update(Content("\n").join(map(plain, notes)))
            self.set_class(bool(notes), "-told")
