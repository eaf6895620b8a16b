"""What was typed for a new run and does not hold, because the repository has a run already that began otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archaeologist.models.naming import is_local
from archaeologist.wording import first_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from archaeologist.domain.events import RunLine
    from archaeologist.domain.run import RunRequest
    from archaeologist.pipeline.source import LiveSource


@dataclass(frozen=True)
class _Option:
    """An option of `modernize`.

    Attributes:
        flag: as it is typed.
        part: what it decides of a request.
        without: what a run has where that is nothing.
        having: what it has otherwise; empty where that speaks for itself.
    """

    flag: str
    part: Callable[[RunRequest], object]
    without: str = "none"
    having: str = ""

    def is_typed(self, typed: Mapping[str, Any]) -> bool:
        """Return whether somebody typed it, or that it is not to be."""
        value = typed[self._name]
        return value is not None and value != ()

    def as_typed(self, typed: Mapping[str, Any]) -> str:
        """Return it as somebody typed it."""
        value = typed[self._name]
        if isinstance(value, bool):
            return self.flag if value else self.without.strip("`")
        return " ".join(f"{self.flag} {each}" for each in (value if isinstance(value, tuple) else (value,)))

    def spoken(self, request: RunRequest) -> str:
        """Return what a run has of it."""
        value = self.part(request)
        if isinstance(value, (tuple, list)):
            value = ", ".join(first_of(list(map(str, value)), _NAMED))
        elif isinstance(value, int):
            value = f"{value:,}"
        return (self.having or str(value)) if value else self.without

    @property
    def _name(self) -> str:
        return self.flag.removeprefix("--").replace("-", "_")


def _models(request: RunRequest) -> Sequence[str]:
    return sorted(set(request.judgement.models.values()))


_NAMED = 4
"""Rules, say, that are named of many."""
_OPTIONS = (
    _Option("--branch", lambda request: request.run.branch),
    _Option("--target-version", lambda request: request.target),
    _Option("--rules", lambda request: request.rules, "all rules"),
    _Option("--exclude", lambda request: request.exclude),
    _Option("--test-command", lambda request: request.tests.command, "the usual one"),
    _Option("--test-timeout", lambda request: request.tests.seconds),
    _Option("--python", lambda request: request.tests.python, "the usual one"),
    _Option("--trust-tests", lambda request: request.tests.run, "`--no-tests`", "`--trust-tests`"),
    _Option("--model", _models, "no model"),
    _Option("--replay", _models, "no model"),
    _Option("--offline", lambda request: [name for name in _models(request) if not is_local(name)]),
    _Option("--budget-tokens", lambda request: request.judgement.budget.tokens, "no limit"),
    _Option("--budget-usd", lambda request: request.judgement.budget.usd, "no limit"),
    _Option("--approve", lambda request: request.judgement.approve),
    _Option("--trust-skills", lambda request: request.judgement.skills, "the repository's skills left unread"),
    _Option("--record", lambda request: request.judgement.record, "nothing recorded"),
)


async def unused(source: LiveSource, line: RunLine, asked: RunRequest, typed: Mapping[str, Any]) -> list[str]:
    """Return what was typed and does not hold in a run that had begun before, a line each; nothing when all of it does.

    Args:
        source: where the run is read.
        line: the run.
        asked: what was asked for.
        typed: the command's options as click gave them.
    """
    began = await source.request(line)
    lines = list(unlike(asked, began, typed)) if began else []
    if not lines:
        return []
    anew = f"`archaeologist cancel {line.run_id}` gives it up, then `modernize` begins anew"
    return [f"run {line.run_id} goes on as it began; not used:", *lines, anew]


def unlike(asked: RunRequest, began: RunRequest, typed: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was typed of a request and is otherwise in that of a run, with what that has."""
    if asked.run.scope != began.run.scope:
        whole = "the whole repository"
        yield f"  {asked.run.scope or whole}: it began with {began.run.scope or whole}"
    for option in _OPTIONS:
        if option.is_typed(typed) and option.part(asked) != option.part(began):
            yield f"  {option.as_typed(typed)}: it began with {option.spoken(began)}"
