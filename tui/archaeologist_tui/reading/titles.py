"""What lines of the agents' work are called: first what tells one from the next, as there may be no room for more."""

from __future__ import annotations

import re

_TOLD_APART = (
    re.compile(r"(?P<what>.+), (?P<which>batch \d+ of \d+)"),
    re.compile(r"(?P<what>run the project's tests) \((?P<which>.+)\)"),
    re.compile(r"(?P<what>\S+) \((?P<which>turn \d+), (?P<more>.+)\)"),
)
_COMMIT = "commit: "


def title_of(summary: str, agent: str) -> str:
    """Return what a step is called: `batch 3 of 16: apply the rules`.

    Args:
        summary: of the step, as the workflow says it.
        agent: who does it, in whose line it stands.
    """
    words = summary.removeprefix(f"{agent}: ")
    found = next(filter(None, (pattern.fullmatch(words) for pattern in _TOLD_APART)), None)
    if found is None:
        return words
    more = found.groupdict().get("more")
    return f"{found['which']}: {found['what']}" + (f", {more}" if more else "")


def title_among(summary: str, agent: str) -> str:
    """Return what a step is called below the line that says what all of them do."""
    words = title_of(summary, agent).removeprefix(_COMMIT)
    return words.partition(":")[0] if words.startswith("batch ") else words
