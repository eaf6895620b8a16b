"""Reads what a run has committed while it goes on: a commit once, and nothing when nothing can have come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from archaeologist.review.left_alone import tellers
from archaeologist.review.model import Review
from archaeologist.review.reading import read_review

if TYPE_CHECKING:
    from archaeologist.domain.events import DataPlane
    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture


class ReviewReader:
    """The review of one run, as far as it is read.

    Attributes:
        review: what was committed, and what was left alone.
    """

    def __init__(self) -> None:
        self.review = Review()
        self._made_of: tuple[object, ...] = ()

    async def read_on(self, picture: Picture) -> bool:
        """Read what has come, beside the event loop; return whether anything has.

        Args:
            picture: the run by now.
        """
        view, data = picture.view, picture.data
        made_of = await asyncio.to_thread(_made_of, view, data)
        if made_of == self._made_of:
            return False
        if data is not None and view.request is not None:
            self.review = await asyncio.to_thread(read_review, data, view.request, view, self.review)
        self._made_of = made_of
        return True


def _made_of(view: RunView, data: DataPlane | None) -> tuple[object, ...]:
    """Return what a review is read of: when it is the same, there is nothing new to be read."""
    return view.commits, tellers(view), data, view.state
