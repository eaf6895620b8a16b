"""Skills in files: `<folder>/<name>/SKILL.md`, on the disk or in the commit of a repository under work."""

from __future__ import annotations

import re
import stat
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ValidationError

from archaeologist.agents.tooling.observations import mistakes, shortened, told
from archaeologist.agents.tooling.skills import NAME_HINT, Skill, is_skill_name
from archaeologist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

REPOSITORY_SKILLS = PurePosixPath(".archaeologist/skills")
"""Where a repository keeps its skills."""

FILE_NAME = "SKILL.md"

_PathT = TypeVar("_PathT")
_LARGEST_FILE = 256 * 1024
_MOST_SKILLS = 100
_FORM = "see https://agentskills.io for the form of a SKILL.md"
_PARTS = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^---[ \t]*(?:\n|\Z)(?P<rest>.*)\Z", re.DOTALL | re.MULTILINE)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _FrontMatter(BaseModel):
    name: str
    description: str
    agents: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()


def load_skills(folder: Path) -> tuple[Skill, ...]:
    """Load the skills in a folder, by name. What holds no `SKILL.md` is left alone.

    Raises:
        UsageError: the folder is not there, or a skill in it is broken, too large, or a link out of the folder.
    """
    try:
        root = folder.resolve(strict=True)
        inside = [each / FILE_NAME for each in sorted(root.iterdir())]
        found = [path for path in inside if path.is_symlink() or path.exists()]  # a link to nowhere is a mistake, too
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}", "name a folder that holds a folder for each skill") from None
    return _each(found, lambda path: _skill(str(path), path.parent.name, _content(path, root)))


def load_skills_from(read: Callable[[str], bytes | None], paths: Iterable[str]) -> tuple[Skill, ...]:
    """Load the skills that a repository brings, by name.

    Args:
        read: gives the bytes of a file in the commit, and None for what is no file: a link, a submodule.
        paths: paths of the commit, with slashes; all but those of skills are left alone.

    Raises:
        UsageError: a skill is broken, too large, or no file.
    """
    found = sorted(path for path in map(PurePosixPath, paths) if _is_skill(path))
    return _each(found, lambda path: _skill(str(path), path.parent.name, read(str(path))))


def _is_skill(path: PurePosixPath) -> bool:
    return path.name == FILE_NAME and path.parent.parent == REPOSITORY_SKILLS


def _each(found: Sequence[_PathT], load: Callable[[_PathT], Skill]) -> tuple[Skill, ...]:
    if len(found) > _MOST_SKILLS:
        raise UsageError(f"{len(found)} skills in one folder", f"{_MOST_SKILLS} are the most; take some out")
    return tuple(load(path) for path in found)


def _content(path: Path, root: Path) -> bytes | None:
    """Return what a file holds; None when it is no file, or a link to one that is not below `root`."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root) or not stat.S_ISREG(real.stat().st_mode):
            return None
        with real.open("rb") as file:
            return file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "check who may read it") from None


def _skill(path: str, folder: str, data: bytes | None) -> Skill:
    """Return the skill that a file describes.

    Args:
        path: where it is, for messages.
        folder: name of the folder that it is in, which is the skill's name.
        data: what it holds; None when it is no file.
    """
    if not is_skill_name(folder):
        raise UsageError(f"{path!r}: {folder!r} is no name of a skill", NAME_HINT)
    if data is None:
        raise UsageError(f"{path} is no file of its folder", "put the file itself there, and no link to it")
    if len(data) > _LARGEST_FILE:
        raise UsageError(f"{path} is larger than {_LARGEST_FILE // 1024} KiB", "say less, or make two skills of it")
    front, instructions = _parted(path, data)
    if front.name != folder:
        raise UsageError(f"{path}: its name is {front.name[:80]!r}, its folder's {folder!r}", "give them one name")
    return Skill(front.name, " ".join(front.description.split()), instructions, path, front.agents)


def _parted(path: str, data: bytes) -> tuple[_FrontMatter, str]:
    """Return the front matter and the instructions."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}", "save it as UTF-8") from None
    parts = _PARTS.match(text)
    if parts is None:
        raise UsageError(f"{path} does not begin with front matter between two lines `---`", _FORM)
    return _front_matter(path, parts["front"]), parts["rest"].strip()


def _front_matter(path: str, text: str) -> _FrontMatter:
    try:
        # The base loader makes nothing but text, lists and dicts: no dates, no numbers, no objects.
        found: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - see above
        if not isinstance(found, dict):
            raise UsageError(f"{path}: its front matter holds no names with values", _FORM)
        return _FrontMatter.model_validate(found)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise UsageError(f"{path}: its front matter is no YAML: {shortened(problem, 200)}", _FORM) from None
    except RecursionError:
        raise UsageError(f"{path}: its front matter is nested too deeply", _FORM) from None
    except ValidationError as error:
        problem = told(mistakes(error, found)).replace("\n", "; ")
        raise UsageError(f"{path}: its front matter is wrong: {problem}", _FORM) from None
