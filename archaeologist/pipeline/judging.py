"""Who judges in a run, and what that may cost: settings become part of the run's request, checked before it starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, get_args

from archaeologist.domain.budget import Budget
from archaeologist.domain.names import Role
from archaeologist.domain.run import Approval, Judgement
from archaeologist.errors import UsageError
from archaeologist.models.naming import OFFLINE, RECORDED, check_model_name, endpoint_of, is_local
from archaeologist.models.prices import price_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.settings import Settings


def judgement_of(settings: Settings, *, record: str = "") -> Judgement:
    """Return who judges.

    Args:
        settings: what the user configured.
        record: folder to record all answers in; empty for none.

    Raises:
        UsageError: a model that cannot be, one that `offline` forbids, or a budget that cannot be kept.
    """
    approve = settings.get("approve")
    if approve not in get_args(Approval):
        raise UsageError(f"{approve!r} is nothing to approve", hint=f"choose among {', '.join(get_args(Approval))}")
    models = _models(settings)
    budget = Budget(
        tokens=settings.get("budget-tokens"),
        usd=settings.get("budget-usd"),
        turns=settings.get("budget-answers"),
        seconds=settings.get("budget-seconds"),
    )
    for name in set(models.values()):
        _check(name, settings, budget)
    return Judgement(
        models=models,
        budget=budget,
        approve=approve,
        items=settings.get("items"),
        parallel=_parallel(settings),
        record=record,
        skills=bool(settings.get("trust-skills")),
    )


def require_keys(judgement: Judgement, environment: Mapping[str, str]) -> None:
    """Raise ModelTerminal when a model is to be asked whose key is not there: better now than in the middle."""
    for name in set(judgement.models.values()):
        if not name.startswith(RECORDED):
            endpoint_of(name, environment)


def _models(settings: Settings) -> dict[str, str]:
    """Return the model of each agent that has one."""
    named = {role.value: settings.get(f"model-{role}") or settings.get("model") for role in Role}
    return {role: name for role, name in named.items() if name != OFFLINE}


def _parallel(settings: Settings) -> int:
    parallel: int = settings.get("parallel-items")
    if parallel < 1:
        raise UsageError(f"{parallel} work items at once are none", hint="set `parallel-items` to 1 or more")
    return parallel


def _check(name: str, settings: Settings, budget: Budget) -> None:
    check_model_name(name)
    if settings.get("offline") and not is_local(name):
        raise UsageError(
            f"the model {name} is on another machine, and nothing may leave this one",
            hint="leave `--offline` out, or name a model of this machine",
        )
    # A recording knows what each answer cost.
    if budget.usd is not None and not name.startswith(RECORDED) and price_of(name, os.environ) is None:
        raise UsageError(
            f"the price of {name} is not known, so a budget in dollars cannot be kept",
            hint="set a budget in tokens with `--budget-tokens`, or write the price into prices.toml",
        )
