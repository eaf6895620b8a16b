"""What somebody reads who leaves a run that has not ended: how it stands, and what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.cli.telling.questions import answers
from archaeologist.domain.names import spoken_question
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.reading.asking import ask_of
from archaeologist_tui.reading.trouble import trouble_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tui.picture import Picture


def farewell(picture: Picture) -> Iterator[str]:
    """Yield how a run stands that somebody leaves, and what brings it on, back, or to its end."""
    view, name = picture.view, picture.run.run_id
    trouble, ask = trouble_of(picture), ask_of(view)
    if trouble is not None:
        yield f"run {name} cannot go on: {visible(trouble.what)}"
        if trouble.typed:
            yield f"  to help     {trouble.typed}"
    elif ask is not None:
        asked = f"{spoken_question(ask.step)}: " if ask.step else ""
        yield f"run {name} waits for you: {visible(f'{asked}{ask.what}')}"
        yield f"  to answer   {answers(view, ask, name)}"
    else:
        yield f"run {name} goes on"
    yield f"  come back   archaeologist watch {name}"
    force = "--force " if any(agent.stuck for agent in view.agents.values()) else ""
    yield f"  give it up  archaeologist cancel {force}{name}"
