"""The connection to the Temporal server that the settings name. The SDK is imported inside the functions only."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from typing import TYPE_CHECKING

from archaeologist.errors import ServerError
from archaeologist.temporal.server import ensure_server, running_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from temporalio.client import Client, Plugin
    from temporalio.envconfig import ClientConfigProfile
    from temporalio.runtime import Runtime
    from temporalio.service import RPCError

    from archaeologist.temporal.settings import ServerSettings
    from archaeologist.temporal.state import StateDirectory

_CONNECT_SECONDS = 15.0


async def connect(
    settings: ServerSettings,
    state: StateDirectory,
    *,
    start: bool,
    plugins: Sequence[Plugin] = (),
    quiet: bool = False,
) -> Client:
    """Connect to the server.

    Args:
        settings: which one.
        state: the state directory of the embedded server.
        start: start the embedded server when it does not run.
        plugins: the client plugins: converter, interceptors.
        quiet: the SDK's core logs nothing; it would write to the terminal whatever is shown there.

    Raises:
        ServerError: it cannot be reached, refuses us, or has no such namespace.
        StateError: the embedded server's database cannot be used.
    """
    if settings.address is not None:
        client = await _dial(settings, settings.address, plugins, quiet=quiet)
        await _check_namespace(client, settings)
        return client
    if start:
        endpoint = await asyncio.to_thread(ensure_server, state, settings)
    else:
        found = await asyncio.to_thread(running_server, state, settings.namespace)
        if found is None:
            raise ServerError(
                "the embedded server does not run", "`archaeologist resume` starts it and goes on with open runs"
            )
        endpoint = found
    return await _dial(settings, endpoint.address, plugins, quiet=quiet)


@cache
def _silence() -> Runtime:
    """Return a runtime of the SDK that logs nothing."""
    from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="off")))


async def _dial(settings: ServerSettings, address: str, plugins: Sequence[Plugin], *, quiet: bool) -> Client:
    from temporalio.client import Client

    try:
        # This reads the certificates.
        options = _profile(settings, address).to_client_connect_config()
        async with asyncio.timeout(_CONNECT_SECONDS):
            return await Client.connect(**options, plugins=list(plugins), runtime=_silence() if quiet else None)
    except TimeoutError as error:
        raise ServerError(f"the Temporal server at {address} did not answer in {_CONNECT_SECONDS:.0f} s") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise ServerError(
            f"cannot connect to the Temporal server at {address}: {_innermost(error)}",
            "check the address, the TLS settings and the API key, or leave them out to use the embedded server",
        ) from error


async def _check_namespace(client: Client, settings: ServerSettings) -> None:
    """Fail now with a clear message, not later in the middle of a start."""
    from datetime import timedelta

    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.service import RPCError

    request = DescribeNamespaceRequest(namespace=settings.namespace)
    try:
        await client.workflow_service.describe_namespace(request, timeout=timedelta(seconds=_CONNECT_SECONDS))
    except RPCError as error:
        raise _explain(error, settings) from error


def _explain(error: RPCError, settings: ServerSettings) -> ServerError:
    from temporalio.service import RPCStatusCode

    where = f"the Temporal server at {settings.address}"
    if error.status is RPCStatusCode.NOT_FOUND:
        name = settings.namespace
        return ServerError(
            f"{where} has no namespace {name}",
            f"make it with `temporal operator namespace create --retention 90d --namespace {name}`, or name another "
            "one with `--namespace`",
        )
    if error.status in {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED}:
        return ServerError(f"{where} refuses us: {error}", "check the API key or the certificate, and the namespace")
    return ServerError(f"{where} failed: {error}")


def _innermost(error: Exception) -> str:
    """Return the operating system's words out of the nested structures that the SDK prints."""
    return next(iter(reversed(re.findall(r'message: "([^"]+)"', str(error)))), str(error))


def _profile(settings: ServerSettings, address: str) -> ClientConfigProfile:
    from temporalio.envconfig import ClientConfigProfile as Profile
    from temporalio.envconfig import ClientConfigTLS as Tls

    given = settings.tls
    tls = None
    if given is not None:
        tls = Tls(
            disabled=given.disabled,
            server_name=given.server_name,
            server_root_ca_cert=given.server_ca,
            client_cert=given.client_cert,
            client_private_key=given.client_key,
        )
    return Profile(
        address=address, namespace=settings.namespace, api_key=settings.api_key, tls=tls, grpc_meta=settings.headers
    )
