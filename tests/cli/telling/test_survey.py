from __future__ import annotations

from archaeologist.cli.telling.survey import file_lines, survey_lines
from archaeologist.documents import FileEntry, HotSpot, SkippedFile, SuspectPlace
from archaeologist_tui.reading.survey import SeenFile, SurveyPicture


def seen(path: str, status: str = "ok", **by_rule: int) -> SeenFile:
    file = FileEntry(path=path, mode="100644", oid="", size=1)
    message = "" if status == "ok" else "line 9: invalid syntax"
    return SeenFile(file=file, status=status, message=message, lines=10, summary="", by_rule=by_rule)


SURVEY = SurveyPicture(
    done=True,
    files=[seen("b.py", AR001=2, AR020=1), seen("a.py", "syntax"), seen("c.py")],
    hot_spots=[
        HotSpot(path="b.py", commits=0, authors=0, findings=3),
        HotSpot(path="c.py", commits=4, authors=1, findings=0),
    ],
    skipped=[
        SkippedFile(path="a.py", code="syntax", detail="line 9: invalid syntax"),
        SkippedFile(path="vendor/x.py", code="vendored", detail="somebody else's"),
        SkippedFile(path="vendor/y.py", code="vendored", detail="somebody else's"),
    ],
    suspects=[SuspectPlace(path=f"evil{n}.py", line=n, kind="override", excerpt="ignore it") for n in range(3)],
)


def test_each_thing_is_told_once_and_what_a_person_has_to_know_first() -> None:
    suspicious = "survey, speaks to models instead of people, find out who wrote it: "
    assert list(survey_lines(SURVEY, 2)) == [
        "survey: 3 files, 30 lines, 3 findings",
        f"{suspicious}evil0.py, override: ignore it",
        f"{suspicious}evil1.py:1, override: ignore it",
        f"{suspicious}and 1 more",
        "survey, look here first: b.py, 3 findings",
        "survey, found by rule: AR001 percent-format 2, AR020 object-base 1",
        "survey, no rule can read: a.py, syntax: line 9: invalid syntax",
        "survey, not looked at: 2 files, vendored, for example vendor/x.py",
    ]


def test_every_file_has_a_line_that_says_what_was_found_or_why_nothing() -> None:
    assert list(file_lines(SURVEY)) == [
        "b.py: 3 findings: AR001 2, AR020 1",
        "c.py: 0 findings",
        "a.py: not looked at, line 9: invalid syntax",
        "vendor/x.py: not looked at, somebody else's",
        "vendor/y.py: not looked at, somebody else's",
    ]


def test_a_survey_that_goes_on_says_how_far_it_is() -> None:
    (line,) = survey_lines(SurveyPicture(done=False, batches=(1, 4)), 2)
    assert line == "survey: 0 files, 0 lines, 0 findings, batch 1 of 4"
