from __future__ import annotations

from archaeologist.domain.events import StepEnded
from archaeologist.reporting.text import picture
from support.pictures import picture_of


async def test_a_run_says_so_far_which_edits_are_committed_and_at_its_end_all_of_them() -> None:
    at = await picture_of("judged", lambda e: isinstance(e, StepEnded) and e.step == "commit-rewrite-AR035")
    assert ", 120 edits made, 3 committed, 2 commits" in picture(at.run, at.view)
    done = await picture_of("judged")
    assert ", 141 edits, 20 commits" in picture(done.run, done.view)
