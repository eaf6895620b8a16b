"""Which files an agent must not write: those that say what is right, what runs, and who may do what.

An agent that may change tests, gates or instructions can make any change look good. A rule of thumb by name, with no
look at the content: a file that is protected without need costs an edit, one that is not costs the guarantee.
"""

from __future__ import annotations

import posixpath
import re

from archaeologist_tools.source.scope import has_python_suffix, is_test_path

CREDENTIALS = "a place for credentials"
"""Why a file is protected whose every value is a secret."""
_TEST_DATA = frozenset({"fixture", "fixtures", "testdata", "test_data", "__snapshots__", "golden", "spec", "specs"})
_TEST_SETTINGS = frozenset(
    {
        "tox.ini", "noxfile.py", "pytest.ini", ".pytest.ini", ".coveragerc", "setup.cfg", "pyproject.toml", "makefile",
        "gnumakefile", "justfile", "taskfile.yml", "taskfile.yaml",
        ".pre-commit-config.yaml", "mypy.ini", ".mypy.ini", "ruff.toml", ".ruff.toml", ".flake8", ".pylintrc",
        "pylintrc", ".style.yapf", ".isort.cfg", "pyrightconfig.json", ".bandit", "codecov.yml", ".codecov.yml",
        "sitecustomize.py", "usercustomize.py",
    }
)  # fmt: skip
_LOCKS = frozenset(
    {
        "cargo.lock", "composer.lock", "conda-lock.yml", "constraints.txt", "gemfile.lock", "go.sum",
        "npm-shrinkwrap.json", "package-lock.json", "pdm.lock", "pipfile.lock", "pixi.lock", "pnpm-lock.yaml",
        "poetry.lock", "pylock.toml", "uv.lock", "yarn.lock", "flake.lock", "bun.lock", "bun.lockb",
    }
)  # fmt: skip
_LOCK_NAME = re.compile(r"pylock\..+\.toml|.*requirements.*\.lock|.*\.lock")
_CI_FOLDERS = frozenset(
    {
        ".buildkite", ".ci", ".circleci", ".drone", ".forgejo", ".gitea", ".github", ".gitlab", ".semaphore",
        ".teamcity", ".travis", ".woodpecker", "azure-pipelines", ".azure-pipelines", ".husky", ".devcontainer",
    }
)  # fmt: skip
_CI_FILES = frozenset(
    {
        ".appveyor.yml", ".cirrus.yml", ".cirrus.star", ".drone.yml", ".gitlab-ci.yml", ".gitlab-ci.yaml",
        ".landscape.yml", ".readthedocs.yml", ".readthedocs.yaml", ".scrutinizer.yml", ".travis.yml",
        ".woodpecker.yml", "appveyor.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml", "buildspec.yml",
        "circle.yml", "cloudbuild.yaml", "cloudbuild.yml", "codefresh.yml", "codeship-steps.yml", "dangerfile",
        "jenkinsfile", "renovate.json", "shippable.yml", "wercker.yml", ".lgtm.yml", ".sourcery.yaml",
    }
)  # fmt: skip
_LICENCE = re.compile(
    r"(?:un)?licen[cs]e(?:[.\-_].*)?|.*[.\-_]licen[cs]es?(?:\.(?:txt|md|rst))?|copying(?:[.\-_].*)?"
    r"|copyright(?:\.(?:txt|md|rst))?|notice(?:\.(?:txt|md|rst))?|patents(?:\.(?:txt|md))?"
)
_AGENT_FILES = frozenset(
    {
        ".aider.conf.yml", ".aiderignore", ".clinerules", ".cursorignore", ".cursorrules", ".goosehints", ".mcp.json",
        ".roomodes", ".roorules", ".windsurfrules", "agent.md", "agents.md", "agents.override.md", "claude.local.md",
        "claude.md", "conventions.md", "copilot-instructions.md", "gemini.md", "skill.md", "llms.txt",
    }
)  # fmt: skip
_AGENT_FOLDERS = frozenset(
    {
        ".agent", ".agents", ".aider", ".claude", ".cline", ".clinerules", ".codex", ".continue", ".cursor", ".gemini",
        ".goose", ".junie", ".kiro", ".openhands", ".roo", ".windsurf",
    }
)  # fmt: skip
_SECRETS = frozenset(
    {
        ".htpasswd", ".netrc", "_netrc", ".npmrc", ".pgpass", ".pypirc", "credentials", "credentials.json",
        "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa", "pip.conf", "secrets.json", "secrets.toml", "secrets.yaml",
        "secrets.yml", "service-account.json", ".dockercfg", ".git-credentials", ".s3cfg", ".boto",
    }
)  # fmt: skip
_SECRET_ENDINGS = (".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".asc", ".gpg", ".ppk", ".der")
_SECRET_FOLDERS = frozenset({".aws", ".docker", ".gnupg", ".kube", ".ssh"})
_SECRET_NAME = re.compile(r"\.env(?:[.\-_].*)?|.*\.env|\.envrc")


def protection_of(path: str) -> str | None:
    """Tell why a file must not be written.

    Args:
        path: relative to the repository, with slashes.

    Returns:
        The reason in words that go on after the path ("is ..."), or None for a file that may be written.
    """
    lowered = path.lower()
    name, folders = posixpath.basename(lowered), lowered.split("/")[:-1]
    return _by_folder(folders) or _by_name(name) or _as_test(path, name, folders)


def _by_folder(folders: list[str]) -> str | None:
    for folder in folders:
        if folder.startswith(".git") and folder not in _CI_FOLDERS:
            return "git's own"
        if folder == ".archaeologist":
            return "what tells this program how to work"
        if folder in _CI_FOLDERS:
            return "part of the continuous integration"
        if folder in _AGENT_FOLDERS:
            return "an instruction to agents"
        if folder in _SECRET_FOLDERS:
            return CREDENTIALS
        if folder in {"licenses", "licences"}:
            return "a licence"
    return None


def _by_name(name: str) -> str | None:
    if name in _CI_FILES or name.startswith((".github", ".gitlab-ci")):
        return "part of the continuous integration"
    if name in _SECRETS or name.endswith(_SECRET_ENDINGS) or _SECRET_NAME.fullmatch(name):
        return CREDENTIALS
    if name.startswith(".git"):
        return "git's own"
    if name.startswith(".archaeologist"):
        return "what tells this program how to work"
    if name in _AGENT_FILES or name.endswith((".mdc", ".instructions.md", ".prompt.md", ".chatmode.md")):
        return "an instruction to agents"
    if name in _LOCKS or _LOCK_NAME.fullmatch(name):
        return "a lock file"
    if _LICENCE.fullmatch(name) and not has_python_suffix(name):
        return "a licence"
    return None


def _as_test(path: str, name: str, folders: list[str]) -> str | None:
    if is_test_path(path):
        return "a test"
    if _TEST_DATA.intersection(folders):
        return "what tests compare with"
    if name in _TEST_SETTINGS:
        return "what says how the project is built and checked"
    return None
