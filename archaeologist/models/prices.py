"""What tokens cost: a table that comes with the program, and the user's own, which goes before it.

The user's is `prices.toml` beside `config.toml`, in the same form. A model that neither knows has no price, and then
no money can be counted.
"""

from __future__ import annotations

import os
import tomllib
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archaeologist.errors import UsageError
from archaeologist.models.naming import OPENAI, is_local
from archaeologist.settings import user_config

if TYPE_CHECKING:
    from collections.abc import Mapping

_A_MILLION = 1_000_000


class _Rates(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0, description="input that the server still had; as input when unset")
    cache_write: float | None = Field(default=None, ge=0, description="input that it keeps; as input when unset")

    def usd(self, sent: int, cached: int, cache_written: int, came: int) -> float:
        fresh = sent - cached - cache_written
        read = self.input if self.cached is None else self.cached
        write = self.input if self.cache_write is None else self.cache_write
        return (fresh * self.input + cached * read + cache_written * write + came * self.output) / _A_MILLION


class _LongRates(_Rates):
    above: int = Field(gt=0, description="input tokens from which on these rates hold for the whole question")


class Price(_Rates):
    """What one model costs, in US dollars per million tokens."""

    models: tuple[str, ...] = Field(description="names, with the wildcards of file names")
    long: _LongRates | None = None

    def usd(self, sent: int, cached: int, cache_written: int, came: int) -> float:
        """Return the US dollars of one answer; `cached` and `cache_written` are parts of `sent`."""
        if self.long is not None and sent > self.long.above:
            return self.long.usd(sent, cached, cache_written, came)
        return super().usd(sent, cached, cache_written, came)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str = ""
    source: str = ""
    price: tuple[Price, ...] = ()


def price_of(name: str, environment: Mapping[str, str] | None = None) -> Price | None:
    """Return the price of a model by the name that `--model` takes, or by its bare name; None when not known.

    A server on this machine has a price only if the user's table says so: what it is called proves nothing.

    Raises:
        UsageError: the user's table cannot be read.
    """
    model = name.removeprefix(OPENAI).rpartition("#")[2]
    own = _user_table(os.environ if environment is None else environment)
    tables = (own,) if is_local(name) else (own, _shipped())
    known = (price for table in tables for price in table.price if _matches(price, name, model))
    return next(known, None)


def _matches(price: Price, name: str, model: str) -> bool:
    bare = model.rpartition("/")[2]  # gateways put the maker in front: `openai/gpt-5`
    return any(fnmatchcase(candidate, pattern) for pattern in price.models for candidate in (name, model, bare))


def _shipped() -> _Table:
    return _Table.model_validate(
        tomllib.loads(files("archaeologist.models").joinpath("prices.toml").read_text("utf-8"))
    )


def _user_table(environment: Mapping[str, str]) -> _Table:
    path = user_config(environment).with_name("prices.toml")
    try:
        return _Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return _Table()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {_reason(error)}", hint="mend the file or move it away") from error


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
