from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import ModelTerminal, UsageError
from archaeologist.models.clients import close_clients
from archaeologist.models.naming import chat_model, check_model_name, endpoint_of, is_local, model_of
from archaeologist.models.openai_chat import OpenAIChat
from archaeologist.models.recorded import RecordedChat
from archaeologist.models.shortening import ShorteningChat
from support.conversations import PLAIN, WITH_TOOLS, ignore
from support.model_server import ModelServer, Reply

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "sk-proj-Zm9vYmFyYmF6"
OURS = "ours-Zm9vYmFyYmF6"


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("offline", True),
        ("openai:gpt-5", False),
        ("openai:ft:gpt-4o:org::id", False),
        ("http://localhost:11434/v1#qwen2.5-coder:7b", True),
        ("http://models.localhost/v1#m", True),
        ("http://127.0.0.1:8000#org/model", True),
        ("http://127.9.9.9/v1#m", True),
        ("https://[::1]:8000/v1#m", True),
        ("https://gateway.example/v1#m", False),
        ("http://192.168.1.2/v1#m", False),
        ("http://localhost.example/v1#m", False),
        ("http://127.0.0.1.example/v1#m", False),
    ],
)
def test_a_name_means_a_model_on_this_machine_or_elsewhere(name: str, *, local: bool) -> None:
    check_model_name(name)
    assert is_local(name) is local


@pytest.mark.parametrize(
    "name",
    [
        "",
        "gpt-5",
        "openai:",
        "openai:a b",
        "openai",
        "anthropic:x",
        "http://localhost/v1",
        "http://localhost/v1#",
        "http://#m",
        "http://localhost:many/v1#m",
        "http://[::1/v1#m",
        "http://localhost\\.example/v1#m",
        "http://localhost/v1\\.example#m",
        "http://local\nhost/v1#m",
        "http://\uff11\uff12\uff17.0.0.1/v1#m",
        "ftp://localhost/v1#m",
        "recorded:",
        "recorded:/no/such/folder",
    ],
)
def test_a_name_that_means_nothing_is_refused_with_a_hint(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_model_name(name)
    assert caught.value.hint


@pytest.mark.parametrize(
    "name", [f"http://me:{SECRET}@host/v1#m", f"https://{SECRET}@host/v1#m", f"http://host/v1?key={SECRET}#m"]
)
def test_a_secret_in_a_name_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_model_name(name)
    assert SECRET not in f"{caught.value!r} {caught.value.hint}"


def test_offline_is_no_chat_model() -> None:
    with pytest.raises(UsageError, match="no chat model"):
        chat_model("offline", {})


def test_a_recorded_model_is_a_folder(tmp_path: Path) -> None:
    assert isinstance(chat_model(f"recorded:{tmp_path}", {}), RecordedChat)
    assert is_local(f"recorded:{tmp_path}")


def test_a_missing_key_is_for_a_person_to_set() -> None:
    with pytest.raises(ModelTerminal, match="no key for openai:gpt-5") as caught:
        chat_model("openai:gpt-5", {"OPENAI_API_KEY": " "})
    assert "OPENAI_API_KEY" in caught.value.hint


@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\nb", "\x00"])
def test_what_can_be_no_key_is_not_sent_nor_shown(key: str) -> None:
    with pytest.raises(ModelTerminal, match="OPENAI_API_KEY is no key") as caught:
        chat_model("openai:gpt-5", {"OPENAI_API_KEY": key})
    assert key not in f"{caught.value!r} {caught.value.hint}"


def test_openai_is_where_the_environment_says() -> None:
    one = endpoint_of("openai:gpt-5", {"OPENAI_API_KEY": f" {SECRET}\n"})
    assert (one.url, one.model, one.key, one.trusted) == ("https://api.openai.com/v1", "gpt-5", SECRET, True)
    other = endpoint_of("openai:gpt-5", {"OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": "http://proxy/v1/"})
    assert other.url == "http://proxy/v1"
    assert SECRET not in f"{one!r} {one}"


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/chat/completions"])
def test_an_address_may_end_as_people_copy_it(path: str) -> None:
    assert endpoint_of(f"http://localhost:1{path}#m", {}).url == "http://localhost:1/v1"


async def sent_with(environment: dict[str, str], name: str = "") -> dict[str, str]:
    """The headers that a server gets."""
    with ModelServer([Reply.says("a")]) as server:
        await chat_model(name or server.model, environment | {"OPENAI_BASE_URL": server.url}).complete(PLAIN, ignore)
        await close_clients()
    return server.requests[0].headers


async def test_the_key_of_openai_goes_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    ambient = {
        "OPENAI_API_KEY": SECRET,
        "OPENAI_ORG_ID": "the-organisation",
        "OPENAI_PROJECT_ID": "the-project",
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer of-the-gateway\nX-Team: the-team",
    }
    for variable, value in ambient.items():
        monkeypatch.setenv(variable, value)
    elsewhere = await sent_with(ambient)
    assert elsewhere["authorization"] == "Bearer none"
    said = " ".join(elsewhere.values())
    assert not [
        word for word in (SECRET, "the-organisation", "the-project", "of-the-gateway", "the-team") if word in said
    ]
    assert not [name for name in elsewhere if name.startswith("x-")]
    assert (await sent_with({**ambient, "ARCHAEOLOGIST_API_KEY": OURS}))["authorization"] == f"Bearer {OURS}"


async def test_openai_gets_its_key_and_its_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "the-organisation")
    headers = await sent_with({"OPENAI_API_KEY": SECRET}, "openai:scripted")
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert headers["openai-organization"] == "the-organisation"


async def test_a_model_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    for variable in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    assert await sent_with({})


def test_a_model_made_twice_is_the_same_endpoint() -> None:
    one, other = (chat_model("http://localhost:1/v1#m", {}) for _ in range(2))
    assert isinstance(one, ShorteningChat)
    assert isinstance(other, ShorteningChat)
    assert isinstance(one.model, OpenAIChat)
    assert isinstance(other.model, OpenAIChat)
    assert one.model.endpoint == other.model.endpoint


@pytest.mark.parametrize(
    "name", ["http://localhost\\.example/v1#m", "http://evil.example#@localhost/v1", "http://localhost@evil.example#m"]
)
def test_an_address_that_others_may_read_otherwise_is_not_on_this_machine(name: str) -> None:
    assert not is_local(name)


async def test_what_a_model_says_is_kept_where_a_folder_is_named(tmp_path: Path) -> None:
    with ModelServer([Reply.says("kept"), Reply.says("not kept")]) as server:
        await model_of(server.model, str(tmp_path), {}).complete(PLAIN, ignore)
        await model_of(server.model, "", {}).complete(WITH_TOOLS, ignore)
        await close_clients()
    assert (await model_of(f"recorded:{tmp_path}", "", {}).complete(PLAIN, ignore)).message.content == "kept"
    assert len(list(tmp_path.iterdir())) == 1
