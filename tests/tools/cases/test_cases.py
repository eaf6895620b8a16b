"""Small modules that a careless rewrite breaks: every rule at once, and a probe that must print the same afterwards.

A case is a text file in `text/`: a head of `# key: value` lines, then the sections `# before`, `# output` (optional:
what is written, to the letter) and `# probe`, a program beside which the module lies as `mod.py`. `want` says whether
something has to change (`convert`), nothing may (`keep`), or only the probe counts (`any`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path

import pytest

from archaeologist_tools.engine.registry import all_rules
from support.rewriting import rewrite

_TEXTS = sorted(Path(__file__).with_name("text").glob("*.txt"))
_SECTIONS = ("# before", "# output", "# probe")
_DEADLINE = 60


@dataclass(frozen=True)
class Case:
    """One case, as its file has it."""

    want: str
    python: str
    target: tuple[int, int]
    before: str
    output: str
    probe: str


def _read(path: Path) -> Case:
    head: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.rstrip("\n") in _SECTIONS:
            current = sections.setdefault(line.strip("# \n"), [])
        elif sections:
            current.append(line)
        else:
            key, _, value = line.removeprefix("#").partition(":")
            head[key.strip()] = value.strip()
    major, minor = head.get("target", head["python"]).split(".")
    texts = {name: "".join(lines) for name, lines in sections.items()}
    target = (int(major), int(minor))
    return Case(head["want"], head["python"], target, texts["before"], texts.get("output", ""), texts["probe"])


def _interpreter(version: str) -> str:
    here = "{}.{}".format(*sys.version_info)
    # The oldest Python that runs the tests stands for the newer ones, too.
    if version in {here, "3.11"}:
        return sys.executable
    found = shutil.which(f"python{version}")
    works = found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0
    return found if found and works else pytest.skip(f"there is no Python {version} here")


def _printed(module: str, case: Case, folder: Path) -> tuple[int, str]:
    folder.mkdir()
    (folder / "mod.py").write_text(module, encoding="utf-8")
    (folder / "probe.py").write_text(case.probe, encoding="utf-8")
    command = [_interpreter(case.python), "-B", "probe.py"]
    process = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_DEADLINE, check=False)
    return process.returncode, process.stdout


def _comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    found = (token.string for token in tokens if token.type == tokenize.COMMENT)
    # The declaration of an encoding is no remark: a rule is there to drop it.
    return sorted(comment for comment in found if "-*- coding" not in comment)


@pytest.mark.parametrize("path", _TEXTS, ids=lambda path: path.stem)
def test_a_rewritten_module_does_what_it_did(path: Path, tmp_path: Path) -> None:
    case = _read(path)
    result = rewrite(case.before, *(rule.code for rule in all_rules()), target=case.target, path="mod.py")
    after = result.layers[-1].data.decode() if result.layers else case.before
    if after != case.before:
        # What the probe prints is compared first: a wrong rewrite is worse than one that is merely unexpected.
        assert _printed(after, case, tmp_path / "after") == _printed(case.before, case, tmp_path / "before"), after
        assert _comments(after) == _comments(case.before)
    assert case.want != "convert" or after != case.before, result.refusals
    assert case.want != "keep" or after == case.before, after
    assert not case.output or after == case.output
