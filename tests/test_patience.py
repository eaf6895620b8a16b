from __future__ import annotations

import asyncio

import pytest

from archaeologist.patience import answer_within


async def asked(client_gone: type[Exception] | None = None, seconds: float = 60) -> None:
    """Ask a server that never answers, with a client that may tell of being cancelled as of an error."""
    async with answer_within(seconds):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as cancelled:
            if client_gone is None:
                raise
            raise client_gone from cancelled


@pytest.mark.parametrize("client_gone", [None, ConnectionError])
async def test_who_is_told_to_end_ends_whatever_the_client_makes_of_it(client_gone: type[Exception] | None) -> None:
    task = asyncio.create_task(asked(client_gone))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(("client_gone", "told"), [(None, TimeoutError), (ConnectionError, ConnectionError)])
async def test_an_answer_that_does_not_come_is_an_error_and_no_end(
    client_gone: type[Exception] | None, told: type[Exception]
) -> None:
    with pytest.raises(told):
        await asked(client_gone, seconds=0.01)
