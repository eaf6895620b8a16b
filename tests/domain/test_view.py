from __future__ import annotations

from datetime import UTC, datetime

from archaeologist.domain.events import AgentStarted, ResumeAsked, RunEvent, RunPaused
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import AgentView, RunView, reduce

NOW = datetime(2012, 3, 14, 15, 9, 26, tzinfo=UTC)
GONE = "write-readme: the repository is gone"


def seen(*events: RunEvent) -> RunView:
    view = RunView(agents={Role.ORCHESTRATOR: AgentView(Role.ORCHESTRATOR, RunState.RUNNING, NOW)})
    for event in (AgentStarted(NOW, Role.DOCUMENTER, "d", 1, {}, continued=False), *events):
        view = reduce(view, event)
    return view


def paused(role: Role) -> RunPaused:
    return RunPaused(NOW, role, role[0], 2, GONE)


def test_a_run_is_paused_as_soon_as_its_orchestrator_shows_it() -> None:
    view = seen(paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR))
    assert (view.state, view.paused) == (RunState.PAUSED, GONE)


def test_a_run_that_was_told_to_go_on_is_not_paused_though_no_worker_has_answered_yet() -> None:
    view = seen(paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR), ResumeAsked(NOW, Role.ORCHESTRATOR, "o", 3))
    assert (view.state, view.paused) == (RunState.RUNNING, "")


def test_a_run_that_pauses_again_is_paused() -> None:
    asked = ResumeAsked(NOW, Role.ORCHESTRATOR, "o", 3)
    view = seen(paused(Role.ORCHESTRATOR), asked, paused(Role.DOCUMENTER), paused(Role.ORCHESTRATOR))
    assert view.state is RunState.PAUSED
