"""One HTTP client for each server and key, so that connections are used again; they belong to one event loop."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

import httpx2
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

if TYPE_CHECKING:
    import ssl

    from archaeologist.models.naming import Endpoint

# What a server that is not OpenAI's is told. The rest names the organisation, the project, this machine's system and
# whatever OPENAI_CUSTOM_HEADERS holds, which was meant for OpenAI.
_SAID_TO_OTHERS = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "idempotency-key",
    "user-agent",
}
_CONNECT_SECONDS = 15.0

_Clients = dict[tuple[str, str, bool], AsyncOpenAI]
_clients: dict[asyncio.AbstractEventLoop, _Clients] = {}


def client_of(endpoint: Endpoint) -> AsyncOpenAI:
    """Return the client of an endpoint in the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        for closed in [known for known in _clients if known.is_closed()]:
            del _clients[closed]
    clients = _clients.setdefault(loop, {})
    which = (endpoint.url, endpoint.key, endpoint.trusted)
    if which not in clients:
        clients[which] = _client(endpoint)
    return clients[which]


async def close_clients() -> None:
    """Close the connections of the running event loop; a later question opens new ones."""
    for client in _clients.pop(asyncio.get_running_loop(), {}).values():
        await client.close()


def patience(read_seconds: float) -> Timeout:
    """Return the limits of one request: seconds until a connection stands, and seconds without a byte."""
    return Timeout(read_seconds, connect=_CONNECT_SECONDS)


def _client(endpoint: Endpoint) -> AsyncOpenAI:
    """Return a client that retries nothing: Temporal does.

    No redirects, so that a conversation goes to the server that was named and no other. No proxy for this machine
    itself: `--offline` says that nothing leaves it.
    """
    http = DefaultAsyncHttpxClient(
        verify=_certificates(),
        follow_redirects=False,
        trust_env=not endpoint.local,
        event_hooks={} if endpoint.trusted else {"request": [_say_less]},
    )
    return AsyncOpenAI(
        api_key=endpoint.key,
        base_url=endpoint.url,
        max_retries=0,
        http_client=http,
        default_headers={} if endpoint.trusted else {"Authorization": f"Bearer {endpoint.key}"},
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Return whom to trust; reading that takes longer than all the rest of a client."""
    return httpx2.create_ssl_context()


async def _say_less(request: httpx2.Request) -> None:
    for name in [name for name in request.headers if name.lower() not in _SAID_TO_OTHERS]:
        del request.headers[name]
