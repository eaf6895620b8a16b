"""How a survey looks: bars for hot spots and rules, what a model says, what was not seen, as entries of an outline."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.wording import counted
from archaeologist_tui.reading.commits import Subject
from archaeologist_tui.reading.rules import rule_name, rule_title
from archaeologist_tui.widgets.entries import Later, Paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.documents import HotSpot
    from archaeologist_tui.reading.survey import SeenFile, SurveyPicture
    from archaeologist_tui.widgets.entries import Entry

_MUTED = "$foreground-muted"
_BAR = 10
_HOT, _WARM = 2 / 3, 1 / 3
_COUNT = 7


def sections(survey: SurveyPicture) -> Iterator[Entry]:
    """Yield the parts of a survey, what a person has to know first at the top."""
    yield from _suspects(survey)
    yield from _judged(survey)
    if spots := _hot_spots(survey.hot_spots, {file.file.path: file for file in survey.files}):
        what = "findings x commits" if survey.done else "findings so far"
        title = f"look here first: {what}"
        yield _section("spots", title, spots)
    if rules := list(_rules(survey)):
        yield _section("rules", "found, by rule", rules)
    if survey.unreadable:
        yield _section("unreadable", "no rule can read these", [_unreadable(file) for file in survey.unreadable])
    yield from _skipped(survey)
    if survey.files:
        files = sorted(survey.files, key=lambda file: file.file.path)
        yield _section("files", counted(len(files), "file"), [_file(file) for file in files], opened=False)


def _section(key: str, title: str, inside: Sequence[Entry], *, opened: bool = True, style: str = "bold") -> Entry:
    return Paragraph(key, Content.styled(title, style), inside=tuple(inside), opened=opened)


def _bar(share: float, style: str = "$text-primary") -> Content:
    """Return a bar as long as its share of the longest one."""
    halves = max(1, round(share * _BAR * 2))
    return Content.styled(("━" * (halves // 2) + "╸" * (halves % 2)).ljust(_BAR), style)


def _heat_of(share: float) -> str:
    return "$text-error" if share > _HOT else "$text-warning" if share > _WARM else "$text-success"


def _hot_spots(spots: Sequence[HotSpot], files: dict[str, SeenFile]) -> list[Entry]:
    shown = [spot for spot in spots if spot.findings]
    most = max((_heat(spot) for spot in shown), default=1)
    return [_spot(spot, _heat(spot) / most, files.get(spot.path)) for spot in shown]


def _heat(spot: HotSpot) -> int:
    return spot.findings * max(1, spot.commits)


def _spot(spot: HotSpot, share: float, file: SeenFile | None) -> Entry:
    commits = f" x {spot.commits:<4,}" if spot.commits else "  "
    authors = f"  {counted(spot.authors, 'author')}" if spot.authors > 1 else ""
    return Paragraph(
        f"spot.{spot.path}",
        Content.assemble(plain(spot.path), (authors, _MUTED)),
        _bar(share, _heat_of(share)) + Content(f"{spot.findings:>{_COUNT},}{commits}"),
        inside=_rules_of(f"spot.{spot.path}", file),
        deep=False,
        fields={"path": spot.path.lower()},
        about=Subject(path=spot.path),
    )


def _rules_of(key: str, file: SeenFile | None) -> Sequence[Entry]:
    if file is None or not file.by_rule:
        return ()
    ranked = sorted(file.by_rule.items(), key=lambda each: (-each[1], each[0]))
    return Later(lambda: [_rule_line(f"{key}.{code}", code, count) for code, count in ranked])


def _rule_line(key: str, code: str, count: int) -> Entry:
    return Paragraph(
        key, Content.assemble(f"{code} {rule_name(code)}", (f"  {rule_title(code)}", _MUTED)), Content(f"{count:>6,}  ")
    )


def _rules(survey: SurveyPicture) -> Iterator[Entry]:
    ranked = sorted(survey.by_rule.items(), key=lambda each: (-each[1], each[0]))
    for code, count in ranked:
        yield Paragraph(
            f"rule.{code}",
            Content.assemble((f"{code} {rule_name(code)}", "bold"), (f"  {rule_title(code)}", _MUTED)),
            _bar(count / ranked[0][1]) + Content(f"{count:>{_COUNT},}  "),
            inside=Later(partial(_places, survey, code)),
            deep=False,
            fields={"rule": code.lower()},
        )


def _places(survey: SurveyPicture, code: str) -> list[Entry]:
    found = survey.where(code)
    return [
        Paragraph(f"rule.{code}.{path}", plain(path), Content(f"{count:>6,}  "), about=Subject(path=path))
        for path, count in found
    ]


def _judged(survey: SurveyPicture) -> Iterator[Entry]:
    judged = survey.judged
    if not judged.summary and not judged.findings:
        return
    inside: list[Entry] = []
    if judged.summary:
        inside.append(Paragraph("judged.summary", plain(judged.summary)))
    if judged.first:
        inside.append(Paragraph("judged.first", plain(", ".join(judged.first)), Content.styled("first  ", _MUTED)))
    for number, finding in enumerate(judged.findings):
        where = f"{finding.path}:{finding.span.line}"
        text = Content.assemble(
            (plain(finding.rule).plain, "bold"), "  ", plain(finding.message), "  ", plain(where, _MUTED)
        )
        inside.append(
            Paragraph(
                f"judged.{number}",
                text,
                fields={"path": finding.path.lower()},
                about=Subject(path=finding.path),
                whole=where,
            )
        )
    yield _section("judged", "the archaeologist says", inside)


def _suspects(survey: SurveyPicture) -> Iterator[Entry]:
    if not survey.suspects:
        return
    inside = [
        Paragraph(
            f"suspect.{number}",
            Content.assemble(
                plain(f"{place.path}:{place.line}" if place.line else place.path, "bold"),
                f"  {place.kind}  ",
                plain(place.excerpt, _MUTED),
            ),
            fields={"path": place.path.lower()},
            about=Subject(path=place.path),
        )
        for number, place in enumerate(survey.suspects)
    ]
    places = "1 place speaks" if len(inside) == 1 else f"{len(inside):,} places speak"
    title = f"{places} to models instead of people: find out who wrote them"
    yield _section("suspects", title, inside, style="bold $text-warning")


def _unreadable(file: SeenFile) -> Entry:
    return Paragraph(
        f"unreadable.{file.file.path}",
        Content.assemble(plain(file.file.path), "  ", plain(f"{file.status}: {file.message}", _MUTED)),
        fields={"path": file.file.path.lower()},
        about=Subject(path=file.file.path),
    )


def _skipped(survey: SurveyPicture) -> Iterator[Entry]:
    groups = survey.not_looked_at()
    if not groups:
        return
    inside = [
        Paragraph(
            f"skipped.{code}",
            Content(code),
            Content(f"{len(files):>6,}  "),
            inside=tuple(
                Paragraph(
                    f"skipped.{code}.{file.path}",
                    Content.assemble(plain(file.path), "  ", plain(file.detail, _MUTED)),
                    fields={"path": file.path.lower()},
                    about=Subject(path=file.path),
                )
                for file in files
            ),
        )
        for code, files in sorted(groups.items(), key=lambda each: -len(each[1]))
    ]
    yield _section("skipped", f"not looked at: {counted(len(survey.skipped), 'file')}", inside)


def _file(file: SeenFile) -> Entry:
    path = file.file.path
    return Paragraph(
        f"file.{path}",
        Content.assemble(plain(path), "  ", plain(file.summary, _MUTED)),
        Content(f"{file.findings:>6,}  "),
        inside=_rules_of(f"file.{path}", file),
        deep=False,
        fields={"path": path.lower()},
        about=Subject(path=path),
    )
