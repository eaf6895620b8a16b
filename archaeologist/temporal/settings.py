"""Which Temporal server a command talks to.

Any address or profile, given by a flag, a TEMPORAL_* variable or the user's Temporal configuration file, means that
server; with none, it is the embedded one. The SDK is imported inside the functions only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from temporalio.envconfig import ClientConfigProfile, ClientConfigTLS

NAMESPACE = "archaeologist"
IDLE_SECONDS = 30 * 60.0
EMBEDDED = "the embedded server"

_DEFAULT_ADDRESS = "localhost:7233"
_DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True)
class TlsSettings:
    """TLS towards a server that is not the embedded one.

    Attributes:
        disabled: never use TLS, even with an API key.
        server_name: the name to expect in the server's certificate.
        server_ca: the certificate authority's PEM, a path or the bytes.
        client_cert: our certificate's PEM, a path or the bytes.
        client_key: our key's PEM, a path or the bytes.
    """

    disabled: bool = False
    server_name: str | None = None
    server_ca: Path | bytes | None = None
    client_cert: Path | bytes | None = None
    client_key: Path | bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ServerSettings:
    """Which server, and how the embedded one is started.

    Attributes:
        address: host and port of a server that is not ours; None means the embedded one.
        namespace: the namespace that runs live in.
        tls: None means no TLS, unless there is an API key.
        api_key: sent to `address` only.
        headers: gRPC metadata that a profile asks for.
        binary: the configured `temporal` binary; None means: find it.
        port: the embedded server's gRPC port; None means: a free one, remembered.
        ui_port: the Web UI's port; None means: a free one, remembered.
        idle_seconds: the embedded server ends after that long with no open run and no worker; 0 means never.
        headless: no Web UI.
    """

    address: str | None = None
    namespace: str = NAMESPACE
    tls: TlsSettings | None = None
    api_key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    binary: str | None = None
    port: int | None = None
    ui_port: int | None = None
    idle_seconds: float = IDLE_SECONDS
    headless: bool = False

    @property
    def label(self) -> str:
        """The server in words; a worker serves one of them at a time."""
        where = EMBEDDED if self.address is None else f"the server at {self.address}"
        return f"{where}, namespace {self.namespace}"

    @property
    def embedded(self) -> bool:
        """Whether the server is the state directory's own."""
        return self.address is None


def resolve_settings(
    *,
    address: str | None = None,
    namespace: str | None = None,
    profile: str | None = None,
    api_key: str | None = None,
    tls: TlsSettings | None = None,
    binary: str | None = None,
    port: int | None = None,
    ui_port: int | None = None,
    idle_seconds: float = IDLE_SECONDS,
    headless: bool = False,
    environment: Mapping[str, str] | None = None,
) -> ServerSettings:
    """Combine flags, TEMPORAL_* variables and the user's Temporal configuration file, strongest first.

    Args:
        address: flag: host and port.
        namespace: flag.
        profile: flag: which profile of the configuration file.
        api_key: flag.
        tls: flags.
        binary: for the embedded server, as are the next four: see `ServerSettings`.
        port: its gRPC port.
        ui_port: its Web UI's port.
        idle_seconds: when it leaves.
        headless: no Web UI.
        environment: the variables; the process's own when None.

    Raises:
        UsageError: no such profile, a damaged configuration file, or credentials for no server.
    """
    found, named = _load_profile(profile, environment)
    where = address or found.address or (_DEFAULT_ADDRESS if named else None)
    if where is None:
        if api_key is not None or tls is not None:
            raise UsageError("an API key or TLS was given, but no server to use it with", "name it with `--address`")
        return ServerSettings(
            namespace=namespace or found.namespace or NAMESPACE,
            binary=binary,
            port=port,
            ui_port=ui_port,
            idle_seconds=idle_seconds,
            headless=headless,
        )
    return ServerSettings(
        address=where,
        namespace=namespace or found.namespace or _DEFAULT_NAMESPACE,
        tls=tls or _tls_settings(found.tls),
        api_key=api_key or found.api_key,
        headers=dict(found.grpc_meta),
    )


def _load_profile(profile: str | None, environment: Mapping[str, str] | None) -> tuple[ClientConfigProfile, bool]:
    """Return the profile with the variables applied, and whether one was asked for by name."""
    from temporalio.envconfig import ClientConfigProfile as Profile

    variables = dict(os.environ if environment is None else environment)
    try:
        found = Profile.load(profile, override_env_vars=variables)
    except RuntimeError as error:
        raise UsageError(
            f"the Temporal configuration cannot be used: {error}", "see `temporal config list` and TEMPORAL_PROFILE"
        ) from error
    return found, bool(profile or variables.get("TEMPORAL_PROFILE"))


def _tls_settings(tls: ClientConfigTLS | None) -> TlsSettings | None:
    if tls is None:
        return None
    return TlsSettings(
        disabled=bool(tls.disabled),
        server_name=tls.server_name,
        server_ca=_pem(tls.server_root_ca_cert),
        client_cert=_pem(tls.client_cert),
        client_key=_pem(tls.client_private_key),
    )


def _pem(source: Path | str | bytes | None) -> Path | bytes | None:
    return source.encode() if isinstance(source, str) else source
