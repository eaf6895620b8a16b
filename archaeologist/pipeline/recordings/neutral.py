"""Takes out of a run what tells of the machine that it ran on: folders, names of hosts and workers, keys.

Artefacts are named by their content, so one that is changed gets another id, and whatever refers to it changes, too.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pwd
import re
import socket
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archaeologist
from archaeologist.artefacts import ArtefactMissing
from archaeologist.models.naming import KEY_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from temporalio.client import WorkflowHistory

    from archaeologist.artefacts import ArtefactStore
    from archaeologist.domain.run import RunScope
    from archaeologist.temporal.state import StateDirectory

IDS = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
WORKER = "worker"
HOME = "/home/user"
_PROGRAM = str(Path(archaeologist.__file__).parents[1])
_TELLING_HOST = re.compile(r"[.\d-]")


@dataclass(frozen=True)
class Places:
    """What is replaced, and by what."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, run: RunScope, state: StateDirectory) -> Places:
        """Return the folders, names and keys of this machine that a run may have written down."""
        words = {pwd.getpwuid(os.getuid()).pw_dir: HOME, str(Path.home()): HOME, _PROGRAM: "/program"}
        words |= dict.fromkeys((sys.prefix, sys.base_prefix), "/python")
        words |= {str(state.path): "/state", run.git_dir: "/repository.git"}
        words[run.root] = f"/repositories/{Path(run.root).name}"
        if Path(run.git_dir).is_relative_to(run.root):
            del words[run.git_dir]
        words |= {str(Path(path).resolve()): neutral for path, neutral in words.items()}
        words |= {os.environ[name]: f"[{name}]" for name in KEY_VARIABLES if os.environ.get(name)}
        host = socket.gethostname()
        words[f"@{host}"] = "@host"  # as workers name their queues
        if _TELLING_HOST.search(host):  # any other name is a word that may stand anywhere
            words[host] = "host"
        return cls({word: neutral for word, neutral in words.items() if len(word) > 1})

    def replaced(self, text: str) -> str:
        """Return a text, which may be JSON, without them."""
        return self._pattern.sub(lambda found: self._forms[found[0]], text) if self._forms else text

    @cached_property
    def _forms(self) -> dict[str, str]:
        """The words as they stand in plain text and in JSON."""
        forms: tuple[Callable[[str], str], ...] = (
            str,
            lambda word: json.dumps(word)[1:-1],
            lambda word: json.dumps(word, ensure_ascii=False)[1:-1],
        )
        return {form(word): form(neutral) for word, neutral in self.words.items() for form in forms}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._forms, key=len, reverse=True)
        return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def texts_of(history: WorkflowHistory) -> list[str]:
    """Return all that a history holds as text, payloads decoded."""
    texts: list[str] = []

    def gather(text: str) -> str:
        texts.append(text)
        return text

    _walked(json.loads(history.to_json()), gather)
    return texts


def rewritten(history: WorkflowHistory, change: Callable[[str], str]) -> str:
    """Return a history as JSON, with all texts changed and nobody named who worked on it."""
    return json.dumps(_walked(json.loads(history.to_json()), change), separators=(",", ":")) + "\n"


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_walked(each, change) for each in value]
    if isinstance(value, str):
        return change(value)
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), str) and "metadata" in value:
        text = base64.b64decode(value["data"]).decode("utf-8", "surrogateescape")
        data = change(text).encode("utf-8", "surrogateescape")
        return {**value, "data": base64.b64encode(data).decode("ascii")}
    return {name: WORKER if name == "identity" else _walked(each, change) for name, each in value.items()}


@dataclass(frozen=True)
class Kept:
    """Artefacts after their texts were changed: contents by their new ids, and the new ids by the old ones."""

    contents: Mapping[str, bytes]
    ids: Mapping[str, str]

    def renamed(self, text: str) -> str:
        """Return a text with the new ids in it."""
        return IDS.sub(lambda found: self.ids.get(found[0], found[0]), text)


def keep_artefacts(store: ArtefactStore, texts: Iterable[str], change: Callable[[str], str]) -> Kept:
    """Return the artefacts that texts refer to and those that these refer to, each with its text changed."""
    contents: dict[str, bytes] = {}
    ids: dict[str, str] = {}
    kept = Kept(contents, ids)
    waiting = [found for text in texts for found in IDS.findall(text)]
    while waiting:
        this = waiting[-1]
        text = None if this in ids else _text_of(store, this)
        if text is None:
            waiting.pop()
            continue
        # What it refers to first: a chain of artefacts can be longer than calls may be nested.
        before = [each for each in set(IDS.findall(text)) - ids.keys() if _text_of(store, each) is not None]
        if before:
            waiting.extend(before)
            continue
        content = kept.renamed(change(text)).encode("utf-8", "surrogateescape")
        ids[this] = hashlib.sha256(content).hexdigest()
        contents[ids[this]] = content
    return kept


def _text_of(store: ArtefactStore, artefact: str) -> str | None:
    try:
        return store.get(artefact).decode("utf-8", "surrogateescape")
    except ArtefactMissing:
        return None
