"""The survey in words: where the legacy code is, what nobody looked at, and what an archaeologist with a model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.wording import counted, first_of, lines_about
from archaeologist_tui.reading.rules import rule_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.documents import HotSpot, SuspectPlace
    from archaeologist_tui.reading.survey import Judged, SeenFile, SurveyPicture


def survey_lines(survey: SurveyPicture, most: int) -> Iterator[str]:
    """Yield what a survey found, what a person has to know first at the top; of everything so much at most."""
    counts = ((len(survey.files), "file"), (survey.lines, "line"), (survey.by_rule.total(), "finding"))
    done, total = survey.batches
    so_far = "" if survey.done else f", batch {done} of {total}" if total else ", not begun"
    yield f"survey: {', '.join(counted(number, noun) for number, noun in counts)}{so_far}"
    suspects = [_suspect(place) for place in survey.suspects]
    yield from lines_about("survey, speaks to models instead of people, find out who wrote it", suspects, most)
    spots = [_spot(spot) for spot in survey.hot_spots if spot.findings]
    yield from lines_about("survey, look here first", spots, most)
    ranked = sorted(survey.by_rule.items(), key=lambda each: (-each[1], each[0]))
    if ranked:
        yield "survey, found by rule: " + ", ".join(first_of([_rule(*each) for each in ranked], most))
    yield from lines_about("survey, no rule can read", [_unreadable(file) for file in survey.unreadable], most)
    yield from _not_looked_at(survey)


def judged_lines(judged: Judged, most: int) -> Iterator[str]:
    """Yield what an archaeologist with a model says; nothing when it said nothing."""
    if judged.summary:
        yield f"survey, the archaeologist says: {judged.summary}"
    if judged.first:
        yield f"survey, the archaeologist would begin with: {', '.join(first_of(judged.first, most))}"
    found = [f"{each.rule}, {each.message}, at {each.path}:{each.span.line}" for each in judged.findings]
    yield from lines_about("survey, the archaeologist found", found, most)


def file_lines(survey: SurveyPicture) -> Iterator[str]:
    """Yield every file: what was found in it, by rule, or why it was not looked at."""
    readable = (file for file in survey.files if file.status == "ok")
    for file in sorted(readable, key=lambda file: file.file.path):
        rules = ", ".join(f"{code} {count}" for code, count in sorted(file.by_rule.items()))
        yield f"{file.file.path}: {counted(file.findings, 'finding')}{f': {rules}' if rules else ''}"
    for skipped in survey.skipped:
        yield f"{skipped.path}: not looked at, {skipped.detail or skipped.code}"


def _not_looked_at(survey: SurveyPicture) -> Iterator[str]:
    """Yield why files were not looked at, but for those that are told as unreadable."""
    told = {file.file.path for file in survey.unreadable}
    for code, files in sorted(survey.not_looked_at().items(), key=lambda each: -len(each[1])):
        if others := [file.path for file in files if file.path not in told]:
            yield f"survey, not looked at: {counted(len(others), 'file')}, {code}, for example {others[0]}"


def _suspect(place: SuspectPlace) -> str:
    where = f"{place.path}:{place.line}" if place.line else place.path
    return f"{where}, {place.kind}: {place.excerpt}"


def _spot(spot: HotSpot) -> str:
    changed = f", changed in {counted(spot.commits, 'commit')}" if spot.commits else ""
    return f"{spot.path}, {counted(spot.findings, 'finding')}{changed}"


def _rule(code: str, count: int) -> str:
    return f"{f'{code} {rule_name(code)}'.strip()} {count:,}"


def _unreadable(file: SeenFile) -> str:
    return f"{file.file.path}, {file.status}: {file.message}"
