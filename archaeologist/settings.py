"""Configuration: flag, ARCHAEOLOGIST_* variable, the repository's pyproject.toml, user config, default, in that order.

A repository may only say how it is to be modernized; where the server is or which program runs is the user's to say,
because the repository is not to be trusted with it.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archaeologist_tools.errors import UsageError
from archaeologist_tools.likeness import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ARCHAEOLOGIST_"


@dataclass(frozen=True)
class Key:
    """One configuration key."""

    name: str
    kind: type
    default: object
    help: str
    of_project: bool = False

    @property
    def variable(self) -> str:
        """The environment variable of the key."""
        return PREFIX + self.name.upper().replace("-", "_")


KEYS: tuple[Key, ...] = (
    Key("target-version", str, None, "lowest Python version of what is written", of_project=True),
    Key("rules", tuple, (), "rule codes, names or families; all when empty", of_project=True),
    Key("exclude", tuple, (), "patterns of files to leave alone", of_project=True),
    Key("test-command", str, None, "how the project's tests are run", of_project=True),
    Key("test-timeout", float, 1800.0, "seconds one test run may take", of_project=True),
    Key("python", str, None, "the Python that runs the project's tests"),
    Key("trust-tests", bool, None, "run the project's own tests without asking"),
    Key("branch", str, None, "name of the result branch"),
    Key("model", str, "offline", "who answers the agents: `offline`, `openai:NAME`, `http://HOST/v1#NAME`"),
    Key("model-orchestrator", str, None, "who answers the orchestrator, instead of `model`"),
    Key("model-archaeologist", str, None, "who answers the archaeologist, instead of `model`"),
    Key("model-modernizer", str, None, "who answers the modernizer, instead of `model`"),
    Key("model-documenter", str, None, "who answers the documenter, instead of `model`"),
    Key("trust-skills", bool, None, "let agents read the skills that the repository brings, .archaeologist/skills"),
    Key("offline", bool, None, "let nothing leave this machine: no model elsewhere"),
    Key("budget-tokens", int, 2_000_000, "tokens a run may use; it pauses when they are used"),
    Key("budget-usd", float, None, "US dollars a run may cost; it pauses when they are spent"),
    Key("budget-answers", int, None, "answers of models a run may use; it pauses when they are used"),
    Key("budget-seconds", float, None, "seconds each agent may judge, pauses aside; the run pauses when they are over"),
    Key("approve", str, "none", "what a person is asked before: none, plan, phase or item"),
    Key("items", int, 40, "work items at most that the modernizer, and the documenter, get"),
    Key("parallel-items", int, 4, "work items that an agent works on at once; 1 for a server that answers one by one"),
    Key("state-dir", str, None, "where runs are kept"),
    Key("server-binary", str, None, "the `temporal` program of the embedded server"),
    Key("server-port", int, None, "port of the embedded server; a free one when unset"),
    Key("server-ui-port", int, None, "port of the Temporal Web UI; a free one when unset"),
    Key("server-idle", float, 1800.0, "seconds after which an embedded server without open runs ends; 0 never"),
    Key("worker-idle", float, 600.0, "seconds after which a worker without open runs ends; 0 never"),
    Key("batch-bytes", int, 800_000, "source bytes in a batch"),
    Key("theme", str, None, "colours of the full screen: a theme that its palette lists; what fits when unset"),
    Key("keys", dict, {}, 'other keys of the full screen, by what they do: a table like `"app.leave" = "Q"`'),
    Key("mouse", bool, default=True, help="use the mouse in the full screen"),
    Key("editor", str, None, "command line of the editor that the full screen opens; VISUAL, EDITOR or vi when unset"),
    Key("notify", tuple, ("bell",), "how the full screen tells that it needs you or a run ended: bell, osc9, osc777"),
)
_BY_NAME = {key.name: key for key in KEYS}


@dataclass(frozen=True)
class Setting:
    """A value and where it came from."""

    value: Any
    origin: str


@dataclass(frozen=True)
class Settings:
    """All settings, resolved."""

    values: Mapping[str, Setting]

    def get(self, name: str) -> Any:
        """Return the value of a key."""
        return self.values[name].value


def load_settings(
    flags: Mapping[str, object], root: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Resolve every key.

    Args:
        flags: values given on the command line; None and empty ones were not given.
        root: the repository's work tree, whose pyproject.toml is read.
        environment: the variables; the process's own when None.

    Raises:
        UsageError: an unknown key, a value of the wrong kind, or a file that is no TOML.
    """
    variables = os.environ if environment is None else environment
    sources = [
        ("flag", {name: value for name, value in flags.items() if value not in (None, ())}),
        ("environment", {key.name: _parsed(key, variables[key.variable]) for key in KEYS if key.variable in variables}),
    ]
    if root is not None:
        sources.append(_file(root / "pyproject.toml", ("tool", "archaeologist"), of_project=True))
    sources.append(_file(user_config(variables), (), of_project=False))
    return Settings({key.name: _resolved(key, sources) for key in KEYS})


def user_config(environment: Mapping[str, str]) -> Path:
    """Return the path of the user's configuration file, which need not exist."""
    named = environment.get(PREFIX + "CONFIG")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("archaeologist", appauthor=False) / "config.toml"


def _resolved(key: Key, sources: list[tuple[str, dict[str, object]]]) -> Setting:
    for origin, values in sources:
        if key.name in values:
            return Setting(values[key.name], f"{key.variable}" if origin == "environment" else origin)
    return Setting(key.default, "default")


def _file(path: Path, table: tuple[str, ...], *, of_project: bool) -> tuple[str, dict[str, object]]:
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return str(path), {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        if of_project:
            return str(path), {}  # somebody else's broken file is theirs to mend; it configures nothing here
        raise UsageError(f"{path} cannot be read: {error}", hint="mend the file or move it away") from error
    for name in table:
        content = content.get(name, {})
        if not isinstance(content, dict):
            raise UsageError(
                f"{path}: {'.'.join(table)} must be a table", hint="write `[tool.archaeologist]` above the keys"
            )
    return str(path), {name: _checked(path, name, value, of_project=of_project) for name, value in content.items()}


def _checked(path: Path, name: str, value: object, *, of_project: bool) -> object:
    key = _BY_NAME.get(name)
    if key is None:
        meant = did_you_mean(f"`{near}`" for near in nearest(name, _BY_NAME))
        raise UsageError(f"{path}: unknown key {name!r}", hint=meant or "`archaeologist config show` lists the keys")
    if of_project and not key.of_project:
        raise UsageError(
            f"{path}: {name!r} is not a repository's to decide",
            hint=f"set {key.variable} or put it into {user_config(os.environ)}",
        )
    if key.kind is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if key.kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if key.kind is dict and isinstance(value, dict) and not all(isinstance(item, str) for item in value.values()):
        raise UsageError(f"{path}: {name!r} must hold strings only", hint=key.help)
    if isinstance(value, key.kind) and (key.kind is bool or not isinstance(value, bool)):
        return value
    raise UsageError(f"{path}: {name!r} must be {_KINDS[key.kind]}, not {value!r}", hint=key.help)


_KINDS = {
    str: "a string",
    tuple: "a list of strings",
    dict: "a table of strings",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
}
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _parsed(key: Key, text: str) -> object:
    try:
        if key.kind is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if key.kind is dict:
            pairs = (part.split("=", 1) for part in text.split(";") if part.strip())
            return {name.strip(): value.strip() for name, value in pairs}
        if key.kind is bool:
            return _WORDS[text.strip().lower()]
        return key.kind(text)
    except (ValueError, KeyError):
        raise UsageError(f"{key.variable} must be {_KINDS[key.kind]}, not {text!r}", hint=key.help) from None
