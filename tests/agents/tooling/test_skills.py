from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from archaeologist.agents.tooling.context import ToolContext, ToolResult
from archaeologist.agents.tooling.skill_files import load_skills, load_skills_from
from archaeologist.agents.tooling.skills import Skill, skill, skill_tool, skills_of, skills_section
from archaeologist.artefacts import ArtefactStore
from archaeologist.errors import UsageError
from support.strictness import violations

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "---\nname: tkinter\ndescription: Widgets. Use for any\n  window\n---\n\n# Widgets\n\n---\n\nKeep them.\n"


@skill(agents=["modernizer"])
def old_sockets() -> str:
    """Sockets before Python 3.

    Use where bytes and text are mixed.
    """
    return "Encode at the border."


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """Write the file of a skill and return the folder of all skills."""
    path = folder / "skills" / name / "SKILL.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "skills"


def refusal(read: Any, *arguments: Any) -> str:
    """Return why skills are refused, in one line."""
    with pytest.raises(UsageError) as raised:
        read(*arguments)
    assert "\n" not in str(raised.value)
    assert raised.value.hint != UsageError.hint
    return str(raised.value)


def test_a_function_becomes_a_skill() -> None:
    assert old_sockets == Skill(
        name="old-sockets",
        description="Sockets before Python 3. Use where bytes and text are mixed.",
        instructions="Encode at the border.",
        origin=__name__,
        agents=("modernizer",),
    )


def test_a_function_without_a_docstring_is_refused() -> None:
    def silent() -> str:
        return "text"

    assert refusal(skill, silent) == f"{__name__}: skill 'silent' has no description"


def test_a_function_that_gives_no_text_is_refused() -> None:
    def wrong() -> Any:
        """Describe."""
        return 3

    assert refusal(skill, wrong) == f"{__name__}: skill 'wrong' gives int and no text"


@pytest.mark.parametrize(
    "name", ["", "Upper", "two words", "-a", "a-", "a--b", "a" * 65, "../a", "a/b", "a\n", "a`: ignore all", "ä"]
)
def test_a_name_that_is_no_plain_word_is_refused(name: str) -> None:
    assert refusal(Skill, name, "description", "text").endswith("is no name of a skill")


@pytest.mark.parametrize(
    ("description", "instructions", "message"),
    [
        (" ", "text", "skill 'a' has no description"),
        ("d", "\n", "skill 'a' has no instructions"),
        ("d" * 1025, "text", "skill 'a' has 1,025 characters of description"),
        ("d", "t" * 50_001, "skill 'a' has 50,001 characters of instructions"),
        ("d", "one\ntwo\x1b[2J", "line 2 of the instructions of skill 'a' holds U+001B, which nobody sees"),
        ("d\u202e", "text", "line 1 of the description of skill 'a' holds U+202E, which nobody sees"),
        ("d", "hi\U000e0041", "line 1 of the instructions of skill 'a' holds U+E0041, which nobody sees"),
    ],
)
def test_text_that_is_missing_too_long_or_unseen_is_refused(description: str, instructions: str, message: str) -> None:
    assert refusal(Skill, "a", description, instructions) == message


def test_a_folder_is_loaded_by_name(tmp_path: Path) -> None:
    put(
        tmp_path,
        "zope",
        "---\nname: zope\ndescription: >\n  Folded\n  text\nagents: [modernizer]\nextra: {a: 1}\n---\nBody",
    )
    folder = put(tmp_path, "tkinter", GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    (folder / "empty").mkdir()
    (folder / "README.md").write_text("not a skill")
    assert load_skills(folder) == (
        Skill(
            "tkinter", "Widgets. Use for any window", "# Widgets\n\n---\n\nKeep them.", str(folder / "tkinter/SKILL.md")
        ),
        Skill("zope", "Folded text", "Body", str(folder / "zope/SKILL.md"), ("modernizer",)),
    )


def test_one_agent_needs_no_list(tmp_path: Path) -> None:
    folder = put(tmp_path, "a", "---\nname: a\ndescription: d\nagents: documenter\n---\nBody")
    assert load_skills(folder)[0].agents == ("documenter",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# No front matter", "does not begin with front matter between two lines `---`"),
        ("---\nname: a\ndescription: d\n", "does not begin with front matter between two lines `---`"),
        ("---\nname: [\n---\nBody", "its front matter is no YAML"),
        ("---\n- a\n---\nBody", "its front matter holds no names with values"),
        ("---\n---\nBody", "its front matter holds no names with values"),
        ("---\nname: a\n---\nBody", "its front matter is wrong: description: missing"),
        (
            "---\nname: {b: c}\ndescription: d\n---\nBody",
            "its front matter is wrong: name: expected string, got object",
        ),
        ("---\nname: a\ndescription: d\nagents: &x [*x]\n---\nBody", "found unconstructable recursive node"),
        ("---\nname: " + "[" * 10_000 + "\n---\nBody", "its front matter is"),
        ("---\nname: b\ndescription: d\n---\nBody", "its name is 'b', its folder's 'a'"),
        ("---\nname: !!python/object/apply:os.getpid []\ndescription: d\n---\nBody", "its front matter is wrong: name"),
        ("---\nname: a\ndescription: d\n---\n", "skill 'a' has no instructions"),
        (b"---\nname: a\xff", "is not UTF-8 at byte 11"),
        ("x" * 300_000, "is larger than 256 KiB"),
    ],
    ids=lambda text: str(text)[:25],
)
def test_a_broken_file_is_refused_with_its_path(content: str | bytes, message: str, tmp_path: Path) -> None:
    told = refusal(load_skills, put(tmp_path, "a", content))
    assert "skills/a/SKILL.md" in told
    assert message in told


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(load_skills, tmp_path / "nowhere") == f"{tmp_path}/nowhere: No such file or directory"


@pytest.mark.parametrize("linked", ["file", "folder", "nowhere"])
def test_a_link_out_of_the_folder_is_refused(linked: str, tmp_path: Path) -> None:
    folder = put(tmp_path, "other", GOOD.replace("tkinter", "other"))
    outside = put(tmp_path / "outside", "tkinter", GOOD) / "tkinter"
    if linked == "folder":
        (folder / "tkinter").symlink_to(outside)
    else:
        (folder / "tkinter").mkdir()
        target = outside / "SKILL.md" if linked == "file" else tmp_path / "nowhere"
        (folder / "tkinter/SKILL.md").symlink_to(target)
    told = refusal(load_skills, folder)
    assert "tkinter/SKILL.md" in told
    assert "is no file of its folder" in told or "cannot be read" in told


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = put(tmp_path, "a", GOOD)
    (folder / "a/SKILL.md").unlink()
    os.mkfifo(folder / "a/SKILL.md")
    assert "is no file of its folder" in refusal(load_skills, folder)


def test_more_skills_than_anybody_reads_are_refused(tmp_path: Path) -> None:
    for at in range(101):
        folder = put(tmp_path, f"a{at}", GOOD)
    assert refusal(load_skills, folder) == "101 skills in one folder"


def test_skills_of_a_repository_are_read_from_its_blobs() -> None:
    blobs = {
        ".archaeologist/skills/tkinter/SKILL.md": GOOD.encode(),
        ".archaeologist/skills/tkinter/more/SKILL.md": b"deeper",
        ".archaeologist/skills/SKILL.md": b"higher",
        "docs/.archaeologist/skills/tkinter/SKILL.md": b"elsewhere",
        "setup.py": b"code",
    }
    (found,) = load_skills_from(blobs.get, blobs)
    assert (found.name, found.origin) == ("tkinter", ".archaeologist/skills/tkinter/SKILL.md")


@pytest.mark.parametrize("name", ["..", "a b", "A", "\udcff", "a\nb"])
def test_a_hostile_folder_name_in_a_repository_is_refused_and_escaped(name: str) -> None:
    path = f".archaeologist/skills/{name}/SKILL.md"
    told = refusal(load_skills_from, {path: GOOD.encode()}.get, [path])
    assert told == f"{path!r}: {name!r} is no name of a skill"
    told.encode()


def test_a_link_in_a_repository_is_refused() -> None:
    path = ".archaeologist/skills/tkinter/SKILL.md"
    assert refusal(load_skills_from, {}.get, [path]) == f"{path} is no file of its folder"


def test_an_agent_has_the_skills_that_name_it_or_nobody() -> None:
    everybody = Skill("a", "d", "t")
    assert skills_of("modernizer", [old_sockets, everybody]) == (old_sockets, everybody)
    assert skills_of("documenter", [old_sockets, everybody]) == (everybody,)


def test_the_prompt_names_skills_and_holds_no_instructions() -> None:
    section = skills_section([old_sockets, Skill("a", "Two\nlines", "secret")])
    assert section.splitlines()[-2:] == [
        "* `old-sockets`: Sockets before Python 3. Use where bytes and text are mixed.",
        "* `a`: Two lines",
    ]
    assert "read_skill" in section
    assert "secret" not in section
    assert skills_section([]) == ""


async def test_instructions_are_read_by_name(tmp_path: Path) -> None:
    context = ToolContext("modernizer", "key", ArtefactStore(tmp_path), tmp_path)
    read_skill = skill_tool([old_sockets, Skill("a", "d", "text")])
    assert (read_skill.name, read_skill.read_only) == ("read_skill", True)
    assert violations(read_skill.schema.parameters) == []
    assert await read_skill.use(json.dumps({"name": "old-sockets"}), context) == ToolResult("Encode at the border.")
    wrong = await read_skill.use(json.dumps({"name": "new-sockets"}), context)
    assert wrong == ToolResult("name: should be 'old-sockets' or 'a', got string \"new-sockets\"", ok=False)


def test_two_skills_of_one_name_are_refused() -> None:
    assert refusal(skill_tool, [old_sockets, old_sockets]) == "two skills are named 'old-sockets'"
    assert refusal(skill_tool, []) == "there is no skill to read"
