"""What every git process is told, so that neither a hostile repository nor an odd configuration bends its result."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "core.hooksPath": os.devnull,
        "core.fsmonitor": "false",
        "core.autocrlf": "false",
        "core.safecrlf": "false",
        "core.quotePath": "false",
        # A split index would leave its shared half in the user's git folder.
        "core.splitIndex": "false",
        "core.untrackedCache": "keep",
        "core.commentChar": "#",
        # What a step recorded must survive a power loss; batch means one flush for many loose objects.
        "core.fsync": "committed,reference",
        "core.fsyncMethod": "batch",
        "core.filesRefLockTimeout": "500",
        "commit.gpgSign": "false",
        "diff.renames": "false",
        "gc.auto": "0",
        "i18n.commitEncoding": "UTF-8",
        "i18n.logOutputEncoding": "UTF-8",
        "index.sparse": "false",
        "log.showSignature": "false",
        "maintenance.auto": "false",
        "status.submoduleSummary": "false",
        "submodule.recurse": "false",
        "trailer.separators": ":",
    }
)
"""What every git process is told, over any configuration file."""

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        # A partial clone would otherwise fetch, and so run the ssh command or helper its configuration names.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
)


def environment(
    settings: Mapping[str, str] | None = None, variables: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Gives the environment of a safe git process.

    Args:
        settings: configuration values besides `SETTINGS`; they stand over every configuration file.
        variables: environment variables besides `VARIABLES`.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env.update(VARIABLES)
    # Numbered variables, not `-c`: a filter's name may hold `=`.
    every = {**SETTINGS, **(settings or {})}
    env["GIT_CONFIG_COUNT"] = str(len(every))
    for number, (key, value) in enumerate(every.items()):
        env[f"GIT_CONFIG_KEY_{number}"] = key
        env[f"GIT_CONFIG_VALUE_{number}"] = value
    return {**env, **(variables or {})}
