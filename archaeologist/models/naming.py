"""Names of models: what a person writes after `--model`, and which server, key and model it means.

    offline                         rules and templates; no chat model
    openai:NAME                     OpenAI, or what OPENAI_BASE_URL says; key from OPENAI_API_KEY
    http://localhost:11434/v1#NAME  any server that speaks chat completions; key, if any, from ARCHAEOLOGIST_API_KEY
    recorded:FOLDER                 answers that were recorded before

A name is shown and logged everywhere, so none may carry a secret. The command line loads this module.
"""

from __future__ import annotations

import ipaddress
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from archaeologist.errors import ModelTerminal, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archaeologist.models.chat import ChatModel

OFFLINE = "offline"
OPENAI = "openai:"
RECORDED = "recorded:"
KEY = "ARCHAEOLOGIST_API_KEY"
OPENAI_KEY = "OPENAI_API_KEY"
OPENAI_ADDRESS = "OPENAI_BASE_URL"
KEY_VARIABLES = (OPENAI_KEY, OPENAI_ADDRESS, KEY)
"""What is read of an environment when a model is asked."""

_OPENAI_URL = "https://api.openai.com/v1"
_ADDRESS = re.compile(r"https?://(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^\s?#@\\]*)?")
_NO_KEY = "none"  # servers on one's own machine want a header, but look at nothing in it
_FORMS = "write `openai:NAME`, `http://localhost:11434/v1#NAME`, `recorded:FOLDER` or `offline`"


@dataclass(frozen=True)
class Endpoint:
    """A model at a server.

    Args:
        name: how the person named it.
        model: how the server names it.
        url: the address below which `chat/completions` is.
        key: what is sent to prove who asks.
        trusted: whether the server is OpenAI's, or what the person put in its place: it may know the organisation.
    """

    name: str
    model: str
    url: str
    key: str = field(repr=False)
    trusted: bool = False

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        return _is_loopback(self.url)


def chat_model(name: str, environment: Mapping[str, str]) -> ChatModel:
    """Return the model of that name.

    Raises:
        UsageError: the name means nothing, or `offline`, which is no chat model.
        ModelTerminal: a key is missing.
    """
    check_model_name(name)
    if name == OFFLINE:
        raise UsageError(f"`{OFFLINE}` is no chat model", hint=_FORMS)
    if name.startswith(RECORDED):
        from archaeologist.models.recorded import RecordedChat

        return RecordedChat(_folder(name))
    from archaeologist.models.openai_chat import OpenAIChat
    from archaeologist.models.prices import price_of
    from archaeologist.models.shortening import ShorteningChat

    return ShorteningChat(OpenAIChat(endpoint_of(name, environment), price_of(name, environment)))


def model_of(name: str, record: str, environment: Mapping[str, str]) -> ChatModel:
    """Return the model of that name; what it says is kept in the folder `record`, if that is one.

    Raises:
        UsageError: the name means nothing.
        ModelTerminal: a key is missing.
    """
    model = chat_model(name, environment)
    if not record:
        return model
    from archaeologist.models.recorded import Recorder

    return Recorder(model, Path(record).expanduser())


async def close_models() -> None:
    """Close the connections to models' servers that this event loop holds."""
    if "archaeologist.models.clients" in sys.modules:  # whoever asked no model need not load openai for it
        from archaeologist.models.clients import close_clients

        await close_clients()


def check_model_name(name: str) -> None:
    """Raise UsageError unless the name means a model; asks no server and loads nothing."""
    if name == OFFLINE:
        return
    if name.startswith(OPENAI):
        _check_model(name, name.removeprefix(OPENAI))
    elif name.startswith(RECORDED):
        if not name.removeprefix(RECORDED) or not _folder(name).is_dir():
            raise UsageError(f"no folder of recorded answers at {_folder(name)}", hint="record one with `--record`")
    elif name.startswith(("http://", "https://")):
        _check_address(name)
    else:
        near = f"did you mean `{OPENAI}{name}`?" if name.isascii() and name and ":" not in name else _FORMS
        raise UsageError(f"there is no model {name!r}", hint=near)


def is_local(name: str) -> bool:
    """Return whether nothing leaves this machine when the model of that name is asked."""
    if name == OFFLINE or name.startswith(RECORDED):
        return True
    return _is_loopback(name.partition("#")[0])


def endpoint_of(name: str, environment: Mapping[str, str]) -> Endpoint:
    """Return where a model that is asked over HTTP is. Raises ModelTerminal when its key is missing."""
    if name.startswith(OPENAI):
        url = environment.get(OPENAI_ADDRESS) or _OPENAI_URL
        key = _key(environment, OPENAI_KEY) or _key(environment, KEY)
        if not key:
            raise ModelTerminal(
                f"no key for {name}",
                hint=f"set {OPENAI_KEY} and type the command again, `archaeologist resume` for an open run",
            )
        return Endpoint(name, name.removeprefix(OPENAI), url.rstrip("/"), key, trusted=True)
    url, _, model = name.partition("#")
    url = url.rstrip("/").removesuffix("/chat/completions")
    return Endpoint(name, model, url, _key(environment, KEY) or _NO_KEY)


def _key(environment: Mapping[str, str], variable: str) -> str:
    key = environment.get(variable, "").strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ModelTerminal(
            f"{variable} is no key: it has spaces or letters that no key has", hint="copy the key again"
        )
    return key


def _folder(name: str) -> Path:
    return Path(name.removeprefix(RECORDED)).expanduser()


def _check_model(name: str, model: str) -> None:
    if not model or any(letter.isspace() for letter in model):
        raise UsageError(f"{name!r} names no model of the server", hint=_FORMS)


def _check_address(name: str) -> None:
    address, _, model = name.partition("#")
    if "@" in address or "?" in address:  # not repeated in the message: it may be a secret
        raise UsageError("an address of a model carries no user, password or query", hint=f"put the key into {KEY}")
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"{name!r} is no address", hint=_FORMS)
    _check_model(name, model)


def _is_loopback(url: str) -> bool:
    """Return whether an address is one of this machine; read strictly, so that no other reader takes it for another."""
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return False
    host = found["host"].lower().strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
