"""What a person has to know for an answer, in a line: it stands with the question wherever that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.names import Phase
from archaeologist.reporting.lines import tests_detail
from archaeologist.wording import counted
from archaeologist_tui.reading.asking import AskKind
from archaeologist_tui.reading.commits import drafted

if TYPE_CHECKING:
    from archaeologist.domain.view import RunView
    from archaeologist_tui.reading.asking import Ask


def known(view: RunView, ask: Ask) -> str:
    """Return what is known of what is asked, in numbers; empty when nothing is. Looks through all steps."""
    if ask.kind is not AskKind.APPROVAL or view.request is None:
        return ""
    if ask.step == Phase.PLAN:
        return f"found: {counted(view.findings, 'finding')} in {counted(view.files, 'file')}"
    if ask.step in set(Phase):
        return f"so far: {counted(view.edits, 'edit')}, {counted(len(view.commits), 'commit')}"
    edits = view.drafts.get(drafted(view, ask.step))
    if edits is None:
        return ""
    tests = [result for name, result in view.tests.items() if name.startswith(f"{ask.step}-")]
    told = f"; tests with it: {tests_detail(tests[-1])}" if tests else ""
    return f"the commit would be {counted(edits, 'edit')}{told}"
