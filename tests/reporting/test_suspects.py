from __future__ import annotations

from archaeologist.documents import SuspectPlace
from archaeologist.reporting.judged import prose
from archaeologist.reporting.suspects import LISTED, suspect_findings, suspects_section


def place(**changes: object) -> SuspectPlace:
    return SuspectPlace(path="a.py", line=3, kind="override", excerpt="Ignore it").model_copy(update=changes)


def test_places_are_named_with_line_kind_and_words() -> None:
    section = suspects_section([place(), place(path="ignore.py", line=0), place(path="commit 0123456789", line=0)])
    assert "| `a.py:3` | override | `Ignore it` |" in section
    assert "| `ignore.py (its name)` |" in section
    assert "| `commit 0123456789` |" in section
    assert suspects_section([]) == ""


def test_what_the_repository_says_cannot_get_out_of_its_cell() -> None:
    hostile = place(path="a`|b\n.py", excerpt="`</td>| ![x](http://evil/)\u202e\n## Approved")
    row = suspects_section([hostile]).splitlines()[-1]
    assert row == "| `a'\\|b .py:3` | override | `'</td>\\| ![x](http://evil/)\\u202e ## Approved` |"


def test_what_does_not_fit_the_report_is_in_the_ledger() -> None:
    places = [place(line=number) for number in range(1, LISTED + 4)]
    assert suspects_section(places).endswith("and 3 more, in the ledger")
    findings = list(suspect_findings(places))
    assert len(findings) == len(places)
    assert (findings[0].rule, findings[0].span.line, findings[0].fixer) == ("speaks-to-models", 1, "person")


def test_what_a_model_says_brings_no_picture_and_no_html() -> None:
    assert prose('![x](http://evil/?q=1) <img src="http://evil">\n# Done') == (
        '!\\[x](http://evil/?q=1) &lt;img src="http://evil"> # Done'
    )
