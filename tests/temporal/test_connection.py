from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin

from archaeologist.errors import ServerError, UsageError
from archaeologist.temporal.connection import connect
from archaeologist.temporal.server import ensure_server
from archaeologist.temporal.settings import ServerSettings, TlsSettings, resolve_settings
from archaeologist.temporal.state import open_state
from support.embedded import scratch_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archaeologist.temporal.state import StateDirectory

PLAIN = ServerSettings(idle_seconds=0, headless=True)
PROFILES = """
[profile.default]
namespace = "from-file"

[profile.cloud]
address = "team.example.com:7233"
namespace = "team"
api_key = "key-of-file"

[profile.cloud.tls]
server_name = "other.example.com"
client_cert_data = "PEM"

[profile.bare]
namespace = "bare"
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateDirectory]:
    with scratch_state(tmp_path_factory.mktemp("connection") / "state") as opened:
        yield opened


@pytest.fixture
def profiles(tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "temporal.toml"
    path.write_text(PROFILES)
    return {"TEMPORAL_CONFIG_FILE": str(path)}


@pytest.fixture
def nothing(tmp_path: Path) -> dict[str, str]:
    return {"TEMPORAL_CONFIG_FILE": str(tmp_path / "none.toml")}


def test_with_nothing_given_the_server_is_our_own(nothing: dict[str, str]) -> None:
    settings = resolve_settings(environment=nothing)
    assert settings == ServerSettings()
    assert settings.embedded
    assert resolve_settings(namespace="mine", port=7000, environment=nothing) == ServerSettings(
        namespace="mine", port=7000
    )


def test_a_namespace_alone_names_no_other_server(nothing: dict[str, str]) -> None:
    settings = resolve_settings(environment=nothing | {"TEMPORAL_NAMESPACE": "mine"})
    assert (settings.embedded, settings.namespace) == (True, "mine")


def test_a_flag_is_stronger_than_a_variable_and_that_than_a_profile(profiles: dict[str, str]) -> None:
    profiles["TEMPORAL_PROFILE"] = "cloud"
    assert resolve_settings(environment=profiles).address == "team.example.com:7233"
    profiles["TEMPORAL_ADDRESS"] = "variable:1"
    assert resolve_settings(environment=profiles).address == "variable:1"
    flagged = resolve_settings(address="flag:1", namespace="n", api_key="k", environment=profiles)
    assert (flagged.address, flagged.namespace, flagged.api_key) == ("flag:1", "n", "k")


def test_a_profile_brings_namespace_key_and_tls(profiles: dict[str, str]) -> None:
    settings = resolve_settings(profile="cloud", environment=profiles)
    assert (settings.namespace, settings.api_key) == ("team", "key-of-file")
    assert settings.tls == TlsSettings(server_name="other.example.com", client_cert=b"PEM")


def test_a_named_profile_without_an_address_means_the_usual_address(profiles: dict[str, str]) -> None:
    settings = resolve_settings(profile="bare", environment=profiles)
    assert (settings.address, settings.namespace) == ("localhost:7233", "bare")


def test_a_default_profile_without_an_address_names_no_other_server(profiles: dict[str, str]) -> None:
    assert resolve_settings(environment=profiles).embedded


def test_an_address_alone_means_the_usual_namespace_there(nothing: dict[str, str]) -> None:
    settings = resolve_settings(environment=nothing | {"TEMPORAL_ADDRESS": "somewhere:7233"})
    assert (settings.address, settings.namespace) == ("somewhere:7233", "default")


@pytest.mark.parametrize("content", ["a = = 1", "[profile.other]\n"])
def test_a_configuration_that_cannot_be_used_is_a_usage_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "temporal.toml"
    path.write_text(content)
    environment = {"TEMPORAL_CONFIG_FILE": str(path), "TEMPORAL_PROFILE": "cloud"}
    with pytest.raises(UsageError, match="Temporal configuration"):
        resolve_settings(environment=environment)


def test_credentials_for_no_server_are_a_usage_error(nothing: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no server") as caught:
        resolve_settings(api_key="k", environment=nothing)
    assert "--address" in caught.value.hint


def test_secrets_are_not_shown() -> None:
    tls = TlsSettings(client_key=b"private")
    assert "secret" not in repr(ServerSettings(address="a:1", api_key="secret", tls=tls))
    assert "private" not in repr(tls)


async def test_connecting_starts_the_embedded_server_only_when_asked(state: StateDirectory) -> None:
    with pytest.raises(ServerError, match="does not run"):
        await connect(PLAIN, state, start=False)
    plugin = SimplePlugin("test", data_converter=pydantic_data_converter)
    client = await connect(PLAIN, state, start=True, plugins=[plugin])
    assert client.namespace == "archaeologist"
    assert client.data_converter is pydantic_data_converter
    again = await connect(PLAIN, state, start=False)
    assert again.service_client.config.target_host == client.service_client.config.target_host
    assert (await again.count_workflows()).count == 0


async def test_an_address_reaches_a_server_that_is_not_ours(state: StateDirectory, tmp_path: Path) -> None:
    address = ensure_server(state, PLAIN).address
    ours = open_state(tmp_path / "other")
    settings = ServerSettings(address=address, namespace="archaeologist")
    client = await connect(settings, ours, start=True)
    assert (await client.count_workflows()).count == 0
    assert not list(ours.server.iterdir())


async def test_a_missing_namespace_is_said_at_once(state: StateDirectory) -> None:
    address = ensure_server(state, PLAIN).address
    with pytest.raises(ServerError, match="no namespace nowhere") as caught:
        await connect(ServerSettings(address=address, namespace="nowhere"), state, start=False)
    assert "temporal operator namespace create" in caught.value.hint


@pytest.mark.parametrize("tls", [None, TlsSettings(server_ca=b"no certificate")])
async def test_a_server_that_is_not_there_is_a_server_error(state: StateDirectory, tls: TlsSettings | None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings = ServerSettings(address=f"127.0.0.1:{unused.getsockname()[1]}", namespace="default", tls=tls)
        with pytest.raises(ServerError, match=r"cannot connect to the Temporal server at 127\.0\.0\.1"):
            await connect(settings, state, start=False)


async def test_a_certificate_that_is_no_file_is_a_server_error(state: StateDirectory, tmp_path: Path) -> None:
    tls = TlsSettings(server_ca=tmp_path / "missing.pem")
    with pytest.raises(ServerError, match=r"missing\.pem"):
        await connect(ServerSettings(address="127.0.0.1:1", tls=tls), state, start=False)
