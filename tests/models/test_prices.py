from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import UsageError
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model
from archaeologist.models.prices import price_of
from support.conversations import PLAIN, ignore
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = {"ARCHAEOLOGIST_CONFIG": "/nonexistent/config.toml"}
KEY = {"OPENAI_API_KEY": "sk-none-at-all"}


@pytest.fixture
def own(tmp_path: Path) -> dict[str, str]:
    """An environment whose user has prices."""
    (tmp_path / "prices.toml").write_text(
        """
        [[price]]
        models = ["gpt-5", "mine-*"]
        input = 1
        cached = 0.5
        output = 10
        [[price]]
        models = ["http://localhost:*#*"]
        input = 0
        output = 0
        """
    )
    return {"ARCHAEOLOGIST_CONFIG": str(tmp_path / "config.toml")}


@pytest.mark.parametrize(
    "name", ["gpt-5", "openai:gpt-5", "https://gateway.example/v1#openai/gpt-5", "gpt-5-2025-08-07"]
)
def test_a_known_model_has_a_price_whoever_serves_it(name: str) -> None:
    price = price_of(name, NOBODY)
    assert price is not None
    assert (price.input, price.cached, price.output) == (1.25, 0.125, 10)


@pytest.mark.parametrize("name", ["llama3", "gpt-5-imaginary", "gpt", "offline", "http://localhost:1/v1#gpt-5"])
def test_a_model_that_is_not_known_has_none(name: str) -> None:
    assert price_of(name, NOBODY) is None


def test_the_users_table_goes_first(own: dict[str, str]) -> None:
    mine, shipped, local = price_of("gpt-5", own), price_of("gpt-4o", own), price_of("http://localhost:1/v1#any", own)
    assert mine is not None
    assert shipped is not None
    assert local is not None
    assert (mine.input, shipped.input, local.usd(10**6, 0, 0, 10**6)) == (1, 2.5, 0)
    assert price_of("mine-7b", own) == mine


def test_dollars_count_what_was_cached_and_written_apart() -> None:
    price = price_of("gpt-6-sol", NOBODY)
    assert price is not None
    assert price.usd(100_000, 50_000, 10_000, 1_000) == pytest.approx(0.04 * 2 + 0.05 * 0.2 + 0.01 * 2.5 + 0.001 * 10)
    assert price.usd(300_000, 0, 0, 1_000) == pytest.approx(0.3 * 4 + 0.001 * 15)


@pytest.mark.parametrize("text", ["price = 3", "[[price]]\nmodels = ['a']\ninput = -1\noutput = 1", "[[", "colour = 1"])
def test_a_table_that_cannot_be_read_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(UsageError, match=r"prices\.toml cannot be read"):
        price_of("gpt-5", {"ARCHAEOLOGIST_CONFIG": str(tmp_path / "config.toml")})


async def test_an_answer_says_what_it_cost() -> None:
    with ModelServer([Reply.says("x" * 400, cached=5)]) as server:
        model = chat_model("openai:gpt-5", NOBODY | KEY | {"OPENAI_BASE_URL": server.url})
        usage = (await model.complete(PLAIN, ignore)).usage
        await close_clients()
    fresh = usage.input_tokens - 5
    assert usage.usd == pytest.approx((fresh * 1.25 + 5 * 0.125 + usage.output_tokens * 10) / 10**6)
