"""Where the legacy code is: hot spots, counts by rule, what an archaeologist with a model says, what was not seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from archaeologist.artefacts import ArtefactStore
from archaeologist.wording import counted
from archaeologist_tui.reading.survey import read_survey, survey_steps
from archaeologist_tui.widgets.read_pane import ReadPane
from archaeologist_tui.widgets.survey_entries import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.survey import SurveyPicture
    from archaeologist_tui.widgets.entries import Entry


@dataclass(frozen=True)
class ReadSurvey:
    """What is shown.

    Attributes:
        entries: all of it.
        words: how much was looked at.
    """

    entries: Sequence[Entry]
    words: Content


class SurveyReader:
    """Reads the survey, once as long as nothing new is known; not for the event loop."""

    def __init__(self) -> None:
        self._known: tuple[object, ReadSurvey] | None = None

    def read(self, picture: Picture) -> ReadSurvey:
        """Return what is shown of a run. Raises ArtefactMissing."""
        name = (picture.data, survey_steps(picture.view))
        if self._known is None or self._known[0] != name:
            self._known = name, _read(picture)
        return self._known[1]


def _read(picture: Picture) -> ReadSurvey:
    if picture.data is None:
        return ReadSurvey((), Content())
    survey = read_survey(picture.view, ArtefactStore(picture.data.artefacts))
    return ReadSurvey(tuple(sections(survey)), _words(survey))


def _words(survey: SurveyPicture) -> Content:
    counts = ((len(survey.files), "file"), (survey.lines, "line"), (survey.by_rule.total(), "finding"))
    words = Content(", ".join(counted(number, noun) for number, noun in counts))
    if survey.done:
        return words
    done, total = survey.batches
    return Content.styled(f"surveying, batch {done} of {total or '?'}   ", "$text-primary") + words


class SurveyPane(ReadPane[ReadSurvey]):
    """What the archaeologist found."""

    BORDER_TITLE = "Survey"
    FIELDS: ClassVar = ("rule", "path")
    PLACEHOLDER: ClassVar = "a file, a rule or a word   rule:AR012   path:app/"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._reader = SurveyReader()
        self._words = Content()

    def reading(self, picture: Picture) -> Callable[[], ReadSurvey]:
        """Return what reads the survey."""
        return partial(self._reader.read, picture)

    def take(self, read: ReadSurvey) -> None:
        """Show the survey."""
        self._words = read.words
        self.outline.set_entries(read.entries)
        self.refresh_head()

    def headline(self) -> Content:
        """Return how much was looked at, and what is looked for."""
        looked_for = [self.looked_for()] if self.searching.value.strip() else []
        return Content("   ").join([self._words, *looked_for])
